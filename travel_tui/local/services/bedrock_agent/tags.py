"""Tags of agents and aliases, by ARN."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.bedrock_agent.checks import not_found_error
from travel_tui.local.state.scope import scope_of_arn
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_KIND = "agent tags"
_MOST = 50


def keep_tags(endpoint: RegionalEndpoint, arn: str, tags: dict[str, str]) -> None:
    """Store the tags of a new agent or alias."""
    endpoint.control.resources.put(_KIND, arn, tags)


def drop_tags(endpoint: RegionalEndpoint, arn: str) -> None:
    """Delete the tags of a deleted agent or alias."""
    endpoint.control.resources.delete(_KIND, arn)


def list_tags_for_resource(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListTagsForResource."""
    return {"tags": _tags(endpoint, params["resourceArn"])}


def tag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """TagResource."""
    tags = _tags(endpoint, params["resourceArn"]) | params["tags"]
    if len(tags) > _MOST:
        raise ServiceError("ServiceQuotaExceededException", f"A resource can have up to {_MOST} tags.")
    endpoint.control.resources.put(_KIND, params["resourceArn"], tags)


def untag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """UntagResource."""
    tags = _tags(endpoint, params["resourceArn"])
    left = {key: value for key, value in tags.items() if key not in params["tagKeys"]}
    endpoint.control.resources.put(_KIND, params["resourceArn"], left)


def _tags(endpoint: RegionalEndpoint, arn: str) -> dict[str, str]:
    kind, agent_id, *alias_id = arn.rpartition(":")[2].split("/")
    there = scope_of_arn(arn) == endpoint.scope and endpoint.agents.agent(agent_id) is not None
    if there and kind == "agent-alias":
        there = any([alias["agentAliasId"]] == alias_id for alias in endpoint.control.agents.aliases(agent_id))
    if not there:
        raise not_found_error(arn)
    return endpoint.control.resources.get(_KIND, arn) or {}
