"""Invokes the Lambda function that was provisioned for a harness's inline functions."""

from __future__ import annotations

import json
from typing import Any

from travel_tui.agent import ReturnedResult, ToolCall
from travel_tui.backends.shared.function_event import function_event, function_result


def invoke_function(client: Any, name: str, call: ToolCall) -> ReturnedResult:
    """Return the function's result for a returned call. Raises errors of boto3."""
    answer = client.invoke(FunctionName=name, Payload=json.dumps(function_event(call)).encode())
    text = answer["Payload"].read()
    try:
        payload = json.loads(text)
    except ValueError:
        payload = text.decode("utf-8", "replace")
    return function_result(call, payload)
