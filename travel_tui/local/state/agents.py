"""Agents, their action groups, versions and aliases, as documents in AWS's shapes; and the runtime's view of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from travel_tui.local.brain.moves import Function, FunctionParameter
from travel_tui.local.state.database import Database

Document = dict[str, Any]

DRAFT = "DRAFT"
TEST_ALIAS = "TSTALIASID"
"""The alias that every agent has and that answers with its DRAFT as last prepared."""

_STORAGE_DAYS = 30
_RECENT_SESSIONS = 20
"""AWS's defaults where an agent's memory is enabled without saying more (user guide, agents-configure-memory)."""


@dataclass(frozen=True, slots=True)
class MemorySettings:
    """How an agent's memory is configured."""

    storage_days: int
    max_recent_sessions: int


@dataclass(frozen=True, slots=True)
class AgentVersion:
    """What answers behind an alias: a version of an agent as it was prepared."""

    agent_id: str
    agent_arn: str
    alias_id: str
    alias_arn: str
    version: str
    name: str
    instruction: str
    foundation_model: str
    idle_limit: int
    """Seconds without a turn after which a session ends."""
    memory: MemorySettings | None
    """None where the agent has no memory."""
    functions: tuple[Function, ...]
    lambdas: Mapping[str, str]
    """The Lambda function's ARN behind each action group that has one, by the group's name."""
    return_control: frozenset[str] = frozenset()
    """The names of the action groups whose functions the caller runs (customControl RETURN_CONTROL)."""


class Agents:
    """The agents in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def agent(self, agent_id: str) -> Document | None:
        """An agent as it is being edited."""
        row = self._db.row("SELECT document FROM agents WHERE agent_id = ?", agent_id)
        return json.loads(row["document"]) if row else None

    def save_agent(self, document: Document) -> None:
        """Create or change an agent."""
        self._db.execute(
            "INSERT INTO agents VALUES (?, ?, ?) ON CONFLICT (agent_id) DO UPDATE SET name = excluded.name, "
            "document = excluded.document",
            document["agentId"],
            document["agentName"],
            json.dumps(document),
        )

    def action_groups(self, agent_id: str) -> list[Document]:
        """The action groups of an agent as it is being edited."""
        rows = self._db.rows("SELECT document FROM action_groups WHERE agent_id = ? ORDER BY rowid", agent_id)
        return [json.loads(row["document"]) for row in rows]

    def save_action_group(self, document: Document) -> None:
        """Create or change an action group."""
        self._db.execute(
            "INSERT INTO action_groups VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document",
            document["agentId"],
            document["actionGroupId"],
            json.dumps(document),
        )

    def save_alias(self, document: Document, version: str) -> None:
        """Create or change an alias, which answers with `version`."""
        self._db.execute(
            "INSERT INTO agent_aliases VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET version = excluded.version, document = excluded.document",
            document["agentId"],
            document["agentAliasId"],
            version,
            json.dumps(document),
        )

    def freeze(self, agent_id: str, version: str) -> None:
        """Keep the agent and its action groups as they are now as `version`; DRAFT is what preparing makes."""
        self._db.execute(
            "INSERT INTO agent_versions VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET agent = excluded.agent, action_groups = excluded.action_groups",
            agent_id,
            version,
            json.dumps(self.agent(agent_id)),
            json.dumps(self.action_groups(agent_id)),
        )

    def overview(self) -> list[Document]:
        """The agents, for people to look at."""
        rows = self._db.rows("SELECT document FROM agents ORDER BY agent_id")
        named = ("agentId", "agentName", "agentStatus")
        return [{key: json.loads(row["document"]).get(key) for key in named} for row in rows]

    def behind(self, agent_id: str, alias_id: str) -> AgentVersion | None:
        """What answers behind an alias; None where agent, alias or a prepared version of it is missing."""
        row = self._db.row(
            "SELECT version, document, agent, action_groups FROM agent_aliases JOIN agent_versions "
            "USING (agent_id, version) WHERE agent_id = ? AND alias_id = ?",
            agent_id,
            alias_id,
        )
        if row is None:
            return None
        agent, alias = json.loads(row["agent"]), json.loads(row["document"])
        groups = [g for g in json.loads(row["action_groups"]) if g["actionGroupState"] == "ENABLED"]
        return AgentVersion(
            agent_id=agent_id,
            agent_arn=agent["agentArn"],
            alias_id=alias_id,
            alias_arn=alias["agentAliasArn"],
            version=row["version"],
            name=agent["agentName"],
            instruction=agent.get("instruction", ""),
            foundation_model=agent.get("foundationModel", ""),
            idle_limit=agent["idleSessionTTLInSeconds"],
            memory=_memory(agent.get("memoryConfiguration", {})),
            functions=tuple(function for group in groups for function in _functions(group)),
            lambdas={
                group["actionGroupName"]: group["actionGroupExecutor"]["lambda"]
                for group in groups
                if "lambda" in group.get("actionGroupExecutor", {})
            },
            return_control=frozenset(
                group["actionGroupName"]
                for group in groups
                if group.get("actionGroupExecutor", {}).get("customControl") == "RETURN_CONTROL"
            ),
        )


def _memory(configuration: Document) -> MemorySettings | None:
    if "SESSION_SUMMARY" not in configuration.get("enabledMemoryTypes", []):
        return None
    sessions = configuration.get("sessionSummaryConfiguration", {})
    return MemorySettings(
        storage_days=configuration.get("storageDays", _STORAGE_DAYS),
        max_recent_sessions=sessions.get("maxRecentSessions", _RECENT_SESSIONS),
    )


def _functions(group: Document) -> list[Function]:
    return [
        Function(
            name=function["name"],
            description=function.get("description", ""),
            action_group=group["actionGroupName"],
            require_confirmation=function.get("requireConfirmation") == "ENABLED",
            parameters=tuple(
                FunctionParameter(
                    name=name,
                    type=detail["type"],
                    required=detail.get("required", False),
                    description=detail.get("description", ""),
                )
                for name, detail in function.get("parameters", {}).items()
            ),
        )
        for function in group.get("functionSchema", {}).get("functions", [])
    ]
