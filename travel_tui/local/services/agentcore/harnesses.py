"""Operations on harnesses, from creation to deletion."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.agentcore_resources import HARNESS, HARNESS_ENDPOINT, HARNESS_VERSION, harness_arn
from travel_tui.local.services.agentcore.harness_endpoints import follow_version, make_default_endpoint
from travel_tui.local.services.agentcore.harness_settings import (
    changed_settings,
    check_settings,
    environment,
    initial_settings,
    memory_arn_of,
    memory_setting,
    remove_managed_memory,
)
from travel_tui.local.services.agentcore.harness_versions import save_version, version_of
from travel_tui.local.services.agentcore.lookups import (
    CONTROL,
    PAGE,
    conflict_error,
    control_output,
    harness_of,
    new_id,
    now_text,
    quota_error,
    save_harness,
)
from travel_tui.local.services.agentcore.tags import drop_tags, keep_tags
from travel_tui.local.services.agentcore.tokens import drop_results, find_created, keep_token, was_done
from travel_tui.local.services.pages import page
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

_MAX_HARNESSES = 1_000


def create_harness(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateHarness: version 1, which the endpoint DEFAULT leads to. Any model is accepted, since none is called."""
    made = find_created(endpoint, HARNESS, params)
    if made:
        return {"harness": _shown(harness_of(endpoint, {"harnessId": made}))}
    there = endpoint.control.resources.all(HARNESS)
    if any(harness["harnessName"] == params["harnessName"] for harness in there):
        raise conflict_error(f"Harness with name {params['harnessName']} already exists.")
    if len(there) >= _MAX_HARNESSES:
        raise quota_error(f"An account can have up to {_MAX_HARNESSES:,} harnesses here. Delete some.")
    harness_id, now = new_id(endpoint, params["harnessName"]), now_text(endpoint)
    harness: Document = {
        "harnessId": harness_id,
        "harnessName": params["harnessName"],
        "arn": harness_arn(endpoint.scope, harness_id),
        "status": "CREATING",
        "harnessVersion": "1",
        **initial_settings(params),
        "environment": environment(endpoint, harness_id, params.get("environment", {})),
        "createdAt": now,
        "updatedAt": now,
    }
    check_settings(endpoint, harness)
    harness["memory"] = memory_setting(endpoint, harness, params.get("memory"))
    save_harness(endpoint, harness)
    save_version(endpoint, harness)
    make_default_endpoint(endpoint, harness)
    keep_tags(endpoint, harness["arn"], params.get("tags", {}))
    keep_token(endpoint, HARNESS, params, harness_id)
    _later(endpoint, "harness_ready", endpoint.settings.durations.harness.creating, harness_id)
    return {"harness": _shown(harness)}


def get_harness(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetHarness: as it is, or one of its versions."""
    harness = harness_of(endpoint, params)
    if "harnessVersion" in params:
        harness = version_of(endpoint, harness, params["harnessVersion"])
    return {"harness": _shown(harness)}


def list_harnesses(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListHarnesses."""
    size, token = params.get("maxResults", PAGE), params.get("nextToken")
    found, more = page(endpoint.control.resources.all(HARNESS), lambda each: each["harnessId"], size, token)
    return {"harnesses": [control_output("HarnessSummary", each) for each in found], "nextToken": more}


def update_harness(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateHarness: what is left out stays, lists replace. Makes a version, which DEFAULT leads to once READY."""
    harness = harness_of(endpoint, params)
    if was_done(endpoint, "UpdateHarness", harness["arn"], params):
        return {"harness": _shown(harness)}
    harness = _settled(endpoint, params, "updated")
    updated: Document = {**harness, **changed_settings(params)}
    if "environment" in params:
        updated["environment"] = environment(endpoint, harness["harnessId"], params["environment"])
    check_settings(endpoint, updated)
    if "memory" in params:
        updated["memory"] = memory_setting(endpoint, updated, params["memory"].get("optionalValue"))
        if memory_arn_of(updated) != memory_arn_of(harness):
            remove_managed_memory(endpoint, harness)
    number = int(harness["harnessVersion"]) + 1
    updated |= {"status": "UPDATING", "harnessVersion": str(number), "updatedAt": now_text(endpoint)}
    save_harness(endpoint, updated)
    save_version(endpoint, updated)
    _later(endpoint, "harness_ready", endpoint.settings.durations.harness.updating, harness["harnessId"])
    return {"harness": _shown(updated)}


def delete_harness(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteHarness: with its versions and endpoints, and unless told otherwise with the memory that it manages."""
    harness = harness_of(endpoint, params)
    if harness["status"] != "DELETING":
        harness = _settled(endpoint, params, "deleted") | {"status": "DELETING"}
        save_harness(endpoint, harness)
        if params.get("deleteManagedMemory", True):
            remove_managed_memory(endpoint, harness)
        _later(endpoint, "harness_deleted", endpoint.settings.durations.harness.deleting, harness["harnessId"])
    return {"harness": _shown(harness)}


def harness_ready(endpoint: RegionalEndpoint, harness_id: str) -> None:
    """Complete CREATING and UPDATING of a harness."""
    harness = endpoint.control.resources.get(HARNESS, harness_id)
    if harness and harness["status"] in {"CREATING", "UPDATING"}:
        harness["status"] = "READY"
        save_harness(endpoint, harness)
        save_version(endpoint, harness)
        follow_version(endpoint, harness)


def harness_deleted(endpoint: RegionalEndpoint, harness_id: str) -> None:
    """Complete DELETING of a harness."""
    harness = endpoint.control.resources.get(HARNESS, harness_id)
    if harness is None:
        return
    endpoint.agentcore.harness_sessions.delete_harness(harness["arn"])
    for kind in (HARNESS_VERSION, HARNESS_ENDPOINT):
        endpoint.control.resources.delete_under(kind, f"{harness_id}/")
    endpoint.control.resources.delete(HARNESS, harness_id)
    drop_tags(endpoint, harness["arn"])
    drop_results(endpoint, harness["arn"])


def _later(endpoint: RegionalEndpoint, step: str, seconds: float, harness_id: str) -> None:
    endpoint.schedule(seconds, CONTROL, step, harness_id)


def _settled(endpoint: RegionalEndpoint, params: Params, done: str) -> Document:
    harness = harness_of(endpoint, params)
    if harness["status"] in {"CREATING", "UPDATING", "DELETING"}:
        raise conflict_error(f"Harness {harness['harnessId']} cannot be {done} while it is {harness['status']}.")
    return harness


def _shown(harness: Document) -> Params:
    return control_output("Harness", harness)
