"""One session with an agent: its id, its turns, sending and ending. It knows no screen and no AWS."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from datetime import datetime
from enum import StrEnum
from functools import partial

from travel_tui.agent import (
    MAX_TEXT,
    Agent,
    AgentError,
    Cause,
    ReturnControl,
    ReturnedResult,
    TextDelta,
    Trouble,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
    TurnRequest,
    refused_id,
)
from travel_tui.archive import Archive, ArchiveError, TurnState
from travel_tui.clock import Clock
from travel_tui.ids import Ids


class SessionState(StrEnum):
    """Where a session stands in its life."""

    OPEN = "open"
    ENDING = "ending"
    ENDED = "ended"
    """Ended, and nothing will be remembered: it had no memory id, or no turn."""
    SUMMARISING = "summarising"
    STORED = "stored"
    OVERDUE = "overdue"
    FORGOTTEN = "forgotten"
    """Its memory was deleted from here."""


class Conversation:
    """A session: turns go through `send`, and `end` starts its summary.

    `agent` is awaited at each use, so that a turn can be sent while the agent is still being made. The session
    stands in the archive from its first turn on. `unsaved` says why something shown is not on disk; it is tried
    again with each turn. With `begun` the service knows `session_id` already: it goes on, or can be ended at once.
    """

    def __init__(
        self,
        agent: Callable[[], Awaitable[Agent]],
        archive: Archive,
        *,
        agent_key: str,
        memory_id: str | None,
        clock: Clock,
        ids: Ids,
        session_id: str | None = None,
        begun: bool = False,
    ) -> None:
        self.session_id = session_id or ids.uuid()
        self.memory_id = memory_id
        self.state = SessionState.OPEN
        self.opened_at = clock.now()
        self.ended_at: datetime | None = None
        self.turns = 0
        self.busy = False
        self.unsaved: Trouble | None = None
        self._agent = agent
        self._archive = archive
        self._agent_key = agent_key
        self._clock = clock
        self._begun = begun
        self._opened = False
        self._pending: list[Callable[[], None]] = []  # what the archive did not take yet, in order

    async def send(
        self,
        text: str,
        *,
        session_attributes: Mapping[str, str] | None = None,
        prompt_attributes: Mapping[str, str] | None = None,
        invocation_id: str | None = None,
        returned: tuple[ReturnedResult, ...] = (),
        trace: bool = True,
    ) -> AsyncGenerator[TurnEvent, None]:
        """Send one turn and yield what comes back; the last event is TurnCompleted, TurnFailed or ReturnControl.

        The turn is on disk before the agent hears of it, and is never sent twice. Closing the generator, or
        cancelling the task that reads it, cancels the turn; what had arrived is kept.
        """
        if trouble := self._refusal(text, answers=bool(returned)):
            yield TurnFailed(trouble)
            return
        request = TurnRequest(
            text=text,
            session_id=self.session_id,
            memory_id=self.memory_id,
            session_attributes=session_attributes or {},
            prompt_attributes=prompt_attributes or {},
            invocation_id=invocation_id,
            returned=returned,
            trace=trace,
        )
        self.busy = True
        draft = _Draft(self._archive, self._clock)
        try:
            try:
                await self._archive.run(self._begin, draft, text)
            except ArchiveError as error:
                yield TurnFailed(_not_kept(error, "Nothing was sent, because it could not be kept."))
                return
            self.turns += 1
            async with aclosing(self._answer(request)) as events:
                async for event in events:
                    draft.add(event)
                    yield event
        finally:
            self.busy = False
            await self._keep(draft.finish)

    async def end(self) -> None:
        """End the session, which starts its summary. Raises AgentError, and the session is then still open."""
        if self.state is not SessionState.OPEN:
            return
        if self.busy:
            raise AgentError(
                Trouble(
                    Cause.CONFLICT,
                    "The session cannot end now.",
                    "An answer is still coming.",
                    "Wait for it or cancel it with Escape, then end the session.",
                )
            )
        self.state = SessionState.ENDING
        try:
            if self.turns or self._begun:
                agent = await self._agent()
                await agent.end(self.session_id, self.memory_id)
        except BaseException:
            self.state = SessionState.OPEN
            raise
        await self._ended(self._clock.now())

    async def expired(self, at: datetime) -> None:
        """The service has ended the session by itself at `at`, because its idle limit had run out."""
        if self.state is SessionState.OPEN:
            await self._ended(at)

    async def stored(self, latency_s: float | None) -> None:
        """The session's summary was seen, that many seconds after the end."""
        self.state = SessionState.STORED
        await self._keep(partial(self._archive.store_session, self.session_id, self._clock.now(), latency_s))

    def overdue(self) -> None:
        """The session's summary should have been there by now."""
        if self.state is SessionState.SUMMARISING:
            self.state = SessionState.OVERDUE

    def forgotten(self) -> None:
        """The session's memory was deleted, or will not be waited for."""
        if self.ended_at is not None:
            self.state = SessionState.FORGOTTEN

    async def flush(self) -> None:
        """Try once more to have the archive take what it did not."""
        if self._pending:
            self.unsaved = await self._archive.run(self._write_pending)

    async def _ended(self, at: datetime) -> None:
        self.ended_at = at
        begun = self.turns or self._begun
        self.state = SessionState.SUMMARISING if begun and self.memory_id is not None else SessionState.ENDED
        if begun:
            await self._keep(partial(self._note_end, at))

    def _refusal(self, text: str, *, answers: bool) -> Trouble | None:
        """Why the turn is not sent at all, or None."""
        if self.state is not SessionState.OPEN:
            why = "It has ended." if self.ended_at else "It is being ended."
            return Trouble(Cause.CONFLICT, "This session takes no more turns.", why, "Start a new session.")
        if self.busy:
            why = "The answer to the turn before is still coming."
            return Trouble(Cause.CONFLICT, "The turn was not sent.", why, "Wait for it, or cancel it with Escape.")
        if trouble := refused_id("session", self.session_id):
            return trouble
        if self.memory_id is not None and (trouble := refused_id("memory", self.memory_id)):
            return trouble
        if not text.strip() and not answers:
            return Trouble(
                Cause.INVALID, "There is nothing to send.", "The message is empty.", "Write something first."
            )
        if len(text) > MAX_TEXT:
            why = f"It has {len(text):,} characters; the service takes {MAX_TEXT:,}."
            return Trouble(Cause.INVALID, "The message is too long.", why, "Shorten it; nothing was sent.")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            why = f"Character {error.start + 1} is half of a surrogate pair and stands for nothing."
            return Trouble(Cause.INVALID, "The message is not text.", why, "Remove that character; nothing was sent.")
        return None

    def _begin(self, draft: _Draft, text: str) -> None:
        """In the archive's thread: write the user's turn, and the session before its first one."""
        at = self._clock.now()
        if trouble := self._write_pending():
            raise ArchiveError(trouble.why)
        if not self._opened:
            self._open(at)
            self.opened_at = at
        draft.begin(self.session_id, text, at)

    def _note_end(self, at: datetime) -> None:
        """In the archive's thread: write the end, and the session before it where it began elsewhere."""
        if not self._opened:
            self._open(at)
        self._archive.end_session(self.session_id, at)

    def _open(self, at: datetime) -> None:
        self._archive.open_session(self.session_id, self._agent_key, self.memory_id, at)
        self._opened = True

    async def _answer(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """The agent's events up to its last; an agent that cannot be had and one that just stops are failures."""
        try:
            agent = await self._agent()
        except AgentError as error:
            yield TurnFailed(error.trouble)
            return
        async with aclosing(agent.invoke(request)) as events:
            async for event in events:
                yield event
                if isinstance(event, _LAST):
                    return
        yield TurnFailed(
            Trouble(Cause.CUT_OFF, "The answer stopped before its end.", advice="Ask again; nothing was sent twice.")
        )

    async def _keep(self, call: Callable[[], None]) -> None:
        """Have the archive do `call`, now or, where it cannot, with the next one."""
        self._pending.append(call)
        self.unsaved = await self._archive.run(self._write_pending)

    def _write_pending(self) -> Trouble | None:
        """In the archive's thread: do what is pending, in order, up to the first failure."""
        while self._pending:
            try:
                self._pending[0]()
            except ArchiveError as error:
                return _not_kept(error, "The last of what is shown is not on disk; the next turn tries again.")
            del self._pending[0]
        return None


_LAST = (TurnCompleted, TurnFailed, ReturnControl)


class _Draft:
    """What comes of one turn, on its way to the archive. `add` is called in the loop, the rest in its thread."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock
        self._turn_id: int | None = None
        self._started = clock.counter()
        self._unwritten: list[TurnEvent] = []
        self._writing = False
        self._state = TurnState.CANCELLED  # until the last event says better
        self._first_text_s: float | None = None
        self._total_s: float | None = None
        self._trouble: Trouble | None = None

    def begin(self, session_id: str, text: str, at: datetime) -> None:
        self._turn_id = self._archive.begin_turn(session_id, text, at)

    def add(self, event: TurnEvent) -> None:
        """Take an event; it is on disk a moment later, or with one of the next."""
        since = self._clock.counter() - self._started
        match event:
            case TextDelta() if self._first_text_s is None:
                self._first_text_s = since
            case TurnCompleted():
                self._state, self._total_s = TurnState.ANSWERED, since
            case ReturnControl():
                self._state, self._total_s = TurnState.RETURNED, since
            case TurnFailed(trouble):
                self._state, self._total_s, self._trouble = TurnState.FAILED, since, trouble
        self._unwritten.append(event)
        if not self._writing:  # one attempt at a time, which takes all there is: a locked file costs one wait, not many
            self._writing = True
            self._archive.submit(self._try_to_write)

    def finish(self) -> None:
        if self._turn_id is None:
            return
        self._write()
        total_s = self._clock.counter() - self._started if self._total_s is None else self._total_s
        self._archive.finish_turn(self._turn_id, self._state, self._first_text_s, total_s, self._trouble)

    def _try_to_write(self) -> None:
        self._writing = False
        with suppress(ArchiveError):  # kept, and written with the next event or at the end
            self._write()

    def _write(self) -> None:
        events = self._unwritten[:]
        if self._turn_id is not None and events:
            self._archive.add_events(self._turn_id, events)
            del self._unwritten[: len(events)]


def _not_kept(error: ArchiveError, what: str) -> Trouble:
    return Trouble(Cause.ARCHIVE, what, str(error))
