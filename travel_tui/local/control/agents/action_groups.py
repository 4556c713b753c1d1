"""Action groups: what an agent can do."""

from __future__ import annotations

from typing import Any

from travel_tui.local.control.agents.checks import (
    PAGE,
    agent_of,
    answer,
    changed_draft,
    conflict,
    given,
    invalid,
    missing,
    now_text,
    settled_agent_of,
)
from travel_tui.local.control.agents.tokens import made_before, remember
from travel_tui.local.control.names import short_id
from travel_tui.local.control.pages import page
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.agents import DRAFT
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

_MOST_PARAMETERS = 5
_MOST_GROUPS = 20
"""Parameters of a function and action groups of an agent (Bedrock quotas)."""
_SETTINGS = (
    "actionGroupName",
    "description",
    "parentActionGroupSignatureParams",
    "actionGroupExecutor",
    "apiSchema",
    "functionSchema",
)


def create_agent_action_group(endpoint: Endpoint, params: Params) -> Params:
    """CreateAgentActionGroup."""
    agent = agent_of(endpoint, params)
    agent_id = agent["agentId"]
    made = made_before(endpoint, f"{agent_id}/action group", params)
    if made:
        return {"agentActionGroup": _shown(_group(endpoint, {**params, "actionGroupId": made}))}
    agent = settled_agent_of(endpoint, params)
    groups = endpoint.agents.action_groups(agent_id)
    if len(groups) >= _MOST_GROUPS:
        raise invalid(f"An agent can have up to {_MOST_GROUPS} action groups.")
    _check(params, groups)
    now = now_text(endpoint)
    group: Document = {
        "agentId": agent_id,
        "agentVersion": DRAFT,
        "actionGroupId": short_id(endpoint.ids),
        "actionGroupState": params.get("actionGroupState", "ENABLED"),
        **_settings(params),
        **given(params, "clientToken"),
        "createdAt": now,
        "updatedAt": now,
    }
    endpoint.agents.save_action_group(group)
    remember(endpoint, f"{agent_id}/action group", params, group["actionGroupId"])
    changed_draft(endpoint, agent)
    return {"agentActionGroup": _shown(group)}


def get_agent_action_group(endpoint: Endpoint, params: Params) -> Params:
    """GetAgentActionGroup, of the DRAFT or a version."""
    return {"agentActionGroup": _shown(_group(endpoint, params))}


def list_agent_action_groups(endpoint: Endpoint, params: Params) -> Params:
    """ListAgentActionGroups, of the DRAFT or a version."""
    size = min(params.get("maxResults", PAGE), PAGE)
    found, more = page(_groups(endpoint, params), lambda each: each["actionGroupId"], size, params.get("nextToken"))
    return {"actionGroupSummaries": [answer("ActionGroupSummary", each) for each in found], "nextToken": more}


def update_agent_action_group(endpoint: Endpoint, params: Params) -> Params:
    """UpdateAgentActionGroup: all settings anew; one that is left out is as if it had never been given."""
    agent = settled_agent_of(endpoint, params)
    group = _group(endpoint, params)
    others = [each for each in _groups(endpoint, params) if each["actionGroupId"] != group["actionGroupId"]]
    _check(params, others)
    kept = {name: value for name, value in group.items() if name not in {*_SETTINGS, "parentActionSignature"}}
    updated: Document = {**kept, **_settings(params), "updatedAt": now_text(endpoint)}
    updated |= given(params, "actionGroupState")
    endpoint.agents.save_action_group(updated)
    changed_draft(endpoint, agent)
    return {"agentActionGroup": _shown(updated)}


def delete_agent_action_group(endpoint: Endpoint, params: Params) -> None:
    """DeleteAgentActionGroup; one that is enabled is in use."""
    agent = settled_agent_of(endpoint, params)
    group = _group(endpoint, params)
    if group["actionGroupState"] == "ENABLED" and not params.get("skipResourceInUseCheck"):
        raise conflict(
            f"ActionGroup with name {group['actionGroupName']} cannot be deleted when it is Enabled. Either use "
            "skipResourceInUseCheck flag or mark it as Disabled."
        )
    endpoint.control.agents.delete_action_group(agent["agentId"], group["actionGroupId"])
    changed_draft(endpoint, agent)


def _groups(endpoint: Endpoint, params: Params) -> list[Document]:
    agent_id, version = agent_of(endpoint, params)["agentId"], params["agentVersion"]
    if version == DRAFT:
        return endpoint.agents.action_groups(agent_id)
    if not any(each["agentVersion"] == version for each in endpoint.control.agents.versions(agent_id)):
        raise missing(f"version {version} of agent {agent_id}")
    groups = endpoint.control.agents.version_groups(agent_id, version)
    return [group | {"agentVersion": version} for group in groups]


def _group(endpoint: Endpoint, params: Params) -> Document:
    for group in _groups(endpoint, params):
        if group["actionGroupId"] == params["actionGroupId"]:
            return group
    raise missing(f"action group {params['actionGroupId']} of agent {params['agentId']}")


def _settings(params: Params) -> dict[str, Any]:
    settings = given(params, *_SETTINGS)
    if "parentActionGroupSignature" in params:
        settings["parentActionSignature"] = params["parentActionGroupSignature"]
    return settings


def _check(params: Params, others: list[Document]) -> None:
    """Refuse a group that cannot be, or whose name another one has."""
    name = params["actionGroupName"]
    if any(each["actionGroupName"] == name for each in others):
        raise conflict(f"An action group with the name {name} already exists in this agent.")
    if "parentActionGroupSignature" in params:
        if {"description", "apiSchema", "functionSchema", "actionGroupExecutor"} & params.keys():
            raise invalid(
                "With parentActionGroupSignature leave description, apiSchema, functionSchema and actionGroupExecutor "
                "out."
            )
        return
    if "apiSchema" in params:
        raise invalid("The local endpoint takes functionSchema alone; it reads no OpenAPI schemas (apiSchema).")
    functions = params.get("functionSchema", {}).get("functions", [])
    names = [function["name"] for function in functions]
    if len(set(names)) < len(names):
        raise invalid("The functions of an action group must have names of their own.")
    for function in functions:
        if len(function.get("parameters", {})) > _MOST_PARAMETERS:
            raise invalid(f"Function {function['name']} has more than {_MOST_PARAMETERS} parameters.")


def _shown(group: Document) -> dict[str, Any]:
    return answer("AgentActionGroup", group)
