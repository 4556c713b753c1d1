"""What becomes of a session's events, where the service makes records of them without an end of the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, MemoryKind, MemoryRecord
from travel_tui.memory.extraction_progress import KindProgress, progress
from travel_tui.memory_store import FailedExtraction, MemoryStore

if TYPE_CHECKING:
    from travel_tui.conversation.context import ConversationContext

FIRST_CHECK_S, CHECK_FAILED_S = 2.0, 10.0
"""Seconds after a session was closed until failed extractions are looked for, and between two looks from then on."""


@dataclass(frozen=True, slots=True)
class SavedSession:
    """A closed session at the service: when its last event was saved there, and about when its first was."""

    session_id: str
    last_at: datetime | None
    since: datetime


class ExtractionTracker:
    """Knows what was saved of the closed session, and which extractions failed."""

    def __init__(self, context: ConversationContext) -> None:
        self._context = context
        self._checked_at: datetime | None = None
        self.kinds: tuple[MemoryKind, ...] = ()
        """Kinds of records that the memory's strategies make, in their order."""
        self.has_session_records = True
        """Whether some strategy's records name their session."""
        self.saved: SavedSession | None = None
        self.failed: tuple[FailedExtraction, ...] = ()
        self.calls = 0
        """Calls made since they were last taken."""

    async def close_session(
        self, store: MemoryStore, session_id: str, opened_at: datetime, memory_id: str | None = None
    ) -> SavedSession:
        """Find out what was saved of a session that was closed, of the context's user or another. Raises AgentError."""
        now = self._context.clock.now()
        strategies = await store.strategies()
        self.kinds = tuple(each.kind for each in strategies if each.active)
        self.has_session_records = any("{sessionId}" in each.namespace for each in strategies if each.active)
        newest = await store.list_events(memory_id or self._context.memory_id, session_id, most=1)
        self.calls += 1
        last_at = newest[0].at if newest else None
        # The service's clock need not be this machine's: what was said counts back from its own last time.
        since = (last_at or now) - (now - opened_at)
        self.saved, self.failed = SavedSession(session_id, last_at, since), ()
        self._checked_at = now - timedelta(seconds=CHECK_FAILED_S - FIRST_CHECK_S)
        return self.saved

    def take_calls(self) -> int:
        """Return the number of calls made since the last time."""
        taken, self.calls = self.calls, 0
        return taken

    def progress(self, records: Sequence[MemoryRecord]) -> tuple[KindProgress, ...]:
        """Return what came of the closed session so far; nothing if none was closed."""
        saved = self.saved
        return progress(self.kinds, records, saved.session_id, saved.since) if saved else ()

    async def check_failed(self, store: MemoryStore, *, now: bool = False) -> None:
        """Look for failed extractions, at most every CHECK_FAILED_S seconds unless `now`; a refusal changes nothing."""
        at = self._context.clock.now()
        if not now and self._checked_at is not None and at - self._checked_at < timedelta(seconds=CHECK_FAILED_S):
            return
        self._checked_at = at
        self.calls += 1
        try:
            self.failed = tuple(await store.failed_extractions(self._context.memory_id))
        except AgentError:
            return  # the poll of the records tells what is wrong, if it is more than this permission
