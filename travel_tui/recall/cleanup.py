"""Removes the memories that a test made, the one that a session left open would make later included."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from travel_tui.agent import AgentError
from travel_tui.recall.pace import Pace
from travel_tui.recall.play import Leftover
from travel_tui.recall.results import Memory
from travel_tui.recall.target import Target
from travel_tui.recall.waiting import wait_for


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What the memories held before they were deleted, and what could not be."""

    after: tuple[Memory, ...]
    uncleaned: str


async def clean(target: Target, pace: Pace, leftover: Leftover, *, first_s: float, timeout_s: float) -> Cleaned:
    """End what is open, wait for the summaries that are still to come, and delete all.

    A session that is left open ends at its idle limit, and its summary would then come into a memory that was
    deleted long ago. `first_s` is how long summaries took in this run: looking sooner would be in vain.
    """
    agent = target.agent
    notes: list[str] = []
    awaited = dict(leftover.ended)
    for session_id, memory_id in leftover.open.items():
        try:
            await pace.turn()
            await agent.end(session_id, memory_id)
            awaited[session_id] = memory_id
        except AgentError as error:
            notes.append(f"session {session_id} could not be ended: {error.trouble}")
    if awaited:
        await asyncio.sleep(min(first_s, timeout_s))
    after: list[Memory] = []
    for memory_id in leftover.memories:
        there = {session_id for session_id, memory in awaited.items() if memory == memory_id}
        try:
            found, whole = await wait_for(agent, pace, memory_id, there=there, timeout_s=timeout_s)
            after += [Memory(summary.session_id, summary.text) for summary in found]
            if found:
                await pace.turn()
                await agent.forget(memory_id)
            if not whole:
                notes.append(f"a summary may still come to memory {memory_id}")
        except AgentError as error:
            notes.append(f"memory {memory_id} could not be deleted: {error.trouble}")
    return Cleaned(tuple(after), "; ".join(notes))
