"""The life of sessions: begun, ended by the caller or by the idle limit, and summarised some time after."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from travel_tui.local.brain import summarise
from travel_tui.local.faults import Faults
from travel_tui.local.runtime.locks import KeyedLocks
from travel_tui.local.settings import Settings
from travel_tui.local.state.agents import Agents, AgentVersion
from travel_tui.local.state.memories import Memories, PendingSummary
from travel_tui.local.state.sessions import Session, Sessions
from travel_tui.local.time import EndpointClock
from travel_tui.local.wire.errors import ServiceError

_LONGEST_IDLE = 5400
"""Seconds; the longest idle limit that an agent can have."""
_MOST_SESSIONS = 10_000
_MOST_TURNS = 1_000
_MOST_SAID = 50_000_000
"""How many sessions may run at once, how many turns one may have, and how many characters be said in it."""

log = logging.getLogger(__name__)


class Keeper:
    """Keeps sessions and their memory. Runs in the background to do in time what falls due."""

    def __init__(
        self,
        settings: Settings,
        clock: EndpointClock,
        faults: Faults,
        agents: Agents,
        sessions: Sessions,
        memories: Memories,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._faults = faults
        self._chance = random.Random(settings.seed)  # noqa: S311 - chance for tests, no secret
        self._agents = agents
        self._sessions = sessions
        self._memories = memories
        self._turns = KeyedLocks()
        self._wake = asyncio.Event()
        clock.on_advance(self._wake.set)
        sessions.none_idle_after(clock.seconds() + _LONGEST_IDLE)
        memories.none_due_after(clock.seconds() + max(settings.summary_delays))

    def hold(self, agent: AgentVersion, session_id: str) -> AbstractAsyncContextManager[None]:
        """One turn of a session at a time: a second one waits for the first.

        What AWS does with two turns of one session at once is not documented.
        """
        return self._turns.hold((agent.agent_id, agent.alias_id, session_id))

    def current(self, agent: AgentVersion, session_id: str) -> Session:
        """The session that runs under this id, its idle limit set anew; a new one where none does.

        A session that ended, also by its idle limit just now, gives nothing to the next one of its id.
        """
        session = self.running(agent, session_id)
        idle_s = self._clock.seconds() + agent.idle_limit
        if session:
            self._sessions.touch(session, idle_s)
            return session
        self._wake.set()
        return self._sessions.start(agent.agent_id, agent.alias_id, session_id, self._clock.now(), idle_s)

    def check_room(self, agent: AgentVersion, session_id: str) -> None:
        """Raise ServiceQuotaExceededException where another turn or session would be one too many."""
        session = self.running(agent, session_id)
        if session is None:
            if self._sessions.running() >= _MOST_SESSIONS:
                raise _too_much(f"{_MOST_SESSIONS:,} sessions run already. End some, or wait for their idle limit.")
            return
        turns, said = self._sessions.size(session.row)
        if turns >= _MOST_TURNS or said >= _MOST_SAID:
            raise _too_much(
                f"Session {session_id} is too long: it may have {_MOST_TURNS:,} turns and {_MOST_SAID:,} characters. "
                "End it and go on in a new one."
            )

    def running(self, agent: AgentVersion, session_id: str) -> Session | None:
        """The session that runs under this id; ends it where its idle limit is over."""
        session = self._sessions.find(agent.agent_id, agent.alias_id, session_id)
        if session and session.idle_s <= self._clock.seconds():
            self.end(session, agent)
            return None
        return session

    def end(self, session: Session, agent: AgentVersion | None) -> None:
        """End a session. What was said with a memory is summarised into it later, where the agent has memory."""
        memory_ids = self._sessions.memory_ids(session) if agent and agent.memory else []
        if memory_ids and self._faults.happens("InvokeAgent", "summary-never"):
            memory_ids = []
        # Where the clock was moved on past the idle limit, the session ended then and not now.
        due_s = min(self._clock.seconds(), session.idle_s) + self._summary_delay()
        self._sessions.end(session, self._clock.moment(session.idle_s), memory_ids, due_s)
        self._wake.set()

    def recall(self, agent: AgentVersion, session: Session, memory_id: str | None) -> list[str] | None:
        """The summaries in a turn's prompt, newest first, fixed when the session first uses the memory.

        None where the turn has no memory: none was named, or the agent has none.
        """
        if memory_id is None or agent.memory is None:
            return None
        if memory_id not in session.injected:
            newest = self._memories.newest(
                agent.agent_id,
                agent.alias_id,
                memory_id,
                since=self._clock.now() - timedelta(days=agent.memory.storage_days),
                limit=agent.memory.max_recent_sessions,
            )
            if newest and self._faults.happens("InvokeAgent", "memory-not-injected"):
                newest = []
            session.injected[memory_id] = [summary.text for summary in newest]
        return session.injected[memory_id]

    async def run(self) -> None:
        """Do what falls due, for ever."""
        while True:
            self._wake.clear()
            await self.settle()
            deadlines = [self._sessions.next_idle(), self._memories.next_due()]
            await self._clock.wait(min((d for d in deadlines if d is not None), default=None), self._wake)

    async def settle(self) -> None:
        """Do what is due by now."""
        self._end_idle()
        while pending := self._memories.first_due(self._clock.seconds()):
            self._write(pending)
            await asyncio.sleep(0)  # requests go between two summaries

    def _summary_delay(self) -> float:
        return self._chance.uniform(*self._settings.summary_delays)

    def _end_idle(self) -> None:
        for session in self._sessions.idle(self._clock.seconds()):
            agent = self._agents.behind(session.agent_id, session.alias_id)
            if self._turns.held((session.agent_id, session.alias_id, session.session_id)):
                limit = agent.idle_limit if agent else _LONGEST_IDLE
                self._sessions.touch(session, self._clock.seconds() + limit)  # a turn of it runs: it is not idle
            else:
                self.end(session, agent)

    def _write(self, pending: PendingSummary) -> None:
        agent = self._agents.behind(pending.agent_id, pending.alias_id)
        text, keep_since = None, None
        if agent and agent.memory:
            keep_since = self._clock.now() - timedelta(days=agent.memory.storage_days)
            said = self._sessions.exchanges(pending.session, pending.memory_id)
            # The brain's state knows the whole session; a turn sent without this memory is none of its business.
            whole = len(said) == self._sessions.size(pending.session)[0]
            state = json.loads(pending.brain) if whole else {}
            if said and self._faults.happens("InvokeAgent", "summary-forgets"):
                said, state = [], {}
            try:
                text = summarise(said, state, style=self._settings.summary_format)
            except Exception:  # as on AWS, a summary that fails reaches nobody but the log
                log.exception("The summary of session %s failed.", pending.session_id)
        self._memories.store(pending, text, keep_since)


def _too_much(message: str) -> ServiceError:
    return ServiceError("ServiceQuotaExceededException", message)
