"""The memory: summaries of ended sessions, and those that are still to be written."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from travel_tui.local.state.database import Database
from travel_tui.local.state.moments import from_text, to_text


@dataclass(frozen=True, slots=True)
class Summary:
    """The stored memory of one session."""

    row: int
    memory_id: str
    session_id: str
    started_at: datetime
    ended_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class PendingSummary:
    """A session that ended and whose summary is still to be written."""

    session: int
    agent_id: str
    alias_id: str
    memory_id: str
    session_id: str
    started_at: str
    ended_at: str
    """Both as the database keeps them."""
    brain: str
    """The brain's state at the session's end, as the database keeps it."""


class Memories:
    """The summaries in the database. Agent and alias together are the space that a memory id is unique in."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def newest(
        self,
        agent_id: str,
        alias_id: str,
        memory_id: str,
        *,
        since: datetime,
        limit: int,
        after: tuple[str, int] | None = None,
    ) -> list[Summary]:
        """Up to `limit` summaries, newest first, of sessions that ended at `since` or later.

        `after` is the `position` of the summary to go on behind.
        """
        rows = self._db.rows(
            "SELECT * FROM summaries WHERE agent_id = ? AND alias_id = ? AND memory_id = ? AND ended_at >= ? "
            "AND (ended_at, id) < (?, ?) ORDER BY ended_at DESC, id DESC LIMIT ?",
            agent_id,
            alias_id,
            memory_id,
            to_text(since),
            *(after or ("~", 0)),  # "~" sorts behind every date
            limit,
        )
        return [_summary(row) for row in rows]

    def first_due(self, seconds: float) -> PendingSummary | None:
        """The summary to be written first of those that fall due by then."""
        row = self._db.row(
            "SELECT p.session, agent_id, alias_id, memory_id, session_id, started_at, ended_at, brain "
            "FROM pending_summaries p JOIN sessions s ON s.id = p.session WHERE due_s <= ? "
            "ORDER BY due_s, p.rowid LIMIT 1",
            seconds,
        )
        return PendingSummary(**row) if row else None

    def next_due(self) -> float | None:
        """When the next summary falls due."""
        row = self._db.row("SELECT MIN(due_s) AS next FROM pending_summaries")
        return row["next"] if row else None

    def none_due_after(self, seconds: float) -> None:
        """Bring due times back that lie later than any can: the clock was set back, or stood elsewhere before."""
        self._db.execute("UPDATE pending_summaries SET due_s = MIN(due_s, ?)", seconds)

    def store(self, pending: PendingSummary, text: str | None, keep_since: datetime | None) -> None:
        """Keep the summary of a session, or with None nothing of it, and drop what the session itself held.

        Summaries of that agent from before `keep_since`, where it is given, are dropped too.
        """
        with self._db.transaction():
            if text is not None:
                self._db.execute(
                    "INSERT INTO summaries (agent_id, alias_id, memory_id, session_id, started_at, ended_at, text) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    pending.agent_id,
                    pending.alias_id,
                    pending.memory_id,
                    pending.session_id,
                    pending.started_at,
                    pending.ended_at,
                    text,
                )
            self._drop_pending(pending.session, pending.memory_id)
            if keep_since:
                self._db.execute(
                    "DELETE FROM summaries WHERE agent_id = ? AND alias_id = ? AND ended_at < ?",
                    pending.agent_id,
                    pending.alias_id,
                    to_text(keep_since),
                )

    def forget(self, agent_id: str, alias_id: str, memory_id: str | None, session_id: str | None) -> None:
        """Delete the summaries of a memory, a session, or a session in a memory; those still to be written too."""
        space = "agent_id = ? AND alias_id = ? AND memory_id = COALESCE(?, memory_id) "
        space += "AND session_id = COALESCE(?, session_id)"
        values = (agent_id, alias_id, memory_id, session_id)
        with self._db.transaction():
            self._db.execute(f"DELETE FROM summaries WHERE {space}", *values)
            pending = self._db.rows(
                f"SELECT session, memory_id FROM pending_summaries JOIN sessions ON id = session WHERE {space}",
                *values,
            )
            for row in pending:
                self._drop_pending(row["session"], row["memory_id"])

    def overview(self) -> list[dict[str, Any]]:
        """How many summaries each memory holds, for people to look at."""
        rows = self._db.rows(
            "SELECT agent_id, alias_id, memory_id, COUNT(*) AS summaries FROM summaries "
            "GROUP BY agent_id, alias_id, memory_id"
        )
        return [
            {
                "agentId": row["agent_id"],
                "agentAliasId": row["alias_id"],
                "memoryId": row["memory_id"],
                "summaries": row["summaries"],
            }
            for row in rows
        ]

    def pending_overview(self, now_s: float) -> list[dict[str, Any]]:
        """The summaries that are still to be written, for people to look at."""
        rows = self._db.rows(
            "SELECT memory_id, session_id, due_s FROM pending_summaries p JOIN sessions s ON s.id = p.session "
            "ORDER BY due_s"
        )
        return [
            {"memoryId": row["memory_id"], "sessionId": row["session_id"], "inSeconds": round(row["due_s"] - now_s, 3)}
            for row in rows
        ]

    def _drop_pending(self, session: int, memory_id: str) -> None:
        self._db.execute("DELETE FROM pending_summaries WHERE session = ? AND memory_id = ?", session, memory_id)
        self._db.execute(
            "DELETE FROM sessions WHERE id = ? AND NOT EXISTS (SELECT 1 FROM pending_summaries WHERE session = ?)",
            session,
            session,
        )


def position(summary: Summary) -> tuple[str, int]:
    """Where a summary stands in the order of `Memories.newest`."""
    return to_text(summary.ended_at), summary.row


def _summary(row: sqlite3.Row) -> Summary:
    return Summary(
        row=row["id"],
        memory_id=row["memory_id"],
        session_id=row["session_id"],
        started_at=from_text(row["started_at"]),
        ended_at=from_text(row["ended_at"]),
        text=row["text"],
    )
