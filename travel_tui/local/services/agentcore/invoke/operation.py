"""The operation InvokeHarness: everything that is refused before the stream begins."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.agentcore_resources import DEFAULT_ENDPOINT, HARNESS
from travel_tui.local.services.agentcore.harness_endpoints import find_endpoint
from travel_tui.local.services.agentcore.harness_settings import memory_arn_of
from travel_tui.local.services.agentcore.harness_versions import version_of
from travel_tui.local.services.agentcore.invoke.recall import find_memory
from travel_tui.local.services.agentcore.invoke.request import (
    check_actor,
    check_waiting,
    effective_settings,
    read_input,
)
from travel_tui.local.services.agentcore.invoke.turn import HarnessTurn
from travel_tui.local.services.agentcore.lookups import not_found_error, quota_error, validation_error
from travel_tui.local.state.harness_sessions import HarnessSession
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import EventStream, Params
from travel_tui.local.wire.errors import ServiceError

_MAX_SESSIONS = 100_000
_MAX_TURNS = 1_000
_NO_ACTOR = "default"
"""The actor of a call that names none, on a harness that names none; AWS does not document its own."""


async def invoke_harness(endpoint: RegionalEndpoint, params: Params) -> Params:
    """InvokeHarness: a turn of a session, which begins with its first call and never ends."""
    harness = effective_settings(_harness_behind(endpoint, params), params)
    said = read_input(params["messages"])
    own = harness["memory"].get("agentCoreMemoryConfiguration", {})
    actor = params.get("actorId") or own.get("actorId") or _NO_ACTOR
    arn = memory_arn_of(harness)
    memory = find_memory(endpoint, arn) if arn else None
    if arn:
        check_actor(actor)
        if memory is None:
            raise ServiceError("RuntimeClientError", f"The harness's memory {arn} does not exist or is not ACTIVE.")
    key = (harness["arn"], actor, params["runtimeSessionId"])
    session = endpoint.agentcore.harness_sessions.find(*key)
    if said.result:
        check_waiting(session, said.result.tool_use_id)
    _check_room(endpoint, session)
    turn = HarnessTurn(endpoint, harness, memory, session or HarnessSession(*key), said)
    return {"stream": EventStream(turn.events(), turn.stop_pacing)}


def _harness_behind(endpoint: RegionalEndpoint, params: Params) -> Document:
    """Return the version of a harness that an endpoint leads to."""
    arn: str = params["harnessArn"]
    harness = endpoint.control.resources.get(HARNESS, arn.rpartition("/")[2])
    if harness is None or harness["arn"] != arn or harness["status"] == "DELETING":
        raise not_found_error(f"Harness not found: {arn}")
    found = find_endpoint(endpoint, harness["harnessId"], params.get("qualifier", DEFAULT_ENDPOINT))
    if "liveVersion" not in found:
        raise validation_error(
            f"Endpoint {found['endpointName']} of {arn} is {found['status']}; wait until it is READY."
        )
    return version_of(endpoint, harness, found["liveVersion"])


def _check_room(endpoint: RegionalEndpoint, session: HarnessSession | None) -> None:
    if session is None and endpoint.agentcore.harness_sessions.count() >= _MAX_SESSIONS:
        raise quota_error(f"This endpoint keeps up to {_MAX_SESSIONS:,} sessions of harnesses. Delete a harness.")
    if session and session.turns >= _MAX_TURNS:
        raise quota_error(f"Session {session.session_id} has {_MAX_TURNS:,} turns, which is the most. Start a new one.")
