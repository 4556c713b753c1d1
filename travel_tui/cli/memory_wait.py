"""Wait for the summary of one session, with the memory watcher of the full-screen client."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from travel_tui.agent import AgentError, ErrorKind, MemoryRecord, Problem
from travel_tui.cli.command_context import CommandContext, archive_records, open_context, status_line, warn
from travel_tui.cli.session_ids import resolve, similar_id
from travel_tui.conversation.extraction import ExtractionTracker
from travel_tui.conversation.memory_labels import deleted
from travel_tui.memory.polling_policy import ONLY_A_PERSON
from travel_tui.memory.watcher import MemorySnapshot, MemoryWatcher
from travel_tui.memory_store import memory_store
from travel_tui.text import count, rough

if TYPE_CHECKING:
    from travel_tui.tui.context import AppContext

_TICK_S = 0.5
"""Seconds between updates of the status line."""


@dataclass(frozen=True, slots=True)
class WaitResult:
    """Result of a wait: the session's newest record, or None with the last poll's problem, if any.

    `latency_s` is the time from the end of the session to its summary; None if it was there at the first poll.
    """

    session_id: str
    record: MemoryRecord | None
    latency_s: float | None = None
    problem: Problem | None = None


async def wait_for_session(context: AppContext, wanted: str, memory_id: str | None, timeout_s: float) -> WaitResult:
    """Wait up to `timeout_s` for a session's summary. Raises AgentError if waiting is futile, and ArchiveError."""
    async with open_context(context) as opened:
        session_id, record = await resolve(opened, wanted, memory_id)
        if record is None and session_id == wanted:
            similar = similar_id(wanted, opened.session_ids(memory_id))
            hint = f" Did you mean {similar}?" if similar else ""
            warn(f"No session {wanted} on this machine; waiting for its memory anyway.{hint}")
        memory_id = (record.memory_id if record else None) or context.memory_id
        if record and record.ended_at is None and context.capabilities.ends_sessions:
            ends = f"travel-tui ask --session {session_id} --end{context.options}"
            warn(f"Session {session_id} was not ended on this machine; `{ends}` ends it.")
        if record and record.removed_by:
            raise click.ClickException(
                f"Session {session_id} was {deleted(record.removed_by)}, so it will have no memory."
            )
        ended_at = (record.ended_at if record else None) or context.clock.now()
        past = opened.archive.latencies(context.agent_key)
        view = await _watch(opened, memory_id, session_id, ended_at, past, timeout_s)
        found = next((each for each in view.records if each.session_id == session_id), None)
        if found is None and view.records and session_id in view.latency:
            found = view.records[0]  # no record of this memory names its session: the newest is what was waited for
        waited = any(each.session_id == session_id for each in view.awaited)
        latency = view.latency.get(session_id) if record and record.ended_at and view.calls > 1 else None
        if view.known:
            await opened.archive.run(archive_records, opened, memory_id, view.records, {session_id: latency})
        return WaitResult(session_id, None if waited else found, latency, view.problem)


async def _watch(
    opened: CommandContext, memory_id: str, session_id: str, ended_at: datetime, past: Sequence[float], timeout_s: float
) -> MemorySnapshot:
    """Poll until that session's summary exists, polling becomes futile, or the time is up."""
    done = asyncio.Event()

    def seen(view: MemorySnapshot) -> None:
        if all(each.session_id != session_id for each in view.awaited) or _is_futile(view):
            done.set()

    async def fetch() -> list[MemoryRecord]:
        return await (await opened.agent()).list_memories(memory_id)

    watcher = MemoryWatcher(fetch, clock=opened.app_context.clock, past_latencies=past, on_view=seen)
    covers, any_record = await _last_event(opened, memory_id, session_id)
    watcher.await_session(session_id, ended_at, covers=covers, any_record=any_record)
    doing = "summarising" if opened.app_context.capabilities.ends_sessions else "extracting"
    tasks = [
        asyncio.create_task(each) for each in (watcher.run(), done.wait(), _show_progress(watcher, session_id, doing))
    ]
    try:
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():  # the watcher only ends with an exception that it cannot handle
            tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
    view = watcher.view
    if _is_futile(view) and view.problem:
        raise AgentError(view.problem)
    return view


async def _last_event(opened: CommandContext, memory_id: str, session_id: str) -> tuple[datetime | None, bool]:
    """Return when the session's last event was saved, and whether a record without a session will do.

    None and False for a service whose sessions end. Raises AgentError, and ClickException if nothing was saved.
    """
    if (store := memory_store(await opened.agent())) is None:
        return None, False
    tracker = ExtractionTracker(opened.app_context)
    saved = await tracker.close_session(store, session_id, opened.app_context.clock.now(), memory_id)
    if saved.last_at is None:
        raise click.ClickException(
            f"The memory has no events of session {session_id}, so nothing will come of it; "
            f"`travel-tui memory events{opened.app_context.options}` lists the sessions that it has."
        )
    return saved.last_at, not tracker.has_session_records


def _is_futile(view: MemorySnapshot) -> bool:
    """Whether polling is futile: the user has to fix the problem, or the endpoint never answered."""
    if view.problem is None:
        return False
    return view.problem.cause in ONLY_A_PERSON or (view.problem.cause is ErrorKind.UNREACHABLE and not view.known)


async def _show_progress(watcher: MemoryWatcher, session_id: str, doing: str) -> None:
    """Show what the service is doing, and how long, as a status line on a terminal; never returns."""
    try:
        while True:
            view = watcher.view
            for each in view.awaited:
                if each.session_id == session_id:
                    late = ", overdue" if each.overdue else ""
                    problem = f", {view.problem.what}" if view.problem else ""
                    status_line(f"{doing} for {rough(each.since_s)}{late}, {count(view.calls, 'poll')}{problem}")
            await asyncio.sleep(_TICK_S)
    finally:
        status_line()
