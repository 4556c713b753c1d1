"""Waiting for summaries, polling according to travel_tui.memory.polling_policy."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from travel_tui.agent import Agent, AgentError, ErrorKind, MemoryRecord
from travel_tui.memory.polling_policy import PollingPolicy
from travel_tui.recall.rate_limiter import RateLimiter

_ONLY_A_PERSON = frozenset({ErrorKind.CREDENTIALS, ErrorKind.DENIED, ErrorKind.NOT_FOUND, ErrorKind.INVALID})


def up_to(timeout_s: float) -> str:
    """Return the limit of a wait, in words for the run's progress."""
    return f"up to {timeout_s:g} s"


async def wait_for(
    agent: Agent,
    pace: RateLimiter,
    memory_id: str,
    *,
    there: Collection[str],
    gone: Collection[str] = (),
    timeout_s: float,
) -> tuple[list[MemoryRecord], bool]:
    """Return the memory once it has the summaries of sessions `there` and none of `gone`, and whether it has.

    It is polled at least once. Raises AgentError if polling cannot help; other errors are retried until the timeout,
    and
    the last one is raised if there was never an answer.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    schedule = PollingPolicy()
    schedule.expect_summary()
    found: list[MemoryRecord] | None = None
    while True:
        cause, failure = None, None
        await pace.turn()
        try:
            found = await agent.list_memories(memory_id)
        except AgentError as error:
            cause, failure = error.problem.cause, error
            if cause in _ONLY_A_PERSON:
                raise
        else:
            stored = {record.session_id for record in found}
            if set(there) <= stored and not set(gone) & stored:
                return found, True
        schedule.record_poll(cause)
        delay = schedule.next_delay()
        if loop.time() >= deadline:
            if found is None and failure:
                raise failure
            return found or [], False
        await asyncio.sleep(min(delay, max(0.0, deadline - loop.time())))
