"""Operations of logs: log groups and the output of Lambda functions in them."""

from __future__ import annotations

import re
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.log_groups import KIND, make_group
from travel_tui.local.services.operation_table import operations
from travel_tui.local.services.pages import page
from travel_tui.local.state.resources import Document
from travel_tui.local.state.scope import scope_of_arn
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_PAGE = 50
_EVENTS = 10_000
"""Default page sizes of entries and events (CloudWatch Logs API reference)."""
_INVALID = "InvalidParameterException"


def create_log_group(endpoint: RegionalEndpoint, params: Params) -> None:
    """CreateLogGroup."""
    if endpoint.control.resources.get(KIND, params["logGroupName"]):
        raise ServiceError("ResourceAlreadyExistsException", "The specified log group already exists")
    make_group(
        endpoint.control.resources,
        endpoint.scope,
        params["logGroupName"],
        endpoint.clock.now(),
        params.get("tags", {}),
    )


def describe_log_groups(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DescribeLogGroups."""
    prefix, part = params.get("logGroupNamePrefix", ""), params.get("logGroupNamePattern", "").lower()
    groups = [
        group
        for group in endpoint.control.resources.all(KIND)
        if group["logGroupName"].startswith(prefix) and part in group["logGroupName"].lower()
    ]
    size, token = params.get("limit", _PAGE), params.get("nextToken")
    found, more = page(groups, lambda group: group["logGroupName"], size, token, _INVALID)
    listed = [
        {k: v for k, v in group.items() if k != "tags"}
        | {"storedBytes": endpoint.control.logs.size(group["logGroupName"])}
        for group in found
    ]
    return {"logGroups": listed, "nextToken": more}


def delete_log_group(endpoint: RegionalEndpoint, params: Params) -> None:
    """DeleteLogGroup: also deletes its events."""
    name = _group(endpoint, params)["logGroupName"]
    endpoint.control.resources.delete(KIND, name)
    endpoint.control.logs.delete(name)


def filter_log_events(endpoint: RegionalEndpoint, params: Params) -> Params:
    """FilterLogEvents: searches for the pattern literally, without CloudWatch's pattern language."""
    name = _group(endpoint, params)["logGroupName"]
    streams, prefix = params.get("logStreamNames"), params.get("logStreamNamePrefix", "")
    wanted = params.get("filterPattern", "").strip('"')
    limit = params.get("limit", _EVENTS)
    rows = endpoint.control.logs.events(name, None, _position(params.get("nextToken")), limit)
    events = [
        _event(row) | {"logStreamName": row["stream"], "eventId": f"{row['id']:056d}"}
        for row in rows
        if (streams is None or row["stream"] in streams)
        and row["stream"].startswith(prefix)
        and wanted in row["message"]
        and _within(row, params)
    ]
    more = f"f/{rows[-1]['id']}" if len(rows) == limit else None
    return {"events": events, "searchedLogStreams": [], "nextToken": more}


def list_tags_for_resource(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListTagsForResource."""
    return {"tags": _at(endpoint, params["resourceArn"])["tags"] or None}


def tag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """TagResource."""
    group = _at(endpoint, params["resourceArn"])
    endpoint.control.resources.put(KIND, group["logGroupName"], group | {"tags": group["tags"] | params["tags"]})


def untag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """UntagResource."""
    group = _at(endpoint, params["resourceArn"])
    tags = {key: value for key, value in group["tags"].items() if key not in params["tagKeys"]}
    endpoint.control.resources.put(KIND, group["logGroupName"], group | {"tags": tags})


OPERATIONS = operations(
    create_log_group,
    describe_log_groups,
    delete_log_group,
    filter_log_events,
    list_tags_for_resource,
    tag_resource,
    untag_resource,
)


def _group(endpoint: RegionalEndpoint, params: Params) -> Document:
    given = params.get("logGroupName") or params.get("logGroupIdentifier", "")
    elsewhere = given.startswith("arn:") and scope_of_arn(given) != endpoint.scope
    name = given.rpartition(":log-group:")[2].removesuffix(":*")
    group = None if elsewhere else endpoint.control.resources.get(KIND, name)
    if group is None:
        raise ServiceError("ResourceNotFoundException", "The specified log group does not exist.")
    return group


def _at(endpoint: RegionalEndpoint, arn: str) -> Document:
    return _group(endpoint, {"logGroupIdentifier": arn})


def _position(token: str | None) -> int:
    if token is None:
        return 0
    if not re.fullmatch(r"f/[0-9]{1,18}", token):
        raise ServiceError(_INVALID, "The specified nextToken is invalid.")
    return int(token[2:])


def _within(row: Any, params: Params) -> bool:
    start, end = params.get("startTime", 0), params.get("endTime")
    return row["at_ms"] >= start and (end is None or row["at_ms"] < end)


def _event(row: Any) -> dict[str, Any]:
    return {"timestamp": row["at_ms"], "message": row["message"], "ingestionTime": row["at_ms"]}
