"""Run the travel agent's own function on this machine, for a tool call returned by an agent."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from travel_tui.agentcore_config import ASK, LAMBDA

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from travel_tui.agent import Agent, ReturnedResult, ToolCall
    from travel_tui.config import AgentConfig

SET_RUN_FUNCTIONS = '`run_functions` in the config of a harness says who answers: "here" or "lambda".'
FUNCTIONS = frozenset({"book_trip", "update_existing_trip_dates", "delete_existing_trip_reservation"})
"""The functions that this machine has: those of the Lambda code shipped with travel-tui."""
_TIMEOUT_S = 30.0


def call_answerer(
    config: AgentConfig, folder: Path | None = None
) -> Callable[[Agent, ToolCall], Awaitable[ReturnedResult]] | None:
    """Return what runs an agent's returned calls, as its config says; None where the user is asked.

    `folder` is for the bookings that functions on this machine make. What it returns raises AgentError.
    """
    if config.agentcore is None or config.agentcore.run_functions == ASK:
        return None
    by_lambda = config.agentcore.run_functions == LAMBDA

    async def answer_call(agent: Agent, call: ToolCall) -> ReturnedResult:
        from travel_tui.memory_store import FunctionRunner

        if by_lambda and isinstance(agent, FunctionRunner):
            return await agent.run_function(call)
        return await call_local_function(call, folder)

    return answer_call


async def call_local_function(call: ToolCall, folder: Path | None = None) -> ReturnedResult:
    """Return the function's result for the call. Never raises.

    Bookings are stored in `folder`, by default next to those of the local endpoint.
    """
    from travel_tui.action_runner import ActionRunner
    from travel_tui.backends.shared.function_event import function_event, function_result
    from travel_tui.local.runtime.functions import packaged_code
    from travel_tui.paths import local_state, private_folder

    bookings = (folder or private_folder(local_state())) / "returned-bookings.sqlite3"
    runner = ActionRunner(packaged_code(), environment={"BOOKINGS_DB": str(bookings)}, timeout_s=_TIMEOUT_S)
    try:
        done = await runner.invoke(
            function_event(call), function_name="here", function_arn="here", request_id=str(uuid.uuid4())
        )
    finally:
        await runner.close()
    return function_result(call, done.payload)
