"""Sessions and their turns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from travel_tui.local.scripted_agent.messages import CompletedCall, Turn
from travel_tui.local.state.agents import AliasKey
from travel_tui.local.state.database import Database
from travel_tui.local.state.scope import scope_with_key
from travel_tui.local.state.timestamps import from_text, to_text


@dataclass(slots=True)
class Session:
    """A running session."""

    row: int
    alias: AliasKey
    session_id: str
    started_at: datetime
    idle_s: float
    """Running seconds at which the idle limit ends the session."""
    agent_state: Mapping[str, Any]
    attributes: dict[str, str]
    injected: dict[str, list[str]]
    """For each memory id used in the session, the summaries in its prompt, fixed from the first use on."""
    waiting: dict[str, Any] | None = None
    """The pending return of control, if any; the last turn is unanswered then."""


class Sessions:
    """The sessions in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, alias: AliasKey, session_id: str) -> Session | None:
        """Return the running session with that id; ended ones are ignored."""
        row = self._db.row(
            "SELECT * FROM sessions WHERE (scope, agent_id, alias_id, session_id) = (?, ?, ?, ?) AND ended_at IS NULL",
            *alias.columns,
            session_id,
        )
        return _session(row) if row else None

    def start(self, alias: AliasKey, session_id: str, started_at: datetime, idle_s: float) -> Session:
        """Start a session without turns."""
        cursor = self._db.execute(
            "INSERT INTO sessions "
            "(scope, agent_id, alias_id, session_id, started_at, idle_s, brain, attributes, injected) "
            "VALUES (?, ?, ?, ?, ?, ?, '{}', '{}', '{}')",
            *alias.columns,
            session_id,
            to_text(started_at),
            idle_s,
        )
        return Session(int(cursor.lastrowid or 0), alias, session_id, started_at, idle_s, {}, {}, {})

    def record(self, session: Session, turn: Turn, memory_id: str | None, earlier: Sequence[Turn] = ()) -> None:
        """Save a turn and the session's state after it in one transaction; `earlier` turns are saved before it."""
        with self._db.transaction():
            self._save(session)
            for each in (*earlier, turn):
                self._db.execute(
                    "INSERT INTO exchanges SELECT ?, COALESCE(MAX(number), 0) + 1, ?, ?, ?, ? FROM exchanges "
                    "WHERE session = ?",
                    session.row,
                    memory_id,
                    each.user,
                    each.agent,
                    _calls_text(each),
                    session.row,
                )

    def update_last(self, session: Session, turn: Turn) -> None:
        """Update the last turn, which was unanswered, and the session's state."""
        with self._db.transaction():
            self._save(session)
            self._db.execute(
                "UPDATE exchanges SET agent = ?, calls = ? WHERE session = ? "
                "AND number = (SELECT MAX(number) FROM exchanges WHERE session = ?)",
                turn.agent,
                _calls_text(turn),
                session.row,
                session.row,
            )

    def _save(self, session: Session) -> None:
        self._db.execute(
            "UPDATE sessions SET idle_s = ?, brain = ?, attributes = ?, injected = ?, waiting = ? WHERE id = ?",
            session.idle_s,
            json.dumps(session.agent_state),
            json.dumps(session.attributes),
            json.dumps(session.injected),
            json.dumps(session.waiting) if session.waiting else None,
            session.row,
        )

    def turn_numbers(self, row: int, memory_id: str) -> list[int]:
        """Return the numbers of a session's turns that were sent with a memory id, in order."""
        sql = "SELECT number FROM exchanges WHERE session = ? AND memory_id = ? ORDER BY number"
        return [each["number"] for each in self._db.rows(sql, row, memory_id)]

    def turns(self, row: int, first: int, last: int | None = None) -> list[Turn]:
        """Return a session's turns numbered `first` to `last`, in order; without `last` only the first one."""
        sql = "SELECT user, agent, calls FROM exchanges WHERE session = ? AND number BETWEEN ? AND ? ORDER BY number"
        rows = self._db.rows(sql, row, first, first if last is None else last)
        return [
            Turn(r["user"], r["agent"], tuple(CompletedCall(**call) for call in json.loads(r["calls"]))) for r in rows
        ]

    def newest(self, row: int, most: int) -> tuple[list[Turn], int]:
        """Return a session's last turns that fit into `most` characters together, in order, and the number omitted."""
        sizes = self._db.rows(
            "SELECT number, LENGTH(user) + LENGTH(agent) + LENGTH(calls) AS size FROM exchanges WHERE session = ? "
            "ORDER BY number DESC",
            row,
        )
        kept = sum(size <= most for size in accumulate(each["size"] for each in sizes))
        found = self.turns(row, sizes[kept - 1]["number"], sizes[0]["number"]) if kept else []
        return found, len(sizes) - kept

    def last(self, row: int) -> Turn:
        """Return the last turn of a session that has one."""
        return self.turns(row, self.size(row)[0])[0]

    def size(self, row: int) -> tuple[int, int]:
        """Return the number of turns of a session, and the characters of user text in them."""
        found = self._db.row(
            "SELECT COUNT(*) AS turns, COALESCE(SUM(LENGTH(user)), 0) AS said FROM exchanges WHERE session = ?", row
        )
        return (found["turns"], found["said"]) if found else (0, 0)

    def running(self) -> int:
        """Return the number of running sessions."""
        found = self._db.row("SELECT COUNT(*) AS running FROM sessions WHERE ended_at IS NULL")
        return int(found["running"]) if found else 0

    def memory_ids(self, session: Session) -> list[str]:
        """Return the memory ids that the session's turns were sent with."""
        rows = self._db.rows(
            "SELECT DISTINCT memory_id FROM exchanges WHERE session = ? AND memory_id IS NOT NULL", session.row
        )
        return [row["memory_id"] for row in rows]

    def end(self, session: Session, ended_at: datetime, memory_ids: Iterable[str], due_s: float) -> None:
        """End a session; its summaries, one per memory id, fall due at `due_s`. Without any, it is deleted."""
        pending = [(session.row, memory_id, due_s) for memory_id in memory_ids]
        with self._db.transaction():
            if pending:
                self._db.execute("UPDATE sessions SET ended_at = ? WHERE id = ?", to_text(ended_at), session.row)
            else:
                self._db.execute("DELETE FROM sessions WHERE id = ?", session.row)
            for values in pending:
                self._db.execute("INSERT INTO pending_summaries VALUES (?, ?, ?)", *values)

    def touch(self, session: Session, idle_s: float) -> None:
        """Set the running seconds at which the idle limit ends the session."""
        session.idle_s = idle_s
        self._db.execute("UPDATE sessions SET idle_s = ? WHERE id = ?", idle_s, session.row)

    def idle(self, seconds: float) -> list[Session]:
        """Return the sessions whose idle limit has passed by `seconds`."""
        rows = self._db.rows("SELECT * FROM sessions WHERE ended_at IS NULL AND idle_s <= ? ORDER BY idle_s", seconds)
        return [_session(row) for row in rows]

    def next_idle(self) -> float | None:
        """Return the time at which the idle limit next ends a session."""
        row = self._db.row("SELECT MIN(idle_s) AS next FROM sessions WHERE ended_at IS NULL")
        return row["next"] if row else None

    def overview(self) -> list[dict[str, Any]]:
        """Return the running sessions, for display."""
        rows = self._db.rows(
            "SELECT scope, agent_id, alias_id, session_id, started_at, waiting IS NOT NULL AS waits, "
            "(SELECT COUNT(*) FROM exchanges WHERE session = id) AS turns FROM sessions "
            "WHERE ended_at IS NULL ORDER BY id"
        )
        return [
            {
                "region": scope_with_key(row["scope"]).region,
                "agentId": row["agent_id"],
                "agentAliasId": row["alias_id"],
                "sessionId": row["session_id"],
                "startedAt": row["started_at"],
                "turns": row["turns"],
                "waitsForResults": bool(row["waits"]),
            }
            for row in rows
        ]

    def cap_idle_deadlines(self, idle_s: float) -> None:
        """Limit deadlines to `idle_s`: a clock set back, or ahead in an earlier run, left later ones."""
        self._db.execute("UPDATE sessions SET idle_s = MIN(idle_s, ?) WHERE ended_at IS NULL", idle_s)


def _session(row: sqlite3.Row) -> Session:
    return Session(
        row=row["id"],
        alias=AliasKey(scope_with_key(row["scope"]), row["agent_id"], row["alias_id"]),
        session_id=row["session_id"],
        started_at=from_text(row["started_at"]),
        idle_s=row["idle_s"],
        agent_state=json.loads(row["brain"]),
        attributes=json.loads(row["attributes"]),
        injected=json.loads(row["injected"]),
        waiting=json.loads(row["waiting"]) if row["waiting"] else None,
    )


def _calls_text(turn: Turn) -> str:
    return json.dumps([asdict(call) for call in turn.calls])
