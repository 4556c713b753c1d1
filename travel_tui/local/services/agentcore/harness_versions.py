"""Versions of harnesses: each update makes one; they never change."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.agentcore_resources import HARNESS_VERSION
from travel_tui.local.services.agentcore.lookups import PAGE, control_output, harness_of, not_found_error
from travel_tui.local.services.pages import page
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params


def save_version(endpoint: RegionalEndpoint, harness: Document) -> None:
    """Store a harness as its current version."""
    endpoint.control.resources.put(HARNESS_VERSION, _key(harness["harnessId"], harness["harnessVersion"]), harness)


def version_of(endpoint: RegionalEndpoint, harness: Document, number: str) -> Document:
    """Return a version of a harness. Raises ResourceNotFoundException."""
    found = endpoint.control.resources.get(HARNESS_VERSION, _key(harness["harnessId"], number))
    if found is None:
        raise not_found_error(f"Harness {harness['harnessId']} has no version {number}.")
    return found


def list_harness_versions(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListHarnessVersions."""
    harness_id = harness_of(endpoint, params)["harnessId"]
    versions = [v for v in endpoint.control.resources.all(HARNESS_VERSION) if v["harnessId"] == harness_id]
    size, token = params.get("maxResults", PAGE), params.get("nextToken")
    found, more = page(versions, lambda each: each["harnessVersion"].zfill(5), size, token)
    return {"harnessVersions": [control_output("HarnessVersionSummary", each) for each in found], "nextToken": more}


def _key(harness_id: str, number: str) -> str:
    return f"{harness_id}/{number}"
