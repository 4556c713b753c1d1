"""The SQLite database that holds all of the endpoint's state.

WAL with synchronous=NORMAL: commits survive the end of the process at any moment. (A power failure can lose the last
commits, but never corrupt the database.)
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from travel_tui import UPGRADE
from travel_tui.file_kind import not_a_file, not_a_folder
from travel_tui.local.state.schema import MIGRATIONS
from travel_tui.sqlite_version import is_foreign, version_of


class StateError(Exception):
    """The state cannot be used; the message gives the reason and the remedy.

    Where that is another folder, the caller adds how it is chosen.
    """


OWN_TABLES = ("agents", "sessions", "summaries")
"""Tables of every state, including the first version."""


def check_is_database(path: Path) -> None:
    """Raise StateError if `path` is not a state database, or is a newer travel-tui's; the file is not changed."""
    refuse_other_kind(path)
    try:
        version = version_of(path)
        foreign = is_foreign(path, OWN_TABLES)
    except OSError:  # opening the file later reports why it cannot be read
        return
    if version > len(MIGRATIONS):
        raise StateError(
            f"The state in {path} was written by a newer travel-tui (version {version}; this one supports "
            f"{len(MIGRATIONS)}). {UPGRADE}, or use another folder; nothing was changed."
        )
    if foreign:
        raise StateError(
            f"{path} is a database of another program, so nothing was changed. Move it away, or use another folder."
        )


def refuse_other_kind(path: Path, *, folder: bool = False) -> None:
    """Raise StateError if `path` is not a file, or with `folder` not a folder."""
    try:
        kind = not_a_folder(path) if folder else not_a_file(path)
    except OSError:
        return
    if kind:
        raise StateError(f"{path} {kind}. Move it away, or use another folder.")


def unusable(path: Path | None, error: sqlite3.Error | OSError) -> StateError:
    """Return the error for a state that cannot be read or written, with the remedy."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
        folder = path.parent if path else Path()
        return StateError(
            f"The disk of the state in {folder} is full. Free some space; `df {folder}` shows what is left."
        )
    if isinstance(error, OSError):
        return StateError(
            f"{error.filename or path} cannot be used: {error.strerror or error}. Check its permissions, or use "
            "another folder."
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return StateError(f"The state in {path} is damaged ({error}). Move that file away, or use another folder.")
    return StateError(f"The state in {path} cannot be read or written ({error}). Check it, or use another folder.")


class Database:
    """One connection, used only from the event loop; each statement is small."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the database at `path`; None keeps it in memory."""
        if path:
            check_is_database(path)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        try:
            self._connection = sqlite3.connect(path or ":memory:", isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._migrate()
        except sqlite3.DatabaseError as error:
            raise unusable(path, error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything executed inside, or roll all of it back on an error."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Execute one statement."""
        return self._connection.execute(sql, values)

    def many(self, sql: str, values: Sequence[tuple[Any, ...]]) -> None:
        """Execute one statement once for each tuple of values."""
        self._connection.executemany(sql, values)

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def clear(self) -> None:
        """Delete all rows of all tables. Triggers keep the search index, a virtual table, in step with its content."""
        tables = self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        virtual = tuple(row["name"] for row in tables if row["sql"].startswith("CREATE VIRTUAL TABLE"))
        with self.transaction():
            self.execute("PRAGMA defer_foreign_keys=ON")
            for row in tables:
                if not row["name"].startswith(virtual):  # a virtual table's own tables begin with its name
                    self.execute(f'DELETE FROM "{row["name"]}"')

    def close(self) -> None:
        """Close the connection, which checkpoints the write-ahead log into the database."""
        self._connection.close()

    def _migrate(self) -> None:
        version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            self._connection.executescript(f"BEGIN;{script};PRAGMA user_version={number};COMMIT;")
