"""The step of a test that sends a turn: the answer, with the agent's calls answered, as plain data for the journal."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from travel_tui.agent import (
    AgentError,
    MemoryInjected,
    ModelUsage,
    ReturnControl,
    TextDelta,
    ToolCall,
    TurnFailed,
    TurnRequest,
)
from travel_tui.clock import Clock
from travel_tui.conversation.returned_calls import results_of
from travel_tui.memory.record_text import readable
from travel_tui.memory_store import memory_store
from travel_tui.recall.rate_limiter import RateLimiter
from travel_tui.recall.target import Target

Data = dict[str, Any]
MOST_RETURNS = 50
"""Most times that an agent may return control within one turn."""


async def send_turn(target: Target, pace: RateLimiter, clock: Clock, request: TurnRequest) -> Data:
    """Send a turn, and what its calls return. What goes wrong is told in the data, as `trouble`."""
    memory, derived = await _would_be_recalled(target, pace, request), not target.capabilities.tells_injected
    turn = _Turn()
    next_request: TurnRequest | None = request
    for _ in range(MOST_RETURNS):
        if next_request is None:
            break
        await pace.turn()
        async with aclosing(target.agent.invoke(next_request)) as events:
            control = None
            async for event in events:
                control = event if isinstance(event, ReturnControl) else None
                turn.take(event)
        next_request = await _answered(target, request, control, turn) if control else None
    if next_request is not None:
        turn.problem = f"The agent returned control more than {MOST_RETURNS} times in one turn."
    return {
        "answer": "".join(turn.pieces),
        "calls": turn.calls,
        "prompt_memory": memory if derived else turn.memory,
        "derived": derived,
        "trouble": turn.problem,
        "day": clock.day(clock.now() + target.moved()).isoformat(),
        "tokens": [
            _total(each.input_tokens for each in turn.usages),
            _total(each.output_tokens for each in turn.usages),
        ],
    }


class _Turn:
    """What arrived of a turn so far."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.calls: list[Data] = []
        self.usages: list[ModelUsage] = []
        self.memory: str | None = None
        self.problem = ""

    def take(self, event: object) -> None:
        match event:
            case TextDelta(text):
                self.pieces.append(text)
            case ToolCall():
                self.calls.append(_call(event))
            case ModelUsage():
                self.usages.append(event)
            case MemoryInjected(synopsis):
                self.memory = synopsis
            case ReturnControl(calls=returned):
                self.calls += [_call(call) for call in returned]
            case TurnFailed(failure):
                self.problem = str(failure)
            case _:
                pass


async def _answered(target: Target, request: TurnRequest, control: ReturnControl, turn: _Turn) -> TurnRequest | None:
    """Run the returned calls and return the request with their results; None with a problem if that is not possible."""
    if target.answer_call is None:
        turn.problem = f"The agent returned control for a call, which this run does not answer. {target.unanswered}"
        turn.problem = turn.problem.strip()
        return None
    try:
        results = await results_of(control, target.agent, target.answer_call)
    except AgentError as error:
        turn.problem = str(error.problem)
        return None
    return replace(request, text="", invocation_id=control.invocation_id, returned=results)


async def _would_be_recalled(target: Target, pace: RateLimiter, request: TurnRequest) -> str | None:
    """Return what would be recalled for the message, where the service does not tell it; None if it is unknown.

    It is retrieved before the turn, so that nothing of the turn itself is in it.
    """
    store = memory_store(target.agent)
    if target.capabilities.tells_injected or store is None or request.memory_id is None:
        return None
    await pace.turn()
    try:
        found = await store.preview_recall(request.memory_id, request.session_id, request.text)
    except AgentError:
        return None  # a permission that the turn itself does not need
    return None if found is None else "\n".join(readable(each.text) for each in found[0])


def _total(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _call(call: ToolCall) -> Data:
    return {
        "action_group": call.action_group,
        "function": call.function,
        "parameters": {parameter.name: parameter.value for parameter in call.parameters},
    }
