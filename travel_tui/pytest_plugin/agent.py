"""An agent under test, for tests written in Python: sessions, answers and memory, without a word of asyncio."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from travel_tui.agent import AgentError, MemoryRecord, TurnRequest
from travel_tui.pytest_plugin.outcome import Undecided
from travel_tui.recall.answer import Answer, answer_to
from travel_tui.recall.cleanup import clean
from travel_tui.recall.executor import Leftover
from travel_tui.recall.identity import unique_memory_id, unique_session_id
from travel_tui.recall.memory_wait import AwaitedMemory, wait_for
from travel_tui.recall.runner import clean_timeout_s
from travel_tui.recall.scenario import DEFAULT_WAIT_S

if TYPE_CHECKING:
    from travel_tui.pytest_plugin.worker import Worker
    from travel_tui.recall.rate_limiter import RateLimiter
    from travel_tui.recall.target import Target

T = TypeVar("T")


class TravelAgent:
    """The agent that tests run on. What it remembers is of one test: memory ids are made unique and deleted after it.

    All methods raise Undecided where a call fails.
    """

    def __init__(self, worker: Worker, target: Target, pace: RateLimiter) -> None:
        self._loop, self._target, self._pace = worker.loop, target, pace
        self._leftover = Leftover()
        self._suffix = worker.unique_suffix()
        self._sessions: list[AgentSession] = []
        self._waits: list[float] = []

    def session(self, memory_id: str | None = None) -> AgentSession:
        """Begin a session; sessions with the same memory id share a memory, without one nothing is remembered."""
        whole = None if memory_id is None else self._unique(memory_id)
        if whole is not None and whole not in self._leftover.memories:
            self._leftover.memories.append(whole)
        self._sessions.append(AgentSession(self, self._session_id(len(self._sessions) + 1), whole))
        return self._sessions[-1]

    def memories(self, memory_id: str) -> list[MemoryRecord]:
        """Return what the agent remembers now, newest first."""
        return self._run(self._list(self._unique(memory_id)))

    def wait_memory(self, memory_id: str, timeout_s: float = DEFAULT_WAIT_S) -> list[MemoryRecord]:
        """Return the memory once it has the summary of each session that was ended.

        Raises Undecided also where one has not come after `timeout_s` seconds: it may still come.
        """
        self._waits.append(timeout_s)
        whole, ended = self._unique(memory_id), self._leftover.ended
        awaited = {session for session, memory in ended.items() if memory == whole}
        there = [AwaitedMemory(session) for session in awaited]
        found, missing = self._run(wait_for(self._target.agent, self._pace, whole, there=there, timeout_s=timeout_s))
        if missing:
            raise Undecided(f"The memory of an ended session did not arrive within {timeout_s:g} s: {missing}.")
        for session in awaited:
            del ended[session]
        return found

    def clean_up(self) -> str:
        """End open sessions and delete the memories; return what could not be cleaned up and why, else ""."""
        self._leftover.unanswered = [each.session_id for each in self._sessions if not each.answered]
        cleaning = clean(
            self._target,
            self._pace,
            self._leftover,
            first_s=0.0,
            timeout_s=clean_timeout_s(self._waits),
            tell=lambda _: None,
        )
        return self._run(cleaning).uncleaned

    def send(self, request: TurnRequest) -> Answer:
        """Send a turn of a session."""
        if request.memory_id is not None:
            self._leftover.open[request.session_id] = request.memory_id
        answer = self._run(self._send(request))
        if answer.failed:
            raise Undecided(answer.problem)
        return answer

    def end(self, session_id: str, memory_id: str | None) -> None:
        """End a session."""
        self._run(self._end(session_id, memory_id))
        if self._leftover.open.pop(session_id, None) is not None and memory_id is not None:
            self._leftover.ended[session_id] = memory_id

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self._loop.run(work)
        except AgentError as error:
            raise Undecided(str(error.problem)) from error

    async def _list(self, memory_id: str) -> list[MemoryRecord]:
        await self._pace.turn()
        return await self._target.agent.list_memories(memory_id)

    async def _send(self, request: TurnRequest) -> Answer:
        return await answer_to(self._target, self._pace, request)

    async def _end(self, session_id: str, memory_id: str | None) -> None:
        if self._target.capabilities.ends_sessions:
            await self._pace.turn()
            await self._target.agent.end_session(session_id, memory_id)

    def _session_id(self, number: int) -> str:
        return unique_session_id("test", self._suffix, number, self._target.capabilities)

    def _unique(self, memory_id: str) -> str:
        return unique_memory_id(memory_id, self._suffix, self._target.capabilities)


class AgentSession:
    """A session with the agent."""

    def __init__(self, agent: TravelAgent, session_id: str, memory_id: str | None) -> None:
        self.session_id, self.memory_id = session_id, memory_id
        self.answered = False
        """Whether the agent has said or called anything in it."""
        self._agent = agent

    def ask(self, text: str, *, attributes: Mapping[str, str] | None = None) -> Answer:
        """Send a turn and return the answer; `attributes` are session attributes. Raises Undecided if it fails.

        An answer in which the agent returned control has the calls, and says so in `problem`.
        """
        answer = self._agent.send(TurnRequest(text, self.session_id, self.memory_id, dict(attributes or {})))
        self.answered = self.answered or bool(answer.text or answer.calls)
        return answer

    def end(self) -> None:
        """End the session, which starts its summary. Raises Undecided if that fails."""
        self._agent.end(self.session_id, self.memory_id)
