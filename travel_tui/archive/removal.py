"""Record that all state of an agent was removed: none of its sessions can be resumed, and no memory is left."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from travel_tui.archive.file import DamagedError, connect, translate_sqlite_errors
from travel_tui.archive.records import Change, DeletedBy
from travel_tui.archive.values import to_text, to_time

_LAST_SEEN = """
    SELECT * FROM memories WHERE id IN (SELECT max(id) FROM memories WHERE agent = ? GROUP BY memory_id, record_id)
"""


def note_removal(path: Path, agent: str, removed_by: DeletedBy, at: datetime) -> None:
    """Record in the archive at `path` that the agent with this key has lost all sessions and memories.

    `agent` may end with "*" in place of the alias, as in AGENT/*@us-east-1. Nothing is done if there is no archive, or
    a
    damaged one, which the next client quarantines and reports. Raises ArchiveError.
    """
    with translate_sqlite_errors(path):
        if not path.exists():
            return
    try:
        with closing(connect(path)) as connection, translate_sqlite_errors(path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                for key in _keys(connection, to_text(agent)):
                    _note(connection, key, removed_by, at)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
    except DamagedError:
        return


def _keys(connection: sqlite3.Connection, agent: str) -> list[str]:
    """Return the archived keys that `agent` matches."""
    first, star, place = agent.partition("*")
    found = connection.execute("SELECT agent FROM sessions UNION SELECT agent FROM memories").fetchall()
    if not star:
        return [key for (key,) in found if key == agent]
    return [key for (key,) in found if key.startswith(first) and key.partition("@")[1] + key.partition("@")[2] == place]


def _note(connection: sqlite3.Connection, agent: str, removed_by: DeletedBy, at: datetime) -> None:
    connection.execute(
        "UPDATE sessions SET ended_at = coalesce(ended_at, ?), removed_by = ? WHERE agent = ? AND removed_by IS NULL",
        (to_time(at), removed_by, agent),
    )
    connection.execute(
        "INSERT INTO deletions (agent, memory_id, session_id, after, deleted_by) "
        "SELECT agent, memory_id, NULL, max(id), ? FROM memories WHERE agent = ? GROUP BY memory_id",
        (removed_by, agent),
    )
    connection.execute(
        "INSERT INTO memories (agent, memory_id, record_id, kind, namespace, session_id, at, change, text, started_at, "
        "ended_at) SELECT agent, memory_id, record_id, kind, namespace, session_id, ?, ?, text, started_at, ended_at "
        f"FROM ({_LAST_SEEN}) WHERE change <> ?",
        (to_time(at), Change.GONE, agent, Change.GONE),
    )
