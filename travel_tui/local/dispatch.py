"""Dispatch of a request to its operation, and conversion of the result to a response.

Imported after the port is open, because its dependency botocore takes longer to import than the rest of the start.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from travel_tui.local import local_api, wire_faults
from travel_tui.local.calls import Call, to_loggable
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.members.table import check_supported
from travel_tui.local.operations import operation
from travel_tui.local.runtime import demo_agent
from travel_tui.local.signature import AccessKey, verify
from travel_tui.local.state.agents import TEST_ALIAS
from travel_tui.local.wire import rest_json
from travel_tui.local.wire.errors import ServiceError, internal_failure
from travel_tui.local.wire.http import Request, Response
from travel_tui.local.wire.page_tokens import ListTokens
from travel_tui.local.wire.protocol import guess_protocol
from travel_tui.local.wire.reserved_tags import check_tag_keys
from travel_tui.local.wire.routing import Route, route, signed_region
from travel_tui.local.wire.size import size_up_to
from travel_tui.local.wire.validate import check

_LARGE = 50_000
"""Size in bytes above which a request, or approximately a response, is processed in a thread."""
_UPLOAD_OPERATIONS = frozenset({"CreateFunction", "UpdateFunctionCode"})
"""Operations that upload code, which then runs on this machine."""

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


async def dispatch(endpoint: Endpoint, key: AccessKey, request: Request, request_id: str) -> Response:
    """Return the response, which may be an error. Raises InterruptionError for a fault without response."""
    found: Route | None = None
    call: Call | None = None
    began = time.monotonic()
    try:
        if endpoint.settings.key_required:
            await _run_in_thread_if_large(len(request.body), verify, request, key, datetime.now(UTC))
        if local_api.handles(request):
            return await local_api.answer(endpoint, request)
        found = await _run_in_thread_if_large(len(request.body), route, request)
        region = signed_region(request) or endpoint.settings.region
        call = Call(endpoint.clock.now(), request_id, found.service, found.operation.name, region)
        endpoint.calls.add(call)
        if endpoint.settings.latency:
            await asyncio.sleep(endpoint.settings.latency)
        fault = endpoint.faults.on_wire(call.operation)
        if fault:
            call.fault = fault.text
            wire_faults.raise_fault(fault)
        response = await _answer(endpoint, found, call, request, request_id)
        _log_call(call, began)
        return wire_faults.inject_into_stream(response, fault) if fault else response
    except ServiceError as error:
        problem = error
    except wire_faults.InterruptionError:
        raise
    except RecursionError:
        problem = ServiceError("SerializationException", "The request's body is nested too deep.")
    except Exception:
        log.exception("Request %s failed.", request_id)
        problem = internal_failure()
    if found:
        response = found.protocol.fail(problem, found.model, request_id)
    else:
        response = guess_protocol(request).fail(problem, None, request_id)
    if call:
        call.status, call.error = response.status, problem.code
        _log_call(call, began)
    return response


def _log_call(call: Call, began: float) -> None:
    """Log a call without what was sent or answered, with the time to its first byte."""
    log.debug(
        "%s: status %s%s, %.0f ms, request %s",
        call.operation, call.status, f" {call.error}" if call.error else "", (time.monotonic() - began) * 1000,
        call.request_id,
    )  # fmt: skip


async def _answer(endpoint: Endpoint, found: Route, call: Call, request: Request, request_id: str) -> Response:
    params = await _run_in_thread_if_large(
        len(request.body), found.protocol.parse, request, found.operation, found.labels
    )
    call.input = to_loggable(params)
    run = operation(found.service, found.operation.name)  # one that is not there is told whatever its input is
    if call.operation in _UPLOAD_OPERATIONS and found.service == "lambda" and not endpoint.settings.takes_uploads:
        raise ServiceError(
            "AccessDeniedException",
            "This endpoint takes no code to run, because it is locked or others than this machine reach it. Start it "
            "with --allow-uploads to let whoever has its key run code on this machine.",
        )
    if found.operation.input_shape:
        await _run_in_thread_if_large(len(request.body), check, found.operation.input_shape, params)
    check_supported(found.operation, params)
    check_tag_keys(found.service, params)
    regional = endpoint.at(call.region)
    tokens = ListTokens(found.operation, regional.scope.key, params)
    output = tokens.write(await run(regional, tokens.read(params)))
    response = await _run_in_thread_if_large(
        size_up_to(output, _LARGE), found.protocol.respond, found.operation, output, request_id
    )
    call.status = response.status
    return response


async def _run_in_thread_if_large(size: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `work` and return its result; in a thread if its data is large, so that other requests are not blocked."""
    if size > _LARGE:
        return await asyncio.to_thread(work, *args, **kwargs)
    return work(*args, **kwargs)


def error_response(error: ServiceError, request_id: str) -> Response:
    """Return the error response to a request that is rejected before its operation is known."""
    return rest_json.fail(error, None, request_id)


def warm(endpoint: Endpoint) -> None:
    """Import and load everything that the first turn needs."""
    operation("bedrock-agent-runtime", "InvokeAgent")
    route(Request("POST", f"/agents/{demo_agent.AGENT_ID}/agentAliases/{TEST_ALIAS}/sessions/warm/text"))
    endpoint.model.warm(endpoint.clock.today())
