"""Answer of one turn, collected from the agent's events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, replace

from travel_tui.agent import (
    AgentError,
    MemoryInjected,
    ModelUsage,
    ReturnControl,
    TextDelta,
    ToolCall,
    TurnEvent,
    TurnFailed,
    TurnRequest,
)
from travel_tui.conversation.returned_calls import results_of
from travel_tui.recall.rate_limiter import RateLimiter
from travel_tui.recall.target import Target

MOST_RETURNS = 50
"""Most times that an agent may return control within one turn."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a turn. `problem` says why it has no complete answer, else it is empty."""

    text: str
    calls: tuple[ToolCall, ...] = ()
    """Calls of functions, those that were returned to the caller included."""
    prompt_memory: str | None = None
    """The memory in the prompt; None if no trace reported it."""
    problem: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    """Tokens of all model invocations of the turn; None where no trace reported them."""
    failed: bool = False
    """Whether the turn failed. One that returned control has a problem here, and has not."""


async def answer_to(target: Target, pace: RateLimiter, request: TurnRequest) -> Answer:
    """Send a turn, and the results of the calls that it returns, and collect its events.

    Raises AgentError where it cannot be sent.
    """
    turn = _Turn()
    next_request: TurnRequest | None = request
    for _ in range(MOST_RETURNS):
        if next_request is None:
            break
        await pace.turn()
        control = await turn.take(target.agent.invoke(next_request))
        next_request = await _results(target, request, control, turn) if control else None
    if next_request is not None:
        turn.problem = f"The agent returned control more than {MOST_RETURNS} times in one turn."
    return Answer(
        "".join(turn.pieces),
        tuple(turn.calls),
        turn.memory,
        turn.problem,
        _total(usage.input_tokens for usage in turn.usages),
        _total(usage.output_tokens for usage in turn.usages),
        turn.failed,
    )


class _Turn:
    """What arrived of a turn so far."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.calls: list[ToolCall] = []
        self.usages: list[ModelUsage] = []
        self.memory: str | None = None
        self.problem = ""
        self.failed = False

    async def take(self, stream: AsyncGenerator[TurnEvent, None]) -> ReturnControl | None:
        """Collect the events of a stream; return the control that it returns."""
        control: ReturnControl | None = None
        async with aclosing(stream) as events:
            async for event in events:
                match event:
                    case TextDelta(text):
                        self.pieces.append(text)
                    case ToolCall():
                        self.calls.append(event)
                    case ModelUsage():
                        self.usages.append(event)
                    case MemoryInjected(synopsis):
                        self.memory = synopsis
                    case ReturnControl(calls=returned):
                        control = event
                        self.calls += returned
                    case TurnFailed(failure):
                        self.problem, self.failed = str(failure), True
                    case _:
                        pass
        return control


async def _results(target: Target, request: TurnRequest, control: ReturnControl, turn: _Turn) -> TurnRequest | None:
    """Run the returned calls and return the request with their results; None with a problem if that is not possible."""
    if target.answer_call is None:
        turn.problem = "The agent returned control for a call, which recall checks do not answer."
        turn.problem = f"{turn.problem} {target.unanswered}".strip()
        return None
    try:
        results = await results_of(control, target.agent, target.answer_call)
    except AgentError as error:
        turn.problem = str(error.problem)
        return None
    return replace(request, text="", invocation_id=control.invocation_id, returned=results)


def _total(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
