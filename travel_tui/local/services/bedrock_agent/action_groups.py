"""Operations on action groups."""

from __future__ import annotations

from typing import Any

from travel_tui.local.openapi_checks import check_schema
from travel_tui.local.openapi_document import SchemaError
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.bedrock_agent.checks import (
    PAGE,
    agent_of,
    changed_draft,
    conflict_error,
    model_output,
    not_found_error,
    now_text,
    pick_members,
    settled_agent_of,
    validation_error,
)
from travel_tui.local.services.bedrock_agent.tokens import find_created, store
from travel_tui.local.services.names import short_id
from travel_tui.local.services.pages import page
from travel_tui.local.state.agents import DRAFT
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

_MAX_PARAMETERS = 5
_MAX_GROUPS = 20
"""Maximum parameters of a function and action groups of an agent (Bedrock quotas)."""
_SETTINGS = (
    "actionGroupName",
    "description",
    "actionGroupExecutor",
    "apiSchema",
    "functionSchema",
)


def create_agent_action_group(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateAgentActionGroup."""
    agent = agent_of(endpoint, params)
    agent_id = agent["agentId"]
    made = find_created(endpoint, f"{agent_id}/action group", params)
    if made:
        return {"agentActionGroup": _shown(_group(endpoint, {**params, "actionGroupId": made}))}
    agent = settled_agent_of(endpoint, params)
    groups = endpoint.agents.action_groups(agent_id)
    if len(groups) >= _MAX_GROUPS:
        raise validation_error(f"An agent can have up to {_MAX_GROUPS} action groups.")
    _check(params, groups)
    now = now_text(endpoint)
    group: Document = {
        "agentId": agent_id,
        "agentVersion": DRAFT,
        "actionGroupId": short_id(endpoint.ids),
        "actionGroupState": params.get("actionGroupState", "ENABLED"),
        **_settings(params),
        **pick_members(params, "clientToken"),
        "createdAt": now,
        "updatedAt": now,
    }
    endpoint.agents.save_action_group(group)
    store(endpoint, f"{agent_id}/action group", params, group["actionGroupId"])
    changed_draft(endpoint, agent)
    return {"agentActionGroup": _shown(group)}


def get_agent_action_group(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetAgentActionGroup, of the DRAFT or a version."""
    return {"agentActionGroup": _shown(_group(endpoint, params))}


def list_agent_action_groups(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListAgentActionGroups, of the DRAFT or a version."""
    size = min(params.get("maxResults", PAGE), PAGE)
    found, more = page(_groups(endpoint, params), lambda each: each["actionGroupId"], size, params.get("nextToken"))
    return {"actionGroupSummaries": [model_output("ActionGroupSummary", each) for each in found], "nextToken": more}


def update_agent_action_group(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateAgentActionGroup: replaces all settings; omitted ones are reset."""
    agent = settled_agent_of(endpoint, params)
    group = _group(endpoint, params)
    others = [each for each in _groups(endpoint, params) if each["actionGroupId"] != group["actionGroupId"]]
    _check(params, others)
    kept = {name: value for name, value in group.items() if name not in {*_SETTINGS, "parentActionSignature"}}
    updated: Document = {**kept, **_settings(params), "updatedAt": now_text(endpoint)}
    updated |= pick_members(params, "actionGroupState")
    endpoint.agents.save_action_group(updated)
    changed_draft(endpoint, agent)
    return {"agentActionGroup": _shown(updated)}


def delete_agent_action_group(endpoint: RegionalEndpoint, params: Params) -> None:
    """DeleteAgentActionGroup: rejected for an enabled group, which is in use."""
    agent = settled_agent_of(endpoint, params)
    group = _group(endpoint, params)
    if group["actionGroupState"] == "ENABLED" and not params.get("skipResourceInUseCheck"):
        raise conflict_error(
            f"ActionGroup with name {group['actionGroupName']} cannot be deleted when it is Enabled. Either use "
            "skipResourceInUseCheck flag or mark it as Disabled."
        )
    endpoint.control.agents.delete_action_group(agent["agentId"], group["actionGroupId"])
    changed_draft(endpoint, agent)


def _groups(endpoint: RegionalEndpoint, params: Params) -> list[Document]:
    agent_id, version = agent_of(endpoint, params)["agentId"], params["agentVersion"]
    if version == DRAFT:
        return endpoint.agents.action_groups(agent_id)
    if not any(each["agentVersion"] == version for each in endpoint.control.agents.versions(agent_id)):
        raise not_found_error(f"version {version} of agent {agent_id}")
    groups = endpoint.control.agents.version_groups(agent_id, version)
    return [group | {"agentVersion": version} for group in groups]


def _group(endpoint: RegionalEndpoint, params: Params) -> Document:
    for group in _groups(endpoint, params):
        if group["actionGroupId"] == params["actionGroupId"]:
            return group
    raise not_found_error(f"action group {params['actionGroupId']} of agent {params['agentId']}")


def _settings(params: Params) -> dict[str, Any]:
    settings = pick_members(params, *_SETTINGS)
    if "parentActionGroupSignature" in params:
        settings["parentActionSignature"] = params["parentActionGroupSignature"]
    return settings


def _check(params: Params, others: list[Document]) -> None:
    """Reject an invalid group, or one with another group's name."""
    name = params["actionGroupName"]
    if any(each["actionGroupName"] == name for each in others):
        raise conflict_error(f"An action group with the name {name} already exists in this agent.")
    if "parentActionGroupSignature" in params:
        if {"description", "apiSchema", "functionSchema", "actionGroupExecutor"} & params.keys():
            raise validation_error(
                "With parentActionGroupSignature leave description, apiSchema, functionSchema and actionGroupExecutor "
                "out."
            )
        return
    if "apiSchema" in params:
        if "functionSchema" in params:
            raise validation_error("An action group can have one of apiSchema and functionSchema, not both.")
        _check_api_schema(params)
    functions = params.get("functionSchema", {}).get("functions", [])
    names = [function["name"] for function in functions]
    if len(set(names)) < len(names):
        raise validation_error("The functions of an action group must have names of their own.")
    for function in functions:
        if len(function.get("parameters", {})) > _MAX_PARAMETERS:
            raise validation_error(f"Function {function['name']} has more than {_MAX_PARAMETERS} parameters.")


def _check_api_schema(params: Params) -> None:
    try:
        check_schema(params["apiSchema"]["payload"], params["actionGroupName"])
    except SchemaError as error:
        raise validation_error(
            "Failed to create OpenAPI 3 model from the JSON/YAML object that you provided for action: "
            f"{params['actionGroupName']}. {error}"
        ) from error


def _shown(group: Document) -> dict[str, Any]:
    return model_output("AgentActionGroup", group)
