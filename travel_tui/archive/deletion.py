"""Deletion from the archive that leaves no text in the file, nor in the files SQLite keeps beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.archive.file import ArchiveError
from travel_tui.archive.records import SessionKey, SessionRecord

if TYPE_CHECKING:
    from travel_tui.archive.store import Archive

_WHICH = "session_id = ? AND agent = ? AND ifnull(memory_id, '') = ?"
_SIZE = f"""
    SELECT coalesce(sum(size), 0) FROM (
        SELECT length(CAST(turns.text AS BLOB)) AS size FROM turns
            JOIN sessions ON sessions.id = turns.session WHERE {_WHICH}
        UNION ALL SELECT length(CAST(event AS BLOB)) FROM events JOIN turns ON turns.id = events.turn
            JOIN sessions ON sessions.id = turns.session WHERE {_WHICH}
        UNION ALL SELECT length(CAST(notes.text AS BLOB)) FROM notes JOIN turns ON turns.id = notes.turn
            JOIN sessions ON sessions.id = turns.session WHERE {_WHICH}
        UNION ALL SELECT length(CAST(text AS BLOB)) FROM memories WHERE {_WHICH}
    )
"""


def size_of(archive: Archive, sessions: Iterable[SessionKey]) -> int:
    """Return the bytes of text that the archive holds for these sessions. Raises ArchiveError."""
    return sum(int(archive.rows(_SIZE, _identity(each) * 4)[0][0]) for each in sessions)


def delete_sessions(archive: Archive, sessions: Sequence[SessionKey]) -> None:
    """Delete sessions with their turns, traces and notes, and the recorded history of their memories.

    A memory's draft is deleted too if it is a message of these sessions, or if the memory has no session left. A client
    in
    which a deleted session continues creates it again with its next turn. Raises ArchiveError.
    """
    with archive.exclusive() as connection:
        _check_alone(archive.path, connection)
        with archive.transaction():
            for each in sessions:
                _delete_session(connection, each)
        _overwrite(archive.path, connection)


def delete_memory(archive: Archive, agent: str, memory_id: str, session_id: str | None = None) -> None:
    """Delete all archived data of a memory, or that of one of its sessions. Raises ArchiveError."""
    with archive.exclusive() as connection:
        _check_alone(archive.path, connection)
        with archive.transaction():
            for each in sessions_of(archive, agent, memory_id, session_id):
                _delete_session(connection, each.key)
            connection.execute(
                "DELETE FROM memories WHERE agent = ? AND memory_id = ? AND (?3 IS NULL OR session_id = ?3)",
                (agent, memory_id, session_id),
            )
            connection.execute(
                "DELETE FROM deletions WHERE agent = ? AND memory_id = ? AND (?3 IS NULL OR session_id = ?3)",
                (agent, memory_id, session_id),
            )
            if session_id is None:
                connection.execute("DELETE FROM users WHERE agent = ? AND memory_id = ?", (agent, memory_id))
        _overwrite(archive.path, connection)


def sessions_of(archive: Archive, agent: str, memory_id: str, session_id: str | None = None) -> list[SessionRecord]:
    """Return the sessions with a memory, or the one with that id. Raises ArchiveError."""
    return [each for each in archive.sessions(agent, memory_id) if session_id in (None, each.session_id)]


def set_aside(path: Path) -> list[Path]:
    """Return quarantined damaged archives: data deleted from this archive may still be in them."""
    return sorted(
        each for each in path.parent.glob(f"{path.name}.damaged-*") if not each.name.endswith(("-wal", "-shm"))
    )


def _delete_session(connection: sqlite3.Connection, session: SessionKey) -> None:
    named = _identity(session)
    connection.execute(f"DELETE FROM memories WHERE {_WHICH}", named)
    connection.execute(f"DELETE FROM deletions WHERE {_WHICH}", named)
    texts = connection.execute(
        f"SELECT text FROM turns JOIN sessions ON sessions.id = turns.session WHERE {_WHICH}", named
    ).fetchall()
    connection.execute(f"DELETE FROM sessions WHERE {_WHICH}", named)  # cascades to turns, events and notes
    user = (session.agent, session.memory_id)
    left = connection.execute("SELECT 1 FROM sessions WHERE agent = ? AND memory_id IS ? LIMIT 1", user).fetchone()
    drafts = connection.execute("SELECT draft FROM users WHERE agent = ? AND memory_id = ?", user).fetchall()
    if left is None or any(draft.strip() in {text.strip() for (text,) in texts} for (draft,) in drafts):
        connection.execute("UPDATE users SET draft = '' WHERE agent = ? AND memory_id = ?", user)
    if left is None:
        connection.execute("DELETE FROM users WHERE agent = ? AND memory_id = ? AND name = ''", user)


def _identity(session: SessionKey) -> tuple[str, str, str]:
    return session.session_id, session.agent, session.memory_id or ""


def _check_alone(path: Path | None, connection: sqlite3.Connection) -> None:
    """Raise ArchiveError if another program is reading the archive, since deleted data could not be overwritten."""
    if not _write_back(connection):
        raise ArchiveError(
            f"Another program is reading the archive {path}, so nothing was deleted. Find it with `fuser -v {path}` "
            "(or `lsof`), close it and try again."
        )
    connection.execute("PRAGMA secure_delete = ON")


def _overwrite(path: Path | None, connection: sqlite3.Connection) -> None:
    """Rewrite the file: until then it contains the old versions of replaced rows. Raises ArchiveError."""
    try:
        connection.execute("VACUUM")
        if _write_back(connection):
            return
        why = "another program is reading it"
    except sqlite3.Error as error:
        why = str(error)
    raise ArchiveError(
        f"Deleted from the archive {path}, but the file could not be rewritten ({why}), so parts of the text may still "
        "be in it. The next deletion rewrites the file; `travel-tui sessions` lists what can be deleted."
    )


def _write_back(connection: sqlite3.Connection) -> bool:
    """Write the whole write-ahead log into the file and empty it; False if a reader prevents that."""
    with closing(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")) as rows:
        return int(rows.fetchone()[0]) == 0
