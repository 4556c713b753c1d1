"""From a request to its operation and back.

Imported once the port is open: what stands behind it (botocore) takes longer than all else of the start.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from travel_tui.local import local_api, trouble
from travel_tui.local.brain import decide
from travel_tui.local.brain.moves import Said, World
from travel_tui.local.calls import Call, shown
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.operations import operation
from travel_tui.local.runtime import demo_agent
from travel_tui.local.signature import Key, verify
from travel_tui.local.state.agents import TEST_ALIAS
from travel_tui.local.wire import rest_json
from travel_tui.local.wire.errors import ServiceError, internal_failure
from travel_tui.local.wire.http import Request, Response
from travel_tui.local.wire.protocol import spoken_in
from travel_tui.local.wire.routing import Route, route
from travel_tui.local.wire.validate import check

_UPLOADS = frozenset({"CreateFunction", "UpdateFunctionCode"})
"""The operations that bring code which then runs on this machine."""

log = logging.getLogger(__name__)


async def dispatch(endpoint: Endpoint, key: Key, request: Request, request_id: str) -> Response:
    """The response to a request, whatever becomes of it; raises InterruptionError where a fault leaves none."""
    found: Route | None = None
    call: Call | None = None
    try:
        if endpoint.settings.key_required:
            verify(request, key, datetime.now(UTC))
        if local_api.is_for(request):
            return await local_api.answer(endpoint, request)
        found = route(request)
        call = Call(endpoint.clock.now(), request_id, found.service, found.operation.name)
        endpoint.calls.add(call)
        if endpoint.settings.latency:
            await asyncio.sleep(endpoint.settings.latency)
        fault = endpoint.faults.on_wire(call.operation)
        if fault:
            call.fault = fault.text
            trouble.before(fault)
        response = await _answer(endpoint, found, call, request, request_id)
        return trouble.spoiled(response, fault) if fault else response
    except ServiceError as error:
        problem = error
    except trouble.InterruptionError:
        raise
    except Exception:
        log.exception("Request %s failed.", request_id)
        problem = internal_failure()
    if found:
        response = found.protocol.fail(problem, found.model, request_id)
    else:
        response = spoken_in(request).fail(problem, None, request_id)
    if call:
        call.status, call.error = response.status, problem.code
    return response


async def _answer(endpoint: Endpoint, found: Route, call: Call, request: Request, request_id: str) -> Response:
    params = found.protocol.parse(request, found.operation, found.labels)
    call.input = shown(params)
    if call.operation in _UPLOADS and found.service == "lambda" and not endpoint.settings.takes_uploads:
        raise ServiceError(
            "AccessDeniedException",
            "This endpoint takes no code to run, because it is locked or others than this machine reach it. Start it "
            "with --allow-uploads to let whoever has its key run code on this machine.",
        )
    if found.operation.input_shape:
        check(found.operation.input_shape, params)
    output = await operation(found.service, found.operation.name)(endpoint, params)
    response = found.protocol.respond(found.operation, output, request_id)
    call.status = response.status
    return response


def refuse(error: ServiceError, request_id: str) -> Response:
    """The response to a request that is refused before anybody knows which operation it is for."""
    return rest_json.fail(error, None, request_id)


def warm(endpoint: Endpoint) -> None:
    """Import and load what the first turn needs."""
    operation("bedrock-agent-runtime", "InvokeAgent")
    route(Request("POST", f"/agents/{demo_agent.AGENT_ID}/agentAliases/{TEST_ALIAS}/sessions/warm/text"))
    decide(World(endpoint.clock.now().date()), {}, Said("hello"))
