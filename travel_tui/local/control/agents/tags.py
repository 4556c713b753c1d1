"""Tags of agents and aliases, by ARN."""

from __future__ import annotations

from travel_tui.local.control.agents.checks import missing
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_KIND = "agent tags"
_MOST = 50


def keep_tags(endpoint: Endpoint, arn: str, tags: dict[str, str]) -> None:
    """Begin the tags of a new agent or alias."""
    endpoint.control.resources.put(_KIND, arn, tags)


def drop_tags(endpoint: Endpoint, arn: str) -> None:
    """Forget the tags of what is deleted."""
    endpoint.control.resources.delete(_KIND, arn)


def list_tags_for_resource(endpoint: Endpoint, params: Params) -> Params:
    """ListTagsForResource."""
    return {"tags": _tags(endpoint, params["resourceArn"])}


def tag_resource(endpoint: Endpoint, params: Params) -> None:
    """TagResource."""
    tags = _tags(endpoint, params["resourceArn"]) | params["tags"]
    if len(tags) > _MOST:
        raise ServiceError("ServiceQuotaExceededException", f"A resource can have up to {_MOST} tags.")
    endpoint.control.resources.put(_KIND, params["resourceArn"], tags)


def untag_resource(endpoint: Endpoint, params: Params) -> None:
    """UntagResource."""
    tags = _tags(endpoint, params["resourceArn"])
    left = {key: value for key, value in tags.items() if key not in params["tagKeys"]}
    endpoint.control.resources.put(_KIND, params["resourceArn"], left)


def _tags(endpoint: Endpoint, arn: str) -> dict[str, str]:
    kind, agent_id, *alias_id = arn.rpartition(":")[2].split("/")
    there = endpoint.agents.agent(agent_id) is not None
    if kind == "agent-alias":
        there = any([alias["agentAliasId"]] == alias_id for alias in endpoint.control.agents.aliases(agent_id))
    if not there:
        raise missing(arn)
    return endpoint.control.resources.get(_KIND, arn) or {}
