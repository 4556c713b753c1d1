"""Invoke: runs a Lambda function."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from travel_tui.local.json_text import JsonError, read_json
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.functions import log_of
from travel_tui.local.services.lambda_.records import LATEST, function_of
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

if TYPE_CHECKING:
    from travel_tui.action_runner import InvocationResult

_LARGEST = 6_291_456
"""Maximum bytes of an event (Lambda quotas)."""
_TAIL = 4096
"""Bytes at the end of the log that are returned with the response."""


async def invoke(endpoint: RegionalEndpoint, params: Params) -> Params:
    """Invoke: synchronous, asynchronous or dry run."""
    function = function_of(endpoint, params)
    arn, memory = function["FunctionArn"], function["MemorySize"]
    if function["State"] != "Active":
        raise ServiceError(
            "ResourceConflictException",
            "The operation cannot be performed at this time. The function is currently in the following state: "
            + function["State"],
        )
    event = _event(params.get("Payload") or b"{}")
    kind, request_id = params.get("InvocationType", "RequestResponse"), endpoint.ids.uuid()
    if kind == "DryRun":
        return {"StatusCode": 204}
    if kind == "Event":
        endpoint.control.functions.in_background(endpoint.functions.invoke(arn, event, request_id))
        return {"StatusCode": 202}
    invocation = await endpoint.functions.invoke(arn, event, request_id)
    if invocation is None:
        raise ServiceError("ResourceNotFoundException", f"Function not found: {arn}")
    return {
        "StatusCode": 200,
        "ExecutedVersion": LATEST,
        "FunctionError": "Unhandled" if invocation.error else None,
        "LogResult": _tail(invocation, request_id, memory) if params.get("LogType") == "Tail" else None,
        "Payload": json.dumps(invocation.payload).encode(),
    }


def _event(payload: bytes) -> object:
    if len(payload) > _LARGEST:
        raise ServiceError(
            "RequestTooLargeException",
            f"Request must be smaller than {_LARGEST} bytes for the InvokeFunction operation",
        )
    try:
        event: object = read_json(payload)
    except JsonError as error:
        raise ServiceError(
            "InvalidRequestContentException", f"Could not parse request body into json: {error}."
        ) from error
    return event


def _tail(invocation: InvocationResult, request_id: str, memory: int) -> str:
    return base64.b64encode(log_of(invocation, request_id, memory).encode()[-_TAIL:]).decode()
