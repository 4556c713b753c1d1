"""Sessions of AgentCore harnesses: the agent's state, and the call that waits for its result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from travel_tui.local.state.database import Database


@dataclass(slots=True)
class HarnessSession:
    """A session of an actor with a harness."""

    harness_arn: str
    actor_id: str
    session_id: str
    agent_state: Mapping[str, Any] = field(default_factory=dict)
    waiting: dict[str, Any] | None = None
    """The call whose result the session waits for: toolUseId, name and parameters."""
    turns: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the session: harness, actor and id."""
        return self.harness_arn, self.actor_id, self.session_id


class HarnessSessions:
    """The sessions in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, harness_arn: str, actor_id: str, session_id: str) -> HarnessSession | None:
        """Return a session; None if it has had no turn."""
        row = self._db.row(
            "SELECT * FROM harness_sessions WHERE (harness_arn, actor_id, session_id) = (?, ?, ?)",
            harness_arn,
            actor_id,
            session_id,
        )
        if row is None:
            return None
        waiting = json.loads(row["waiting"]) if row["waiting"] else None
        return HarnessSession(harness_arn, actor_id, session_id, json.loads(row["agent_state"]), waiting, row["turns"])

    def save(self, session: HarnessSession) -> None:
        """Create or change a session."""
        self._db.execute(
            "INSERT INTO harness_sessions (harness_arn, actor_id, session_id, agent_state, waiting, turns) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET agent_state = excluded.agent_state, "
            "waiting = excluded.waiting, turns = excluded.turns",
            *session.key,
            json.dumps(session.agent_state),
            json.dumps(session.waiting) if session.waiting else None,
            session.turns,
        )

    def count(self) -> int:
        """Return the number of all sessions, those deleted in the middle included."""
        row = self._db.row("SELECT MAX(id) AS number FROM harness_sessions")
        return int(row["number"] or 0) if row else 0

    def delete_harness(self, harness_arn: str) -> None:
        """Delete all sessions of a harness."""
        self._db.execute("DELETE FROM harness_sessions WHERE harness_arn = ?", harness_arn)
