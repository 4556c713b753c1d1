"""One turn on its way to the archive: its events, how it ended and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from travel_tui.agent import (
    Problem,
    ReturnControl,
    ReturnedResult,
    TextDelta,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from travel_tui.archive import Archive, ArchiveError, SessionKey, TurnStatus
from travel_tui.clock import Clock
from travel_tui.conversation.returned_calls import numbered_calls, tool_result


class TurnDraft:
    """Result of one turn, on its way to the archive. `add` is called in the event loop, the rest in the archive's
    thread."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock
        self.control: ReturnControl | None = None
        """Set while the turn waits for the results of its calls."""
        self._turn_id: int | None = None
        self._started = clock.counter()
        self._unwritten: list[TurnEvent] = []
        self._writing = False
        self._state = TurnStatus.CANCELLED  # until the last event tells otherwise
        self._first_text_s: float | None = None
        self._total_s: float | None = None
        self._problem: Problem | None = None

    def begin(self, session: SessionKey, text: str, at: datetime) -> None:
        self._turn_id = self._archive.begin_turn(session, text, at)

    def resume(self, control: ReturnControl, returned: Sequence[ReturnedResult]) -> None:
        """Go on with the results of the calls; the turn's duration leaves out the time until they came."""
        if self._turn_id is not None:
            self._archive.resume_turn(
                self._turn_id,
                [tool_result(*each) for each in zip(numbered_calls(control), returned, strict=False)],
            )
        self.control = None
        self._started = self._clock.counter() - (self._total_s or 0.0)
        self._state, self._total_s = TurnStatus.CANCELLED, None

    def add(self, event: TurnEvent) -> None:
        """Add an event; it is on disk a moment later, or with one of the next."""
        since = self._clock.counter() - self._started
        match event:
            case TextDelta() if self._first_text_s is None:
                self._first_text_s = since
            case TurnCompleted():
                self._state, self._total_s = TurnStatus.ANSWERED, since
            case ReturnControl():
                self._state, self._total_s, self.control = TurnStatus.RETURNED, since, event
            case TurnFailed(problem):
                self._state, self._total_s, self._problem = TurnStatus.FAILED, since, problem
        self._unwritten.append(event)
        if not self._writing:  # one write at a time takes all pending events: a locked file costs one wait, not many
            self._writing = True
            self._archive.submit(self._try_to_write)

    def finish(self) -> None:
        if self._turn_id is None:
            return
        self._write()
        total_s = self._clock.counter() - self._started if self._total_s is None else self._total_s
        self._archive.finish_turn(self._turn_id, self._state, self._first_text_s, total_s, self._problem)

    def add_late(self, events: Sequence[TurnEvent]) -> None:
        """Write events of the finished turn."""
        if self._turn_id is not None:
            self._archive.add_events(self._turn_id, events)

    def _try_to_write(self) -> None:
        self._writing = False
        with suppress(ArchiveError):  # kept, and written with the next event or at the end
            self._write()

    def _write(self) -> None:
        events = self._unwritten[:]
        if self._turn_id is not None and events:
            self._archive.add_events(self._turn_id, events)
            del self._unwritten[: len(events)]
