"""Agents: their life up to the point where they answer."""

from __future__ import annotations

from typing import Any

from travel_tui.local.control.agents.checks import (
    PAGE,
    SERVICE,
    agent_of,
    answer,
    conflict,
    given,
    now_text,
    settled_agent_of,
)
from travel_tui.local.control.agents.tags import drop_tags, keep_tags
from travel_tui.local.control.agents.tokens import forget, made_before, remember
from travel_tui.local.control.iam.roles import can_assume
from travel_tui.local.control.names import CALLER_ARN, short_id
from travel_tui.local.control.pages import page
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.runtime.demo_agent import AGENT_ID
from travel_tui.local.settings import ACCOUNT
from travel_tui.local.state.agents import DRAFT, TEST_ALIAS
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_IDLE_LIMIT = 1800
"""Seconds; what agents have that are created without one (console and API were seen to say 600 and 1800)."""
_STORAGE_DAYS = 30
_SETTINGS = (
    "agentName",
    "instruction",
    "foundationModel",
    "description",
    "orchestrationType",
    "customOrchestration",
    "idleSessionTTLInSeconds",
    "agentResourceRoleArn",
    "customerEncryptionKeyArn",
    "promptOverrideConfiguration",
    "guardrailConfiguration",
    "memoryConfiguration",
    "agentCollaboration",
)


def create_agent(endpoint: Endpoint, params: Params) -> Params:
    """CreateAgent. Any model is taken: none is called."""
    made = made_before(endpoint, "", params)
    if made:
        return {"agent": _shown(agent_of(endpoint, {"agentId": made}))}
    _check_name(endpoint, params["agentName"])
    agent_id, now = short_id(endpoint.ids), now_text(endpoint)
    region = endpoint.settings.region
    agent: Document = {
        "agentId": agent_id,
        "agentArn": f"arn:aws:bedrock:{region}:{ACCOUNT}:agent/{agent_id}",
        "agentVersion": DRAFT,
        "agentStatus": "CREATING",
        "agentResourceRoleArn": "",
        **_settings(params),
        **given(params, "clientToken"),
        "createdAt": now,
        "updatedAt": now,
    }
    _check_role(endpoint, "CreateAgent", agent)
    endpoint.agents.save_agent(agent)
    endpoint.agents.save_alias(
        {
            "agentId": agent_id,
            "agentAliasId": TEST_ALIAS,
            "agentAliasName": "AgentTestAlias",
            "agentAliasArn": f"arn:aws:bedrock:{region}:{ACCOUNT}:agent-alias/{agent_id}/{TEST_ALIAS}",
            "agentAliasStatus": "PREPARED",
            "description": "Test Alias for Agent",
            "routingConfiguration": [{"agentVersion": DRAFT}],
            "createdAt": now,
            "updatedAt": now,
        },
        DRAFT,
    )
    keep_tags(endpoint, agent["agentArn"], params.get("tags", {}))
    remember(endpoint, "", params, agent_id)
    _later(endpoint, "agent_changed", endpoint.settings.durations.agent_creating, agent_id)
    return {"agent": _shown(agent)}


def get_agent(endpoint: Endpoint, params: Params) -> Params:
    """GetAgent."""
    return {"agent": _shown(agent_of(endpoint, params))}


def list_agents(endpoint: Endpoint, params: Params) -> Params:
    """ListAgents."""
    size = min(params.get("maxResults", PAGE), PAGE)
    found, more = page(endpoint.control.agents.agents(), lambda each: each["agentId"], size, params.get("nextToken"))
    return {"agentSummaries": [_summary(endpoint, each) for each in found], "nextToken": more}


def update_agent(endpoint: Endpoint, params: Params) -> Params:
    """UpdateAgent: all settings anew; one that is left out is as if it had never been given."""
    agent = settled_agent_of(endpoint, params)
    if params["agentName"] != agent["agentName"]:
        _check_name(endpoint, params["agentName"])
    kept = {name: value for name, value in agent.items() if name not in _SETTINGS}
    updated: Document = {**kept, **_settings(params), "agentStatus": "UPDATING", "updatedAt": now_text(endpoint)}
    if updated["agentResourceRoleArn"] != agent["agentResourceRoleArn"]:
        _check_role(endpoint, "UpdateAgent", updated)
    updated |= {"failureReasons": None, "recommendedActions": None}
    endpoint.agents.save_agent(updated)
    _later(endpoint, "agent_changed", endpoint.settings.durations.agent_updating, agent["agentId"])
    return {"agent": _shown(updated)}


def prepare_agent(endpoint: Endpoint, params: Params) -> Params:
    """PrepareAgent: what is now the DRAFT is what answers, once the agent is PREPARED."""
    agent, now = settled_agent_of(endpoint, params), now_text(endpoint)
    agent |= {"agentStatus": "PREPARING", "preparedAt": now, "updatedAt": now}
    endpoint.agents.save_agent(agent)
    _later(endpoint, "agent_prepared", endpoint.settings.durations.agent_preparing, agent["agentId"])
    return answer("PrepareAgentResponse", agent)


