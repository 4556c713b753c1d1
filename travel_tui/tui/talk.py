"""The talk behind the screen: agent, archive, conversation and the memory's watcher, with no widget in sight."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from travel_tui.agent import Agent, AgentError, Cause, SessionSummary, Trouble
from travel_tui.tui.insights import Insights

if TYPE_CHECKING:
    from travel_tui.archive import Archive, MemoryRecord, People
    from travel_tui.conversation import Conversation
    from travel_tui.memory.watcher import MemoryWatcher, WatchView
    from travel_tui.tui.setting import Setting


HISTORY = 500
"""Messages that up and down go through."""
OPEN, SUMMARISING = "open", "summarising"
"""Conversation.state of a session that takes turns, and of one whose summary is being made."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is there from the first opening on."""

    archive: Archive
    people: People
    watcher: MemoryWatcher
    watching: asyncio.Task[None]


class Talk:
    """Opens what the screen needs once it is painted, and keeps it.

    `on_change` is called when a panel should look again, `on_trouble` with what went wrong in the background.
    """

    def __init__(self, setting: Setting, on_change: Callable[[], None], on_trouble: Callable[[Trouble], None]) -> None:
        self._setting = setting
        self._on_change = on_change
        self._on_trouble = on_trouble
        self._agent: Agent | None = None
        self._agent_lock = asyncio.Lock()
        self._opened: _Opened | None = None
        self._open_lock = asyncio.Lock()
        self._latencies: list[float] = []
        self._draft = ""
        self._looking: set[asyncio.Task[None]] = set()
        self.insights = Insights(setting.agent_key, setting.memory_id, setting.clock, on_change)
        self._recorded: tuple[SessionSummary, ...] | None = None
        self.conversation: Conversation | None = None
        self.held: list[str] = []
        """The sessions begun since the client was opened, in order."""
        self.last_at: datetime | None = None
        """When the service last heard of the session."""
        self.session_attributes: Mapping[str, str] = {}
        self.prompt_attributes: Mapping[str, str] = {}
        """What goes with every turn, until it is changed."""
        self.used: frozenset[str] = frozenset()
        """Sessions whose summaries stood in the last answer's prompt."""

    @property
    def watcher(self) -> MemoryWatcher | None:
        """Who watches the memory, once all is open."""
        return self._opened.watcher if self._opened else None

    async def written(self) -> tuple[list[str], str]:
        """What was written to this memory before, oldest first, and what was being written when the client closed."""
        opened = await self._open()
        memory_id = self._setting.memory_id
        return await opened.archive.run(
            lambda: (opened.people.written(memory_id, HISTORY), opened.people.draft(memory_id))
        )

    async def people(self) -> People:
        """The users of this agent; raises ArchiveError."""
        return (await self._open()).people

    async def in_archive(self, call: Callable[[], R]) -> R:
        """What `call` finds in the archive, in the archive's own thread; raises ArchiveError."""
        return await (await self._open()).archive.run(call)

    async def with_archive(self, call: Callable[[Archive], R]) -> R:
        """What `call` finds in the archive, in the archive's own thread; raises ArchiveError."""
        opened = await self._open()
        return await opened.archive.run(call, opened.archive)

    async def history(self) -> list[MemoryRecord]:
        """Every change of this memory that was ever seen; raises ArchiveError."""
        opened = await self._open()
        return await opened.archive.run(opened.archive.memory_history, self._setting.agent_key, self._setting.memory_id)

    def keep_draft(self, text: str) -> None:
        """Keep what is being written, in the archive's own thread."""
        if (opened := self._opened) is not None and text != self._draft:
            self._draft = text
            kept = opened.archive.run(opened.people.keep_draft, self._setting.memory_id, text)
            kept.add_done_callback(lambda done: done.cancelled() or done.exception())  # a draft is worth no alarm

    @property
    def usual_summary_s(self) -> float:
        """How long a summary takes, from those seen here and before."""
        seen = [*self._latencies, *(self._opened.watcher.view.latency.values() if self._opened else ())]
        if not seen:
            return self._setting.usual_summary_s
        import statistics  # it brings decimals and fractions

        return float(statistics.median(seen))

    @property
    def notice(self) -> str | None:
        """What the archive has to say about itself since it was opened."""
        return self._opened.archive.notice if self._opened else None

    async def agent(self) -> Agent:
        """The agent; an opening that failed is tried again by the next call. Raises AgentError."""
        async with self._agent_lock:
            if self._agent is None:
                self._agent = await self._setting.open_agent()
            return self._agent

    async def _open(self) -> _Opened:
        async with self._open_lock:
            if self._opened is None:
                from travel_tui.archive import People
                from travel_tui.memory.watcher import MemoryWatcher

                setting = self._setting
                archive = await asyncio.to_thread(setting.open_archive)
                self._latencies = await asyncio.to_thread(archive.latencies, setting.agent_key)
                watcher = MemoryWatcher(
                    self._look, clock=setting.clock, past_latencies=self._latencies, on_view=self._seen
                )
                people = People(archive, setting.agent_key)
                self._opened = _Opened(archive, people, watcher, asyncio.create_task(watcher.run()))
            return self._opened

    async def open(self) -> Conversation:
        """The conversation, with archive and watcher behind it; raises ArchiveError where the archive is of no use."""
        opened = await self._open()
        if self.conversation is None:
            self.conversation = self._begin(opened.archive)
        return self.conversation

    def _begin(self, archive: Archive, session_id: str | None = None) -> Conversation:
        from travel_tui.conversation import Conversation

        setting = self._setting
        conversation = Conversation(
            self.agent,
            archive,
            agent_key=setting.agent_key,
            memory_id=setting.memory_id,
            clock=setting.clock,
            ids=setting.ids,
            session_id=session_id,
            begun=session_id is not None,
        )
        self.held.append(conversation.session_id)
        return conversation

    async def begin(self) -> Conversation:
        """A new session; the one before stays as it is at the service. Raises ArchiveError."""
        opened = await self._open()
        if self.conversation is not None:
            await self.conversation.flush()
        self.used = frozenset()
        self.last_at = None
        self.conversation = self._begin(opened.archive)
        opened.watcher.acknowledge()
        self._on_change()
        return self.conversation

    async def resume(self, session_id: str, turns: int, last_at: datetime) -> None:
        """Go on with a session that has so many turns, the last sent at `last_at`. Raises ArchiveError."""
        opened = await self._open()
        if self.conversation is not None:
            await self.conversation.flush()
        self.used = frozenset()
        self.conversation = self._begin(opened.archive, session_id)
        self.conversation.turns = turns
        self.last_at = last_at
        self._on_change()

    async def end(self) -> None:
        """End the session and await its memory; raises AgentError."""
        opened, conversation = await self._open(), await self.open()
        await conversation.end()
        self._await_memory(opened, conversation)

    @property
    def idle_left(self) -> timedelta | None:
        """How long the service will wait for the next turn; None where nothing runs out, or that is not known."""
        conversation, limit = self.conversation, self._setting.idle_limit_s
        if limit is None or self.last_at is None or conversation is None:
            return None
        if not conversation.turns or conversation.busy or conversation.state != OPEN:
            return None
        return timedelta(seconds=limit) - (self._setting.clock.now() - self.last_at)

    @property
    def idle_limit_reached(self) -> bool:
        """Whether the service has ended the session by itself and that was not noted yet."""
        left = self.idle_left
        return left is not None and left <= timedelta(0)

    async def expire(self) -> None:
        """Note that the idle limit has ended the session, and await its memory."""
        opened, conversation, left = await self._open(), await self.open(), self.idle_left
        if left is not None:
            await conversation.expired(self._setting.clock.now() + left)
            self._await_memory(opened, conversation)

    def _await_memory(self, opened: _Opened, conversation: Conversation) -> None:
        if conversation.state == SUMMARISING and conversation.ended_at is not None:
            opened.watcher.await_session(conversation.session_id, conversation.ended_at)
        self._on_change()

    @property
    def attributes(self) -> str:
        """How many attributes go with the turns, in words; empty where none do."""
        kinds = (("session", self.session_attributes), ("prompt", self.prompt_attributes))
        counted = ", ".join(f"{len(values)} {kind}" for kind, values in kinds if values)
        return f"{counted} attributes" if counted else ""

    def heard(self) -> None:
        """The service heard of the session just now, so its idle limit counts from here."""
        self.last_at = self._setting.clock.now()

    async def forget(self, session_id: str | None) -> None:
        """Delete one session's summary, or all of the memory; raises AgentError."""
        await (await self.agent()).forget(self._setting.memory_id, session_id)
        if self.conversation is not None and session_id in (None, self.conversation.session_id):
            self.conversation.forgotten()
        if self._opened is not None:
            self._opened.watcher.forgot(session_id)

    async def _look(self) -> list[SessionSummary]:
        return await (await self.agent()).memories(self._setting.memory_id)

    def _seen(self, view: WatchView) -> None:
        if view.known and view.summaries != self._recorded:
            self._recorded = view.summaries
            self._remember(view)
        self._on_change()

    def _remember(self, view: WatchView) -> None:
        """Keep in the archive what the watcher saw, in the archive's own thread."""
        if self._opened is None:
            return
        archive, setting = self._opened.archive, self._setting
        now = setting.clock.now()

        def keep() -> None:
            archive.record_memory(setting.agent_key, setting.memory_id, view.summaries, now)
            for summary in view.summaries:
                if summary.session_id in view.latency:
                    archive.store_session(summary.session_id, now, view.latency[summary.session_id])

        archive.run(keep).add_done_callback(self._kept)

    def look_into(self, session_ids: Collection[str]) -> None:
        """Look into the summaries of these sessions, where that was not done: of a thousand it takes ten seconds."""
        if self._opened is None:
            return
        archive = self._opened.archive
        summaries = [each for each in self._opened.watcher.view.summaries if each.session_id in session_ids]
        if not (fresh := self.insights.fresh(summaries)):
            return

        async def look() -> None:
            await archive.run(int)  # what changed is told by what was kept, which is under way in the archive's thread
            await self.insights.look(archive, fresh)

        looking = asyncio.create_task(look())
        self._looking.add(looking)
        looking.add_done_callback(self._looking.discard)

    def _kept(self, done: asyncio.Future[None]) -> None:
        """Say it where what was seen could not be kept."""
        if not done.cancelled() and (error := done.exception()) is not None:
            self._on_trouble(trouble_of(error))

    async def close(self, *, keep_agent: bool = False) -> None:
        """Stop watching, close the archive, and end what the setting started, unless another talk goes on with it."""
        if self._opened is not None:
            self._opened.watching.cancel()
            await asyncio.gather(*self._looking, return_exceptions=True)
            await asyncio.gather(self._opened.watching, return_exceptions=True)
            if self.conversation is not None:
                await self.conversation.flush()
            await asyncio.to_thread(self._opened.archive.close)
        if self._setting.close is not None and not keep_agent:
            await self._setting.close()


def trouble_of(error: BaseException) -> Trouble:
    """What the screen says of an error of the port or of the archive."""
    return error.trouble if isinstance(error, AgentError) else Trouble(Cause.ARCHIVE, str(error))
