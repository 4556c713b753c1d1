"""One session with an agent: its id, turns, sending and ending. Independent of the screen and of AWS."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial

from travel_tui.agent import (
    Agent,
    AgentError,
    ErrorKind,
    Problem,
    ReturnControl,
    ReturnedResult,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
    TurnRequest,
)
from travel_tui.archive import Archive, ArchiveError, SessionKey
from travel_tui.capabilities import Capabilities
from travel_tui.clock import Clock
from travel_tui.conversation.lifecycle import SessionState, session_state
from travel_tui.conversation.turn_draft import TurnDraft
from travel_tui.conversation.turn_log import TurnLog
from travel_tui.ids import Ids


class Conversation:
    """A session: turns are sent with `send`, and `end` starts its summary. `state` is what it knows by itself.

    `agent` is awaited at each use, so that a turn can be sent while the agent is still being created. The session is
    archived from its first turn on, and never without one. `unsaved` says why something shown is not on disk; saving is
    retried with each turn. With `begun` the service already knows `session_id`: the session is resumed, or can be ended
    at once; `opened_at` is when it began, if known, and `turns` the number of its turns.
    """

    def __init__(
        self,
        agent: Callable[[], Awaitable[Agent]],
        archive: Archive,
        *,
        capabilities: Capabilities,
        agent_key: str,
        memory_id: str | None,
        clock: Clock,
        ids: Ids,
        session_id: str | None = None,
        begun: bool = False,
        opened_at: datetime | None = None,
        turns: int = 0,
    ) -> None:
        self.session_id = session_id or ids.uuid()
        self.memory_id = memory_id
        self.state = SessionState.OPEN
        self.opened_at = opened_at or clock.now()
        self.ended_at: datetime | None = None
        self.turns = turns
        self.busy = False
        self.unsaved: Problem | None = None
        self._agent = agent
        self._capabilities = capabilities
        self._archive = archive
        self._key = SessionKey(agent_key, self.session_id, memory_id)
        self._known_since = opened_at
        self._clock = clock
        self._begun = begun
        self._opened = False
        self._last: TurnDraft | None = None
        self._pending: list[Callable[[], None]] = []  # writes that the archive did not accept yet, in order

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
        """Send one turn and yield its events; the last is TurnCompleted, TurnFailed or ReturnControl.

        The turn is on disk before it is sent to the agent, and is never sent twice. With `returned`, the results of the
        calls that the last turn returned, that turn goes on. Closing the generator, or cancelling the task that reads
        it, cancels the turn; the part that arrived is kept.
        """
        if problem := self._refusal(text, answers=bool(returned)):
            yield TurnFailed(problem)
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
        resumed = self._last if self._last is not None and returned and self._last.control is not None else None
        draft = self._last = resumed or TurnDraft(self._archive, self._clock)
        try:
            try:
                await self._archive.run(self._begin, draft, text, returned)
            except ArchiveError as error:
                yield TurnFailed(_not_kept(error, "Nothing was sent, because it could not be kept."))
                return
            self.turns += resumed is None
            log = TurnLog(request)
            async with aclosing(self._answer(request)) as events:
                async for event in events:
                    draft.add(event)
                    log.add(event)
                    yield event
        finally:
            self.busy = False
            await self._keep(draft.finish)

    async def add_to_last(self, events: Sequence[TurnEvent]) -> None:
        """Archive what was found out about the last turn after it had ended."""
        if (draft := self._last) is not None:
            await self._keep(partial(draft.add_late, tuple(events)))

    async def end(self) -> None:
        """End the session, which starts its summary. Raises AgentError, and the session is then still open.

        Where the service has no end of a session, it is closed here: it takes no more turns, and its memory is awaited.
        """
        if self.state is not SessionState.OPEN:
            return
        if self.busy:
            raise AgentError(
                Problem(
                    ErrorKind.CONFLICT,
                    "The session cannot be ended now.",
                    "An answer is still arriving.",
                    "Wait for it or cancel it with Escape, then end the session.",
                )
            )
        self.state = SessionState.ENDING
        try:
            if (self.turns or self._begun) and self._capabilities.ends_sessions:
                agent = await self._agent()
                await agent.end_session(self.session_id, self.memory_id)
        except BaseException:
            self.state = SessionState.OPEN
            raise
        await self._ended(self._clock.now())

    async def expired(self, at: datetime) -> None:
        """Record that the service ended the session at `at`, because its idle limit was reached."""
        if self.state is SessionState.OPEN:
            await self._ended(at)

    def forgotten(self) -> None:
        """Record that the session's memory was deleted, or will not be awaited."""
        if self.ended_at is not None:
            self.state = SessionState.FORGOTTEN

    async def flush(self) -> None:
        """Retry the pending writes to the archive."""
        if self._pending:
            self.unsaved = await self._archive.run(self._write_pending)

    async def _ended(self, at: datetime) -> None:
        self.ended_at = at
        begun = bool(self.turns or self._begun)
        self.state = session_state(ended=True, remembers=begun and self.memory_id is not None)
        if begun:
            await self._keep(partial(self._archive.end_session, self._key, at))

    def _refusal(self, text: str, *, answers: bool) -> Problem | None:
        """Return why the turn cannot be sent, or None."""
        if self.state is not SessionState.OPEN:
            why = "It has ended." if self.ended_at else "It is being ended."
            return Problem(ErrorKind.CONFLICT, "This session accepts no more turns.", why, "Start a new session.")
        if self.busy:
            why = "The previous turn's answer is still arriving."
            return Problem(ErrorKind.CONFLICT, "The turn was not sent.", why, "Wait for it, or cancel it with Escape.")
        if problem := self._capabilities.check_id("session", self.session_id):
            return problem
        if self.memory_id is not None and (problem := self._capabilities.check_id("memory", self.memory_id)):
            return problem
        if not text.strip() and not answers:
            return Problem(ErrorKind.INVALID, "Nothing to send.", "The message is empty.", "Write something first.")
        if len(text) > self._capabilities.max_text:
            why = f"It has {len(text):,} characters; the service accepts {self._capabilities.max_text:,}."
            return Problem(ErrorKind.INVALID, "The message is too long.", why, "Shorten it; nothing was sent.")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            why = f"Character {error.start + 1} is an unpaired surrogate."
            return Problem(
                ErrorKind.INVALID, "The message is not text.", why, "Remove that character; nothing was sent."
            )
        return None

    def _begin(self, draft: TurnDraft, text: str, returned: Sequence[ReturnedResult]) -> None:
        """In the archive's thread: write the user's turn, and before the first one the session; or a turn's results."""
        at = self._clock.now()
        if problem := self._write_pending():
            raise ArchiveError(problem.why)
        if draft.control is not None:
            draft.resume(draft.control, returned)
            return
        if not self._opened:
            self._archive.open_session(self._key, at)
            self._opened = True
            self.opened_at = self._known_since or at
        draft.begin(self._key, text, at)

    async def _answer(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Yield the agent's events up to its last; an unavailable agent or interrupted stream becomes a TurnFailed."""
        try:
            agent = await self._agent()
        except AgentError as error:
            yield TurnFailed(error.problem)
            return
        async with aclosing(agent.invoke(request)) as events:
            async for event in events:
                yield event
                if isinstance(event, _LAST):
                    return
        yield TurnFailed(
            Problem(
                ErrorKind.CUT_OFF,
                "The answer ended early.",
                advice="Actions may already have run; check before retrying.",
            )
        )

    async def _keep(self, call: Callable[[], None]) -> None:
        """Run `call` in the archive, now or, if that fails, with the next one."""
        self._pending.append(call)
        self.unsaved = await self._archive.run(self._write_pending)

    def _write_pending(self) -> Problem | None:
        """In the archive's thread: run the pending writes in order, up to the first failure."""
        while self._pending:
            try:
                self._pending[0]()
            except ArchiveError as error:
                return _not_kept(error, "The latest changes are not on disk yet; the next turn retries.")
            del self._pending[0]
        return None


_LAST = (TurnCompleted, TurnFailed, ReturnControl)


def _not_kept(error: ArchiveError, what: str) -> Problem:
    return Problem(ErrorKind.ARCHIVE, what, str(error))
