"""Operations on agents, from creation to preparation and deletion."""

from __future__ import annotations

from typing import Any

from travel_tui.local.prompts import problem_of, to_configuration
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.demo_agent import AGENT_ID
from travel_tui.local.services.bedrock_agent.checks import (
    PAGE,
    SERVICE,
    agent_of,
    conflict_error,
    model_output,
    now_text,
    pick_members,
    settled_agent_of,
    validation_error,
)
from travel_tui.local.services.bedrock_agent.tags import drop_tags, keep_tags
from travel_tui.local.services.bedrock_agent.tokens import delete_tokens, find_created, store
from travel_tui.local.services.iam.roles import can_assume
from travel_tui.local.services.names import caller_arn, short_id
from travel_tui.local.services.pages import page
from travel_tui.local.state.agents import DRAFT, TEST_ALIAS
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_IDLE_LIMIT = 1800
"""Default idle limit of an agent in seconds (600 and 1800 have been observed on the console and the API)."""
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


def create_agent(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateAgent: accepts any model, since none is called."""
    made = find_created(endpoint, "", params)
    if made:
        return {"agent": _shown(agent_of(endpoint, {"agentId": made}))}
    _check_name(endpoint, params["agentName"])
    _check_prompts(params)
    agent_id, now = short_id(endpoint.ids), now_text(endpoint)
    agent: Document = {
        "agentId": agent_id,
        "agentArn": endpoint.scope.arn("bedrock", f"agent/{agent_id}"),
        "agentVersion": DRAFT,
        "agentStatus": "CREATING",
        "agentResourceRoleArn": "",
        **_settings(params),
        **pick_members(params, "clientToken"),
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
            "agentAliasArn": endpoint.scope.arn("bedrock", f"agent-alias/{agent_id}/{TEST_ALIAS}"),
            "agentAliasStatus": "PREPARED",
            "description": "Test Alias for Agent",
            "routingConfiguration": [{"agentVersion": DRAFT}],
            "createdAt": now,
            "updatedAt": now,
        },
        DRAFT,
    )
    keep_tags(endpoint, agent["agentArn"], params.get("tags", {}))
    store(endpoint, "", params, agent_id)
    _later(endpoint, "agent_changed", endpoint.settings.durations.agent.creating, agent_id)
    return {"agent": _shown(agent)}


def get_agent(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetAgent."""
    return {"agent": _shown(agent_of(endpoint, params))}


def list_agents(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListAgents."""
    size = min(params.get("maxResults", PAGE), PAGE)
    found, more = page(endpoint.control.agents.agents(), lambda each: each["agentId"], size, params.get("nextToken"))
    return {"agentSummaries": [_summary(endpoint, each) for each in found], "nextToken": more}


def update_agent(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateAgent: replaces all settings; omitted ones are reset."""
    agent = settled_agent_of(endpoint, params)
    if params["agentName"] != agent["agentName"]:
        _check_name(endpoint, params["agentName"])
    _check_prompts(params)
    kept = {name: value for name, value in agent.items() if name not in _SETTINGS}
    updated: Document = {**kept, **_settings(params), "agentStatus": "UPDATING", "updatedAt": now_text(endpoint)}
    if updated["agentResourceRoleArn"] != agent["agentResourceRoleArn"]:
        _check_role(endpoint, "UpdateAgent", updated)
    updated |= {"failureReasons": None, "recommendedActions": None}
    endpoint.agents.save_agent(updated)
    _later(endpoint, "agent_changed", endpoint.settings.durations.agent.updating, agent["agentId"])
    return {"agent": _shown(updated)}


def prepare_agent(endpoint: RegionalEndpoint, params: Params) -> Params:
    """PrepareAgent: makes the current DRAFT the version that answers, once the agent is PREPARED."""
    agent, now = settled_agent_of(endpoint, params), now_text(endpoint)
    agent |= {"agentStatus": "PREPARING", "preparedAt": now, "updatedAt": now}
    endpoint.agents.save_agent(agent)
    _later(endpoint, "agent_prepared", endpoint.settings.durations.agent_preparing, agent["agentId"])
    return model_output("PrepareAgentResponse", agent)


def delete_agent(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteAgent: also deletes everything that belongs to the agent."""
    agent = agent_of(endpoint, params)
    agent_id = agent["agentId"]
    if agent["agentStatus"] == "DELETING":
        return model_output("DeleteAgentResponse", agent)
    if not params.get("skipResourceInUseCheck"):
        agent = settled_agent_of(endpoint, params, "ConflictException")
        if any(alias["agentAliasId"] != TEST_ALIAS for alias in endpoint.control.agents.aliases(agent_id)):
            raise conflict_error(f"Could not delete Agent with ID {agent_id}, since it has active aliases")
    agent["agentStatus"] = "DELETING"
    endpoint.agents.save_agent(agent)
    _later(endpoint, "agent_deleted", endpoint.settings.durations.agent.deleting, agent_id)
    return model_output("DeleteAgentResponse", agent)


def agent_changed(endpoint: RegionalEndpoint, agent_id: str) -> None:
    """Complete CREATING and UPDATING of an agent."""
    agent = endpoint.agents.agent(agent_id)
    if agent and agent["agentStatus"] in {"CREATING", "UPDATING"}:
        endpoint.agents.save_agent(agent | {"agentStatus": "NOT_PREPARED"})


def agent_prepared(endpoint: RegionalEndpoint, agent_id: str) -> None:
    """Complete PREPARING of an agent."""
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
        endpoint.agents.save_as_version(agent_id, DRAFT)


def agent_deleted(endpoint: RegionalEndpoint, agent_id: str) -> None:
    """Complete DELETING of an agent."""
    agent = endpoint.agents.agent(agent_id)
    if agent is None:
        return
    for arn in (agent["agentArn"], *(alias["agentAliasArn"] for alias in endpoint.control.agents.aliases(agent_id))):
        drop_tags(endpoint, arn)
    delete_tokens(endpoint, agent_id, agent.get("clientToken"))
    endpoint.control.agents.delete_agent(agent_id)


def _later(endpoint: RegionalEndpoint, step: str, seconds: float, agent_id: str) -> None:
    endpoint.schedule(seconds, SERVICE, step, agent_id)


def _settings(params: Params) -> dict[str, Any]:
    """Return an agent's settings from the input, with AWS's defaults."""
    settings = {
        "idleSessionTTLInSeconds": _IDLE_LIMIT,
        "orchestrationType": "DEFAULT",
        "agentCollaboration": "DISABLED",
        **pick_members(params, *_SETTINGS),
    }
    if "memoryConfiguration" in settings:
        settings["memoryConfiguration"] = {"storageDays": _STORAGE_DAYS, **settings["memoryConfiguration"]}
    return settings


def _check_name(endpoint: RegionalEndpoint, name: str) -> None:
    # The built-in agent has the reference notebook's name and must not prevent the notebook from using it.
    if endpoint.control.agents.named(name, beside=AGENT_ID):
        raise conflict_error(f"Cannot create a new agent as an agent with the same name already exists: {name}.")


def _check_prompts(params: Params) -> None:
    if problem := problem_of(params.get("promptOverrideConfiguration", {})):
        raise validation_error(problem)


def _check_role(endpoint: RegionalEndpoint, operation: str, agent: Document) -> None:
    role = agent["agentResourceRoleArn"]
    if not can_assume(endpoint, role, "bedrock.amazonaws.com", agent["agentArn"]):
        raise ServiceError(
            "AccessDeniedException",
            f"User: {caller_arn(endpoint.scope)} is not authorized to perform: bedrock:{operation}. Bedrock cannot "
            f"assume the role {role or '(none was given)'}: check that it exists and that its trust policy allows "
            "bedrock.amazonaws.com.",
        )


def _unprepared(endpoint: RegionalEndpoint, agent: Document) -> dict[str, str]:
    """Return the reasons why an agent cannot be prepared, each with its remedy."""
    reasons = {}
    if not agent.get("instruction"):
        reasons["The agent has no instruction."] = "Give it one with UpdateAgent, and prepare it again."
    if not agent.get("foundationModel"):
        reasons["The agent has no foundation model."] = "Give it one with UpdateAgent, and prepare it again."
    for group in endpoint.agents.action_groups(agent["agentId"]):
        if group["actionGroupState"] == "ENABLED" and not _is_whole(group):
            name = group["actionGroupName"]
            reasons[f"Action group {name} has no executor or no schema."] = (
                f"Complete {name} with UpdateAgentActionGroup or disable it, and prepare the agent again."
            )
    return reasons


def _is_whole(group: Document) -> bool:
    if "parentActionSignature" in group:
        return True
    schema = group.get("functionSchema", {}).get("functions") or group.get("apiSchema")
    return bool(group.get("actionGroupExecutor") and schema)


def _shown(agent: Document) -> dict[str, Any]:
    prompts = to_configuration(agent.get("promptOverrideConfiguration", {}))
    return model_output("Agent", agent | {"promptOverrideConfiguration": prompts})


def _summary(endpoint: RegionalEndpoint, agent: Document) -> dict[str, Any]:
    numbers = [
        int(v["agentVersion"]) for v in endpoint.control.agents.versions(agent["agentId"]) if v["agentVersion"] != DRAFT
    ]
    latest = str(max(numbers)) if numbers else DRAFT
    return model_output("AgentSummary", agent | {"latestAgentVersion": latest})
