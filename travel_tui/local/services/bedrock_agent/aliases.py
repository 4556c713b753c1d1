"""Operations on aliases, the names under which versions of an agent are invoked."""

from __future__ import annotations

from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.bedrock_agent.checks import (
    PAGE,
    SERVICE,
    agent_of,
    conflict_error,
    model_output,
    not_found_error,
    now_text,
    pick_members,
    settled_agent_of,
    validation_error,
)
from travel_tui.local.services.bedrock_agent.tags import drop_tags, keep_tags
from travel_tui.local.services.bedrock_agent.tokens import find_created, store
from travel_tui.local.services.bedrock_agent.versions import make_version, version_of
from travel_tui.local.services.names import short_id
from travel_tui.local.services.pages import page
from travel_tui.local.state.agents import DRAFT, TEST_ALIAS
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

_MAX_HISTORY = 10
"""Maximum events in an alias's history, from the service model."""


def create_agent_alias(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateAgentAlias: without a routing configuration, creates a new version and points at it."""
    agent = agent_of(endpoint, params)
    agent_id, name = agent["agentId"], params["agentAliasName"]
    made = find_created(endpoint, f"{agent_id}/alias", params)
    if made:
        return {"agentAlias": _shown(_alias(endpoint, {"agentId": agent_id, "agentAliasId": made}))}
    agent = settled_agent_of(endpoint, params)
    _check_name(endpoint, agent_id, name)
    version = _version(endpoint, agent, params)
    alias_id, now = short_id(endpoint.ids), now_text(endpoint)
    alias: Document = {
        "agentId": agent_id,
        "agentAliasId": alias_id,
        "agentAliasName": name,
        "agentAliasArn": endpoint.scope.arn("bedrock", f"agent-alias/{agent_id}/{alias_id}"),
        "agentAliasStatus": "CREATING",
        "aliasInvocationState": "ACCEPT_INVOCATIONS",
        **pick_members(params, "description", "clientToken"),
        "routingConfiguration": [{}],
        "agentAliasHistoryEvents": [],
        "createdAt": now,
        "updatedAt": now,
    }
    # The alias points at its version only once it is PREPARED; until then it cannot be invoked.
    endpoint.agents.save_alias(alias, "")
    keep_tags(endpoint, alias["agentAliasArn"], params.get("tags", {}))
    store(endpoint, f"{agent_id}/alias", params, alias_id)
    _later(endpoint, "alias_routed", agent_id, alias_id, version)
    return {"agentAlias": _shown(alias)}


def get_agent_alias(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetAgentAlias."""
    return {"agentAlias": _shown(_alias(endpoint, params))}


def list_agent_aliases(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListAgentAliases."""
    aliases = endpoint.control.agents.aliases(agent_of(endpoint, params)["agentId"])
    size = min(params.get("maxResults", PAGE), PAGE)
    found, more = page(aliases, lambda each: each["agentAliasId"], size, params.get("nextToken"))
    return {"agentAliasSummaries": [model_output("AgentAliasSummary", each) for each in found], "nextToken": more}


def update_agent_alias(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateAgentAlias: without a routing configuration, creates a new version and points at it.

    A call that pauses or resumes the alias leaves it at its version: AWS's guide pauses with `aliasInvocationState`
    alone, and what runs afterwards is to be what ran before.
    """
    alias, agent = _alias(endpoint, params), settled_agent_of(endpoint, params)
    _refuse_test_alias(params)
    _check_settled(alias)
    if params["agentAliasName"] != alias["agentAliasName"]:
        _check_name(endpoint, agent["agentId"], params["agentAliasName"])
    if "aliasInvocationState" in params and not any(params.get("routingConfiguration", [])):
        version = alias["routingConfiguration"][0]["agentVersion"]
    else:
        version = _version(endpoint, agent, params)
    alias.pop("description", None)
    alias |= pick_members(params, "agentAliasName", "description", "aliasInvocationState")
    alias |= {"agentAliasStatus": "UPDATING", "updatedAt": now_text(endpoint)}
    _keep(endpoint, alias)
    _later(endpoint, "alias_routed", agent["agentId"], alias["agentAliasId"], version)
    return {"agentAlias": _shown(alias)}


def delete_agent_alias(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteAgentAlias: also deletes the sessions and memories that used the alias."""
    _refuse_test_alias(params)
    alias = _alias(endpoint, params) | {"agentAliasStatus": "DELETING"}
    _keep(endpoint, alias)
    _later(endpoint, "alias_deleted", alias["agentId"], alias["agentAliasId"])
    return model_output("DeleteAgentAliasResponse", alias)


def alias_routed(endpoint: RegionalEndpoint, agent_id: str, alias_id: str, version: str) -> None:
    """Complete CREATING and UPDATING of an alias."""
    for alias in endpoint.control.agents.aliases(agent_id):
        if alias["agentAliasId"] != alias_id or alias["agentAliasStatus"] not in {"CREATING", "UPDATING"}:
            continue
        now, history = now_text(endpoint), alias["agentAliasHistoryEvents"]
        routing = [{"agentVersion": version}]
        if routing != alias["routingConfiguration"]:
            if history:
                history[-1]["endDate"] = now
            history.append({"routingConfiguration": routing, "startDate": now})
        alias |= {
            "agentAliasStatus": "PREPARED",
            "routingConfiguration": routing,
            "agentAliasHistoryEvents": history[-_MAX_HISTORY:],
            "updatedAt": now,
        }
        endpoint.agents.save_alias(alias, version)


def alias_deleted(endpoint: RegionalEndpoint, agent_id: str, alias_id: str) -> None:
    """Complete DELETING of an alias."""
    for alias in endpoint.control.agents.aliases(agent_id):
        if alias["agentAliasId"] == alias_id:
            drop_tags(endpoint, alias["agentAliasArn"])
    endpoint.control.agents.delete_alias(agent_id, alias_id)


def _later(endpoint: RegionalEndpoint, step: str, *target: str) -> None:
    endpoint.schedule(endpoint.settings.durations.alias_changing, SERVICE, step, *target)


def _alias(endpoint: RegionalEndpoint, params: Params) -> Document:
    agent_id, alias_id = agent_of(endpoint, params)["agentId"], params["agentAliasId"]
    for alias in endpoint.control.agents.aliases(agent_id):
        if alias["agentAliasId"] == alias_id:
            return alias
    raise not_found_error(f"alias {alias_id} of agent {agent_id}")


def _keep(endpoint: RegionalEndpoint, alias: Document) -> None:
    """Save a changed alias without changing the version that it points at."""
    endpoint.agents.save_alias(alias, alias["routingConfiguration"][0].get("agentVersion", ""))


def _version(endpoint: RegionalEndpoint, agent: Document, params: Params) -> str:
    """Return the version for an alias to point at; create a new one if the input names none."""
    routes = [route for route in params.get("routingConfiguration", []) if route]
    if not routes:
        return make_version(endpoint, agent)
    number: str = routes[0].get("agentVersion", "")
    if number == DRAFT:
        raise validation_error(
            f"{DRAFT} cannot be in the routing configuration of an alias; {TEST_ALIAS} points at it."
        )
    version_of(endpoint, {"agentId": agent["agentId"], "agentVersion": number})
    return number


def _check_name(endpoint: RegionalEndpoint, agent_id: str, name: str) -> None:
    if any(alias["agentAliasName"] == name for alias in endpoint.control.agents.aliases(agent_id)):
        raise conflict_error(f"An alias with the name {name} already exists for this agent.")


def _check_settled(alias: Document) -> None:
    if alias["agentAliasStatus"] != "PREPARED":
        raise conflict_error(f"Alias {alias['agentAliasId']} is in {alias['agentAliasStatus']} state; wait, and retry.")


def _refuse_test_alias(params: Params) -> None:
    if params["agentAliasId"] == TEST_ALIAS:
        raise validation_error(
            f"1 validation error detected: Value '{TEST_ALIAS}' at 'agentAliasId' failed to satisfy constraint: Member "
            f"must satisfy regular expression pattern: (?!\\b{TEST_ALIAS}\\b)[0-9a-zA-Z]+"
        )


def _shown(alias: Document) -> dict[str, Any]:
    return model_output("AgentAlias", alias)
