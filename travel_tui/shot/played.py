"""An agent that plays what was recorded, or whatever else it is given, and that is held where one looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from travel_tui.agent import (
    AgentError,
    ModelUsage,
    SessionSummary,
    TextDelta,
    ToolResult,
    Trouble,
    TurnCompleted,
    TurnEvent,
    TurnRequest,
)

TAKES_S: Mapping[type[TurnEvent], float] = {TextDelta: 0.4, ToolResult: 0.2, ModelUsage: 0.7}
"""What an event takes to come, where time passes; a summary takes SUMMARY_S. Of the size that they have on AWS."""
SUMMARY_S = 46.7


def answer(*pieces: str) -> tuple[TurnEvent, ...]:
    """The events of an answer that comes in these pieces."""
    return (*(TextDelta(piece) for piece in pieces), TurnCompleted())


class Gate:
    """Holds who passes `wait` until `open`; `reached` is set when somebody waits."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._opened = asyncio.Event()

    async def wait(self) -> None:
        self.reached.set()
        await self._opened.wait()

    def open(self) -> None:
        self._opened.set()


@dataclass
class Played:
    """Answers from a script: one entry of `script` a turn, its events in order; a Gate among them holds the answer.

    `stored` is what `memories` returns. An ended session is stored as the next of `summaries`, once `summarised` is
    open: until then the look for it is held, so that the number of looks is always the same. `failing` is raised by
    all but `invoke`. `requests`, `ended`, `forgotten`, `cancelled` and `looks` tell what was asked of it.
    """

    script: Sequence[Iterable[TurnEvent | Gate]] = ()
    stored: list[SessionSummary] = field(default_factory=list)
    summaries: Sequence[str] = ()
    at: datetime | None = None
    """When all of it happens."""
    summarised: Gate | None = None
    failing: Trouble | None = None
    holding: Gate | None = None
    """Where set, `end`, `memories` and `forget` wait here."""
    requests: list[TurnRequest] = field(default_factory=list)
    ended: list[tuple[str, str | None]] = field(default_factory=list)
    forgotten: list[tuple[str, str | None]] = field(default_factory=list)
    cancelled: int = 0
    looks: int = 0
    passing: Callable[[float], None] | None = None
    """Told of the seconds that pass; without it none do."""
    _told: int = 0

    async def invoke(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        number = len(self.requests)
        self.requests.append(request)
        events = self.script[number] if number < len(self.script) else answer(f"You said: {request.text}")
        whole = False
        try:
            for event in events:
                if isinstance(event, Gate):
                    await event.wait()
                else:
                    self._takes(TAKES_S.get(type(event), 0.0))
                    yield event
            whole = True
        finally:
            self.cancelled += not whole

    async def end(self, session_id: str, memory_id: str | None) -> None:
        await self._pass()
        self.ended.append((session_id, memory_id))

    async def memories(self, memory_id: str) -> list[SessionSummary]:
        self.looks += 1
        await self._pass()
        waiting = self.ended[self._told : len(self.summaries)]
        if waiting and self.summarised:
            await self.summarised.wait()
        for session_id, of in waiting:
            if of is not None:
                self._takes(SUMMARY_S)
                self.stored.insert(0, SessionSummary(of, session_id, self.summaries[self._told], self.at, self.at))
            self._told += 1
        return [found for found in self.stored if found.memory_id == memory_id]

    async def forget(self, memory_id: str, session_id: str | None = None) -> None:
        await self._pass()
        self.forgotten.append((memory_id, session_id))
        self.stored[:] = [
            found for found in self.stored if found.memory_id != memory_id or session_id not in (None, found.session_id)
        ]

    def _takes(self, seconds: float) -> None:
        if self.passing and seconds:
            self.passing(seconds)

    async def _pass(self) -> None:
        if self.holding:
            await self.holding.wait()
        if self.failing:
            raise AgentError(self.failing)
