"""Lambda functions as they are kept: found by name or ARN, changed, and shown."""

from __future__ import annotations

import re
from typing import Any

from travel_tui.local.control.functions.runtime import KIND
from travel_tui.local.control.names import function_arn
from travel_tui.local.control.table import shown
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_NAME = re.compile(
    r"(?:arn:aws[\w-]*:lambda:)?(?:[a-z]{2}-[a-z-]+-\d:)?(?:\d{12}:)?(?:function:)?"
    r"(?P<name>[\w-]+)(?::(?P<qualifier>\$LATEST|[\w-]+))?"
)
LATEST = "$LATEST"


def name_of(params: Params) -> str:
    """The name in FunctionName, which can be an ARN or a part of one; raises where it asks for a version or alias."""
    found = _NAME.fullmatch(params["FunctionName"])
    if found is None:
        raise ServiceError("InvalidParameterValueException", f"Invalid function name: {params['FunctionName']}")
    qualifier = params.get("Qualifier") or found["qualifier"] or LATEST
    if qualifier != LATEST:
        raise ServiceError(
            "ResourceNotFoundException",
            f"The local endpoint keeps no versions and aliases of functions; {qualifier} of {found['name']} is none.",
        )
    return found["name"]


def function_of(endpoint: Endpoint, params: Params) -> Document:
    """The function that an operation is about."""
    name = name_of(params)
    function = endpoint.control.resources.get(KIND, name)
    if function is None:
        arn = function_arn(endpoint.settings.region, name)
        raise ServiceError("ResourceNotFoundException", f"Function not found: {arn}")
    return function


def check_revision(function: Document, params: Params) -> None:
    """Refuse a change that was meant for another revision."""
    if params.get("RevisionId", function["RevisionId"]) != function["RevisionId"]:
        raise ServiceError(
            "PreconditionFailedException",
            "The RevisionId provided does not match the latest RevisionId. Call the GetFunction API to retrieve the "
            "latest RevisionId.",
        )


def check_settled(function: Document) -> None:
    """Refuse a change while another one is being made."""
    if function["State"] != "Active":
        raise ServiceError(
            "ResourceConflictException",
            "The operation cannot be performed at this time. The function is currently in the following state: "
            + function["State"],
        )
    if function["LastUpdateStatus"] == "InProgress":
        raise ServiceError(
            "ResourceConflictException",
            "The operation cannot be performed at this time. An update is in progress for resource: "
            + function["FunctionArn"],
        )


def changed(endpoint: Endpoint, function: Document, changes: Document) -> Document:
    """A function with changes, kept as a new revision of it."""
    now = endpoint.clock.now()
    function = function | changes
    function["RevisionId"] = endpoint.ids.uuid()
    function["LastModified"] = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}+0000"
    save(endpoint, function)
    return function


def save(endpoint: Endpoint, function: Document) -> None:
    """Keep a function."""
    endpoint.control.resources.put(KIND, function["FunctionName"], function)


def configuration(function: Document) -> dict[str, Any]:
    """A function as Lambda answers it."""
    return shown("lambda", "FunctionConfiguration", function)
