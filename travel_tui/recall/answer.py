"""Answer of one turn, collected from the agent's events."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass

from travel_tui.agent import (
    Agent,
    MemoryInjected,
    ModelUsage,
    ReturnControl,
    TextDelta,
    ToolCall,
    TurnFailed,
    TurnRequest,
)


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


async def answer_to(agent: Agent, request: TurnRequest) -> Answer:
    """Send a turn and collect its events. Raises AgentError where it cannot be sent."""
    pieces: list[str] = []
    calls: list[ToolCall] = []
    usages: list[ModelUsage] = []
    memory, problem, failed = None, "", False
    async with aclosing(agent.invoke(request)) as events:
        async for event in events:
            match event:
                case TextDelta(text):
                    pieces.append(text)
                case ToolCall():
                    calls.append(event)
                case ModelUsage():
                    usages.append(event)
                case MemoryInjected(synopsis):
                    memory = synopsis
                case ReturnControl(calls=returned):
                    calls += returned
                    problem = "The agent returned control for a call, which recall checks do not answer."
                case TurnFailed(failure):
                    problem, failed = str(failure), True
                case _:
                    pass
    return Answer(
        "".join(pieces),
        tuple(calls),
        memory,
        problem,
        _total(usage.input_tokens for usage in usages),
        _total(usage.output_tokens for usage in usages),
        failed,
    )


def _total(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
