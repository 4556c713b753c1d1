"""Invoke: a Lambda function is really run."""

from __future__ import annotations

import base64
import json
import math
from typing import TYPE_CHECKING

from travel_tui.local.control.functions.records import LATEST, function_of
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

if TYPE_CHECKING:
    from travel_tui.action_runner import Invocation

_LARGEST = 6_291_456
"""Bytes of an event (Lambda quotas)."""
_TAIL = 4096
"""Bytes of the log that come with the answer."""


async def invoke(endpoint: Endpoint, params: Params) -> Params:
    """Invoke, with its answer, without waiting for it, or without running anything."""
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
        event: object = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise ServiceError(
            "InvalidRequestContentException", f"Could not parse request body into json: {error}"
        ) from error
    return event


def _tail(invocation: Invocation, request_id: str, memory: int) -> str:
    said = invocation.log if invocation.log.endswith("\n") or not invocation.log else f"{invocation.log}\n"
    log = (
        f"START RequestId: {request_id} Version: {LATEST}\n{said}END RequestId: {request_id}\n"
        f"REPORT RequestId: {request_id}\tDuration: {invocation.duration_ms:.2f} ms\t"
        f"Billed Duration: {math.ceil(invocation.duration_ms)} ms\tMemory Size: {memory} MB\n"
    )
    return base64.b64encode(log.encode()[-_TAIL:]).decode()
