"""The output of Lambda functions, as the events of log groups."""

from __future__ import annotations

import sqlite3

from travel_tui.local.state.database import Database
from travel_tui.local.state.scope import Scope

_MAX_EVENTS = 20_000
"""Maximum events of a group; the oldest are dropped."""
_MAX_AT_ONCE = 5_000
"""Maximum lines of one call; the earliest are dropped."""


class LogEvents:
    """The events of one scope's log groups in the database."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._db = database
        self._scope = scope.key

    def add(self, group: str, stream: str, at_ms: int, text: str) -> None:
        """Add an event for each line; only the last lines if there are too many."""
        with self._db.transaction():
            self._db.many(
                "INSERT INTO log_events (scope, log_group, stream, at_ms, message) VALUES (?, ?, ?, ?, ?)",
                [(self._scope, group, stream, at_ms, f"{line}\n") for line in text.splitlines()[-_MAX_AT_ONCE:]],
            )
            self._db.execute(
                "DELETE FROM log_events WHERE (scope, log_group) = (?, ?) AND id <= "
                "(SELECT id FROM log_events WHERE (scope, log_group) = (?, ?) ORDER BY id DESC LIMIT 1 OFFSET ?)",
                self._scope,
                group,
                self._scope,
                group,
                _MAX_EVENTS,
            )

    def events(self, group: str, stream: str | None, after: int, limit: int) -> list[sqlite3.Row]:
        """Return events of a group, or of one of its streams, in order, with ids greater than `after`."""
        return self._db.rows(
            "SELECT * FROM log_events WHERE (scope, log_group) = (?, ?) AND (? IS NULL OR stream = ?) AND id > ? "
            "ORDER BY id LIMIT ?",
            self._scope,
            group,
            stream,
            stream,
            after,
            limit,
        )

    def size(self, group: str) -> int:
        """Return the number of characters stored in a group."""
        row = self._db.row(
            "SELECT SUM(LENGTH(message)) AS size FROM log_events WHERE (scope, log_group) = (?, ?)", self._scope, group
        )
        return int(row["size"] or 0) if row else 0

    def delete(self, group: str) -> None:
        """Delete all events of a group."""
        self._db.execute("DELETE FROM log_events WHERE (scope, log_group) = (?, ?)", self._scope, group)
