"""Records of agents and everything that belongs to them: listing, changes and deletion for the control plane."""

from __future__ import annotations

import json

from travel_tui.local.state.database import Database
from travel_tui.local.state.resources import Document
from travel_tui.local.state.scope import Scope


class AgentRecords:
    """The rows of one scope's agents, action groups, aliases and versions. `Agents` is the runtime's view of them."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._db = database
        self._scope = scope.key

    def agents(self) -> list[Document]:
        """Return all agents."""
        sql = "SELECT document FROM agents WHERE scope = ?"
        return [json.loads(row["document"]) for row in self._db.rows(sql, self._scope)]

    def named(self, name: str, *, beside: str) -> bool:
        """Whether an agent with that name exists, other than the agent with the id `beside`."""
        sql = "SELECT 1 FROM agents WHERE (scope, name) = (?, ?) AND agent_id <> ?"
        return self._db.row(sql, self._scope, name, beside) is not None

    def delete_agent(self, agent_id: str) -> None:
        """Delete an agent with its action groups, aliases, versions, sessions and memories."""
        for table in ("sessions", "summaries", "agents"):
            self._db.execute(f"DELETE FROM {table} WHERE (scope, agent_id) = (?, ?)", self._scope, agent_id)

    def delete_action_group(self, agent_id: str, group_id: str) -> None:
        """Delete an action group of the DRAFT."""
        sql = "DELETE FROM action_groups WHERE (scope, agent_id, action_group_id) = (?, ?, ?)"
        self._db.execute(sql, self._scope, agent_id, group_id)

    def aliases(self, agent_id: str) -> list[Document]:
        """Return the aliases of an agent."""
        sql = "SELECT document FROM agent_aliases WHERE (scope, agent_id) = (?, ?) ORDER BY rowid"
        rows = self._db.rows(sql, self._scope, agent_id)
        return [json.loads(row["document"]) for row in rows]

    def delete_alias(self, agent_id: str, alias_id: str) -> None:
        """Delete an alias with the sessions and memories that used it."""
        for table in ("sessions", "summaries", "agent_aliases"):
            sql = f"DELETE FROM {table} WHERE (scope, agent_id, alias_id) = (?, ?, ?)"
            self._db.execute(sql, self._scope, agent_id, alias_id)

    def versions(self, agent_id: str) -> list[Document]:
        """Return the stored versions of an agent, including DRAFT as last prepared."""
        sql = "SELECT agent FROM agent_versions WHERE (scope, agent_id) = (?, ?) ORDER BY rowid"
        rows = self._db.rows(sql, self._scope, agent_id)
        return [json.loads(row["agent"]) for row in rows]

    def save_version(self, agent_id: str, agent: Document, groups: list[Document]) -> None:
        """Create or change a version, whose number is in the agent's agentVersion."""
        self._db.execute(
            "INSERT INTO agent_versions VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET agent = excluded.agent, action_groups = excluded.action_groups",
            self._scope,
            agent_id,
            agent["agentVersion"],
            json.dumps(agent),
            json.dumps(groups),
        )

    def version_groups(self, agent_id: str, version: str) -> list[Document]:
        """Return the action groups of a version."""
        sql = "SELECT action_groups FROM agent_versions WHERE (scope, agent_id, version) = (?, ?, ?)"
        row = self._db.row(sql, self._scope, agent_id, version)
        found: list[Document] = json.loads(row["action_groups"]) if row else []
        return found

    def delete_version(self, agent_id: str, version: str) -> None:
        """Delete a version."""
        sql = "DELETE FROM agent_versions WHERE (scope, agent_id, version) = (?, ?, ?)"
        self._db.execute(sql, self._scope, agent_id, version)
