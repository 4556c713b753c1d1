"""Operations on a Lambda function's resource policy and tags."""

from __future__ import annotations

import json
import re
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.lambda_.records import changed, check_revision, function_of
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_ACCOUNT = re.compile(r"[0-9]{12}")
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|amazon\.com)")
"""A principal that is an account, and one that is a service."""


def add_permission(endpoint: RegionalEndpoint, params: Params) -> Params:
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


def remove_permission(endpoint: RegionalEndpoint, params: Params) -> None:
    """RemovePermission."""
    function, sid = function_of(endpoint, params), params["StatementId"]
    check_revision(function, params)
    left = [statement for statement in function["statements"] if statement["Sid"] != sid]
    if len(left) == len(function["statements"]):
        raise ServiceError("ResourceNotFoundException", f"Statement {sid} is not found in resource policy.")
    changed(endpoint, function, {"statements": left})


def get_policy(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetPolicy."""
    function = function_of(endpoint, params)
    if not function["statements"]:
        raise ServiceError("ResourceNotFoundException", "The resource you requested does not exist.")
    document = {"Version": "2012-10-17", "Id": "default", "Statement": function["statements"]}
    return {"Policy": json.dumps(document, separators=(",", ":")), "RevisionId": function["RevisionId"]}


def tag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """TagResource."""
    function = _tagged(endpoint, params)
    changed(endpoint, function, {"tags": function["tags"] | params["Tags"]})


def untag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """UntagResource."""
    function = _tagged(endpoint, params)
    left = {key: value for key, value in function["tags"].items() if key not in params["TagKeys"]}
    changed(endpoint, function, {"tags": left})


def _tagged(endpoint: RegionalEndpoint, params: Params) -> Document:
    return function_of(endpoint, {"FunctionName": params["Resource"]})


def _principal(name: str) -> Any:
    if name == "*":
        return "*"
    if _ACCOUNT.fullmatch(name):
        return {"AWS": f"arn:aws:iam::{name}:root"}
    if name.startswith("arn:"):
        return {"AWS": name}
    if not _SERVICE.fullmatch(name):
        raise ServiceError(
            "InvalidParameterValueException",
            "The provided principal was invalid. Please check the principal and try again.",
        )
    return {"Service": name}
