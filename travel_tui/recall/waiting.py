"""Waiting for summaries, as often looked for as travel_tui.memory.schedule has it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from travel_tui.agent import Agent, AgentError, Cause, SessionSummary
from travel_tui.memory.schedule import Schedule
from travel_tui.recall.pace import Pace

_ONLY_A_PERSON = frozenset({Cause.CREDENTIALS, Cause.DENIED, Cause.NOT_FOUND, Cause.INVALID})


async def wait_for(
    agent: Agent, pace: Pace, memory_id: str, *, there: Collection[str], gone: Collection[str] = (), timeout_s: float
) -> tuple[list[SessionSummary], bool]:
    """The memory once it has the summaries of the sessions `there` and none of those `gone`, and whether it has.

    It is looked at once at least. Raises AgentError where looking cannot help; other failures are tried again
    until the time is over, and the last is raised where there was never an answer.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    schedule = Schedule()
    schedule.hurry()
    found: list[SessionSummary] | None = None
    while True:
        cause, failure = None, None
        await pace.turn()
        try:
            found = await agent.memories(memory_id)
        except AgentError as error:
            cause, failure = error.trouble.cause, error
            if cause in _ONLY_A_PERSON:
                raise
        else:
            stored = {summary.session_id for summary in found}
            if set(there) <= stored and not set(gone) & stored:
                return found, True
        schedule.looked(cause)
        delay = schedule.next_delay()
        if loop.time() >= deadline:
            if found is None and failure:
                raise failure
            return found or [], False
        await asyncio.sleep(min(delay, max(0.0, deadline - loop.time())))
