"""What is found of agents that exist already, and what of it keeps one from chatting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from travel_tui.agent import Cause, Trouble

DRAFT = "DRAFT"
TEST_ALIAS = "TSTALIASID"
"""The alias that every agent has; it always points at the DRAFT."""
MEMORY = "SESSION_SUMMARY"
_READY = "PREPARED"
_BY_HAND = frozenset({"FAILED", "NOT_PREPARED"})
"""The states that an agent leaves only when somebody prepares it; the others pass."""


@dataclass(frozen=True, slots=True)
class ListedAgent:
    """An agent of the account, as ListAgents has it."""

    agent_id: str
    name: str
    status: str
    description: str


@dataclass(frozen=True, slots=True)
class ListedAlias:
    """An alias of an agent, as ListAgentAliases has it; `version` is empty where it points at none."""

    alias_id: str
    name: str
    status: str
    version: str


@dataclass(frozen=True, slots=True)
class Function:
    """One thing that an agent can do."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Things that an agent can do; one without functions is of AWS's own, has an API schema, or may not be read.

    `lambda_arn` is the Lambda function that does them; None where there is none, or it may not be read.
    """

    name: str
    description: str
    functions: tuple[Function, ...]
    lambda_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What could not be looked at: for want of which permission, what stays unknown, and in AWS's words why.

    Where the caller is not `denied` the call does not exist there.
    """

    action: str
    unknown: str
    why: str
    denied: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an agent behind one of its aliases; None is what could not be looked at."""

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
    action_groups: tuple[ActionGroup, ...] | None = None
    unchecked: tuple[Unchecked, ...] = ()

    def trouble(self, options: str = "") -> Trouble | None:
        """What keeps one from chatting with it, as far as it is known; `options` are the AWS CLI's for its place."""
        if self.status not in (None, _READY):
            by_hand = f"Prepare it with `aws bedrock-agent prepare-agent --agent-id {self.agent_id}{options}`"
            advice = by_hand if self.status in _BY_HAND else "Wait until it is"
            why = " ".join((f"Its state is {self.status}.", *self.reasons))
            return Trouble(Cause.CONFLICT, "The agent is not prepared.", why, f"{advice} and try again.")
        if self.alias_status not in (None, _READY):
            return Trouble(
                Cause.CONFLICT,
                "The alias takes no questions.",
                f"The state of {self.alias_id} is {self.alias_status}.",
                "Choose another alias with --alias-id, or wait until it is PREPARED and try again.",
            )
        if self.remembers is False:
            renewed = "prepare it" if self.version == DRAFT else "prepare it, point the alias at a new version"
            return Trouble(
                Cause.CONFLICT,
                "The agent has no memory.",
                f"{MEMORY} is not among the memory types that are enabled for its version {self.version}.",
                f"Turn memory on in the Amazon Bedrock console (Edit in Agent Builder, Memory), {renewed} and try "
                "again; or choose another agent with --agent-id.",
            )
        return None


def listed_agent(summary: Mapping[str, Any]) -> ListedAgent:
    """One of ListAgents' agentSummaries."""
    return ListedAgent(summary["agentId"], summary["agentName"], summary["agentStatus"], summary.get("description", ""))


def listed_alias(summary: Mapping[str, Any]) -> ListedAlias:
    """One of ListAgentAliases' agentAliasSummaries, or GetAgentAlias' agentAlias."""
    routes = summary.get("routingConfiguration") or [{}]
    rejects = summary.get("aliasInvocationState") == "REJECT_INVOCATIONS"
    status = "REJECT_INVOCATIONS" if rejects else summary["agentAliasStatus"]
    return ListedAlias(summary["agentAliasId"], summary["agentAliasName"], status, routes[0].get("agentVersion", ""))


def settings_of(agent: Mapping[str, Any]) -> dict[str, Any]:
    """What Found takes of GetAgent's agent, or of GetAgentVersion's agentVersion."""
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


def action_group(summary: Mapping[str, Any], details: Mapping[str, Any]) -> ActionGroup:
    """An action group of ListAgentActionGroups with GetAgentActionGroup's details, which can be empty."""
    functions = details.get("functionSchema", {}).get("functions", ())
    return ActionGroup(
        summary["actionGroupName"],
        summary.get("description") or details.get("parentActionSignature", ""),
        tuple(Function(each["name"], each.get("description", "")) for each in functions),
        details.get("actionGroupExecutor", {}).get("lambda"),
    )
