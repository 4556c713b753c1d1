"""Events of AgentCore memories, and the sessions and actors they belong to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from travel_tui.local.state.database import Database
from travel_tui.local.state.timestamps import from_text, to_text


@dataclass(frozen=True, slots=True)
class ActorSession:
    """A session of an actor in a memory."""

    memory_arn: str
    actor_id: str
    session_id: str

    @property
    def columns(self) -> tuple[str, str, str]:
        """The values of the columns memory_arn, actor_id and session_id."""
        return self.memory_arn, self.actor_id, self.session_id


@dataclass(frozen=True, slots=True)
class MemoryEvent:
    """A stored event. `document` has payload, branch and metadata in AWS's shapes."""

    row: int
    key: ActorSession
    event_id: str
    event_at: datetime
    stored_at: datetime
    document: dict[str, Any]


_MAX_DELETED = 100
"""Expired events that are looked for at once."""
_OF_SESSION = "(memory_arn, actor_id, session_id) = (?, ?, ?)"


class MemoryEvents:
    """The events in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        key: ActorSession,
        event_id: str,
        event_at: datetime,
        stored_at: datetime,
        document: dict[str, Any],
        token: tuple[str, str] | None = None,
    ) -> MemoryEvent:
        """Store an event and, with its first event, the session. `token` is a client token and the request's digest."""
        self._db.execute("INSERT OR IGNORE INTO memory_sessions VALUES (?, ?, ?, ?)", *key.columns, to_text(stored_at))
        cursor = self._db.execute(
            "INSERT INTO memory_events (memory_arn, actor_id, session_id, event_id, event_at, stored_at, document, "
            "client_token, request) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *key.columns,
            event_id,
            to_text(event_at),
            to_text(stored_at),
            json.dumps(document, ensure_ascii=False),
            *(token or (None, None)),
        )
        return MemoryEvent(int(cursor.lastrowid or 0), key, event_id, event_at, stored_at, document)

    def made_by(self, memory_arn: str, token: str) -> tuple[MemoryEvent, str] | None:
        """Return the event that a client token made, and the digest of its request."""
        row = self._db.row("SELECT * FROM memory_events WHERE memory_arn = ? AND client_token = ?", memory_arn, token)
        return (_event(row), row["request"]) if row else None

    def get(self, key: ActorSession, event_id: str) -> MemoryEvent | None:
        """Return an event; None if there is none."""
        row = self._db.row(f"SELECT * FROM memory_events WHERE {_OF_SESSION} AND event_id = ?", *key.columns, event_id)
        return _event(row) if row else None

    def delete(self, event: MemoryEvent) -> None:
        """Delete an event; what was extracted from it stays."""
        self._db.execute("DELETE FROM memory_events WHERE id = ?", event.row)

    def newest(
        self, key: ActorSession, since: datetime, limit: int, after: tuple[str, int] | None = None
    ) -> list[MemoryEvent]:
        """Return up to `limit` events stored at `since` or later, newest first by their own time, after a position."""
        rows = self._db.rows(
            f"SELECT * FROM memory_events WHERE {_OF_SESSION} AND stored_at >= ? AND (event_at, id) < (?, ?) "
            "ORDER BY event_at DESC, id DESC LIMIT ?",
            *key.columns,
            to_text(since),
            *(after or ("~", 0)),  # "~" sorts after every date
            limit,
        )
        return [_event(row) for row in rows]

    def by_rows(self, rows: Sequence[int]) -> list[MemoryEvent]:
        """Return events by row id, in the order of their own time; those deleted since are left out."""
        marks = ", ".join("?" * len(rows))
        found = self._db.rows(f"SELECT * FROM memory_events WHERE id IN ({marks}) ORDER BY event_at, id", *rows)
        return [_event(row) for row in found]

    def stored_before(self, key: ActorSession, row: int, limit: int) -> list[MemoryEvent]:
        """Return the last events of a session that were stored before the event `row`, oldest first."""
        found = self._db.rows(
            f"SELECT * FROM memory_events WHERE {_OF_SESSION} AND id < ? ORDER BY id DESC LIMIT ?",
            *key.columns,
            row,
            limit,
        )
        return [_event(each) for each in reversed(found)]

    def stored_from(self, key: ActorSession, row: int, limit: int) -> list[MemoryEvent]:
        """Return the first events of a session from the event `row` on, oldest first."""
        found = self._db.rows(
            f"SELECT * FROM memory_events WHERE {_OF_SESSION} AND id >= ? ORDER BY event_at, id LIMIT ?",
            *key.columns,
            row,
            limit,
        )
        return [_event(each) for each in found]

    def actors(self, memory_arn: str, after: str, limit: int) -> list[str]:
        """Return the ids of a memory's actors, sorted, after a given one."""
        rows = self._db.rows(
            "SELECT DISTINCT actor_id FROM memory_sessions WHERE memory_arn = ? AND actor_id > ? "
            "ORDER BY actor_id LIMIT ?",
            memory_arn,
            after,
            limit,
        )
        return [row["actor_id"] for row in rows]

    def sessions(
        self, memory_arn: str, actor_id: str, *, with_events: bool, after: str, limit: int
    ) -> list[tuple[str, datetime]]:
        """Return an actor's sessions with the time of their first event, by id; without events too unless told."""
        events = "EXISTS (SELECT 1 FROM memory_events e WHERE e.memory_arn = s.memory_arn AND e.actor_id = s.actor_id "
        events += "AND e.session_id = s.session_id)"
        rows = self._db.rows(
            "SELECT session_id, created_at FROM memory_sessions s WHERE memory_arn = ? AND actor_id = ? "
            f"AND session_id > ? AND (? OR {events}) ORDER BY session_id LIMIT ?",
            memory_arn,
            actor_id,
            after,
            not with_events,
            limit,
        )
        return [(row["session_id"], from_text(row["created_at"])) for row in rows]

    def count(self) -> int:
        """Return the number of all events, those deleted in the middle included."""
        row = self._db.row("SELECT MAX(id) AS number FROM memory_events")
        return int(row["number"] or 0) if row else 0

    def delete_expired(self, key: ActorSession, before: datetime) -> None:
        """Delete those of a session's first events that were stored before a time."""
        first = f"SELECT id FROM memory_events WHERE {_OF_SESSION} ORDER BY id LIMIT ?"
        self._db.execute(
            f"DELETE FROM memory_events WHERE id IN ({first}) AND stored_at < ?",
            *key.columns,
            _MAX_DELETED,
            to_text(before),
        )


def position(event: MemoryEvent) -> tuple[str, int]:
    """Return an event's sort position in `MemoryEvents.newest`."""
    return to_text(event.event_at), event.row


def _event(row: sqlite3.Row) -> MemoryEvent:
    return MemoryEvent(
        row["id"],
        ActorSession(row["memory_arn"], row["actor_id"], row["session_id"]),
        row["event_id"],
        from_text(row["event_at"]),
        from_text(row["stored_at"]),
        json.loads(row["document"]),
    )
