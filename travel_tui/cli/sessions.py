"""travel-tui sessions: what was talked from here, as the archive has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import which_agent

if TYPE_CHECKING:
    from travel_tui.archive import Archive, Change, SessionRecord
    from travel_tui.cli.which import Which
    from travel_tui.clock import Clock
    from travel_tui.conversation import SessionState


@click.command(short_help="List the sessions that were held from here.")
@click.option("--all", "of_all", is_flag=True, help="Those with every agent, not with this one alone.")
@click.option("-n", "--limit", type=click.IntRange(min=1), metavar="N", help="The newest N alone.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, one object a line.")
@which_agent
def sessions(of_all: bool, limit: int | None, as_json: bool, which: Which) -> None:
    """List sessions, newest first: id, memory, turns, when they were opened and ended, and their state.

    Nothing is asked of AWS. Without a config the sessions with all agents are listed, those of the demo too.
    """
    from travel_tui.archive import Archive, ArchiveError
    from travel_tui.cli.chat import agent_key
    from travel_tui.cli.config import refused
    from travel_tui.cli.headless import print_json, progress, warn
    from travel_tui.clock import Clock
    from travel_tui.paths import archive_file

    agent = None if of_all else which.found()
    key = agent_key(agent) if agent else None
    clock = Clock()
    try:
        archive = Archive(archive_file(), clock)
        if archive.notice:
            warn(archive.notice)
        records = archive.sessions(key, which.memory_id, limit)
        states = states_of(archive, records, clock.now())
        archive.close()
    except ArchiveError as error:
        raise refused(error) from error
    if as_json:
        for record in records:
            print_json(_as_data(record, states[record.session_id, record.agent]))
        return
    if not records:
        progress("No session was held from here yet; `travel-tui ask` begins one.")
    click.echo("".join(f"{row}\n" for row in _rows(records, states, clock, with_agent=key is None)), nl=False)


def states_of(archive: Archive, records: list[SessionRecord], now: datetime) -> Mapping[tuple[str, str], SessionState]:
    """Where each session stands, as far as it was seen from here. Raises ArchiveError."""
    from travel_tui.memory.schedule import overdue_after_s

    last: dict[tuple[str, str], Change] = {}
    limits: dict[str, float] = {}
    for agent, memory_id in {(record.agent, record.memory_id) for record in records}:
        limits[agent] = overdue_after_s(archive.latencies(agent))
        for change in archive.memory_history(agent, memory_id) if memory_id else ():
            last[change.summary.session_id, agent] = change.change
    keys = {(record.session_id, record.agent): record for record in records}
    return {key: state(record, last.get(key), limits[record.agent], now) for key, record in keys.items()}


def state(record: SessionRecord, last: Change | None, overdue_s: float, now: datetime) -> SessionState:
    """Where a session stands; `last` is what was last seen of its summary, None where none was."""
    from travel_tui.archive import Change
    from travel_tui.conversation import SessionState

    if record.ended_at is None:
        return SessionState.OPEN
    if last is Change.GONE:
        return SessionState.FORGOTTEN
    if last is not None or record.stored_at is not None:
        return SessionState.STORED
    if record.memory_id is None:
        return SessionState.ENDED
    late = (now - record.ended_at).total_seconds() >= overdue_s
    return SessionState.OVERDUE if late else SessionState.SUMMARISING


def _as_data(record: SessionRecord, its_state: SessionState) -> dict[str, object]:
    from travel_tui.cli.headless import iso

    return {
        "session_id": record.session_id,
        "memory_id": record.memory_id,
        "agent": record.agent,
        "turns": record.turns,
        "opened_at": iso(record.opened_at),
        "ended_at": iso(record.ended_at),
        "stored_at": iso(record.stored_at),
        "latency_s": record.summary_latency_s,
        "state": its_state,
    }


def _rows(
    records: list[SessionRecord], states: Mapping[tuple[str, str], SessionState], clock: Clock, *, with_agent: bool
) -> list[str]:
    """A table; the id comes first and whole, so that it can be cut out."""
    from travel_tui.tui.text import count, one_line

    cells = [
        (
            one_line(record.session_id),
            states[record.session_id, record.agent].value,
            count(record.turns, "turn"),
            _span(record, clock),
            one_line(record.memory_id or "–"),
            *([one_line(record.agent)] if with_agent else []),
        )
        for record in records
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _span(record: SessionRecord, clock: Clock) -> str:
    """When it was opened, and ended where it was."""
    from travel_tui.tui.text import clock_time, moment

    now, opened = clock.shown(clock.now()), clock.shown(record.opened_at)
    began = moment(opened, now)
    if record.ended_at is None:
        return began
    ended = clock.shown(record.ended_at)
    return f"{began} to {clock_time(ended) if ended.date() == opened.date() else moment(ended, now)}"
