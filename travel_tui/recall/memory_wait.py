"""Waiting for a session's memory, polling according to travel_tui.memory.polling_policy."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from travel_tui.agent import Agent, AgentError, MemoryKind, MemoryRecord
from travel_tui.memory.polling_policy import ONLY_A_PERSON, PollingPolicy
from travel_tui.memory_store import MemoryStore, memory_store
from travel_tui.recall.rate_limiter import RateLimiter


@dataclass(slots=True)
class AwaitedMemory:
    """What is awaited of one session: a record of it, and records of these kinds.

    At a service that makes records of events, one of its records has to be made of its last event or a later one;
    `began` and `last` are the times of its first and last event there, None until they are known.
    """

    session_id: str
    kinds: Collection[MemoryKind] = ()
    began: datetime | None = None
    last: datetime | None = None
    any_record: bool = False
    """Whether a record without a session will do, because no strategy's records name theirs."""

    async def read_events(self, store: MemoryStore, memory_id: str) -> None:
        """Find out when its events were saved, unless it is known. Raises AgentError."""
        if self.last is None and (events := await store.list_events(memory_id, self.session_id)):
            strategies = [each for each in await store.strategies() if each.active]
            self.any_record = not any("{sessionId}" in each.namespace for each in strategies)
            self.began, self.last = events[-1].at, events[0].at

    def missing(self, records: Iterable[MemoryRecord], *, of_events: bool) -> str:
        """Return what is not there yet in words, empty if all is; `of_events` tells how the service makes records."""
        if of_events and self.last is None:
            return "no event of it was saved"
        mine = [each for each in records if self._is_mine(each)]
        named = [each for each in mine if self.any_record or each.session_id is not None]
        if not any(self.last is None or (each.started_at or self.last) >= self.last for each in named):
            return "no record of its last event" if of_events else "no summary"
        without = [str(kind) for kind in self.kinds if not any(each.kind is kind for each in mine)]
        return f"no record of kind {', '.join(without)}" if without else ""

    def _is_mine(self, record: MemoryRecord) -> bool:
        if record.session_id is not None:
            return record.session_id == self.session_id
        return self.began is not None and record.started_at is not None and record.started_at >= self.began


def up_to(timeout_s: float) -> str:
    """Return the limit of a wait, in words for the run's progress."""
    return f"up to {timeout_s:g} s"


async def wait_for(
    agent: Agent,
    pace: RateLimiter,
    memory_id: str,
    *,
    there: Sequence[AwaitedMemory] = (),
    gone: Collection[str] = (),
    timeout_s: float,
) -> tuple[list[MemoryRecord], str]:
    """Return the memory once it has all that is awaited and none of the records `gone`, and what is missing, else "".

    It is polled at least once. Raises AgentError if polling cannot help; other errors are retried until the timeout,
    and the last one is raised if there was never an answer.
    """
    loop, store = asyncio.get_running_loop(), memory_store(agent)
    deadline = loop.time() + timeout_s
    schedule = PollingPolicy()
    schedule.expect_summary()
    found: list[MemoryRecord] | None = None
    missing = "no answer"
    while True:
        cause, failure = None, None
        await pace.turn()
        try:
            if store is not None:
                for each in there:
                    await each.read_events(store, memory_id)
            found = await agent.list_memories(memory_id)
        except AgentError as error:
            cause, failure = error.problem.cause, error
            if cause in ONLY_A_PERSON:
                raise
        else:
            lacking = (each.missing(found, of_events=store is not None) for each in there)
            missing = next(filter(None, lacking), "")
            if not missing and any(each.record_id in gone for each in found):
                missing = "a deleted record is still listed"
            if not missing:
                return found, ""
        schedule.record_poll(cause)
        delay = schedule.next_delay()
        if loop.time() >= deadline:
            if found is None and failure:
                raise failure
            return found or [], missing
        await asyncio.sleep(min(delay, max(0.0, deadline - loop.time())))
