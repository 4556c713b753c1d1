"""Agents with all that belongs to them, as the control plane lists, changes and deletes them."""

from __future__ import annotations

import json

from travel_tui.local.state.database import Database
from travel_tui.local.state.resources import Document


class AgentRecords:
    """The rows of agents, action groups, aliases and versions. `Agents` is the runtime's view of the same."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def agents(self) -> list[Document]:
        """All agents."""
        return [json.loads(row["document"]) for row in self._db.rows("SELECT document FROM agents")]

    def named(self, name: str, *, beside: str) -> bool:
        """Whether there is an agent of that name, `beside` (an agent id) left out."""
        return self._db.row("SELECT 1 FROM agents WHERE name = ? AND agent_id <> ?", name, beside) is not None

    def delete_agent(self, agent_id: str) -> None:
        """Delete an agent with its action groups, aliases, versions, sessions and memories."""
        for table in ("sessions", "summaries", "agents"):
            self._db.execute(f"DELETE FROM {table} WHERE agent_id = ?", agent_id)

    def delete_action_group(self, agent_id: str, group_id: str) -> None:
        """Delete an action group of the DRAFT."""
        self._db.execute("DELETE FROM action_groups WHERE agent_id = ? AND action_group_id = ?", agent_id, group_id)

    def aliases(self, agent_id: str) -> list[Document]:
        """The aliases of an agent."""
        rows = self._db.rows("SELECT document FROM agent_aliases WHERE agent_id = ? ORDER BY rowid", agent_id)
        return [json.loads(row["document"]) for row in rows]

    def delete_alias(self, agent_id: str, alias_id: str) -> None:
        """Delete an alias with the sessions and memories that were had through it."""
        for table in ("sessions", "summaries", "agent_aliases"):
            self._db.execute(f"DELETE FROM {table} WHERE agent_id = ? AND alias_id = ?", agent_id, alias_id)

    def versions(self, agent_id: str) -> list[Document]:
        """What is kept of an agent's versions, DRAFT as it was last prepared among them."""
        rows = self._db.rows("SELECT agent FROM agent_versions WHERE agent_id = ? ORDER BY rowid", agent_id)
        return [json.loads(row["agent"]) for row in rows]

    def save_version(self, agent_id: str, agent: Document, groups: list[Document]) -> None:
        """Create or change a version; `agent` says in agentVersion which."""
        self._db.execute(
            "INSERT INTO agent_versions VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET agent = excluded.agent, action_groups = excluded.action_groups",
            agent_id,
            agent["agentVersion"],
            json.dumps(agent),
            json.dumps(groups),
        )

    def version_groups(self, agent_id: str, version: str) -> list[Document]:
        """The action groups of a version."""
        row = self._db.row(
            "SELECT action_groups FROM agent_versions WHERE agent_id = ? AND version = ?", agent_id, version
        )
        found: list[Document] = json.loads(row["action_groups"]) if row else []
        return found

    def delete_version(self, agent_id: str, version: str) -> None:
        """Delete a version."""
        self._db.execute("DELETE FROM agent_versions WHERE agent_id = ? AND version = ?", agent_id, version)
