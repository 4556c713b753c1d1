"""Waiting for the memory of one session, with the watcher that the screen has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, Cause, SessionSummary, Trouble
from travel_tui.cli.headless import Seat, keep_seen, passing, seated, warn
from travel_tui.memory.schedule import ONLY_A_PERSON
from travel_tui.memory.watcher import MemoryWatcher, WatchView
from travel_tui.tui.text import count, rough

if TYPE_CHECKING:
    from travel_tui.tui.setting import Setting

_TICK_S = 0.5
"""How often the line that tells of the waiting is written anew."""


@dataclass(frozen=True, slots=True)
class Waited:
    """What came of waiting: the summary, or None and why the last look failed where it did.

    `latency_s` is how long the summary took from the end of its session; None where it was there at the first look.
    """

    session_id: str
    summary: SessionSummary | None
    latency_s: float | None = None
    trouble: Trouble | None = None


async def wait_for_session(setting: Setting, wanted: str, memory_id: str | None, timeout_s: float) -> Waited:
    """Wait for a session's summary, at most so long. Raises AgentError where waiting is in vain, and ArchiveError."""
    async with seated(setting) as seat:
        record = seat.session(wanted, memory_id)
        session_id = record.session_id if record else wanted
        memory_id = (record.memory_id if record else None) or setting.memory_id
        if record and record.ended_at is None:
            warn(
                f"Session {session_id} was not ended from here; `travel-tui ask --session {session_id} --end` ends it."
            )
        ended_at = (record.ended_at if record else None) or setting.clock.now()
        past = seat.archive.latencies(setting.agent_key)
        view = await _watch(seat, memory_id, session_id, ended_at, past, timeout_s)
        found = next((each for each in view.summaries if each.session_id == session_id), None)
        waited = any(each.session_id == session_id for each in view.awaited)
        latency = view.latency.get(session_id) if record and record.ended_at and view.calls > 1 else None
        if view.known:
            await seat.archive.run(keep_seen, seat, memory_id, view.summaries, {session_id: latency})
        return Waited(session_id, None if waited else found, latency, view.trouble)


async def _watch(
    seat: Seat, memory_id: str, session_id: str, ended_at: datetime, past: Sequence[float], timeout_s: float
) -> WatchView:
    """Look until that session's summary is there, or looking is in vain, or the time is up."""
    done = asyncio.Event()

    def seen(view: WatchView) -> None:
        if all(each.session_id != session_id for each in view.awaited) or _in_vain(view):
            done.set()

    async def fetch() -> list[SessionSummary]:
        return await (await seat.agent()).memories(memory_id)

    watcher = MemoryWatcher(fetch, clock=seat.setting.clock, past_latencies=past, on_view=seen)
    watcher.await_session(session_id, ended_at)
    tasks = [asyncio.create_task(each) for each in (watcher.run(), done.wait(), _tell(watcher, session_id))]
    try:
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():  # it only ends by what it cannot handle
            tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
    view = watcher.view
    if _in_vain(view) and view.trouble:
        raise AgentError(view.trouble)
    return view


def _in_vain(view: WatchView) -> bool:
    """Whether looking again would change nothing: only a person can clear it, or nothing has ever answered there."""
    if view.trouble is None:
        return False
    return view.trouble.cause in ONLY_A_PERSON or (view.trouble.cause is Cause.UNREACHABLE and not view.known)


async def _tell(watcher: MemoryWatcher, session_id: str) -> None:
    """One line on standard error that says how the waiting goes, where that is a terminal; never returns."""
    try:
        while True:
            view = watcher.view
            for each in view.awaited:
                if each.session_id == session_id:
                    late = ", overdue" if each.overdue else ""
                    trouble = f", {view.trouble.what}" if view.trouble else ""
                    passing(f"summarising for {rough(each.since_s)}{late}, {count(view.calls, 'look')}{trouble}")
            await asyncio.sleep(_TICK_S)
    finally:
        passing()
