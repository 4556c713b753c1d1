"""Tags of memories, harnesses and their endpoints, by ARN."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.agentcore_resources import HARNESS, HARNESS_ENDPOINT, MEMORY
from travel_tui.local.services.agentcore.lookups import not_found_error, quota_error
from travel_tui.local.wire.call import Params

_KIND = "agentcore tags"
_MAX_TAGS = 50


def keep_tags(endpoint: RegionalEndpoint, arn: str, tags: dict[str, str]) -> None:
    """Store the tags of a new resource."""
    endpoint.control.resources.put(_KIND, arn, tags)


def drop_tags(endpoint: RegionalEndpoint, arn: str) -> None:
    """Delete the tags of a deleted resource, and of the endpoints that went with it."""
    endpoint.control.resources.delete(_KIND, arn)
    endpoint.control.resources.delete_under(_KIND, f"{arn}/")


def list_tags_for_resource(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListTagsForResource."""
    return {"tags": _tags(endpoint, params["resourceArn"])}


def tag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """TagResource."""
    tags = _tags(endpoint, params["resourceArn"]) | params["tags"]
    if len(tags) > _MAX_TAGS:
        raise quota_error(f"A resource can have up to {_MAX_TAGS} tags.")
    keep_tags(endpoint, params["resourceArn"], tags)


def untag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """UntagResource."""
    tags = _tags(endpoint, params["resourceArn"])
    keep_tags(endpoint, params["resourceArn"], {k: v for k, v in tags.items() if k not in params["tagKeys"]})


def _tags(endpoint: RegionalEndpoint, arn: str) -> dict[str, str]:
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind == "memory":
        there = endpoint.control.resources.get(MEMORY, name)
    else:
        harness_id, _, endpoint_name = name.partition("/harness-endpoint/")
        stored = (HARNESS_ENDPOINT, f"{harness_id}/{endpoint_name}") if endpoint_name else (HARNESS, harness_id)
        there = endpoint.control.resources.get(*stored)
    if there is None or there["arn"] != arn:
        raise not_found_error(f"Resource not found: {arn}")
    return endpoint.control.resources.get(_KIND, arn) or {}
