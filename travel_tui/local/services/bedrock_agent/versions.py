"""Versions: snapshots of an agent, created when an alias is pointed at a new version."""

from __future__ import annotations

from typing import Any

from travel_tui.local.prompts import to_configuration
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.bedrock_agent.checks import (
    PAGE,
    SERVICE,
    agent_of,
    conflict_error,
    model_output,
    not_found_error,
    now_text,
    validation_error,
)
from travel_tui.local.services.pages import page
from travel_tui.local.state.agents import DRAFT
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params


def make_version(endpoint: RegionalEndpoint, agent: Document) -> str:
    """Save a prepared agent, as it was prepared, as its next version; return the version's number."""
    if agent["agentStatus"] != "PREPARED":
        raise validation_error(
            f"Agent {agent['agentId']} is in {agent['agentStatus']} state: a version can be made of a prepared agent "
            "alone. Call PrepareAgent, wait until it is PREPARED, and retry your request."
        )
    records, agent_id, now = endpoint.control.agents, agent["agentId"], now_text(endpoint)
    number = str(agent.get("lastVersion", 0) + 1)
    prepared = next(each for each in records.versions(agent_id) if each["agentVersion"] == DRAFT)
    version = prepared | {"agentVersion": number, "createdAt": now, "updatedAt": now}
    records.save_version(agent_id, version, records.version_groups(agent_id, DRAFT))
    endpoint.agents.save_agent(agent | {"lastVersion": int(number)})
    return number


def get_agent_version(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetAgentVersion."""
    version = version_of(endpoint, params)
    prompts = to_configuration(version.get("promptOverrideConfiguration", {}))
    shown = {"version": version["agentVersion"], "promptOverrideConfiguration": prompts}
    return {"agentVersion": model_output("AgentVersion", version | shown)}


def list_agent_versions(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListAgentVersions: includes the DRAFT."""
    agent = agent_of(endpoint, params)
    numbered = [each for each in endpoint.control.agents.versions(agent["agentId"]) if each["agentVersion"] != DRAFT]
    size = min(params.get("maxResults", PAGE), PAGE)
    found, more = page([agent, *numbered], _order, size, params.get("nextToken"))
    return {"agentVersionSummaries": [_summary(each) for each in found], "nextToken": more}


def delete_agent_version(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteAgentVersion: rejected for a version that an alias points at, which is in use."""
    version = version_of(endpoint, params)
    agent_id, number = params["agentId"], version["agentVersion"]
    users = [alias["agentAliasId"] for alias in endpoint.control.agents.aliases(agent_id) if _points(alias, number)]
    if users and not params.get("skipResourceInUseCheck"):
        raise conflict_error(
            f"Could not delete version {number} of Agent {agent_id}: aliases use it: {', '.join(users)}."
        )
    version["agentStatus"] = "DELETING"
    groups = endpoint.control.agents.version_groups(agent_id, number)
    endpoint.control.agents.save_version(agent_id, version, groups)
    seconds = endpoint.settings.durations.alias_changing
    endpoint.schedule(seconds, SERVICE, "version_deleted", agent_id, number)
    return {"agentId": agent_id, "agentVersion": number, "agentStatus": "DELETING"}


def version_deleted(endpoint: RegionalEndpoint, agent_id: str, number: str) -> None:
    """Complete DELETING of a version."""
    endpoint.control.agents.delete_version(agent_id, number)


def version_of(endpoint: RegionalEndpoint, params: Params) -> Document:
    """Return a numbered version of an agent."""
    agent_id, number = agent_of(endpoint, params)["agentId"], params["agentVersion"]
    for version in endpoint.control.agents.versions(agent_id):
        if version["agentVersion"] == number != DRAFT:
            return version
    raise not_found_error(f"version {number} of agent {agent_id}")


def _points(alias: Document, number: str) -> bool:
    return any(route.get("agentVersion") == number for route in alias["routingConfiguration"])


def _order(version: Document) -> str:
    """Return the sort key of a version: DRAFT first, then by number."""
    number: str = version["agentVersion"]
    return number.replace(DRAFT, "0").zfill(5)


def _summary(version: Document) -> dict[str, Any]:
    return model_output("AgentVersionSummary", version)
