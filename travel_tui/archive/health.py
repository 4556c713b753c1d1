"""Read-only health check of the archive's file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from travel_tui.archive.file import BUSY_S, DamagedError, check_is_archive, translate_sqlite_errors
from travel_tui.archive.migrations import MIGRATIONS

NEWEST = len(MIGRATIONS)
"""Newest archive version, written by this program."""


@dataclass(frozen=True, slots=True)
class Health:
    """Size in bytes including the files beside it, version, and session count.

    `private` is whether only its owner can read it; `damage` is SQLite's report, None if it is sound.
    """

    size: int
    private: bool
    version: int = 0
    sessions: int = 0
    damage: str | None = None


def examine(path: Path) -> Health | None:
    """Check the whole file; None if there is none.

    Raises OSError, and ArchiveError if it is another kind of file or another program has locked it.
    """
    check_is_archive(path)
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
    except FileNotFoundError:
        return None
    beside = [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]
    size = status.st_size + sum(each.stat().st_size for each in beside if each.exists())
    private = not status.st_mode & 0o077
    try:
        with translate_sqlite_errors(path), _read_only(path) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            sessions = connection.execute("SELECT count(*) FROM sessions").fetchone()[0] if version else 0
    except DamagedError as error:
        return Health(size, private, damage=str(error.__cause__))
    return Health(size, private, version, sessions, None if sound == "ok" else str(sound))


def session_ids(path: Path) -> list[str]:
    """Return the ids of all sessions; the file is never changed or quarantined. Raises ArchiveError."""
    with translate_sqlite_errors(path):
        check_is_archive(path)
        if not path.exists():
            return []
        with _read_only(path) as connection:
            return [
                str(found)
                for (found,) in connection.execute("SELECT DISTINCT session_id FROM sessions ORDER BY id DESC")
            ]


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=BUSY_S, uri=True)) as connection:
        yield connection
