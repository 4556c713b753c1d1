"""Sessions and what was said in them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from travel_tui.local.brain.moves import Exchange, MadeCall
from travel_tui.local.state.database import Database
from travel_tui.local.state.moments import from_text, to_text


@dataclass(slots=True)
class Session:
    """A session that runs."""

    row: int
    agent_id: str
    alias_id: str
    session_id: str
    started_at: datetime
    idle_s: float
    """The running seconds at which the idle limit ends it."""
    brain: Mapping[str, Any]
    attributes: dict[str, str]
    injected: dict[str, list[str]]
    """For each memory used in this session, the summaries that entered its prompt, fixed from its first use on."""
    waiting: dict[str, Any] | None = None
    """What it waits for after it returned control to its caller; its last exchange is then not answered yet."""


class Sessions:
    """The sessions in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, agent_id: str, alias_id: str, session_id: str) -> Session | None:
        """The session of that id that runs; one that ended does not."""
        row = self._db.row(
            "SELECT * FROM sessions WHERE agent_id = ? AND alias_id = ? AND session_id = ? AND ended_at IS NULL",
            agent_id,
            alias_id,
            session_id,
        )
        return _session(row) if row else None

    def start(self, agent_id: str, alias_id: str, session_id: str, started_at: datetime, idle_s: float) -> Session:
        """Begin a session with nothing said."""
        cursor = self._db.execute(
            "INSERT INTO sessions (agent_id, alias_id, session_id, started_at, idle_s, brain, attributes, injected) "
            "VALUES (?, ?, ?, ?, ?, '{}', '{}', '{}')",
            agent_id,
            alias_id,
            session_id,
            to_text(started_at),
            idle_s,
        )
        return Session(int(cursor.lastrowid or 0), agent_id, alias_id, session_id, started_at, idle_s, {}, {}, {})

    def record(
        self, session: Session, exchange: Exchange, memory_id: str | None, earlier: Sequence[Exchange] = ()
    ) -> None:
        """Keep one turn, and the session as it is after it, at once or not at all; `earlier` ones come before it."""
        with self._db.transaction():
            self._save(session)
            for each in (*earlier, exchange):
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

    def go_on(self, session: Session, exchange: Exchange) -> None:
        """Keep the last turn, which was not answered yet, as it is now, and the session with it."""
        with self._db.transaction():
            self._save(session)
            self._db.execute(
                "UPDATE exchanges SET agent = ?, calls = ? WHERE session = ? "
                "AND number = (SELECT MAX(number) FROM exchanges WHERE session = ?)",
                exchange.agent,
                _calls_text(exchange),
                session.row,
                session.row,
            )

    def _save(self, session: Session) -> None:
        self._db.execute(
            "UPDATE sessions SET idle_s = ?, brain = ?, attributes = ?, injected = ?, waiting = ? WHERE id = ?",
            session.idle_s,
            json.dumps(session.brain),
            json.dumps(session.attributes),
            json.dumps(session.injected),
            json.dumps(session.waiting) if session.waiting else None,
            session.row,
        )

    def exchanges(self, row: int, memory_id: str | None = None) -> list[Exchange]:
        """The turns of a session in order; with `memory_id` those alone that were sent with it."""
        rows = self._db.rows(
            "SELECT user, agent, calls FROM exchanges WHERE session = ? AND (? IS NULL OR memory_id = ?) "
            "ORDER BY number",
            row,
            memory_id,
            memory_id,
        )
        return [
            Exchange(r["user"], r["agent"], tuple(MadeCall(**call) for call in json.loads(r["calls"]))) for r in rows
        ]

    def size(self, row: int) -> tuple[int, int]:
        """How many turns a session has, and how many characters the user said in them."""
        found = self._db.row(
            "SELECT COUNT(*) AS turns, COALESCE(SUM(LENGTH(user)), 0) AS said FROM exchanges WHERE session = ?", row
        )
        return (found["turns"], found["said"]) if found else (0, 0)

    def running(self) -> int:
        """How many sessions run."""
        found = self._db.row("SELECT COUNT(*) AS running FROM sessions WHERE ended_at IS NULL")
        return int(found["running"]) if found else 0

    def memory_ids(self, session: Session) -> list[str]:
        """The memories that turns of a session were sent with."""
        rows = self._db.rows(
            "SELECT DISTINCT memory_id FROM exchanges WHERE session = ? AND memory_id IS NOT NULL", session.row
        )
        return [row["memory_id"] for row in rows]

    def end(self, session: Session, ended_at: datetime, memory_ids: Iterable[str], due_s: float) -> None:
        """End a session; its summaries, one for each memory, fall due then. With none it is deleted."""
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
        """The sessions that the idle limit ends by then."""
        rows = self._db.rows("SELECT * FROM sessions WHERE ended_at IS NULL AND idle_s <= ? ORDER BY idle_s", seconds)
        return [_session(row) for row in rows]

    def next_idle(self) -> float | None:
        """When the idle limit next ends a session."""
        row = self._db.row("SELECT MIN(idle_s) AS next FROM sessions WHERE ended_at IS NULL")
        return row["next"] if row else None

    def overview(self) -> list[dict[str, Any]]:
        """The sessions that run, for people to look at."""
        rows = self._db.rows(
            "SELECT agent_id, alias_id, session_id, started_at, waiting IS NOT NULL AS waits, "
            "(SELECT COUNT(*) FROM exchanges WHERE session = id) AS turns FROM sessions "
            "WHERE ended_at IS NULL ORDER BY id"
        )
        return [
            {
                "agentId": row["agent_id"],
                "agentAliasId": row["alias_id"],
                "sessionId": row["session_id"],
                "startedAt": row["started_at"],
                "turns": row["turns"],
                "waitsForResults": bool(row["waits"]),
            }
            for row in rows
        ]

    def none_idle_after(self, idle_s: float) -> None:
        """Bring deadlines back that lie later than any can: the clock was set back, or stood elsewhere before."""
        self._db.execute("UPDATE sessions SET idle_s = MIN(idle_s, ?) WHERE ended_at IS NULL", idle_s)


def _session(row: sqlite3.Row) -> Session:
    return Session(
        row=row["id"],
        agent_id=row["agent_id"],
        alias_id=row["alias_id"],
        session_id=row["session_id"],
        started_at=from_text(row["started_at"]),
        idle_s=row["idle_s"],
        brain=json.loads(row["brain"]),
        attributes=json.loads(row["attributes"]),
        injected=json.loads(row["injected"]),
        waiting=json.loads(row["waiting"]) if row["waiting"] else None,
    )


def _calls_text(exchange: Exchange) -> str:
    return json.dumps([asdict(call) for call in exchange.calls])
