"""What this client saw of one memory: its records, who deleted what is gone, and findings about them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from travel_tui.agent import MemoryRecord, Problem
from travel_tui.conversation.memory_insights import MemoryInsights
from travel_tui.conversation.problems import problem_of, unexpected

if TYPE_CHECKING:
    from travel_tui.archive import Archive, DeletedBy
    from travel_tui.conversation.context import ConversationContext
    from travel_tui.memory.watcher import MemorySnapshot


@dataclass(frozen=True, slots=True)
class MemoryContext:
    """The records seen since the client was opened: the current ones, and earlier ones."""

    now: tuple[MemoryRecord, ...] = ()
    earlier: tuple[MemoryRecord, ...] = ()


class MemoryTracker:
    """Takes what the memory watcher finds, archives it, and analyses records on request.

    `archive` is set once it is open. `on_change` is called when panels should be refreshed, `on_problem` with errors.
    """

    def __init__(
        self, context: ConversationContext, on_change: Callable[[], None], on_problem: Callable[[Problem], None]
    ) -> None:
        self._context = context
        self._on_change = on_change
        self._on_problem = on_problem
        self.archive: Archive | None = None
        self._analyses: set[asyncio.Task[None]] = set()
        self._recorded: tuple[MemoryRecord, ...] | None = None
        """The memory as last archived."""
        self._missed: set[str] = set()
        self.insights = MemoryInsights(context.agent_key, context.memory_id, context.clock, on_change)
        self.known = MemoryContext()
        """Replaced whenever a change of the memory is seen."""
        self.gone: Mapping[str, DeletedBy] = {}
        """Who deleted the records of sessions that have none left since the client was opened, by session."""
        self.emptied_by: DeletedBy | None = None
        """Who deleted the last record of a memory that is empty now, if this client saw it disappear."""

    def seen(self, view: MemorySnapshot) -> None:
        """Take over a change that the watcher found."""
        if view.known and view.records != self.known.now:
            before = (*self.known.now, *self.known.earlier)
            now = {each.record_id: each for each in view.records}
            self._missed |= sessions_in(self.known.now) - sessions_in(view.records)
            earlier = tuple(each for each in before if now.get(each.record_id) != each)
            self.known = MemoryContext(view.records, earlier)
        # What a deletion here leaves is not the service's answer: others may have stored something since the last one.
        # What was deleted here is gone, also while the service still lists it.
        kept = view.records
        if view.deleting:
            kept = tuple(each for each in view.records if each.record_id not in view.deleting)
        if view.known and view.confirmed and kept != self._recorded:
            self._recorded = kept
            self._record(replace(view, records=kept), frozenset(self._missed))
            self._missed.clear()
        self._on_change()

    def analyse(self, records: Iterable[MemoryRecord]) -> None:
        """Analyse these records, unless already done: a thousand take ten seconds."""
        if (archive := self.archive) is None or not (fresh := self.insights.fresh(records)):
            return

        async def look() -> None:
            await archive.run(int)  # wait for the pending write of the change in the archive's thread
            await self.insights.analyse(archive, fresh)

        analysis = asyncio.create_task(look())
        self._analyses.add(analysis)
        analysis.add_done_callback(self._analysed)

    async def close(self) -> None:
        """Wait for the analyses that run."""
        await asyncio.gather(*self._analyses, return_exceptions=True)

    def _record(self, view: MemorySnapshot, missed: Collection[str]) -> None:
        """Archive the watcher's findings in the archive's own thread, and find out who deleted what is missing.

        `missed` are the sessions that have no record left.
        """
        if self.archive is None:
            return
        from travel_tui.archive import SessionKey

        archive, agent_key, memory_id = self.archive, self._context.agent_key, self._context.memory_id
        now = self._context.clock.now()

        def keep() -> tuple[Mapping[str, DeletedBy], DeletedBy | None]:
            archive.record_memory(agent_key, memory_id, view.records, now)
            for session_id in sessions_in(view.records) & view.latency.keys():
                archive.store_session(SessionKey(agent_key, session_id, memory_id), now, view.latency[session_id])
            history = archive.memory_history(agent_key, memory_id) if missed else []
            last = {entry.record.session_id: entry.deleted_by for entry in history}
            gone = {each: by for each in missed if (by := last.get(each)) is not None}
            return gone, None if view.records else archive.last_deleted_by(agent_key, memory_id)

        archive.run(keep).add_done_callback(self._kept)

    def _kept(self, done: asyncio.Future[tuple[Mapping[str, DeletedBy], DeletedBy | None]]) -> None:
        """Take over who deleted what is missing; report an error if the findings could not be stored."""
        if done.cancelled():
            return
        if (error := done.exception()) is not None:
            self._on_problem(problem_of(error))
            return
        gone, emptied_by = done.result()
        if gone or emptied_by != self.emptied_by:
            self.gone, self.emptied_by = {**self.gone, **gone}, emptied_by
            self._on_change()

    def _analysed(self, done: asyncio.Task[None]) -> None:
        self._analyses.discard(done)
        if not done.cancelled() and (error := done.exception()) is not None:
            self._on_problem(unexpected(error, "The memory could not be analysed."))


def sessions_in(records: Iterable[MemoryRecord]) -> set[str]:
    """Return the ids of the sessions that have a record."""
    return {each.session_id for each in records if each.session_id is not None}
