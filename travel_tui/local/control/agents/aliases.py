"""Aliases: the names under which versions of an agent are invoked."""

from __future__ import annotations

from typing import Any

from travel_tui.local.control.agents.checks import (
    PAGE,
    SERVICE,
    agent_of,
    answer,
    conflict,
    given,
    invalid,
    missing,
    now_text,
    settled_agent_of,
)
from travel_tui.local.control.agents.tags import drop_tags, keep_tags
from travel_tui.local.control.agents.tokens import made_before, remember
from travel_tui.local.control.agents.versions import make_version, version_of
from travel_tui.local.control.names import short_id
from travel_tui.local.control.pages import page
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.settings import ACCOUNT
from travel_tui.local.state.agents import DRAFT, TEST_ALIAS
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

_MOST_HISTORY = 10
"""Events that an alias's history can hold, by the service model."""


def create_agent_alias(endpoint: Endpoint, params: Params) -> Params:
    """CreateAgentAlias; without a routing configuration it makes a new version and points at it."""
    agent = agent_of(endpoint, params)
    agent_id, name = agent["agentId"], params["agentAliasName"]
    made = made_before(endpoint, f"{agent_id}/alias", params)
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
        "agentAliasArn": f"arn:aws:bedrock:{endpoint.settings.region}:{ACCOUNT}:agent-alias/{agent_id}/{alias_id}",
        "agentAliasStatus": "CREATING",
        "aliasInvocationState": "ACCEPT_INVOCATIONS",
        **given(params, "description", "clientToken"),
        "routingConfiguration": [{}],
        "agentAliasHistoryEvents": [],
        "createdAt": now,
        "updatedAt": now,
    }
    # It points at its version only when it is PREPARED: a version that is not there answers nobody.
    endpoint.agents.save_alias(alias, "")
    keep_tags(endpoint, alias["agentAliasArn"], params.get("tags", {}))
    remember(endpoint, f"{agent_id}/alias", params, alias_id)
    _later(endpoint, "alias_routed", agent_id, alias_id, version)
    return {"agentAlias": _shown(alias)}


def get_agent_alias(endpoint: Endpoint, params: Params) -> Params:
    """GetAgentAlias."""
    return {"agentAlias": _shown(_alias(endpoint, params))}


def list_agent_aliases(endpoint: Endpoint, params: Params) -> Params:
    """ListAgentAliases."""
    aliases = endpoint.control.agents.aliases(agent_of(endpoint, params)["agentId"])
    size = min(params.get("maxResults", PAGE), PAGE)
    found, more = page(aliases, lambda each: each["agentAliasId"], size, params.get("nextToken"))
    return {"agentAliasSummaries": [answer("AgentAliasSummary", each) for each in found], "nextToken": more}


def update_agent_alias(endpoint: Endpoint, params: Params) -> Params:
    """UpdateAgentAlias; without a routing configuration it makes a new version and points at it."""
    alias, agent = _alias(endpoint, params), settled_agent_of(endpoint, params)
    _refuse_test_alias(params)
    _check_settled(alias)
    if params["agentAliasName"] != alias["agentAliasName"]:
        _check_name(endpoint, agent["agentId"], params["agentAliasName"])
    version = _version(endpoint, agent, params)
    alias.pop("description", None)
    alias |= given(params, "agentAliasName", "description", "aliasInvocationState")
    alias |= {"agentAliasStatus": "UPDATING", "updatedAt": now_text(endpoint)}
    _keep(endpoint, alias)
    _later(endpoint, "alias_routed", agent["agentId"], alias["agentAliasId"], version)
    return {"agentAlias": _shown(alias)}


def delete_agent_alias(endpoint: Endpoint, params: Params) -> Params:
    """DeleteAgentAlias, with the sessions and memories that were had through it."""
    _refuse_test_alias(params)
    alias = _alias(endpoint, params) | {"agentAliasStatus": "DELETING"}
    _keep(endpoint, alias)
    _later(endpoint, "alias_deleted", alias["agentId"], alias["agentAliasId"])
    return answer("DeleteAgentAliasResponse", alias)


def alias_routed(endpoint: Endpoint, agent_id: str, alias_id: str, version: str) -> None:
    """The step that ends CREATING and UPDATING."""
    for alias in endpoint.control.agents.aliases(agent_id):
        if alias["agentAliasId"] != alias_id or alias["agentAliasStatus"] not in {"CREATING", "UPDATING"}:
            continue
        now, history = now_text(endpoint), alias["agentAliasHistoryEvents"]
        if history:
            history[-1]["endDate"] = now
        routing = [{"agentVersion": version}]
        history.append({"routingConfiguration": routing, "startDate": now})
        alias |= {
            "agentAliasStatus": "PREPARED",
            "routingConfiguration": routing,
            "agentAliasHistoryEvents": history[-_MOST_HISTORY:],
            "updatedAt": now,
        }
        endpoint.agents.save_alias(alias, version)


def alias_deleted(endpoint: Endpoint, agent_id: str, alias_id: str) -> None:
    """The step that ends DELETING."""
    for alias in endpoint.control.agents.aliases(agent_id):
        if alias["agentAliasId"] == alias_id:
            drop_tags(endpoint, alias["agentAliasArn"])
    endpoint.control.agents.delete_alias(agent_id, alias_id)


def _later(endpoint: Endpoint, step: str, *target: str) -> None:
    endpoint.control.lifecycle.after(endpoint.settings.durations.alias_changing, SERVICE, step, *target)


def _alias(endpoint: Endpoint, params: Params) -> Document:
    agent_id, alias_id = agent_of(endpoint, params)["agentId"], params["agentAliasId"]
    for alias in endpoint.control.agents.aliases(agent_id):
        if alias["agentAliasId"] == alias_id:
            return alias
    raise missing(f"alias {alias_id} of agent {agent_id}")


def _keep(endpoint: Endpoint, alias: Document) -> None:
    """Keep a changed alias, which points where it pointed."""
    endpoint.agents.save_alias(alias, alias["routingConfiguration"][0].get("agentVersion", ""))


def _version(endpoint: Endpoint, agent: Document, params: Params) -> str:
    """The version that an alias shall point at; a new one where none is named."""
    routes = [route for route in params.get("routingConfiguration", []) if route]
    if not routes:
        return make_version(endpoint, agent)
    number: str = routes[0].get("agentVersion", "")
    if number == DRAFT:
        raise invalid(f"{DRAFT} cannot be in the routing configuration of an alias; {TEST_ALIAS} points at it.")
    version_of(endpoint, {"agentId": agent["agentId"], "agentVersion": number})
    return number


def _check_name(endpoint: Endpoint, agent_id: str, name: str) -> None:
    if any(alias["agentAliasName"] == name for alias in endpoint.control.agents.aliases(agent_id)):
        raise conflict(f"An alias with the name {name} already exists for this agent.")


def _check_settled(alias: Document) -> None:
    if alias["agentAliasStatus"] != "PREPARED":
        raise conflict(f"Alias {alias['agentAliasId']} is in {alias['agentAliasStatus']} state; wait, and retry.")


def _refuse_test_alias(params: Params) -> None:
    if params["agentAliasId"] == TEST_ALIAS:
        raise invalid(
            f"1 validation error detected: Value '{TEST_ALIAS}' at 'agentAliasId' failed to satisfy constraint: Member "
            f"must satisfy regular expression pattern: (?!\\b{TEST_ALIAS}\\b)[0-9a-zA-Z]+"
        )


def _shown(alias: Document) -> dict[str, Any]:
    return answer("AgentAlias", alias)
