"""Doubles for the port, for tests of what stands above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from travel_tui.agent import Cause, SessionSummary, Trouble
from travel_tui.shot.played import Gate, Played, answer

__all__ = ["NOON", "REFUSED", "FakeAgent", "Gate", "answer", "summary"]

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REFUSED = Trouble(Cause.DENIED, "You may not do this.", "AccessDeniedException: no.", "Ask for access.")


def summary(session_id: str, text: str = "Anna booked a trip.", memory_id: str = "anna") -> SessionSummary:
    """A stored summary."""
    return SessionSummary(memory_id, session_id, text, NOON, NOON)


@dataclass
class FakeAgent(Played):
    """The agent that pictures are played with; with `summarise` an ended session is stored at once."""

    summarise: bool = False

    async def end(self, session_id: str, memory_id: str | None) -> None:
        await super().end(session_id, memory_id)
        if self.summarise and memory_id is not None:
            self.stored.insert(0, summary(session_id, memory_id=memory_id))
