"""Sessions of the archive as a table and as data, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from travel_tui.archive import Archive, Change, SessionRecord
    from travel_tui.clock import Clock
    from travel_tui.conversation.lifecycle import SessionState

Key = tuple[str, str, str | None]
"""Session id, agent and memory id."""


def states_of(archive: Archive, records: list[SessionRecord], now: datetime) -> Mapping[Key, SessionState]:
    """Where each session stands, as far as it was seen from here. Raises ArchiveError."""
    from travel_tui.archive import Change
    from travel_tui.memory.polling_policy import overdue_after_s

    last: dict[tuple[Key, str], Change] = {}
    limits: dict[str, float] = {}
    for agent, memory_id in {(record.agent, record.memory_id) for record in records}:
        limits[agent] = overdue_after_s(archive.latencies(agent))
        for entry in archive.memory_history(agent, memory_id) if memory_id else ():
            if entry.record.session_id is not None:
                last[(entry.record.session_id, agent, memory_id), entry.record.record_id] = entry.change
    of_session: dict[Key, Change] = {}
    for (key, _), change in last.items():  # a session is forgotten once none of its records is left
        if of_session.get(key, Change.GONE) is Change.GONE:
            of_session[key] = change
    keys = {key_of(record): record for record in records}
    return {key: state(record, of_session.get(key), limits[record.agent], now) for key, record in keys.items()}


def state(record: SessionRecord, last: Change | None, overdue_s: float, now: datetime) -> SessionState:
    """Where a session stands; `last` is what was last seen of its memory, None where none was."""
    from travel_tui.archive import Change
    from travel_tui.conversation.lifecycle import session_state

    ended_at = record.ended_at
    return session_state(
        ended=ended_at is not None,
        remembers=record.memory_id is not None and record.removed_by is None,
        stored=last is not Change.GONE and (last is not None or record.stored_at is not None),
        forgotten=last is Change.GONE,
        overdue=ended_at is not None and (now - ended_at).total_seconds() >= overdue_s,
    )


def as_data(record: SessionRecord, its_state: SessionState) -> dict[str, object]:
    from travel_tui.cli.command_context import iso

    return {
        "session_id": record.session_id,
        "memory_id": record.memory_id,
        "agent": record.agent,
        "turns": record.turns,
        "opened_at": iso(record.opened_at),
        "last_turn_at": iso(record.last_sent_at),
        "ended_at": iso(record.ended_at),
        "stored_at": iso(record.stored_at),
        "latency_s": record.summary_latency_s,
        "state": its_state,
        "removed_by": record.removed_by,
    }


def rows(
    records: list[SessionRecord], states: Mapping[Key, SessionState], clock: Clock, *, with_agent: bool
) -> list[str]:
    """A table; the id comes first and whole, so that it can be cut out."""
    from travel_tui.text import count, one_line

    cells = [
        (
            one_line(record.session_id),
            states[key_of(record)].value,
            count(record.turns, "turn"),
            _span(record, clock),
            one_line(record.memory_id or "–"),
            *([one_line(record.agent)] if with_agent else []),
        )
        for record in records
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def key_of(record: SessionRecord) -> Key:
    return record.session_id, record.agent, record.memory_id


def _span(record: SessionRecord, clock: Clock) -> str:
    """When it was opened, and ended, or had its last turn."""
    from travel_tui.text import clock_time, moment

    now, opened = clock.shown(clock.now()), clock.shown(record.opened_at)
    began = moment(opened, now)
    if record.ended_at is None:
        last = moment(clock.shown(record.last_sent_at), now) if record.last_sent_at else began
        return began if last == began else f"{began}, last turn {last}"
    ended = clock.shown(record.ended_at)
    return f"{began} to {clock_time(ended) if ended.date() == opened.date() else moment(ended, now)}"
