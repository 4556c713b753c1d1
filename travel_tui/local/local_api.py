"""The endpoint's control API under /_local/, JSON over HTTP, for tests and demos: actions that AWS has no call for."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from travel_tui.local.endpoint import Endpoint
from travel_tui.local.faults import FaultError, read_fault
from travel_tui.local.json_text import JsonError, read_json
from travel_tui.local.state.agents import agents_everywhere
from travel_tui.local.wire.http import Request, Response

_PREFIX = "/_local"
_LONGEST = 10 * 366 * 24 * 3600
"""Maximum seconds by which one call can advance the clock."""


Body = dict[str, Any]


class _RefusedError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def handles(request: Request) -> bool:
    """Whether a request is for this API."""
    return request.path == _PREFIX or request.path.startswith(f"{_PREFIX}/")


async def answer(endpoint: Endpoint, request: Request) -> Response:
    """Return the response to a request for this API; errors are {"message": …} with a status of 400 or more."""
    try:
        path = request.path.rstrip("/").removeprefix(f"{_PREFIX}/")
        found = _ROUTES.get((request.method, path))
        if found is None:
            there = [method for method, known in _ROUTES if known == path]
            raise _RefusedError(405 if there else 404, f"{request.method} {request.path} is none of: {_overview()}.")
        return _json(200, await found(endpoint, _body(request)))
    except _RefusedError as error:
        return _json(error.status, {"message": str(error)})


async def _state(endpoint: Endpoint, _: Body) -> Body:
    clock = endpoint.clock
    return {
        "now": clock.now().isoformat(),
        "advancedSeconds": clock.advanced.total_seconds(),
        "faults": await _faults_there(endpoint),
        "agents": agents_everywhere(endpoint.database),
        "sessions": endpoint.sessions.overview(),
        "pendingSummaries": endpoint.memories.pending_overview(clock.seconds()),
        "memories": endpoint.memories.overview(),
        "pendingExtractions": endpoint.agentcore.queue.pending_overview(clock.seconds()),
    }


async def _reset(endpoint: Endpoint, _: Body) -> Body:
    await endpoint.reset()
    return {"message": "All is as at the first start."}


async def _advance(endpoint: Endpoint, body: Body) -> Body:
    seconds = body.get("seconds")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 < seconds <= _LONGEST:
        raise _RefusedError(400, f'Send {{"seconds": N}}, N above 0 and at most {_LONGEST}.')
    endpoint.clock.advance(timedelta(seconds=math.ceil(seconds * 1e6) / 1e6))
    await endpoint.session_manager.run_due()
    await endpoint.agentcore.extraction.run_due()
    return {"now": endpoint.clock.now().isoformat()}


async def _faults(endpoint: Endpoint, _: Body) -> Body:
    return {"faults": await _faults_there(endpoint)}


async def _add_faults(endpoint: Endpoint, body: Body) -> Body:
    texts = body.get("faults")
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise _RefusedError(400, 'Send {"faults": ["OPERATION=ERROR[@MOMENT][:COUNT|:PERCENT%]", …]}.')
    try:
        endpoint.faults.add([read_fault(text) for text in texts])
    except FaultError as error:
        raise _RefusedError(400, str(error)) from error
    return {"faults": await _faults_there(endpoint)}


async def _clear_faults(endpoint: Endpoint, _: Body) -> Body:
    endpoint.faults.clear()
    return {"faults": []}


async def _calls(endpoint: Endpoint, _: Body) -> Body:
    return {"calls": list(endpoint.calls)}


async def _clear_calls(endpoint: Endpoint, _: Body) -> Body:
    endpoint.calls.clear()
    return {"calls": []}


async def _about(_: Endpoint, __: Body) -> Body:
    return {"message": f"The local endpoint's own API: {_overview()}."}


_ROUTES: dict[tuple[str, str], Callable[[Endpoint, Body], Awaitable[Body]]] = {
    ("GET", _PREFIX): _about,
    ("GET", "state"): _state,
    ("POST", "reset"): _reset,
    ("POST", "advance"): _advance,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_faults,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "calls"): _calls,
    ("DELETE", "calls"): _clear_calls,
}


def _overview() -> str:
    return ", ".join(f"{method} {_PREFIX}/{path}" for method, path in _ROUTES if path != _PREFIX)


async def _faults_there(endpoint: Endpoint) -> list[Body]:
    return [{"fault": fault.text, "met": met} for fault, met in endpoint.faults.active()]


def _body(request: Request) -> Body:
    if not request.body.strip():
        return {}
    try:
        found = read_json(request.body)
    except JsonError as error:
        raise _RefusedError(400, f"The body is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise _RefusedError(400, "The body is JSON, but not an object.")
    return found


def _json(status: int, content: Body) -> Response:
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n"
    return Response(status, {"content-type": "application/json"}, text.encode("utf-8", "replace"))
