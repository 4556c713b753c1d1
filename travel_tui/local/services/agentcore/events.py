"""Operations on events: the short-term memory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.agentcore.lookups import (
    PAGE,
    memory_of,
    not_found_error,
    quota_error,
    validation_error,
)
from travel_tui.local.services.agentcore.namespace_keys import check_variables, needed_variables
from travel_tui.local.services.agentcore.page_tokens import read_token, write_token
from travel_tui.local.services.agentcore.tokens import digest, mismatch_error
from travel_tui.local.state.memory_events import ActorSession, MemoryEvent, position
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_MAX_EVENTS = 10_000_000
_STORED = ("payload", "branch", "metadata")
_MAX_FILTERED = 10_000
"""Events of a session that one call with a filter looks through."""


def create_event(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateEvent: the same clientToken makes one event. Extraction follows unless extractionMode is SKIP."""
    memory = memory_of(endpoint, params)
    token = params.get("clientToken")
    request = digest(params) if token else ""
    made = endpoint.agentcore.events.made_by(memory["arn"], token) if token else None
    if made:
        event, earlier = made
        if earlier != request:
            raise mismatch_error()
        return {"event": shown(memory, event)}
    given = params.get("extractionConfig", {}).get("namespaceVariables", {})
    if params.get("extractionMode") != "SKIP" and (missing := needed_variables(memory) - set(given)):
        raise validation_error(f"extractionConfig.namespaceVariables lacks {min(missing)}.")
    key = ActorSession(memory["arn"], params["actorId"], params.get("sessionId") or f"session-{endpoint.ids.uuid()}")
    event = add_event(endpoint, memory, key, params, (token, request) if token else None)
    return {"event": shown(memory, event)}


def add_event(
    endpoint: RegionalEndpoint,
    memory: Document,
    key: ActorSession,
    params: Params,
    token: tuple[str, str] | None = None,
) -> MemoryEvent:
    """Store an event and schedule its extraction; `params` are those of CreateEvent."""
    if memory["status"] not in {"ACTIVE", "UPDATING"}:
        raise validation_error(f"Memory {memory['id']} takes no events while it is {memory['status']}.")
    if endpoint.agentcore.events.count() >= _MAX_EVENTS:
        raise quota_error(f"This endpoint keeps up to {_MAX_EVENTS:,} events. Delete a memory.")
    document = {name: params[name] for name in _STORED if name in params}
    if variables := params.get("extractionConfig", {}).get("namespaceVariables"):
        check_variables(memory, variables)
        document["namespaceVariables"] = variables
    if "extractionMode" in params:
        document["extractionMode"] = params["extractionMode"]
    _check_branch(endpoint, key, params.get("branch"))
    at = params["eventTimestamp"]
    event_id = f"{max(0, round(at.timestamp() * 1000))}#{endpoint.ids.hex(8)}"
    event = endpoint.agentcore.events.add(key, event_id, at, endpoint.clock.now(), document, token)
    if params.get("extractionMode") != "SKIP":
        endpoint.agentcore.extraction.schedule(memory, event)
    return event


def get_event(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetEvent."""
    memory = memory_of(endpoint, params)
    return {"event": shown(memory, _event_of(endpoint, memory, params))}


def delete_event(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteEvent: records that were made of it stay."""
    event = _event_of(endpoint, memory_of(endpoint, params), params)
    endpoint.agentcore.events.delete(event)
    return {"eventId": event.event_id}


def list_events(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListEvents: newest first by their own time; without payloads if told so."""
    memory = memory_of(endpoint, params)
    key = ActorSession(memory["arn"], params["actorId"], params["sessionId"])
    size = params.get("maxResults", PAGE)
    after = read_token(params.get("nextToken"), (str, int))
    filtered = params.get("filter", {})
    since = endpoint.clock.now() - timedelta(days=memory["eventExpiryDuration"])
    limit = _MAX_FILTERED if filtered else size + 1
    branches = _branches(endpoint, key, filtered.get("branch"))
    found = [
        event
        for event in endpoint.agentcore.events.newest(key, since, limit, after)
        if _fits(event.document, filtered, branches)
    ]
    page = found[:size]
    token = write_token(*position(page[-1])) if len(found) > size else None
    with_payloads = params.get("includePayloads", True)
    return {"events": [shown(memory, event, with_payload=with_payloads) for event in page], "nextToken": token}


def shown(memory: Document, event: MemoryEvent, *, with_payload: bool = True) -> dict[str, Any]:
    """Convert an event to the output of the operations."""
    document = event.document
    return {
        "memoryId": memory["id"],
        "actorId": event.key.actor_id,
        "sessionId": event.key.session_id,
        "eventId": event.event_id,
        "eventTimestamp": event.event_at,
        "payload": document.get("payload", []) if with_payload else [],
        "branch": document.get("branch"),
        "metadata": document.get("metadata"),
    }


def _event_of(endpoint: RegionalEndpoint, memory: Document, params: Params) -> MemoryEvent:
    key = ActorSession(memory["arn"], params["actorId"], params["sessionId"])
    event = endpoint.agentcore.events.get(key, params["eventId"])
    if event is None:
        raise not_found_error(f"Event not found: {params['eventId']}")
    return event


def _check_branch(endpoint: RegionalEndpoint, key: ActorSession, branch: dict[str, Any] | None) -> None:
    root = (branch or {}).get("rootEventId")
    if root and endpoint.agentcore.events.get(key, root) is None:
        raise ServiceError(
            "ValidationException",
            f"The branch's rootEventId {root} is no event of this session.",
            reason="EventInOtherSession",
        )


def _branches(endpoint: RegionalEndpoint, key: ActorSession, wanted: dict[str, Any] | None) -> set[str] | None:
    """Return the names of the branches to list, "main" being the one without a name; None for all."""
    if wanted is None:
        return None
    names = {wanted["name"]}
    if wanted.get("includeParentBranches"):
        events = endpoint.agentcore.events.stored_from(key, 0, _MAX_FILTERED)
        by_id = {event.event_id: event.document.get("branch", {}) for event in events}
        roots = {b["name"]: b["rootEventId"] for b in by_id.values() if "rootEventId" in b}
        name = wanted["name"]
        while name in roots and len(names) <= len(roots):
            name = by_id.get(roots[name], {}).get("name", "main")
            names.add(name)
    return names


def _fits(document: dict[str, Any], filtered: dict[str, Any], branches: set[str] | None) -> bool:
    if branches is not None and document.get("branch", {}).get("name", "main") not in branches:
        return False
    metadata = document.get("metadata", {})
    for each in filtered.get("eventMetadata", []):
        value = metadata.get(each["left"]["metadataKey"])
        there = value is not None
        if each["operator"] == "EQUALS_TO":
            there = there and value == each.get("right", {}).get("metadataValue")
        if there == (each["operator"] == "NOT_EXISTS"):
            return False
    return True