def delete_agent(endpoint: Endpoint, params: Params) -> Params:
    """DeleteAgent, with all that belongs to it."""
    agent = agent_of(endpoint, params)
    agent_id = agent["agentId"]
    if agent["agentStatus"] == "DELETING":
        return answer("DeleteAgentResponse", agent)
    if not params.get("skipResourceInUseCheck"):
        agent = settled_agent_of(endpoint, params, "ConflictException")
        if any(alias["agentAliasId"] != TEST_ALIAS for alias in endpoint.control.agents.aliases(agent_id)):
            raise conflict(f"Could not delete Agent with ID {agent_id}, since it has active aliases")
    agent["agentStatus"] = "DELETING"
    endpoint.agents.save_agent(agent)
    _later(endpoint, "agent_deleted", endpoint.settings.durations.agent_deleting, agent_id)
    return answer("DeleteAgentResponse", agent)


def agent_changed(endpoint: Endpoint, agent_id: str) -> None:
    """The step that ends CREATING and UPDATING."""
    agent = endpoint.agents.agent(agent_id)
    if agent and agent["agentStatus"] in {"CREATING", "UPDATING"}:
        endpoint.agents.save_agent(agent | {"agentStatus": "NOT_PREPARED"})


def agent_prepared(endpoint: Endpoint, agent_id: str) -> None:
    """The step that ends PREPARING."""
    agent = endpoint.agents.agent(agent_id)
    if agent is None or agent["agentStatus"] != "PREPARING":
        return
    reasons = _unprepared(endpoint, agent)
    agent |= {"agentStatus": "PREPARED", "failureReasons": None, "recommendedActions": None}
    if reasons:
        agent |= {
            "agentStatus": "FAILED",
            "failureReasons": list(reasons),
            "recommendedActions": list(reasons.values()),
        }
    endpoint.agents.save_agent(agent)
    if not reasons:
        endpoint.agents.freeze(agent_id, DRAFT)


def agent_deleted(endpoint: Endpoint, agent_id: str) -> None:
    """The step that ends DELETING."""
    agent = endpoint.agents.agent(agent_id)
    if agent is None:
        return
    for arn in (agent["agentArn"], *(alias["agentAliasArn"] for alias in endpoint.control.agents.aliases(agent_id))):
        drop_tags(endpoint, arn)
    forget(endpoint, agent_id, agent.get("clientToken"))
    endpoint.control.agents.delete_agent(agent_id)


def _later(endpoint: Endpoint, step: str, seconds: float, agent_id: str) -> None:
    endpoint.control.lifecycle.after(seconds, SERVICE, step, agent_id)


def _settings(params: Params) -> dict[str, Any]:
    """An agent's settings as they were given, with AWS's defaults."""
    settings = {
        "idleSessionTTLInSeconds": _IDLE_LIMIT,
        "orchestrationType": "DEFAULT",
        "agentCollaboration": "DISABLED",
        **given(params, *_SETTINGS),
    }
    if "memoryConfiguration" in settings:
        settings["memoryConfiguration"] = {"storageDays": _STORAGE_DAYS, **settings["memoryConfiguration"]}
    return settings


def _check_name(endpoint: Endpoint, name: str) -> None:
    # The agent that is there from the start has the reference notebook's name and must not stand in its way.
    if endpoint.control.agents.named(name, beside=AGENT_ID):
        raise conflict(f"Cannot create a new agent as an agent with the same name already exists: {name}.")


def _check_role(endpoint: Endpoint, operation: str, agent: Document) -> None:
    role = agent["agentResourceRoleArn"]
    if not can_assume(endpoint, role, "bedrock.amazonaws.com", agent["agentArn"]):
        raise ServiceError(
            "AccessDeniedException",
            f"User: {CALLER_ARN} is not authorized to perform: bedrock:{operation}. Bedrock cannot assume the role "
            f"{role or '(none was given)'}: check that it exists and that its trust policy allows "
            "bedrock.amazonaws.com.",
        )


def _unprepared(endpoint: Endpoint, agent: Document) -> dict[str, str]:
    """Why an agent cannot be prepared, and what to do about each."""
    reasons = {}
    if not agent.get("instruction"):
        reasons["The agent has no instruction."] = "Give it one with UpdateAgent, and prepare it again."
    if not agent.get("foundationModel"):
        reasons["The agent has no foundation model."] = "Give it one with UpdateAgent, and prepare it again."
    for group in endpoint.agents.action_groups(agent["agentId"]):
        if group["actionGroupState"] == "ENABLED" and not _is_whole(group):
            name = group["actionGroupName"]
            reasons[f"Action group {name} has no executor or no function schema."] = (
                f"Complete {name} with UpdateAgentActionGroup or disable it, and prepare the agent again."
            )
    return reasons


def _is_whole(group: Document) -> bool:
    if "parentActionSignature" in group:
        return True
    return bool(group.get("actionGroupExecutor") and group.get("functionSchema", {}).get("functions"))


def _shown(agent: Document) -> dict[str, Any]:
    return answer("Agent", agent)


def _summary(endpoint: Endpoint, agent: Document) -> dict[str, Any]:
    numbers = [
        int(v["agentVersion"]) for v in endpoint.control.agents.versions(agent["agentId"]) if v["agentVersion"] != DRAFT
    ]
    latest = str(max(numbers)) if numbers else DRAFT
    return answer("AgentSummary", agent | {"latestAgentVersion": latest})
