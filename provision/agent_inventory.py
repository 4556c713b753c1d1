"""Report on existing agents, and the problems that prevent chatting with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from travel_tui.agent import ErrorKind, Problem

DRAFT = "DRAFT"
TEST_ALIAS = "TSTALIASID"
"""Alias of every agent; it always points at the DRAFT."""
MEMORY = "SESSION_SUMMARY"
_READY = "PREPARED"
_BY_HAND = frozenset({"FAILED", "NOT_PREPARED"})
"""States that last until somebody prepares the agent; all others are transient."""


@dataclass(frozen=True, slots=True)
class ListedAgent:
    """An agent of the account, as listed by ListAgents."""

    agent_id: str
    name: str
    status: str
    description: str


@dataclass(frozen=True, slots=True)
class ListedAlias:
    """An alias of an agent, as listed by ListAgentAliases; `version` is empty if it points at none."""

    alias_id: str
    name: str
    status: str
    version: str


@dataclass(frozen=True, slots=True)
class FunctionReport:
    """A function of an agent."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class ActionGroupReport:
    """An action group; without functions it is AWS's own, has an API schema, or must not be read.

    `lambda_arn` is its Lambda function; None if there is none, or it must not be read.
    """

    name: str
    description: str
    functions: tuple[FunctionReport, ...]
    lambda_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Information that could not be read: the missing permission, the unknown property, and AWS's own message.

    If the caller is not `denied`, the call does not exist at that endpoint.
    """

    action: str
    unknown: str
    why: str
    denied: bool = True


@dataclass(frozen=True, slots=True)
class AgentReport:
    """Report on an agent behind one of its aliases; None means that a property could not be read."""

    agent_id: str
    alias_id: str
    arn: str | None = None
    name: str | None = None
    description: str | None = None
    status: str | None = None
    reasons: tuple[str, ...] = ()
    alias_name: str | None = None
    alias_status: str | None = None
    version: str | None = None
    model: str | None = None
    idle_s: int | None = None
    remembers: bool | None = None
    memory_days: int | None = None
    action_groups: tuple[ActionGroupReport, ...] | None = None
    unchecked: tuple[Unchecked, ...] = ()

    def problem(self, options: str = "") -> Problem | None:
        """Return the known problem that prevents chatting; `options` are the AWS CLI's options for the location."""
        if self.status not in (None, _READY):
            by_hand = f"Prepare it with `aws bedrock-agent prepare-agent --agent-id {self.agent_id}{options}`"
            advice = by_hand if self.status in _BY_HAND else "Wait until it is"
            why = " ".join((f"Its state is {self.status}.", *self.reasons))
            return Problem(ErrorKind.CONFLICT, "The agent is not prepared.", why, f"{advice} and try again.")
        if self.alias_status not in (None, _READY):
            return Problem(
                ErrorKind.CONFLICT,
                "The alias rejects invocations.",
                f"The state of {self.alias_id} is {self.alias_status}.",
                "Choose another alias with --alias-id, or wait until it is PREPARED and try again.",
            )
        if self.remembers is False:
            renewed = "prepare it" if self.version == DRAFT else "prepare it, point the alias at a new version"
            return Problem(
                ErrorKind.CONFLICT,
                "The agent has no memory.",
                f"{MEMORY} is not among the memory types that are enabled for its version {self.version}.",
                f"Turn memory on in the Amazon Bedrock console (Edit in Agent Builder, Memory), {renewed} and try "
                "again; or choose another agent with --agent-id.",
            )
        return None


def listed_agent(summary: Mapping[str, Any]) -> ListedAgent:
    """Parse an item of ListAgents' agentSummaries."""
    return ListedAgent(summary["agentId"], summary["agentName"], summary["agentStatus"], summary.get("description", ""))


def listed_alias(summary: Mapping[str, Any]) -> ListedAlias:
    """Parse an item of ListAgentAliases' agentAliasSummaries, or GetAgentAlias' agentAlias."""
    routes = summary.get("routingConfiguration") or [{}]
    rejects = summary.get("aliasInvocationState") == "REJECT_INVOCATIONS"
    status = "REJECT_INVOCATIONS" if rejects else summary["agentAliasStatus"]
    return ListedAlias(summary["agentAliasId"], summary["agentAliasName"], status, routes[0].get("agentVersion", ""))


def settings_of(agent: Mapping[str, Any]) -> dict[str, Any]:
    """Return AgentReport's fields from GetAgent's agent or GetAgentVersion's agentVersion."""
    memory = agent.get("memoryConfiguration", {})
    remembers = MEMORY in memory.get("enabledMemoryTypes", ())
    return {
        "status": agent["agentStatus"],
        "reasons": tuple(agent.get("failureReasons", ())),
        "model": agent.get("foundationModel"),
        "idle_s": agent.get("idleSessionTTLInSeconds"),
        "remembers": remembers,
        "memory_days": memory.get("storageDays") if remembers else None,
    }


def action_group(summary: Mapping[str, Any], details: Mapping[str, Any]) -> ActionGroupReport:
    """Combine an action group of ListAgentActionGroups with GetAgentActionGroup's details, which may be empty."""
    functions = details.get("functionSchema", {}).get("functions", ())
    return ActionGroupReport(
        summary["actionGroupName"],
        summary.get("description") or details.get("parentActionSignature", ""),
        tuple(FunctionReport(each["name"], each.get("description", "")) for each in functions),
        details.get("actionGroupExecutor", {}).get("lambda"),
    )
