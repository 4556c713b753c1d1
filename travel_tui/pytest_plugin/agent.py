"""An agent under test, for tests written in Python: sessions, answers and memory, without a word of asyncio."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from travel_tui.agent import MemoryRecord, TurnRequest
from travel_tui.pytest_plugin.outcome import Undecided
from travel_tui.recall.answer import Answer, answer_to
from travel_tui.recall.cleanup import clean
from travel_tui.recall.executor import Leftover
from travel_tui.recall.memory_wait import wait_for
from travel_tui.recall.runner import CLEAN_WAIT_S
from travel_tui.recall.scenario import DEFAULT_WAIT_S

if TYPE_CHECKING:
    from travel_tui.pytest_plugin.worker import Worker
    from travel_tui.recall.rate_limiter import RateLimiter
    from travel_tui.recall.target import Target


class TravelAgent:
    """The agent that tests run on. What it remembers is of one test: memory ids are made unique and deleted after it.

    Methods raise AgentError where a call fails.
    """

    def __init__(self, worker: Worker, target: Target, pace: RateLimiter) -> None:
        self.loop, self.target, self.pace = worker.loop, target, pace
        self.leftover = Leftover()
        self._suffix = worker.unique_suffix()
        self._sessions = 0

    def session(self, memory_id: str | None = None) -> AgentSession:
        """Begin a session; sessions with the same memory id share a memory, without one nothing is remembered."""
        self._sessions += 1
        return AgentSession(self, f"test.{self._suffix}.{self._sessions}", self._unique(memory_id))

    def memories(self, memory_id: str) -> list[MemoryRecord]:
        """Return what the agent remembers now, newest first."""
        return self.loop.run(self._list(self._known(memory_id)))

    def wait_memory(self, memory_id: str, timeout_s: float = DEFAULT_WAIT_S) -> list[MemoryRecord]:
        """Return the memory once it has the summary of each session that was ended.

        Raises Undecided where one has not come after `timeout_s` seconds: it may still come.
        """
        whole = self._known(memory_id)
        awaited = {session for session, memory in self.leftover.ended.items() if memory == whole}
        found, there = self.loop.run(wait_for(self.target.agent, self.pace, whole, there=awaited, timeout_s=timeout_s))
        if not there:
            raise Undecided(f"The summary of an ended session did not arrive within {timeout_s:g} s.")
        for session in awaited:
            del self.leftover.ended[session]
        return found

    def clean_up(self) -> str:
        """End open sessions and delete the memories; return what could not be cleaned up and why, else ""."""
        limit = CLEAN_WAIT_S
        cleaned = self.loop.run(
            clean(self.target, self.pace, self.leftover, first_s=0.0, timeout_s=limit, tell=lambda _: None)
        )
        return cleaned.uncleaned

    async def _list(self, memory_id: str) -> list[MemoryRecord]:
        await self.pace.turn()
        return await self.target.agent.list_memories(memory_id)

    def _unique(self, memory_id: str | None) -> str | None:
        if memory_id is None:
            return None
        whole = self._known(memory_id)
        if whole not in self.leftover.memories:
            self.leftover.memories.append(whole)
        return whole

    def _known(self, memory_id: str) -> str:
        return f"{memory_id}.{self._suffix}"


class AgentSession:
    """A session with the agent."""

    def __init__(self, agent: TravelAgent, session_id: str, memory_id: str | None) -> None:
        self.session_id, self.memory_id = session_id, memory_id
        self._agent = agent

    def ask(self, text: str, *, attributes: Mapping[str, str] | None = None) -> Answer:
        """Send a turn and return the answer; `attributes` are session attributes."""
        if self.memory_id is not None:
            self._agent.leftover.open[self.session_id] = self.memory_id
        request = TurnRequest(text, self.session_id, self.memory_id, dict(attributes or {}))
        return self._agent.loop.run(self._send(request))

    def end(self) -> None:
        """End the session, which starts its summary. Where sessions have no end, only this test's ends."""
        self._agent.loop.run(self._end())
        if self._agent.leftover.open.pop(self.session_id, None) is not None and self.memory_id is not None:
            self._agent.leftover.ended[self.session_id] = self.memory_id

    async def _send(self, request: TurnRequest) -> Answer:
        await self._agent.pace.turn()
        return await answer_to(self._agent.target.agent, request)

    async def _end(self) -> None:
        if self._agent.target.capabilities.ends_sessions:
            await self._agent.pace.turn()
            await self._agent.target.agent.end_session(self.session_id, self.memory_id)
