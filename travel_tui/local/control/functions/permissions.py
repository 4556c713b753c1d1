"""Who may invoke a Lambda function, and its tags."""

from __future__ import annotations

import json
from typing import Any

from travel_tui.local.control.functions.records import changed, check_revision, function_of
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError


def add_permission(endpoint: Endpoint, params: Params) -> Params:
    """AddPermission."""
    function, sid = function_of(endpoint, params), params["StatementId"]
    check_revision(function, params)
    if any(statement["Sid"] == sid for statement in function["statements"]):
        raise ServiceError(
            "ResourceConflictException",
            f"The statement id ({sid}) provided already exists. Please provide a new statement id, or remove the "
            "existing statement.",
        )
    conditions: dict[str, dict[str, str]] = {}
    if "SourceAccount" in params:
        conditions["StringEquals"] = {"AWS:SourceAccount": params["SourceAccount"]}
    if "SourceArn" in params:
        conditions["ArnLike"] = {"AWS:SourceArn": params["SourceArn"]}
    statement: dict[str, Any] = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": _principal(params["Principal"]),
        "Action": params["Action"],
        "Resource": function["FunctionArn"],
    }
    if conditions:
        statement["Condition"] = conditions
    changed(endpoint, function, {"statements": [*function["statements"], statement]})
    return {"Statement": json.dumps(statement, separators=(",", ":"))}


def remove_permission(endpoint: Endpoint, params: Params) -> None:
    """RemovePermission."""
    function, sid = function_of(endpoint, params), params["StatementId"]
    check_revision(function, params)
    left = [statement for statement in function["statements"] if statement["Sid"] != sid]
    if len(left) == len(function["statements"]):
        raise ServiceError("ResourceNotFoundException", f"Statement {sid} is not found in resource policy.")
    changed(endpoint, function, {"statements": left})


def get_policy(endpoint: Endpoint, params: Params) -> Params:
    """GetPolicy."""
    function = function_of(endpoint, params)
    if not function["statements"]:
        raise ServiceError("ResourceNotFoundException", "The resource you requested does not exist.")
    document = {"Version": "2012-10-17", "Id": "default", "Statement": function["statements"]}
    return {"Policy": json.dumps(document, separators=(",", ":")), "RevisionId": function["RevisionId"]}


def list_tags(endpoint: Endpoint, params: Params) -> Params:
    """ListTags."""
    return {"Tags": _tagged(endpoint, params)["tags"]}


def tag_resource(endpoint: Endpoint, params: Params) -> None:
    """TagResource."""
    function = _tagged(endpoint, params)
    changed(endpoint, function, {"tags": function["tags"] | params["Tags"]})


def untag_resource(endpoint: Endpoint, params: Params) -> None:
    """UntagResource."""
    function = _tagged(endpoint, params)
    left = {key: value for key, value in function["tags"].items() if key not in params["TagKeys"]}
    changed(endpoint, function, {"tags": left})


def _tagged(endpoint: Endpoint, params: Params) -> Document:
    return function_of(endpoint, {"FunctionName": params["Resource"]})


def _principal(name: str) -> Any:
    if name == "*":
        return "*"
    if name.isdecimal():
        return {"AWS": f"arn:aws:iam::{name}:root"}
    return {"AWS": name} if name.startswith("arn:") else {"Service": name}
