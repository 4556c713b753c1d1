"""Agents, action groups, versions and aliases as documents in AWS's shapes, and the runtime's view of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from travel_tui.local.openapi import functions_of
from travel_tui.local.prompts import StepPrompt, prompts_of
from travel_tui.local.scripted_agent.messages import Function, FunctionParameter
from travel_tui.local.state.database import Database
from travel_tui.local.state.scope import Scope

Document = dict[str, Any]

DRAFT = "DRAFT"
TEST_ALIAS = "TSTALIASID"
"""The alias that every agent has, which points at its DRAFT as last prepared."""

_STORAGE_DAYS = 30
_RECENT_SESSIONS = 20
"""AWS's defaults for an enabled memory without further settings (user guide, agents-configure-memory)."""


@dataclass(frozen=True, slots=True)
class AliasKey:
    """An alias of an agent: sessions and memories belong to one."""

    scope: Scope
    agent_id: str
    alias_id: str

    @property
    def columns(self) -> tuple[str, str, str]:
        """The values of the columns scope, agent_id and alias_id."""
        return self.scope.key, self.agent_id, self.alias_id


@dataclass(frozen=True, slots=True)
class MemorySettings:
    """Settings of an agent's memory."""

    storage_days: int
    max_recent_sessions: int


@dataclass(frozen=True, slots=True)
class AgentVersion:
    """The version of an agent behind an alias, as it was prepared."""

    key: AliasKey
    agent_arn: str
    alias_arn: str
    version: str
    name: str
    instruction: str
    foundation_model: str
    idle_limit: int
    """Seconds without a turn after which a session ends."""
    memory: MemorySettings | None
    """None if the agent has no memory."""
    functions: tuple[Function, ...]
    lambdas: Mapping[str, str]
    """ARN of the Lambda function behind each action group that has one, by the group's name."""
    return_control: frozenset[str] = frozenset()
    """The names of the action groups whose functions the caller runs (customControl RETURN_CONTROL)."""
    paused: bool = False
    """Whether the alias rejects invocations."""
    prompts: Mapping[str, StepPrompt] = field(default_factory=lambda: prompts_of({}))
    """The prompt of each step, by its type."""

    @property
    def agent_id(self) -> str:
        """The agent's id."""
        return self.key.agent_id

    @property
    def alias_id(self) -> str:
        """The alias's id."""
        return self.key.alias_id


class Agents:
    """The agents of one scope in the database."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._db = database
        self._scope = scope

    def agent(self, agent_id: str) -> Document | None:
        """Return the working draft of an agent."""
        row = self._db.row("SELECT document FROM agents WHERE (scope, agent_id) = (?, ?)", self._scope.key, agent_id)
        return json.loads(row["document"]) if row else None

    def save_agent(self, document: Document) -> None:
        """Create or change an agent."""
        self._db.execute(
            "INSERT INTO agents VALUES (?, ?, ?, ?) ON CONFLICT (scope, agent_id) DO UPDATE SET name = excluded.name, "
            "document = excluded.document",
            self._scope.key,
            document["agentId"],
            document["agentName"],
            json.dumps(document),
        )

    def action_groups(self, agent_id: str) -> list[Document]:
        """Return the action groups of an agent's working draft."""
        rows = self._db.rows(
            "SELECT document FROM action_groups WHERE (scope, agent_id) = (?, ?) ORDER BY rowid",
            self._scope.key,
            agent_id,
        )
        return [json.loads(row["document"]) for row in rows]

    def save_action_group(self, document: Document) -> None:
        """Create or change an action group."""
        self._db.execute(
            "INSERT INTO action_groups VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document",
            self._scope.key,
            document["agentId"],
            document["actionGroupId"],
            json.dumps(document),
        )

    def save_alias(self, document: Document, version: str) -> None:
        """Create or change an alias that points at `version`."""
        self._db.execute(
            "INSERT INTO agent_aliases VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET version = excluded.version, document = excluded.document",
            self._scope.key,
            document["agentId"],
            document["agentAliasId"],
            version,
            json.dumps(document),
        )

    def save_as_version(self, agent_id: str, version: str) -> None:
        """Save the agent and its action groups as `version`; preparing an agent saves DRAFT."""
        self._db.execute(
            "INSERT INTO agent_versions VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET agent = excluded.agent, action_groups = excluded.action_groups",
            self._scope.key,
            agent_id,
            version,
            json.dumps(self.agent(agent_id)),
            json.dumps(self.action_groups(agent_id)),
        )

    def version_behind_alias(self, agent_id: str, alias_id: str) -> AgentVersion | None:
        """Return the version behind an alias; None if agent, alias or a prepared version is missing."""
        key = AliasKey(self._scope, agent_id, alias_id)
        row = self._db.row(
            "SELECT version, document, agent, action_groups FROM agent_aliases JOIN agent_versions "
            "USING (scope, agent_id, version) WHERE (scope, agent_id, alias_id) = (?, ?, ?)",
            *key.columns,
        )
        if row is None:
            return None
        agent, alias = json.loads(row["agent"]), json.loads(row["document"])
        groups = [g for g in json.loads(row["action_groups"]) if g["actionGroupState"] == "ENABLED"]
        return AgentVersion(
            key=key,
            agent_arn=agent["agentArn"],
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
            paused=alias.get("aliasInvocationState") == "REJECT_INVOCATIONS",
            prompts=prompts_of(agent.get("promptOverrideConfiguration", {})),
        )


def agents_everywhere(database: Database) -> list[Document]:
    """Return an overview of the agents in all scopes, for display."""
    rows = database.rows("SELECT document FROM agents ORDER BY scope, agent_id")
    named = ("agentId", "agentName", "agentStatus", "agentArn")
    return [{key: json.loads(row["document"]).get(key) for key in named} for row in rows]


def _memory(configuration: Document) -> MemorySettings | None:
    if "SESSION_SUMMARY" not in configuration.get("enabledMemoryTypes", []):
        return None
    sessions = configuration.get("sessionSummaryConfiguration", {})
    return MemorySettings(
        storage_days=configuration.get("storageDays", _STORAGE_DAYS),
        max_recent_sessions=sessions.get("maxRecentSessions", _RECENT_SESSIONS),
    )


def _functions(group: Document) -> Sequence[Function]:
    if "apiSchema" in group:
        return functions_of(group["apiSchema"]["payload"], group["actionGroupName"])
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
