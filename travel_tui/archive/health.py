"""How the archive's file is, looked at without changing it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from travel_tui.archive.file import BUSY_S, MIGRATIONS

NEWEST = len(MIGRATIONS)
"""The version that this program writes."""


@dataclass(frozen=True, slots=True)
class Health:
    """The file in bytes with what is beside it, its version, and its sessions.

    `private` is whether its owner alone can read it; `damage` is what SQLite found wrong, None where it is sound.
    """

    size: int
    private: bool
    version: int = 0
    sessions: int = 0
    damage: str | None = None


def examine(path: Path) -> Health | None:
    """Look at all of the file; None where there is none. Raises OSError."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    beside = [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]
    size = status.st_size + sum(each.stat().st_size for each in beside if each.exists())
    private = not status.st_mode & 0o077
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=BUSY_S, uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            sessions = connection.execute("SELECT count(*) FROM sessions").fetchone()[0] if version else 0
    except sqlite3.Error as error:
        return Health(size, private, damage=str(error))
    return Health(size, private, version, sessions, None if sound == "ok" else str(sound))
