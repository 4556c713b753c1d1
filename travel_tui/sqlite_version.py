"""Reading the version and tables of a SQLite file without changing it or the files beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

_MAGIC, _AT, _SIZE = b"SQLite format 3\0", 60, 100
"""Header of a database file, and the offset of PRAGMA user_version in it (https://sqlite.org/fileformat.html)."""


def version_of(path: Path) -> int:
    """Return the file's PRAGMA user_version; 0 if there is no file or it is not a SQLite database. Raises OSError."""
    if not path.is_file():
        return 0
    with path.open("rb") as file:
        header = file.read(_SIZE)
    if len(header) < _SIZE or not header.startswith(_MAGIC):
        return 0
    version = int.from_bytes(header[_AT : _AT + 4], signed=True)
    log = path.with_name(f"{path.name}-wal")
    return max(version, _with_log(path)) if log.is_file() and log.stat().st_size else version


def is_foreign(path: Path, own_tables: Collection[str]) -> bool:
    """Whether the file is a valid SQLite database with tables, but without all of `own_tables`.

    False if it is not a database, or cannot be read now. Raises OSError.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return False
    before = path.stat()
    log = path.with_name(f"{path.name}-wal")
    # Without a write-ahead log nobody uses the file, and SQLite creates no files beside an immutable database.
    unchanging = "" if log.exists() else "&immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{unchanging}", uri=True)) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.Error:
        return False
    tables = {name for (name,) in rows if not name.startswith("sqlite_")}
    if unchanging and (log.exists() or path.stat().st_mtime_ns != before.st_mtime_ns):
        return False  # another travel-tui process has just started to write it
    return bool(tables) and not tables >= set(own_tables)


def _with_log(path: Path) -> int:
    """Return the version including the write-ahead log: a killed program leaves changes that are only there."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return 0
