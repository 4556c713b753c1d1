"""The step of a test that sends a turn: its answer as data for the journal, with what would be recalled for it."""

from __future__ import annotations

from typing import Any

from travel_tui.agent import AgentError, ToolCall, TurnRequest
from travel_tui.clock import Clock
from travel_tui.memory.record_text import readable
from travel_tui.memory_store import memory_store
from travel_tui.recall.answer import answer_to
from travel_tui.recall.rate_limiter import RateLimiter
from travel_tui.recall.target import Target

Data = dict[str, Any]


async def send_turn(target: Target, pace: RateLimiter, clock: Clock, request: TurnRequest) -> Data:
    """Send a turn, and what its calls return. What goes wrong is told in the data, as `trouble`."""
    derived = not target.capabilities.tells_injected
    memory = await _would_be_recalled(target, pace, request) if derived else None
    answer = await answer_to(target, pace, request)
    return {
        "answer": answer.text,
        "calls": [_call(call) for call in answer.calls],
        "prompt_memory": memory if derived else answer.prompt_memory,
        "derived": derived,
        "trouble": answer.problem,
        "day": clock.day(clock.now() + target.moved()).isoformat(),
        "tokens": [answer.input_tokens, answer.output_tokens],
    }


async def _would_be_recalled(target: Target, pace: RateLimiter, request: TurnRequest) -> str | None:
    """Return what would be recalled for the message, where the service does not tell it; None if it is unknown.

    It is retrieved before the turn, so that nothing of the turn itself is in it.
    """
    store = memory_store(target.agent)
    if store is None or request.memory_id is None:
        return None
    await pace.turn()
    try:
        found = await store.preview_recall(request.memory_id, request.session_id, request.text)
    except AgentError:
        return None  # a permission that the turn itself does not need
    return None if found is None else "\n".join(readable(each.text) for each in found[0])


def _call(call: ToolCall) -> Data:
    return {
        "action_group": call.action_group,
        "function": call.function,
        "parameters": {parameter.name: parameter.value for parameter in call.parameters},
    }
