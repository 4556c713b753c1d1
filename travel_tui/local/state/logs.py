"""What Lambda functions printed, as the events of log groups."""

from __future__ import annotations

import sqlite3

from travel_tui.local.state.database import Database

_MOST = 20_000
"""Events that a group keeps; of more the last are kept."""


class LogEvents:
    """The log events in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, group: str, stream: str, at_ms: int, text: str) -> None:
        """Add an event for each line."""
        with self._db.transaction():
            for line in text.splitlines():
                self._db.execute(
                    "INSERT INTO log_events (log_group, stream, at_ms, message) VALUES (?, ?, ?, ?)",
                    group,
                    stream,
                    at_ms,
                    f"{line}\n",
                )
            self._db.execute(
                "DELETE FROM log_events WHERE log_group = ? AND id <= "
                "(SELECT id FROM log_events WHERE log_group = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                group,
                group,
                _MOST,
            )

    def streams(self, group: str) -> list[sqlite3.Row]:
        """The streams of a group, by name: stream, first_ms, last_ms."""
        return self._db.rows(
            "SELECT stream, MIN(at_ms) AS first_ms, MAX(at_ms) AS last_ms FROM log_events WHERE log_group = ? "
            "GROUP BY stream ORDER BY stream",
            group,
        )

    def events(self, group: str, stream: str | None, after: int, limit: int) -> list[sqlite3.Row]:
        """Events of a group, or of one of its streams, in order, those alone whose id comes behind `after`."""
        return self._db.rows(
            "SELECT * FROM log_events WHERE log_group = ? AND (? IS NULL OR stream = ?) AND id > ? ORDER BY id LIMIT ?",
            group,
            stream,
            stream,
            after,
            limit,
        )

    def size(self, group: str) -> int:
        """Characters that a group holds."""
        row = self._db.row("SELECT SUM(LENGTH(message)) AS size FROM log_events WHERE log_group = ?", group)
        return int(row["size"] or 0) if row else 0

    def delete(self, group: str) -> None:
        """Delete all events of a group."""
        self._db.execute("DELETE FROM log_events WHERE log_group = ?", group)
