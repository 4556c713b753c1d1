"""Deletion of a test's memories, including those that its open sessions would create later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from travel_tui.agent import AgentError
from travel_tui.recall.executor import Leftover
from travel_tui.recall.memory_wait import AwaitedMemory, up_to, wait_for
from travel_tui.recall.rate_limiter import RateLimiter
from travel_tui.recall.results import StoredMemory
from travel_tui.recall.target import Target

ENDS_WITH_RUN_WAIT_S = 2.0
"""Maximum seconds to wait for summaries shown in the report, if the endpoint and its memory end with the run."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The memories' content before deletion, and a description of the leftovers."""

    after: tuple[StoredMemory, ...]
    uncleaned: str


async def clean(
    target: Target,
    pace: RateLimiter,
    leftover: Leftover,
    *,
    first_s: float,
    timeout_s: float,
    tell: Callable[[str], None],
) -> Cleaned:
    """End open sessions, wait for pending summaries, and delete all.

    An open session ends at its idle limit, and its summary would then be added to a memory deleted long before.
    `first_s` is how long summaries took in this run: polling sooner would be useless. `tell` is called with each wait.
    """
    if target.ends_with_run:
        timeout_s = min(timeout_s, ENDS_WITH_RUN_WAIT_S)
    agent = target.agent
    notes: list[str] = []
    awaited = dict(leftover.ended)
    for session_id, memory_id in leftover.open.items():
        try:
            if target.capabilities.ends_sessions:
                await pace.turn()
                await agent.end_session(session_id, memory_id)
            if session_id not in leftover.unanswered:
                awaited[session_id] = memory_id
        except AgentError as error:
            notes.append(f"session {session_id} could not be ended: {error.problem}")
    if awaited:
        what = _summaries(len(awaited)) if target.capabilities.ends_sessions else "records"
        tell(f"cleaning up: waiting for {what} ({up_to(timeout_s)})")
        await asyncio.sleep(min(first_s, timeout_s))
    after: list[StoredMemory] = []
    for memory_id in leftover.memories:
        there = [AwaitedMemory(session_id) for session_id, memory in awaited.items() if memory == memory_id]
        try:
            found, missing = await wait_for(agent, pace, memory_id, there=there, timeout_s=timeout_s)
            after += [StoredMemory(each.session_id, each.text, str(each.kind), each.namespace) for each in found]
            if found:
                await pace.turn()
                await agent.delete_memory(memory_id)
            if missing and not target.ends_with_run:
                what = "a summary" if target.capabilities.ends_sessions else "a record"
                notes.append(f"{what} may still come to memory {memory_id}")
        except AgentError as error:
            notes.append(f"memory {memory_id} could not be deleted: {error.problem}")
    return Cleaned(tuple(after), "; ".join(notes))


def _summaries(number: int) -> str:
    return "1 summary" if number == 1 else f"{number} summaries"
