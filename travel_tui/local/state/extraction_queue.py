"""Extractions of AgentCore memories that are to be done, sessions that wait for their episode, and failed ones."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from travel_tui.local.state.database import Database
from travel_tui.local.state.memory_events import ActorSession

_MAX_BATCH = 50
"""Events that are extracted at once."""


@dataclass(frozen=True, slots=True)
class ExtractionBatch:
    """Events of one session whose extraction is due."""

    rows: tuple[int, ...]
    key: ActorSession
    events: tuple[int, ...]
    """Row ids of the events."""
    outcome: str
    """"" or what a fault asked for."""
    strategy_id: str
    """The one strategy to run, or "" for all."""


@dataclass(frozen=True, slots=True)
class PendingEpisode:
    """A session that makes an episode once it is idle, from `first_event` on."""

    key: ActorSession
    first_event: int
    due_s: float


@dataclass(frozen=True, slots=True)
class FailedJob:
    """An extraction that failed, as a job that can be started again."""

    row: int
    job_id: str
    key: ActorSession
    strategy_id: str
    reason: str
    events: tuple[int, ...]


class ExtractionQueue:
    """The extractions in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, key: ActorSession, event: int, due_s: float, outcome: str = "", strategy_id: str = "") -> None:
        """Schedule the extraction of an event, by its row id, for the endpoint's running seconds `due_s`."""
        self._db.execute(
            "INSERT INTO pending_extractions (memory_arn, actor_id, session_id, event, due_s, outcome, strategy_id) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            *key.columns,
            event,
            due_s,
            outcome,
            strategy_id,
        )

    def first_due(self, seconds: float) -> ExtractionBatch | None:
        """Return the events to extract together with the first that is due."""
        first = self._db.row("SELECT * FROM pending_extractions WHERE due_s <= ? ORDER BY due_s, id LIMIT 1", seconds)
        if first is None:
            return None
        key = _key(first)
        rows = self._db.rows(
            "SELECT id, event FROM pending_extractions WHERE (memory_arn, actor_id, session_id) = (?, ?, ?) "
            "AND due_s <= ? AND outcome = ? AND strategy_id = ? ORDER BY due_s, id LIMIT ?",
            *key.columns,
            seconds,
            first["outcome"],
            first["strategy_id"],
            _MAX_BATCH,
        )
        return ExtractionBatch(
            tuple(row["id"] for row in rows),
            key,
            tuple(row["event"] for row in rows),
            first["outcome"],
            first["strategy_id"],
        )

    def done(self, batch: ExtractionBatch) -> None:
        """Delete the extractions of a batch from the queue."""
        self._db.many("DELETE FROM pending_extractions WHERE id = ?", [(row,) for row in batch.rows])

    def expect_episode(self, key: ActorSession, event: int, due_s: float) -> None:
        """Let a session make an episode at `due_s`, of this event and those since its last episode."""
        self._db.execute(
            "INSERT INTO pending_episodes VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET due_s = excluded.due_s",
            *key.columns,
            event,
            due_s,
        )

    def first_episode(self, seconds: float) -> PendingEpisode | None:
        """Return the first session whose episode is due."""
        row = self._db.row("SELECT * FROM pending_episodes WHERE due_s <= ? ORDER BY due_s LIMIT 1", seconds)
        return PendingEpisode(_key(row), row["first_event"], row["due_s"]) if row else None

    def episode_done(self, episode: PendingEpisode) -> None:
        """Delete a session's episode from the queue, unless the session had an event since."""
        self._db.execute(
            "DELETE FROM pending_episodes WHERE (memory_arn, actor_id, session_id) = (?, ?, ?) AND due_s = ?",
            *episode.key.columns,
            episode.due_s,
        )

    def next_due(self) -> float | None:
        """Return the time at which an extraction or an episode next falls due."""
        row = self._db.row(
            "SELECT MIN(due_s) AS next FROM (SELECT MIN(due_s) AS due_s FROM pending_extractions "
            "UNION ALL SELECT MIN(due_s) FROM pending_episodes)"
        )
        return row["next"] if row else None

    def cap_due_times(self, extraction_s: float, episode_s: float) -> None:
        """Limit due times: a clock set back, or ahead in an earlier run, left later ones."""
        self._db.execute("UPDATE pending_extractions SET due_s = ? WHERE due_s > ?", extraction_s, extraction_s)
        self._db.execute("UPDATE pending_episodes SET due_s = ? WHERE due_s > ?", episode_s, episode_s)

    def fail(self, job_id: str, key: ActorSession, strategy_id: str, reason: str, events: tuple[int, ...]) -> None:
        """Store a failed extraction."""
        self._db.execute(
            "INSERT INTO failed_extractions (job_id, memory_arn, actor_id, session_id, strategy_id, reason, events) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            job_id,
            *key.columns,
            strategy_id,
            reason,
            json.dumps(events),
        )

    def failed(self, memory_arn: str) -> list[FailedJob]:
        """Return the failed extractions of a memory, oldest first."""
        rows = self._db.rows("SELECT * FROM failed_extractions WHERE memory_arn = ? ORDER BY id", memory_arn)
        return [_failed(row) for row in rows]

    def retry(self, job: FailedJob, due_s: float) -> None:
        """Schedule a failed extraction again and delete it from the failed ones; deleted events are left out."""
        self._db.execute("DELETE FROM failed_extractions WHERE id = ?", job.row)
        for event in job.events:
            if self._db.row("SELECT 1 FROM memory_events WHERE id = ?", event):
                self.add(job.key, event, due_s, strategy_id=job.strategy_id)

    def pending_overview(self, now_s: float) -> list[dict[str, object]]:
        """Return the sessions with pending extractions, for display."""
        rows = self._db.rows(
            "SELECT memory_arn, actor_id, session_id, COUNT(*) AS events, MIN(due_s) AS due_s FROM pending_extractions "
            "GROUP BY memory_arn, actor_id, session_id ORDER BY due_s"
        )
        return [
            {
                "memoryArn": row["memory_arn"],
                "actorId": row["actor_id"],
                "sessionId": row["session_id"],
                "events": row["events"],
                "inSeconds": round(row["due_s"] - now_s, 3),
            }
            for row in rows
        ]

    def delete_memory(self, memory_arn: str) -> None:
        """Delete everything about a memory."""
        for table in ("pending_extractions", "pending_episodes", "failed_extractions"):
            self._db.execute(f"DELETE FROM {table} WHERE memory_arn = ?", memory_arn)


def _key(row: sqlite3.Row) -> ActorSession:
    return ActorSession(row["memory_arn"], row["actor_id"], row["session_id"])


def _failed(row: sqlite3.Row) -> FailedJob:
    return FailedJob(
        row["id"], row["job_id"], _key(row), row["strategy_id"], row["reason"], tuple(json.loads(row["events"]))
    )
