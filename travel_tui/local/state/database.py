"""The SQLite database that holds all of the endpoint's state.

WAL with synchronous=NORMAL: what was committed survives the end of the process at any moment. (Losing power can
cost the last commits, but never the database.)
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from travel_tui.local.state.schema import MIGRATIONS


class StateError(Exception):
    """The state cannot be used; the message says why and what to do."""


class Database:
    """One connection, used from the event loop alone; each statement is small."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the database at `path`; None keeps it in memory."""
        if path:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        try:
            self._connection = sqlite3.connect(path or ":memory:", isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._migrate()
        except sqlite3.DatabaseError as error:
            raise StateError(
                f"The state in {path} cannot be read ({error}). Move that file away, or give another --state."
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is executed inside is kept, or on an error none of it."""
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

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def clear(self) -> None:
        """Delete all rows of all tables."""
        with self.transaction():
            self.execute("PRAGMA defer_foreign_keys=ON")
            for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
                self.execute(f'DELETE FROM "{row["name"]}"')

    def close(self) -> None:
        """Close the connection, which folds the write-ahead log into the database."""
        self._connection.close()

    def _migrate(self) -> None:
        version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise StateError(
                f"The state was written by a newer travel-tui (version {version}; this one knows {len(MIGRATIONS)}). "
                "Update travel-tui, or give another --state."
            )
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            self._connection.executescript(f"BEGIN;{script};PRAGMA user_version={number};COMMIT;")
