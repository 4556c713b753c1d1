"""Runs the calls that an agent returned: where nobody has to be asked, or as one of the ways to answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from travel_tui.agent import DENIED, FAILED, Agent, ReturnControl, ReturnedResult, ToolCall, ToolResult
from travel_tui.memory_store import FunctionRunner


def numbered_calls(control: ReturnControl) -> list[ToolCall]:
    """Return the returned calls, each with an id made of its number, since the service provides none."""
    return [replace(call, trace_id=f"{control.invocation_id}/{number}") for number, call in enumerate(control.calls)]


def tool_result(call: ToolCall, result: ReturnedResult) -> ToolResult:
    """Return what was sent for a returned call as its result, a refusal and a failure as such."""
    failure = DENIED if result.confirmed is False else FAILED if result.state == "FAILURE" else ""
    return ToolResult(result.text, call.trace_id, failure)


async def results_of(
    control: ReturnControl, agent: Agent, answer_call: Callable[[Agent, ToolCall], Awaitable[ReturnedResult]]
) -> tuple[ReturnedResult, ...]:
    """Run the returned calls one after the other and return their results. Raises AgentError."""
    return tuple([await answer_call(agent, call) for call in control.calls])


def function_of(agent: Agent) -> Callable[[ToolCall], Awaitable[ReturnedResult]] | None:
    """Return what invokes the function that was provisioned for the agent's calls; None if there is none."""
    if isinstance(agent, FunctionRunner) and agent.function_name is not None:
        return agent.run_function
    return None
