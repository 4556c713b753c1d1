"""From a request to its operation and back.

Imported once the port is open: what stands behind it (botocore) takes longer than all else of the start.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from travel_tui.local.brain import decide
from travel_tui.local.brain.moves import Said, World
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.operations import operation
from travel_tui.local.runtime import demo_agent
from travel_tui.local.signature import Key, verify
from travel_tui.local.state.agents import TEST_ALIAS
from travel_tui.local.wire import rest_json
from travel_tui.local.wire.errors import ServiceError, internal_failure
from travel_tui.local.wire.http import Request, Response
from travel_tui.local.wire.routing import Route, route
from travel_tui.local.wire.validate import check

log = logging.getLogger(__name__)


async def dispatch(endpoint: Endpoint, key: Key, request: Request, request_id: str) -> Response:
    """The response to a request, whatever becomes of it."""
    found: Route | None = None
    try:
        if endpoint.settings.key_required:
            verify(request, key, datetime.now(UTC))
        found = route(request)
        params = found.protocol.parse(request, found.operation, found.labels)
        if found.operation.input_shape:
            check(found.operation.input_shape, params)
        output = await operation(found.service, found.operation.name)(endpoint, params)
        return found.protocol.respond(found.operation, output, request_id)
    except ServiceError as error:
        problem = error
    except Exception:
        log.exception("Request %s failed.", request_id)
        problem = internal_failure()
    return found.protocol.fail(problem, found.model, request_id) if found else refuse(problem, request_id)


def refuse(error: ServiceError, request_id: str) -> Response:
    """The response to a request that is refused before anybody knows which operation it is for."""
    return rest_json.fail(error, None, request_id)


def warm(endpoint: Endpoint) -> None:
    """Import and load what the first turn needs."""
    operation("bedrock-agent-runtime", "InvokeAgent")
    route(Request("POST", f"/agents/{demo_agent.AGENT_ID}/agentAliases/{TEST_ALIAS}/sessions/warm/text"))
    decide(World(endpoint.clock.now().date()), {}, Said("hello"))
