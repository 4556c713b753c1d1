"""logs: groups, and what Lambda functions printed into them."""

from __future__ import annotations

from typing import Any

from travel_tui.local.control.log_groups import KIND, make_group
from travel_tui.local.control.pages import page
from travel_tui.local.control.table import operations
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_PAGE = 50
_EVENTS = 10_000
"""Entries and events on a page where the caller does not say (CloudWatch Logs API reference)."""
_INVALID = "InvalidParameterException"


def create_log_group(endpoint: Endpoint, params: Params) -> None:
    """CreateLogGroup."""
    if endpoint.control.resources.get(KIND, params["logGroupName"]):
        raise ServiceError("ResourceAlreadyExistsException", "The specified log group already exists")
    make_group(endpoint, params["logGroupName"], params.get("tags", {}))


def describe_log_groups(endpoint: Endpoint, params: Params) -> Params:
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


def delete_log_group(endpoint: Endpoint, params: Params) -> None:
    """DeleteLogGroup, with all that is in it."""
    name = _group(endpoint, params)["logGroupName"]
    endpoint.control.resources.delete(KIND, name)
    endpoint.control.logs.delete(name)


def describe_log_streams(endpoint: Endpoint, params: Params) -> Params:
    """DescribeLogStreams; in order of their last events only where a page holds them all."""
    group = _group(endpoint, params)
    prefix = params.get("logStreamNamePrefix", "")
    rows = [row for row in endpoint.control.logs.streams(group["logGroupName"]) if row["stream"].startswith(prefix)]
    size, token = params.get("limit", _PAGE), params.get("nextToken")
    found, more = page(rows, lambda row: row["stream"], size, token, _INVALID)
    if params.get("orderBy") == "LastEventTime":
        found.sort(key=lambda row: row["last_ms"])
    if params.get("descending"):
        found.reverse()
    listed = [
        {
            "logStreamName": row["stream"],
            "creationTime": row["first_ms"],
            "firstEventTimestamp": row["first_ms"],
            "lastEventTimestamp": row["last_ms"],
            "lastIngestionTime": row["last_ms"],
            "arn": f"{group['logGroupArn']}:log-stream:{row['stream']}",
            "storedBytes": 0,  # AWS counts them for groups alone since 2019
        }
        for row in found
    ]
    return {"logStreams": listed, "nextToken": more}


def get_log_events(endpoint: Endpoint, params: Params) -> Params:
    """GetLogEvents: the events of a stream from its head; pages go forward, whatever startFromHead says."""
    name, stream = _group(endpoint, params)["logGroupName"], params["logStreamName"]
    if not any(row["stream"] == stream for row in endpoint.control.logs.streams(name)):
        raise ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")
    after = _position(params.get("nextToken"))
    rows = endpoint.control.logs.events(name, stream, after, params.get("limit", _EVENTS))
    events = [_event(row) for row in rows if _within(row, params)]
    last = rows[-1]["id"] if rows else after
    return {"events": events, "nextForwardToken": f"f/{last}", "nextBackwardToken": f"b/{after}"}


def filter_log_events(endpoint: Endpoint, params: Params) -> Params:
    """FilterLogEvents: a pattern is looked for as it stands, without CloudWatch's language of patterns."""
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


def put_retention_policy(endpoint: Endpoint, params: Params) -> None:
    """PutRetentionPolicy: kept, but nothing is deleted for it."""
    group = _group(endpoint, params)
    endpoint.control.resources.put(KIND, group["logGroupName"], group | {"retentionInDays": params["retentionInDays"]})


def delete_retention_policy(endpoint: Endpoint, params: Params) -> None:
    """DeleteRetentionPolicy."""
    group = _group(endpoint, params)
    group.pop("retentionInDays", None)
    endpoint.control.resources.put(KIND, group["logGroupName"], group)


def list_tags_for_resource(endpoint: Endpoint, params: Params) -> Params:
    """ListTagsForResource."""
    return {"tags": _at(endpoint, params["resourceArn"])["tags"] or None}


def tag_resource(endpoint: Endpoint, params: Params) -> None:
    """TagResource."""
    group = _at(endpoint, params["resourceArn"])
    endpoint.control.resources.put(KIND, group["logGroupName"], group | {"tags": group["tags"] | params["tags"]})


def untag_resource(endpoint: Endpoint, params: Params) -> None:
    """UntagResource."""
    group = _at(endpoint, params["resourceArn"])
    tags = {key: value for key, value in group["tags"].items() if key not in params["tagKeys"]}
    endpoint.control.resources.put(KIND, group["logGroupName"], group | {"tags": tags})


OPERATIONS = operations(
    create_log_group,
    describe_log_groups,
    delete_log_group,
    describe_log_streams,
    get_log_events,
    filter_log_events,
    put_retention_policy,
    delete_retention_policy,
    list_tags_for_resource,
    tag_resource,
    untag_resource,
)


def _group(endpoint: Endpoint, params: Params) -> Document:
    name = params.get("logGroupName") or params.get("logGroupIdentifier", "").rpartition(":log-group:")[2]
    group = endpoint.control.resources.get(KIND, name)
    if group is None:
        raise ServiceError("ResourceNotFoundException", "The specified log group does not exist.")
    return group


def _at(endpoint: Endpoint, arn: str) -> Document:
    return _group(endpoint, {"logGroupName": arn.rpartition(":log-group:")[2].removesuffix(":*")})


def _position(token: str | None) -> int:
    if token is None:
        return 0
    if not token[2:].isdecimal():
        raise ServiceError(_INVALID, "The specified nextToken is invalid.")
    return int(token[2:])


def _within(row: Any, params: Params) -> bool:
    start, end = params.get("startTime", 0), params.get("endTime")
    return row["at_ms"] >= start and (end is None or row["at_ms"] < end)


def _event(row: Any) -> dict[str, Any]:
    return {"timestamp": row["at_ms"], "message": row["message"], "ingestionTime": row["at_ms"]}
