"""Session lifecycle: start, end by the caller or the idle limit, and the summary some time later."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from travel_tui.local.agent_model import AgentModel, ModelError
from travel_tui.local.faults import Faults
from travel_tui.local.prompts import MEMORY_SUMMARIZATION
from travel_tui.local.runtime.locks import KeyedLocks
from travel_tui.local.scripted_agent.messages import Turn
from travel_tui.local.settings import Settings
from travel_tui.local.state.agents import AgentVersion, AliasKey
from travel_tui.local.state.memories import Memories, SummaryJob
from travel_tui.local.state.sessions import Session, Sessions
from travel_tui.local.time import EndpointClock
from travel_tui.local.wire.errors import ServiceError

_LONGEST_IDLE = 5400
"""Maximum idle limit of an agent, in seconds."""
_MAX_SESSIONS = 10_000
_MAX_TURNS = 1_000
_MAX_SAID = 50_000_000
"""Maximum running sessions, turns of a session, and characters of user text in a session."""

log = logging.getLogger(__name__)


class SessionManager:
    """Manages sessions and their memory; a background task processes whatever is due."""

    def __init__(
        self,
        settings: Settings,
        clock: EndpointClock,
        faults: Faults,
        version_behind: Callable[[AliasKey], AgentVersion | None],
        sessions: Sessions,
        memories: Memories,
        model: AgentModel,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._faults = faults
        self._chance = random.Random(settings.seed)  # noqa: S311 - randomness for tests, not a secret
        self._version_behind = version_behind
        self._sessions = sessions
        self._memories = memories
        self._model = model
        self._turns = KeyedLocks()
        self._wake = asyncio.Event()
        self._settling = asyncio.Lock()
        clock.on_advance(self._wake.set)
        sessions.cap_idle_deadlines(clock.seconds() + _LONGEST_IDLE)
        memories.cap_due_times(clock.seconds() + max(settings.summary_delays))

    def hold(self, agent: AgentVersion, session_id: str) -> AbstractAsyncContextManager[None]:
        """Serialize the turns of a session: a second turn waits for the first.

        AWS's behaviour for concurrent turns of one session is not documented.
        """
        return self._turns.hold((agent.key, session_id))

    def current(self, agent: AgentVersion, session_id: str) -> Session:
        """Return the running session with this id and restart its idle limit; start a new one if there is none.

        A session that has ended, even just now by its idle limit, passes nothing on to the next one with its id.
        """
        session = self.running(agent, session_id)
        idle_s = self._clock.seconds() + agent.idle_limit
        if session:
            self._sessions.touch(session, idle_s)
            return session
        self._wake.set()
        return self._sessions.start(agent.key, session_id, self._clock.now(), idle_s)

    def check_room(self, agent: AgentVersion, session_id: str) -> None:
        """Raise ServiceQuotaExceededException if another turn or session would exceed the limits."""
        session = self.running(agent, session_id)
        if session is None:
            if self._sessions.running() >= _MAX_SESSIONS:
                raise _too_much(f"{_MAX_SESSIONS:,} sessions run already. End some, or wait for their idle limit.")
            return
        turns, said = self._sessions.size(session.row)
        if turns >= _MAX_TURNS or said >= _MAX_SAID:
            raise _too_much(
                f"Session {session_id} is too long: it may have {_MAX_TURNS:,} turns and {_MAX_SAID:,} characters. "
                "End it and go on in a new one."
            )

    def running(self, agent: AgentVersion, session_id: str) -> Session | None:
        """Return the running session with this id; end it first if its idle limit has passed."""
        session = self._sessions.find(agent.key, session_id)
        if session and session.idle_s <= self._clock.seconds():
            self.end(session, agent)
            return None
        return session

    def end(self, session: Session, agent: AgentVersion | None) -> None:
        """End a session. If the agent has memory, a summary is scheduled for each memory id used."""
        memory_ids = self._sessions.memory_ids(session) if agent and agent.memory else []
        if memory_ids and self._faults.happens("InvokeAgent", "summary-never"):
            memory_ids = []
        # If the clock was advanced past the idle limit, the session ended at that limit and not now.
        due_s = min(self._clock.seconds(), session.idle_s) + self._summary_delay()
        self._sessions.end(session, self._clock.moment(session.idle_s), memory_ids, due_s)
        self._wake.set()

    def recall(self, agent: AgentVersion, session: Session, memory_id: str | None) -> list[str] | None:
        """Return the summaries for a turn's prompt, newest first, fixed at the session's first use of the memory.

        None if the turn has no memory: no memory id was given, or the agent has memory disabled.
        """
        if memory_id is None or agent.memory is None:
            return None
        if memory_id not in session.injected:
            newest = self._memories.newest(
                agent.key,
                memory_id,
                since=self._clock.now() - timedelta(days=agent.memory.storage_days),
                limit=agent.memory.max_recent_sessions,
            )
            if newest and self._faults.happens("InvokeAgent", "memory-not-injected"):
                newest = []
            session.injected[memory_id] = [summary.text for summary in newest]
        return session.injected[memory_id]

    async def run(self) -> None:
        """Process due sessions and summaries until cancelled."""
        while True:
            self._wake.clear()
            await self.run_due()
            deadlines = [self._sessions.next_idle(), self._memories.next_due()]
            await self._clock.wait(min((d for d in deadlines if d is not None), default=None), self._wake)

    async def run_due(self) -> None:
        """Process everything that is due now."""
        async with self._settling:  # summaries are written in a thread, and each only once
            self._end_idle()
            while pending := self._memories.first_due(self._clock.seconds()):
                await self._write(pending)
                await asyncio.sleep(0)  # let requests run between two summaries

    def _summary_delay(self) -> float:
        return self._chance.uniform(*self._settings.summary_delays)

    def _end_idle(self) -> None:
        for session in self._sessions.idle(self._clock.seconds()):
            agent = self._version_behind(session.alias)
            if self._turns.held((session.alias, session.session_id)):
                limit = agent.idle_limit if agent else _LONGEST_IDLE
                self._sessions.touch(session, self._clock.seconds() + limit)  # not idle: a turn is running
            else:
                self.end(session, agent)

    async def _write(self, pending: SummaryJob) -> None:
        agent = self._version_behind(pending.alias)
        text, keep_since = None, None
        if agent and agent.memory and agent.prompts[MEMORY_SUMMARIZATION].enabled:
            keep_since = self._clock.now() - timedelta(days=agent.memory.storage_days)
            said = await self._said(pending)
            # The agent's state covers the whole session, including turns that were sent without this memory.
            whole = len(said) == self._sessions.size(pending.session)[0]
            state = json.loads(pending.agent_state) if whole else {}
            prompt = agent.prompts[MEMORY_SUMMARIZATION]
            if not prompt.has("conversation") or (said and self._faults.happens("InvokeAgent", "summary-forgets")):
                said, state = [], {}
            style = self._settings.summary_format
            if prompt.overridden:
                style = "topics" if "<topic" in prompt.template else "prose"
            try:
                text = await self._model.summarise(said, state, style)
            except ModelError as error:
                log.warning("The summary of session %s failed: %s", pending.session_id, error)
            except Exception:  # as on AWS, a failed summary is only logged
                log.exception("The summary of session %s failed.", pending.session_id)
        self._memories.store(pending, text, keep_since)

    async def _said(self, pending: SummaryJob) -> list[Turn]:
        """Read the turns to summarise one by one, so that requests can run in between: a session may be long."""
        said: list[Turn] = []
        for number in self._sessions.turn_numbers(pending.session, pending.memory_id):
            said += self._sessions.turns(pending.session, number)
            await asyncio.sleep(0)
        return said


def _too_much(message: str) -> ServiceError:
    return ServiceError("ServiceQuotaExceededException", message)
