"""Agent that replays recorded or other given events, and pauses at gates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from travel_tui.agent import (
    ID_PATTERN,
    ID_RULE,
    MAX_TEXT,
    AgentError,
    MemoryRecord,
    ModelUsage,
    Problem,
    TextDelta,
    ToolResult,
    TurnCompleted,
    TurnEvent,
    TurnRequest,
    session_summary,
)
from travel_tui.capabilities import Capabilities

TAKES_S: Mapping[type[TurnEvent], float] = {TextDelta: 0.4, ToolResult: 0.2, ModelUsage: 0.7}
"""Seconds until an event arrives, if time passes; a summary takes SUMMARY_S. Similar to the times on AWS."""
SUMMARY_S = 46.7


def answer(*pieces: str) -> tuple[TurnEvent, ...]:
    """Return the events of an answer that arrives in these pieces."""
    return (*(TextDelta(piece) for piece in pieces), TurnCompleted())


CAPABILITIES = Capabilities(
    max_text=MAX_TEXT,
    id_pattern=ID_PATTERN,
    id_rule=ID_RULE,
    ends_sessions=True,
    tells_injected=True,
    session_attributes=True,
    edits_records=False,
    lists_users=False,
    has_namespaces=False,
)


class Gate:
    """Blocks callers of `wait` until `open`; `reached` is set once somebody waits."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._opened = asyncio.Event()

    async def wait(self) -> None:
        self.reached.set()
        await self._opened.wait()

    def open(self) -> None:
        self._opened.set()


@dataclass
class ScriptedAgent:
    """Answers from a script: one entry of `script` per turn, its events in order; a Gate among them pauses the answer.

    `stored` is returned by `list_memories`. An ended session is stored as the next of `summaries`, once `summarised` is
    open: until then polls are blocked, so that their number is always the same. `failing` is raised by every method
    except `invoke`. `requests`, `ended`, `forgotten`, `cancelled` and `looks` record the calls.
    """

    script: Sequence[Iterable[TurnEvent | Gate]] = ()
    stored: list[MemoryRecord] = field(default_factory=list)
    summaries: Sequence[str] = ()
    at: datetime | None = None
    """Start and end of the session of every new summary."""
    summarised: Gate | None = None
    failing: Problem | None = None
    holding: Gate | None = None
    """If set, `end_session`, `list_memories` and `delete_memory` wait here."""
    requests: list[TurnRequest] = field(default_factory=list)
    ended: list[tuple[str, str | None]] = field(default_factory=list)
    forgotten: list[tuple[str, str | None]] = field(default_factory=list)
    cancelled: int = 0
    looks: int = 0
    passing: Callable[[float], None] | None = None
    """Called with the seconds that pass; if None, no time passes."""
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

    async def end_session(self, session_id: str, memory_id: str | None) -> None:
        await self._pass()
        self.ended.append((session_id, memory_id))

    async def list_memories(self, memory_id: str) -> list[MemoryRecord]:
        self.looks += 1
        await self._pass()
        waiting = self.ended[self._told : len(self.summaries)]
        if waiting and self.summarised:
            await self.summarised.wait()
        for session_id, of in waiting:
            if of is not None:
                self._takes(SUMMARY_S)
                self.stored.insert(0, session_summary(of, session_id, self.summaries[self._told], self.at, self.at))
            self._told += 1
        return [found for found in self.stored if found.memory_id == memory_id]

    async def delete_memory(self, memory_id: str, session_id: str | None = None) -> None:
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
