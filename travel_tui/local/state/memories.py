"""The memory: summaries of ended sessions, and pending summaries."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from travel_tui.local.state.agents import AliasKey
from travel_tui.local.state.database import Database
from travel_tui.local.state.scope import scope_with_key
from travel_tui.local.state.timestamps import from_text, to_text


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
class SummaryJob:
    """A session that has ended and whose summary is not written yet."""

    session: int
    alias: AliasKey
    memory_id: str
    session_id: str
    started_at: str
    ended_at: str
    """`started_at` and `ended_at` in the database's format."""
    agent_state: str
    """The agent's state at the session's end, in the database's format."""


class Memories:
    """The summaries in the database. A memory id is unique within an alias."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def newest(
        self,
        alias: AliasKey,
        memory_id: str,
        *,
        since: datetime,
        limit: int,
        after: tuple[str, int] | None = None,
    ) -> list[Summary]:
        """Return up to `limit` summaries, newest first, of sessions that ended at `since` or later.

        `after` is the `position` of the summary to continue after.
        """
        rows = self._db.rows(
            "SELECT * FROM summaries WHERE (scope, agent_id, alias_id, memory_id) = (?, ?, ?, ?) AND ended_at >= ? "
            "AND (ended_at, id) < (?, ?) ORDER BY ended_at DESC, id DESC LIMIT ?",
            *alias.columns,
            memory_id,
            to_text(since),
            *(after or ("~", 0)),  # "~" sorts after every date
            limit,
        )
        return [_summary(row) for row in rows]

    def first_due(self, seconds: float) -> SummaryJob | None:
        """Return the first summary due at or before `seconds`."""
        row = self._db.row(
            "SELECT p.session, scope, agent_id, alias_id, memory_id, session_id, started_at, ended_at, "
            "brain AS agent_state FROM pending_summaries p JOIN sessions s ON s.id = p.session WHERE due_s <= ? "
            "ORDER BY due_s, p.rowid LIMIT 1",
            seconds,
        )
        if row is None:
            return None
        values = dict(row)
        scope = scope_with_key(values.pop("scope"))
        return SummaryJob(alias=AliasKey(scope, values.pop("agent_id"), values.pop("alias_id")), **values)

    def next_due(self) -> float | None:
        """Return the due time of the next summary."""
        row = self._db.row("SELECT MIN(due_s) AS next FROM pending_summaries")
        return row["next"] if row else None

    def cap_due_times(self, seconds: float) -> None:
        """Limit due times to `seconds`: a clock set back, or ahead in an earlier run, left later ones."""
        self._db.execute("UPDATE pending_summaries SET due_s = MIN(due_s, ?)", seconds)

    def store(self, pending: SummaryJob, text: str | None, keep_since: datetime | None) -> None:
        """Store the summary of a session, or with None no summary, and delete the session's turns.

        Also deletes that agent's summaries from before `keep_since`, if given. Nothing is stored for a session whose
        memory was deleted while its summary was being written.
        """
        with self._db.transaction():
            is_pending = self._is_pending(pending)
            if text is not None and is_pending:
                self._db.execute(
                    "INSERT INTO summaries "
                    "(scope, agent_id, alias_id, memory_id, session_id, started_at, ended_at, text) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    *pending.alias.columns,
                    pending.memory_id,
                    pending.session_id,
                    pending.started_at,
                    pending.ended_at,
                    text,
                )
            if is_pending:  # otherwise the row may belong to another session by now
                self._drop_pending(pending.session, pending.memory_id)
            if keep_since:
                self._db.execute(
                    "DELETE FROM summaries WHERE (scope, agent_id, alias_id) = (?, ?, ?) AND ended_at < ?",
                    *pending.alias.columns,
                    to_text(keep_since),
                )

    def delete(self, alias: AliasKey, memory_id: str | None, session_id: str | None) -> None:
        """Delete the summaries of a memory, a session, or a session in a memory, including pending ones."""
        space = "(scope, agent_id, alias_id) = (?, ?, ?) AND memory_id = COALESCE(?, memory_id) "
        space += "AND session_id = COALESCE(?, session_id)"
        values = (*alias.columns, memory_id, session_id)
        with self._db.transaction():
            self._db.execute(f"DELETE FROM summaries WHERE {space}", *values)
            pending = self._db.rows(
                f"SELECT session, memory_id FROM pending_summaries JOIN sessions ON id = session WHERE {space}",
                *values,
            )
            for row in pending:
                self._drop_pending(row["session"], row["memory_id"])

    def overview(self) -> list[dict[str, Any]]:
        """Return the number of summaries of each memory, for display."""
        rows = self._db.rows(
            "SELECT scope, agent_id, alias_id, memory_id, COUNT(*) AS summaries FROM summaries "
            "GROUP BY scope, agent_id, alias_id, memory_id"
        )
        return [
            {
                "region": scope_with_key(row["scope"]).region,
                "agentId": row["agent_id"],
                "agentAliasId": row["alias_id"],
                "memoryId": row["memory_id"],
                "summaries": row["summaries"],
            }
            for row in rows
        ]

    def pending_overview(self, now_s: float) -> list[dict[str, Any]]:
        """Return the pending summaries, for display."""
        rows = self._db.rows(
            "SELECT memory_id, session_id, due_s FROM pending_summaries p JOIN sessions s ON s.id = p.session "
            "ORDER BY due_s"
        )
        return [
            {"memoryId": row["memory_id"], "sessionId": row["session_id"], "inSeconds": round(row["due_s"] - now_s, 3)}
            for row in rows
        ]

    def _is_pending(self, pending: SummaryJob) -> bool:
        sql = "SELECT 1 FROM pending_summaries JOIN sessions ON id = session WHERE session = ? AND memory_id = ? "
        sql += "AND session_id = ? AND started_at = ?"
        values = (pending.session, pending.memory_id, pending.session_id, pending.started_at)
        return self._db.row(sql, *values) is not None

    def _drop_pending(self, session: int, memory_id: str) -> None:
        self._db.execute("DELETE FROM pending_summaries WHERE session = ? AND memory_id = ?", session, memory_id)
        self._db.execute(
            "DELETE FROM sessions WHERE id = ? AND NOT EXISTS (SELECT 1 FROM pending_summaries WHERE session = ?)",
            session,
            session,
        )


def position(summary: Summary) -> tuple[str, int]:
    """Return a summary's sort position in `Memories.newest`."""
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
