"""Fake agent for tests of the layers above the `Agent` interface."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from travel_tui.agent import ErrorKind, MemoryKind, MemoryRecord, Problem, session_summary
from travel_tui.screenshots.scripted_agent import Gate, ScriptedAgent, answer

__all__ = ["NOON", "REFUSED", "FakeAgent", "Gate", "answer", "record", "summary"]

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REFUSED = Problem(ErrorKind.DENIED, "Access denied.", "AccessDeniedException: no.", "Ask for access.")


def record(record_id: str, session_id: str | None = None, text: str = "Anna likes trains.") -> MemoryRecord:
    """Return a record of a service that gives each an id of its own."""
    return MemoryRecord("anna", session_id, text, NOON, None, record_id=record_id, kind=MemoryKind.FACT)


def summary(session_id: str, text: str = "Anna booked a trip.", memory_id: str = "anna") -> MemoryRecord:
    """Return a stored summary."""
    return session_summary(memory_id, session_id, text, NOON, NOON)


@dataclass
class FakeAgent(ScriptedAgent):
    """The scripted agent of the screenshots; with `summarise` the summary of an ended session is stored at once."""

    summarise: bool = False

    async def end_session(self, session_id: str, memory_id: str | None) -> None:
        await super().end_session(session_id, memory_id)
        if self.summarise and memory_id is not None:
            self.stored.insert(0, summary(session_id, memory_id=memory_id))
