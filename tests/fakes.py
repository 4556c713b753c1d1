"""Doubles for the port, for tests of what stands above it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from travel_tui.agent import (
    AgentError,
    Cause,
    SessionSummary,
    TextDelta,
    Trouble,
    TurnCompleted,
    TurnEvent,
    TurnRequest,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REFUSED = Trouble(Cause.DENIED, "You may not do this.", "AccessDeniedException: no.", "Ask for access.")


def answer(*pieces: str) -> tuple[TurnEvent, ...]:
    """The events of an answer that comes in these pieces."""
    return (*(TextDelta(piece) for piece in pieces), TurnCompleted())


def summary(session_id: str, text: str = "Anna booked a trip.", memory_id: str = "anna") -> SessionSummary:
    """A stored summary."""
    return SessionSummary(memory_id, session_id, text, NOON, NOON)


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
class FakeAgent:
    """Answers from a script: one entry of `script` a turn, its events in order; a Gate among them holds the answer.

    `stored` is what `memories` returns; with `summarise` an ended session is stored at once. `failing` is raised by
    all but `invoke`. `requests`, `ended`, `forgotten`, `cancelled` and `looks` tell what was asked of it.
    """

    script: Sequence[Iterable[TurnEvent | Gate]] = ()
    stored: list[SessionSummary] = field(default_factory=list)
    summarise: bool = False
    failing: Trouble | None = None
    holding: Gate | None = None
    """Where set, `end`, `memories` and `forget` wait here."""
    requests: list[TurnRequest] = field(default_factory=list)
    ended: list[tuple[str, str | None]] = field(default_factory=list)
    forgotten: list[tuple[str, str | None]] = field(default_factory=list)
    cancelled: int = 0
    looks: int = 0

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
                    yield event
            whole = True
        finally:
            self.cancelled += not whole

    async def end(self, session_id: str, memory_id: str | None) -> None:
        await self._pass()
        self.ended.append((session_id, memory_id))
        if self.summarise and memory_id is not None:
            self.stored.insert(0, summary(session_id, memory_id=memory_id))

    async def memories(self, memory_id: str) -> list[SessionSummary]:
        self.looks += 1
        await self._pass()
        return [found for found in self.stored if found.memory_id == memory_id]

    async def forget(self, memory_id: str, session_id: str | None = None) -> None:
        await self._pass()
        self.forgotten.append((memory_id, session_id))
        self.stored[:] = [
            found for found in self.stored if found.memory_id != memory_id or session_id not in (None, found.session_id)
        ]

    async def _pass(self) -> None:
        if self.holding:
            await self.holding.wait()
        if self.failing:
            raise AgentError(self.failing)
