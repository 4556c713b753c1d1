"""Durable archive: when a call returns, even kill -9 cannot lose its data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from travel_tui.agent import Problem, TurnEvent
from travel_tui.archive.memory_history import MemoryHistory
from travel_tui.archive.records import (
    SessionKey,
    TurnStatus,
    event_from_json,
    event_to_json,
    merge_text_deltas,
    problem_to_json,
)
from travel_tui.archive.session_reader import SessionReader
from travel_tui.archive.values import SESSION, identity, to_text, to_time

_EVENTS = "SELECT event FROM events WHERE turn = ? ORDER BY id"


class Archive(SessionReader, MemoryHistory):
    """Sessions, turns and memories in SQLite. Safe to use from several threads and processes.

    All methods raise ArchiveError. `notice` tells the user after opening that a damaged file was quarantined. Without a
    path the archive is in memory and is lost when the process ends.
    """

    def open_session(self, session: SessionKey, at: datetime) -> None:
        """Record that a session is open; an ended one is reopened."""
        with self.transaction():
            self._open(session, at)

    def end_session(self, session: SessionKey, at: datetime) -> None:
        """Record when a session was ended: the service ends it for every memory that its turns were sent with."""
        with self.transaction():
            self._connection.execute(
                "UPDATE sessions SET ended_at = ? WHERE agent = ? AND session_id = ? AND ended_at IS NULL",
                (to_time(at), *identity(session)[:2]),
            )

    def store_session(self, session: SessionKey, at: datetime, latency_s: float | None) -> None:
        """Record when a session's summary was seen, and how many seconds after its end; only the first call counts."""
        with self.transaction():
            self._connection.execute(
                f"UPDATE sessions SET stored_at = ?, summary_latency_s = ? WHERE id = ({SESSION}) "
                "AND stored_at IS NULL",
                (to_time(at), latency_s, *identity(session)),
            )

    def begin_turn(self, session: SessionKey, text: str, at: datetime) -> int:
        """Store a message before it is sent, and return the turn's id; a deleted session is created again."""
        with self.transaction():
            rows = self.rows(SESSION, identity(session))
            row = rows[0][0] if rows else self._open(session, at)
            turn_id = self._connection.execute(
                "INSERT INTO turns (session, number, sent_at, text, state) VALUES "
                "(?, (SELECT coalesce(max(number), 0) + 1 FROM turns WHERE session = ?), ?, ?, ?) RETURNING id",
                (row, row, to_time(at), to_text(text), TurnStatus.SENT),
            ).fetchone()[0]
            self._unfinished.add(turn_id)
        return int(turn_id)

    def resume_turn(self, turn_id: int, events: Iterable[TurnEvent]) -> None:
        """Store the results of the calls that a turn returned, before they are sent; the turn goes on."""
        with self.transaction() as connection:
            _add(connection, turn_id, events)
            connection.execute("UPDATE turns SET state = ? WHERE id = ?", (TurnStatus.SENT, turn_id))
            self._unfinished.add(turn_id)

    def add_event(self, turn_id: int, event: TurnEvent) -> None:
        """Store an event of a turn."""
        self.add_events(turn_id, (event,))

    def add_events(self, turn_id: int, events: Iterable[TurnEvent]) -> None:
        """Store events of a turn, all or none; for a turn that was deleted meanwhile nothing is stored."""
        with self.transaction() as connection:
            _add(connection, turn_id, events)

    def finish_turn(
        self,
        turn_id: int,
        state: TurnStatus,
        first_text_s: float | None = None,
        total_s: float | None = None,
        problem: Problem | None = None,
    ) -> None:
        """Record how a turn ended; the text pieces stored so far become one event per run."""
        with self.transaction():
            before = [row[0] for row in self._connection.execute(_EVENTS, (turn_id,))]
            events = [event_from_json(text) for text in before]
            if None not in events:
                after = [event_to_json(event) for event in merge_text_deltas(event for event in events if event)]
                if len(after) < len(before):
                    self._connection.execute("DELETE FROM events WHERE turn = ?", (turn_id,))
                    self._connection.executemany(
                        "INSERT INTO events (turn, event) VALUES (?, ?)", [(turn_id, text) for text in after]
                    )
            self._connection.execute(
                "UPDATE turns SET state = ?, first_text_s = ?, total_s = ?, trouble = ? WHERE id = ?",
                (state, first_text_s, total_s, problem_to_json(problem), turn_id),
            )
        self._unfinished.discard(turn_id)

    def _open(self, session: SessionKey, at: datetime) -> int:
        agent, session_id, _ = identity(session)
        row = self._connection.execute(
            "INSERT INTO sessions (session_id, agent, memory_id, opened_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (session_id, agent, ifnull(memory_id, '')) DO UPDATE SET "
            "ended_at = NULL, stored_at = NULL, summary_latency_s = NULL, removed_by = NULL RETURNING id",
            (session_id, agent, session.memory_id and to_text(session.memory_id), to_time(at)),
        ).fetchone()
        return int(row[0])


def _add(connection: sqlite3.Connection, turn_id: int, events: Iterable[TurnEvent]) -> None:
    rows = [(event_to_json(event), turn_id) for event in merge_text_deltas(events)]
    connection.executemany("INSERT INTO events (turn, event) SELECT id, ? FROM turns WHERE id = ?", rows)
