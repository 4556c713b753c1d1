"""Endpoints of harnesses: names that lead to a version. DEFAULT follows the newest one."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.agentcore_resources import DEFAULT_ENDPOINT, HARNESS_ENDPOINT
from travel_tui.local.services.agentcore.harness_versions import version_of
from travel_tui.local.services.agentcore.lookups import (
    CONTROL,
    PAGE,
    conflict_error,
    control_output,
    harness_of,
    not_found_error,
    now_text,
    quota_error,
)
from travel_tui.local.services.agentcore.tags import drop_tags, keep_tags
from travel_tui.local.services.agentcore.tokens import drop_results, find_created, keep_token, was_done
from travel_tui.local.services.pages import page
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

_MAX_ENDPOINTS = 100


def make_default_endpoint(endpoint: RegionalEndpoint, harness: Document) -> None:
    """Create the endpoint DEFAULT of a new harness."""
    _save(endpoint, _new(endpoint, harness, DEFAULT_ENDPOINT, harness["harnessVersion"]))


def follow_version(endpoint: RegionalEndpoint, harness: Document) -> None:
    """Let the endpoint DEFAULT lead to the newest version of a harness that is READY."""
    default = find_endpoint(endpoint, harness["harnessId"], DEFAULT_ENDPOINT)
    version = harness["harnessVersion"]
    _save(
        endpoint,
        default
        | {"status": "READY", "liveVersion": version, "targetVersion": version, "updatedAt": now_text(endpoint)},
    )


def find_endpoint(endpoint: RegionalEndpoint, harness_id: str, name: str) -> Document:
    """Return an endpoint of a harness. Raises ResourceNotFoundException."""
    found = endpoint.control.resources.get(HARNESS_ENDPOINT, f"{harness_id}/{name}")
    if found is None:
        raise not_found_error(f"Harness {harness_id} has no endpoint {name}.")
    return found


def create_harness_endpoint(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateHarnessEndpoint: leads to the newest version unless another is named."""
    harness, name = harness_of(endpoint, params), params["endpointName"]
    if find_created(endpoint, HARNESS_ENDPOINT, params):
        return {"endpoint": _shown(find_endpoint(endpoint, harness["harnessId"], name))}
    there = _of_harness(endpoint, harness["harnessId"])
    if any(each["endpointName"] == name for each in there):
        raise conflict_error(f"Endpoint {name} of harness {harness['harnessId']} already exists.")
    if len(there) >= _MAX_ENDPOINTS:
        raise quota_error(f"A harness can have up to {_MAX_ENDPOINTS} endpoints here.")
    version: str = params.get("targetVersion") or harness["harnessVersion"]
    version_of(endpoint, harness, version)
    made = _new(endpoint, harness, name, version)
    if "description" in params:
        made["description"] = params["description"]
    _save(endpoint, made)
    keep_tags(endpoint, made["arn"], params.get("tags", {}))
    keep_token(endpoint, HARNESS_ENDPOINT, params, f"{harness['harnessId']}/{name}")
    _later(endpoint, "harness_endpoint_ready", harness["harnessId"], name)
    return {"endpoint": _shown(made)}


def get_harness_endpoint(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetHarnessEndpoint."""
    harness_of(endpoint, params)
    return {"endpoint": _shown(find_endpoint(endpoint, params["harnessId"], params["endpointName"]))}


def list_harness_endpoints(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListHarnessEndpoints: DEFAULT included."""
    there = _of_harness(endpoint, harness_of(endpoint, params)["harnessId"])
    size, token = params.get("maxResults", PAGE), params.get("nextToken")
    found, more = page(there, lambda each: each["endpointName"], size, token)
    return {"endpoints": [_shown(each) for each in found], "nextToken": more}


def update_harness_endpoint(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateHarnessEndpoint: leads to another version once READY."""
    harness = harness_of(endpoint, params)
    found = find_endpoint(endpoint, harness["harnessId"], params["endpointName"])
    if was_done(endpoint, "UpdateHarnessEndpoint", found["arn"], params):
        return {"endpoint": _shown(found)}
    found = _changeable(endpoint, params, "updated")
    if "targetVersion" in params:
        version_of(endpoint, harness, params["targetVersion"])
    found |= {name: params[name] for name in ("targetVersion", "description") if name in params}
    found |= {"status": "UPDATING", "updatedAt": now_text(endpoint)}
    _save(endpoint, found)
    _later(endpoint, "harness_endpoint_ready", harness["harnessId"], found["endpointName"])
    return {"endpoint": _shown(found)}


def delete_harness_endpoint(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteHarnessEndpoint."""
    harness_of(endpoint, params)
    found = _changeable(endpoint, params, "deleted") | {"status": "DELETING"}
    _save(endpoint, found)
    _later(endpoint, "harness_endpoint_deleted", found["harnessId"], found["endpointName"])
    return {"endpoint": _shown(found)}


def harness_endpoint_ready(endpoint: RegionalEndpoint, harness_id: str, name: str) -> None:
    """Complete CREATING and UPDATING of an endpoint."""
    found = endpoint.control.resources.get(HARNESS_ENDPOINT, f"{harness_id}/{name}")
    if found and found["status"] in {"CREATING", "UPDATING"}:
        _save(endpoint, found | {"status": "READY", "liveVersion": found["targetVersion"]})


def harness_endpoint_deleted(endpoint: RegionalEndpoint, harness_id: str, name: str) -> None:
    """Complete DELETING of an endpoint."""
    found = endpoint.control.resources.get(HARNESS_ENDPOINT, f"{harness_id}/{name}")
    if found:
        endpoint.control.resources.delete(HARNESS_ENDPOINT, f"{harness_id}/{name}")
        drop_tags(endpoint, found["arn"])
        drop_results(endpoint, found["arn"])


def _new(endpoint: RegionalEndpoint, harness: Document, name: str, version: str) -> Document:
    now = now_text(endpoint)
    return {
        "harnessId": harness["harnessId"],
        "harnessName": harness["harnessName"],
        "endpointName": name,
        "arn": f"{harness['arn']}/harness-endpoint/{name}",
        "status": "CREATING",
        "targetVersion": version,
        "createdAt": now,
        "updatedAt": now,
    }


def _changeable(endpoint: RegionalEndpoint, params: Params, done: str) -> Document:
    name = params["endpointName"]
    found = find_endpoint(endpoint, params["harnessId"], name)
    if name == DEFAULT_ENDPOINT:
        raise conflict_error(f"The endpoint {DEFAULT_ENDPOINT} follows the newest version and cannot be {done}.")
    if found["status"] in {"CREATING", "UPDATING", "DELETING"}:
        raise conflict_error(f"Endpoint {name} cannot be {done} while it is {found['status']}.")
    return found


def _of_harness(endpoint: RegionalEndpoint, harness_id: str) -> list[Document]:
    return [each for each in endpoint.control.resources.all(HARNESS_ENDPOINT) if each["harnessId"] == harness_id]


def _save(endpoint: RegionalEndpoint, document: Document) -> None:
    key = f"{document['harnessId']}/{document['endpointName']}"
    endpoint.control.resources.put(HARNESS_ENDPOINT, key, document)


def _later(endpoint: RegionalEndpoint, step: str, harness_id: str, name: str) -> None:
    endpoint.schedule(endpoint.settings.durations.harness.updating, CONTROL, step, harness_id, name)


def _shown(document: Document) -> Params:
    return control_output("HarnessEndpoint", document)
