"""Conversation service: manages agent, archive, session and memory watcher, without any widgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from travel_tui.agent import Agent, AgentError, MemoryRecord, Problem, TurnEvent
from travel_tui.conversation.extraction import ExtractionTracker
from travel_tui.conversation.lifecycle import SessionState
from travel_tui.conversation.memory_tracker import MemoryTracker
from travel_tui.conversation.problems import unexpected
from travel_tui.conversation.token_totals import TokenTotals
from travel_tui.memory_store import memory_store

if TYPE_CHECKING:
    from travel_tui.archive import Archive, MemoryHistoryEntry, SessionKey, SessionRecord, UserStore
    from travel_tui.attribution.types import SaidText
    from travel_tui.conversation.context import ConversationContext
    from travel_tui.conversation.session import Conversation
    from travel_tui.memory.watcher import MemoryWatcher


HISTORY = 500
"""Maximum messages in the prompt history."""
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Opened:
    """Objects created by the first opening."""

    archive: Archive
    people: UserStore
    watcher: MemoryWatcher
    watching: asyncio.Task[None]


class ConversationService:
    """Opens resources after the first paint of the screen, and keeps them.

    `on_change` is called when panels should be refreshed, `on_problem` with errors of background work.
    """

    def __init__(
        self, context: ConversationContext, on_change: Callable[[], None], on_problem: Callable[[Problem], None]
    ) -> None:
        self._context = context
        self._on_change = on_change
        self._on_problem = on_problem
        self._agent: Agent | None = None
        self._agent_lock = asyncio.Lock()
        self._opened: _Opened | None = None
        self._open_lock = asyncio.Lock()
        self._latencies: list[float] = []
        self._draft = self._early_draft = ""
        self.memory = MemoryTracker(context, on_change, on_problem)
        self.extraction = ExtractionTracker(context)
        self.conversation: Conversation | None = None
        self.session_ids: list[str] = []
        """The sessions begun since the client was opened, in order."""
        self.last_at: datetime | None = None
        """Time of the last call to the service about the session."""
        self.session_attributes: Mapping[str, str] = {}
        self.prompt_attributes: Mapping[str, str] = {}
        """Prompt attributes sent with every turn, until changed."""
        self.used: frozenset[str] = frozenset()
        """Ids of the records that were in the last answer's prompt."""
        self.tokens = TokenTotals()
        """Token totals of the session."""

    @property
    def watcher(self) -> MemoryWatcher | None:
        """The memory watcher, once everything is open."""
        return self._opened.watcher if self._opened else None

    async def prompt_history(self) -> tuple[list[str], str]:
        """Return the messages sent with this memory, oldest first, and the draft from the last run."""
        opened = await self._open()
        memory_id, draft = self._context.memory_id, opened.people.draft if self._context.keeps_drafts else None
        return await opened.archive.run(
            lambda: (opened.people.prompt_history(memory_id, HISTORY), draft(memory_id) if draft else "")
        )

    async def users(self) -> UserStore:
        """Return the users of this agent; raises ArchiveError."""
        return (await self._open()).people

    async def run_in_archive(self, call: Callable[[], R]) -> R:
        """Return the result of `call`, run in the archive's own thread; raises ArchiveError."""
        return await (await self._open()).archive.run(call)

    async def use_archive(self, call: Callable[[Archive], R]) -> R:
        """Return the result of `call` on the archive, run in the archive's own thread; raises ArchiveError."""
        opened = await self._open()
        return await opened.archive.run(call, opened.archive)

    async def messages(self) -> list[SaidText]:
        """Return the newest messages sent with this memory, oldest first; raises ArchiveError."""
        opened = await self._open()
        return await opened.archive.run(opened.archive.messages, self._context.agent_key, self._context.memory_id)

    async def history(self) -> list[MemoryHistoryEntry]:
        """Return every observed change of this memory; raises ArchiveError."""
        opened = await self._open()
        return await opened.archive.run(opened.archive.memory_history, self._context.agent_key, self._context.memory_id)

    def save_draft(self, text: str) -> None:
        """Save the draft in the archive's own thread; before the archive is open, at `close`."""
        if not self._context.keeps_drafts:
            return
        if (opened := self._opened) is None:
            self._early_draft = text
        elif text != self._draft:
            self._draft = text
            kept = opened.archive.run(opened.people.save_draft, self._context.memory_id, text)
            kept.add_done_callback(lambda done: done.cancelled() or done.exception())  # a lost draft is no error

    def key_of(self, session_id: str) -> SessionKey:
        """Return the archive key of a session with this agent and this memory."""
        from travel_tui.archive import SessionKey

        return SessionKey(self._context.agent_key, session_id, self._context.memory_id)

    @property
    def usual_summary_s(self) -> float | None:
        """Typical seconds until a summary, from those observed now and before; None if unknown."""
        seen = [*self._latencies, *(self._opened.watcher.view.latency.values() if self._opened else ())]
        if not seen:
            return self._context.usual_summary_s
        import statistics  # imported late: it loads decimal and fractions

        return float(statistics.median(seen))

    @property
    def notice(self) -> str | None:
        """The archive's notice since it was opened."""
        return self._opened.archive.notice if self._opened else None

    async def agent(self) -> Agent:
        """Return the agent; a failed opening is retried by the next call. Raises AgentError."""
        async with self._agent_lock:
            if self._agent is None:
                self._agent = await self._context.open_agent()
            return self._agent

    async def _open(self) -> _Opened:
        async with self._open_lock:
            if self._opened is None:
                from travel_tui.archive import UserStore
                from travel_tui.memory.watcher import MemoryWatcher

                context = self._context
                archive = await asyncio.to_thread(context.open_archive)
                self._latencies = await asyncio.to_thread(archive.latencies, context.agent_key)
                watcher = MemoryWatcher(
                    self._list_memories,
                    clock=context.clock,
                    past_latencies=self._latencies,
                    on_view=self.memory.seen,
                    deletions_lag=context.capabilities.deletions_lag,
                )
                self.memory.archive = archive
                people = UserStore(archive, context.agent_key)
                self._opened = _Opened(archive, people, watcher, asyncio.create_task(self._watch(watcher)))
            return self._opened

    async def _watch(self, watcher: MemoryWatcher) -> None:
        """Poll the memory until cancelled; an unexpected error is reported and pauses polling, which F5 resumes."""
        while True:
            try:
                await watcher.run()
            except Exception as error:  # noqa: BLE001 - any: nobody else would ever hear of it
                self._on_problem(unexpected(error, "The memory could not be read, so polling is paused."))
                watcher.pause()

    async def open(self) -> Conversation:
        """Return the conversation, with archive and watcher open; raises ArchiveError if the archive is unusable."""
        opened = await self._open()
        if self.conversation is None:
            self.conversation = self._start_session(opened.archive)
        return self.conversation

    def _start_session(self, archive: Archive, goes_on: SessionRecord | None = None) -> Conversation:
        from travel_tui.conversation.session import Conversation

        context = self._context
        conversation = Conversation(
            self.agent,
            archive,
            capabilities=context.capabilities,
            agent_key=context.agent_key,
            memory_id=context.memory_id,
            clock=context.clock,
            ids=context.ids,
            session_id=goes_on.session_id if goes_on else None,
            begun=goes_on is not None,
            opened_at=goes_on.opened_at if goes_on else None,
            turns=goes_on.turns if goes_on else 0,
        )
        self.session_ids.append(conversation.session_id)
        return conversation

    async def start_session(self) -> Conversation:
        """Start a new session; the previous one stays unchanged at the service. Raises ArchiveError."""
        opened = await self._open()
        if self.conversation is not None:
            from travel_tui.attribution.reading import forget_unused_readings

            await self.conversation.flush()
            forget_unused_readings()  # those of the messages of the session before that one
        self.used = frozenset()
        self.tokens = TokenTotals()
        self.last_at = None
        self.conversation = self._start_session(opened.archive)
        opened.watcher.acknowledge()
        self._on_change()
        return self.conversation

    async def resume(self, session: SessionRecord) -> None:
        """Resume a session. Raises ArchiveError."""
        from travel_tui.archive import usage_of

        opened = await self._open()
        if self.conversation is not None:
            await self.conversation.flush()
        self.used = frozenset()
        key = session.key
        usage = await opened.archive.run(usage_of, opened.archive, key.agent, key.memory_id, key.session_id)
        self.tokens = TokenTotals(usage)
        self.conversation = self._start_session(opened.archive, session)
        self.last_at = session.last_sent_at
        self._on_change()

    async def end_session(self) -> None:
        """End the session and await its memory; raises AgentError."""
        opened, conversation = await self._open(), await self.open()
        await conversation.end()
        if self._context.capabilities.ends_sessions:
            self._await_memory(opened, conversation)
        else:
            await self._await_extraction(opened, conversation)

    @property
    def idle_left(self) -> timedelta | None:
        """Time left until the service's idle limit; None if no limit applies or it is unknown."""
        conversation, limit = self.conversation, self._context.idle_limit_s
        if limit is None or self.last_at is None or conversation is None:
            return None
        if not conversation.turns or conversation.busy or conversation.state is not SessionState.OPEN:
            return None
        return timedelta(seconds=limit) - (self._context.clock.now() - self.last_at)

    @property
    def idle_limit_reached(self) -> bool:
        """Whether the service has ended the idle session and that was not recorded yet."""
        left = self.idle_left
        return left is not None and left <= timedelta(0)

    async def expire(self) -> None:
        """Record that the idle limit has ended the session, and await its memory."""
        opened, conversation, left = await self._open(), await self.open(), self.idle_left
        if left is not None:
            await conversation.expired(self._context.clock.now() + left)
            self._await_memory(opened, conversation)

    async def _await_extraction(self, opened: _Opened, conversation: Conversation) -> None:
        """Await what the last events of a closed session become. Raises AgentError if the memory cannot be read."""
        if conversation.state is not SessionState.SUMMARISING or conversation.ended_at is None:
            return
        self._on_change()
        store = memory_store(await self.agent())
        if store is None:
            self._await_memory(opened, conversation)
            return
        saved = await self.extraction.close_session(store, conversation.session_id, conversation.opened_at)
        opened.watcher.add_calls(self.extraction.take_calls())
        if saved.last_at is not None:
            opened.watcher.await_session(
                conversation.session_id,
                conversation.ended_at,
                covers=saved.last_at,
                any_record=not self.extraction.has_session_records,
            )
        self._on_change()

    def _await_memory(self, opened: _Opened, conversation: Conversation) -> None:
        if conversation.state is SessionState.SUMMARISING and conversation.ended_at is not None:
            opened.watcher.await_session(conversation.session_id, conversation.ended_at)
        self._on_change()

    @property
    def attributes(self) -> str:
        """Number of attributes sent with the turns, in words; empty if there are none."""
        kinds = (("session", self.session_attributes), ("prompt", self.prompt_attributes))
        counted = ", ".join(f"{len(values)} {kind}" for kind, values in kinds if values)
        return f"{counted} attributes" if counted else ""

    @property
    def tokens_told(self) -> str:
        """Token totals of the session, in words; empty if nothing is known."""
        conversation = self.conversation
        return self.tokens.words(conversation.turns - conversation.busy) if conversation else ""

    def touch(self) -> None:
        """Restart the idle limit, since the service was just called for this session."""
        self.last_at = self._context.clock.now()

    async def delete_memory(self, session_id: str | None, *, local_copy: bool = False) -> None:
        """Delete the records of one session, or the whole memory; raises AgentError, ArchiveError.

        With `local_copy` the archived copy is deleted too, once the service has deleted its own.
        """
        from travel_tui.archive import delete_memory, memory_deletion

        agent, context, archive = await self.agent(), self._context, (await self._open()).archive
        async with memory_deletion(archive, context.agent_key, context.memory_id, session_id):
            await agent.delete_memory(context.memory_id, session_id)
        if local_copy:
            if self.conversation is not None:
                await self.conversation.flush()
            await archive.run(delete_memory, archive, context.agent_key, context.memory_id, session_id)
        if self.conversation is not None and session_id in (None, self.conversation.session_id):
            self.conversation.forgotten()
        if self._opened is not None:
            self._opened.watcher.forgot(session_id)

    async def delete_record(self, record: MemoryRecord) -> None:
        """Delete one record; raises AgentError, ArchiveError."""
        from travel_tui.archive import memory_deletion

        opened, context = await self._open(), self._context
        if (store := memory_store(await self.agent())) is None:
            return
        async with memory_deletion(opened.archive, context.agent_key, context.memory_id, None, record.record_id):
            await store.delete_record(record)
        opened.watcher.forgot_record(record.record_id)

    async def preview_recall(self, conversation: Conversation, text: str, sent_at: datetime | None) -> list[TurnEvent]:
        """Return what would be recalled for the last turn's message, as events that the archive keeps with it."""
        from travel_tui.conversation.recall_preview import preview_recall

        memory_id = conversation.memory_id
        if memory_id is None:
            return []
        try:
            events, calls = await preview_recall(await self.agent(), memory_id, conversation.session_id, text, sent_at)
        except AgentError:
            return []  # the agent cannot be opened, as the turn has told
        if self._opened is not None:
            self._opened.watcher.add_calls(calls)
        await conversation.add_to_last(events)
        return events

    async def _list_memories(self) -> list[MemoryRecord]:
        agent = await self.agent()
        found = await agent.list_memories(self._context.memory_id)
        if self.watcher is not None and self.watcher.view.awaited and (store := memory_store(agent)) is not None:
            await self.extraction.check_failed(store)
            self.watcher.add_calls(self.extraction.take_calls())
        return found

    async def close(self, *, keep_agent: bool = False) -> None:
        """Stop watching, close the archive, and stop what the context started, unless `keep_agent`."""
        if self._opened is None and self._early_draft.strip():
            await self._keep_early_draft()
        if self._opened is not None:
            self._opened.watching.cancel()
            await self.memory.close()
            await asyncio.gather(self._opened.watching, return_exceptions=True)
            if self.conversation is not None:
                await self.conversation.flush()
            await asyncio.to_thread(self._opened.archive.close)
        if self._context.close is not None and not keep_agent:
            await self._context.close()

    async def _keep_early_draft(self) -> None:
        """Save text typed before the archive was open, after the draft of the last run."""
        from travel_tui.archive import ArchiveError

        with suppress(ArchiveError):  # the screen is gone, so an error cannot be shown
            _, draft = await self.prompt_history()
            self.save_draft("\n".join(filter(None, (draft, self._early_draft))))


async def save_unsent_text(context: ConversationContext, text: str) -> None:
    """Save text typed before the conversation service existed as a draft."""
    talk = ConversationService(context, lambda: None, lambda _: None)
    talk.save_draft(text)
    await talk.close()
