"""Stored Lambda functions: lookup by name or ARN, changes, and conversion to output."""

from __future__ import annotations

import re
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.function_runtime import KIND
from travel_tui.local.services.names import function_arn
from travel_tui.local.services.operation_table import to_output
from travel_tui.local.state.resources import Document
from travel_tui.local.state.scope import scope_of_arn
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_NAME = re.compile(
    r"(?:arn:aws[\w-]*:lambda:)?(?:[a-z]{2}-[a-z-]+-\d:)?(?:\d{12}:)?(?:function:)?"
    r"(?P<name>[\w-]+)(?::(?P<qualifier>\$LATEST|[\w-]+))?"
)
LATEST = "$LATEST"
_LONGEST_NAME = 64
"""Characters of a function's name (Lambda API reference); the model's limit is that of an ARN."""


def name_of(params: Params) -> str:
    """Return the name in FunctionName, which may be a full or partial ARN. Raises for a version or alias."""
    found = _NAME.fullmatch(params["FunctionName"])
    if found is None:
        raise ServiceError("InvalidParameterValueException", f"Invalid function name: {params['FunctionName']}")
    if len(found["name"]) > _LONGEST_NAME:
        raise ServiceError(
            "ValidationException",
            f"1 validation error detected: Value '{found['name']}' at 'functionName' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_LONGEST_NAME}",
        )
    qualifier = params.get("Qualifier") or found["qualifier"] or LATEST
    if qualifier != LATEST:
        raise ServiceError(
            "ResourceNotFoundException",
            f"The local endpoint keeps no versions and aliases of functions; {qualifier} of {found['name']} is none.",
        )
    return found["name"]


def function_of(endpoint: RegionalEndpoint, params: Params) -> Document:
    """Return the function in the input."""
    name = name_of(params)
    given = params["FunctionName"]
    there = scope_of_arn(given) if given.startswith("arn:") else endpoint.scope
    if there.region != endpoint.scope.region:
        raise ServiceError(
            "ResourceNotFoundException",
            f"Functions from '{there.region}' are not reachable in this region ('{endpoint.scope.region}')",
        )
    if there != endpoint.scope:
        raise ServiceError("ResourceNotFoundException", f"Function not found: {given}")
    function = endpoint.control.resources.get(KIND, name)
    if function is None:
        arn = function_arn(endpoint.scope, name)
        raise ServiceError("ResourceNotFoundException", f"Function not found: {arn}")
    return function


def check_revision(function: Document, params: Params) -> None:
    """Reject a change that is meant for another revision."""
    if params.get("RevisionId", function["RevisionId"]) != function["RevisionId"]:
        raise ServiceError(
            "PreconditionFailedException",
            "The RevisionId provided does not match the latest RevisionId. Call the GetFunction API to retrieve the "
            "latest RevisionId.",
        )


def check_settled(function: Document) -> None:
    """Reject a change while another one is in progress."""
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


def changed(endpoint: RegionalEndpoint, function: Document, changes: Document) -> Document:
    """Save a function with changes as a new revision and return it."""
    now = endpoint.clock.now()
    function = function | changes
    function["RevisionId"] = endpoint.ids.uuid()
    function["LastModified"] = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}+0000"
    save(endpoint, function)
    return function


def save(endpoint: RegionalEndpoint, function: Document) -> None:
    """Save a function."""
    endpoint.control.resources.put(KIND, function["FunctionName"], function)


def configuration(function: Document) -> dict[str, Any]:
    """Convert a function to Lambda's output."""
    return to_output("lambda", "FunctionConfiguration", function)
