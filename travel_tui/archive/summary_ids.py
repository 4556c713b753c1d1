"""Migration of summaries without ids to memory records."""

from __future__ import annotations

import sqlite3

from travel_tui.agent import MemoryKind, summary_record_id
from travel_tui.archive.records import Change
from travel_tui.archive.values import from_optional_time


def copy_memories(connection: sqlite3.Connection) -> bool:
    """Copy table `memories` into table `records`, each row with a record id; removes nothing, so returns False.

    Earlier versions kept one summary per session, and took another one for a change of it. Such rows are one record,
    from the first sighting to the last, and have the id of the last. Row numbers are kept: deletions refer to them.
    """
    rows = connection.execute(
        "SELECT id, agent, memory_id, session_id, started_at, change FROM memories ORDER BY id DESC"
    ).fetchall()
    current: dict[tuple[str, str, str], str] = {}
    found: list[tuple[str, str, int]] = []
    for row, agent, memory_id, session_id, started_at, change in rows:
        session = (agent, memory_id, session_id)
        if change == Change.GONE or session not in current:
            current[session] = _record_id(session_id, started_at)
        found.append((current[session], MemoryKind.SESSION_SUMMARY, row))
    connection.executemany(
        "INSERT INTO records (id, agent, memory_id, record_id, kind, namespace, session_id, at, change, text, "
        "started_at, ended_at) SELECT id, agent, memory_id, ?, ?, '', session_id, at, change, text, started_at, "
        "ended_at FROM memories WHERE id = ?",
        found,
    )
    return False


def _record_id(session_id: str, started_at: str | None) -> str:
    try:
        return summary_record_id(session_id, from_optional_time(started_at))
    except ValueError:  # a damaged time must not keep the archive from opening
        return session_id
