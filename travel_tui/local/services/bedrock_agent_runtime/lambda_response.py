"""What an action group's Lambda function returns: its parts, and errors in the terms of AWS's response format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from travel_tui.local.scripted_agent.messages import ApiOperation, ToolCall
from travel_tui.local.services.bedrock_agent_runtime.action_result import (
    FIRST_ERROR,
    STATUS_CODES,
    ActionResult,
    failed,
)
from travel_tui.local.unicode import well_formed
from travel_tui.local.wire.errors import ServiceError

_SHOWN = 200
"""Maximum characters of a wrong value that the message repeats."""


def read_result(payload: Any, call: ToolCall) -> ActionResult:
    """Parse a Lambda's response. Raises DependencyFailedException for FAILURE or an invalid response."""
    whole = _mapping(payload, "The response")
    response = _mapping(whole.get("response"), "response")
    attributes = _attributes(whole, "sessionAttributes"), _attributes(whole, "promptSessionAttributes")
    _expect(response, "actionGroup", call.function.action_group)
    if call.function.api:
        return _api_result(response, call.function.api, attributes)
    _expect(response, "function", call.function.name)
    answered = _mapping(response.get("functionResponse"), "response.functionResponse")
    state = answered.get("responseState")
    if state not in (None, "FAILURE", "REPROMPT"):
        raise _unreadable(f"response.functionResponse.responseState is {_shown(state)}, not FAILURE or REPROMPT")
    text = _body(answered.get("responseBody"), "response.functionResponse.responseBody", "TEXT")
    if state == "FAILURE":
        raise failed(f"The function {call.function.name} of {call.function.action_group} failed: {text}")
    return ActionResult(text, state, *attributes)


def _api_result(
    response: Mapping[str, Any], api: ApiOperation, attributes: tuple[dict[str, str] | None, dict[str, str] | None]
) -> ActionResult:
    """An error status goes to the model as the API's answer, which then tells the user; it does not end the turn."""
    _expect(response, "apiPath", api.path)
    method = response.get("httpMethod")
    if not isinstance(method, str) or method.upper() != api.method:
        raise _unreadable(f"response.httpMethod is {_shown(method)}, not {_shown(api.method)}")
    status = response.get("httpStatusCode")
    if not isinstance(status, int) or isinstance(status, bool):
        raise _unreadable(f"response.httpStatusCode is {_shown(status)}, not a number")
    if status not in STATUS_CODES:
        raise _unreadable(f"response.httpStatusCode is {status}, not from {STATUS_CODES[0]} to {STATUS_CODES[-1]}")
    text = _body(response.get("responseBody"), "response.responseBody", None)
    return ActionResult(text, "REPROMPT" if status >= FIRST_ERROR else None, *attributes)


def _body(value: Any, where: str, content_type: str | None) -> str:
    """Return the body of a content type; None takes the first."""
    contents = _mapping(value, where)
    chosen = content_type or next(iter(contents), None)
    if chosen is None:
        raise _unreadable(f"{where} has no content type, such as application/json")
    body = _mapping(contents.get(chosen), f"{where}.{chosen}").get("body")
    if not isinstance(body, str):
        raise _unreadable(f"{where}.{chosen}.body is {_shown(body)}, not a string")
    return well_formed(body)


def _expect(response: Mapping[str, Any], name: str, wanted: str) -> None:
    if response.get(name) != wanted:
        raise _unreadable(f"response.{name} is {_shown(response.get(name))}, not {_shown(wanted)}")


def _attributes(payload: Mapping[str, Any], name: str) -> dict[str, str] | None:
    found = payload.get(name)
    if found is None:
        return None
    for key, value in _mapping(found, name).items():
        if not isinstance(value, str):
            raise _unreadable(f"{name}.{key} is {_shown(value)}, not a string")
    return {well_formed(key): well_formed(value) for key, value in found.items()}


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _unreadable(f"{where} is {_shown(value)}, not an object")
    return value


def _shown(value: Any) -> str:
    if value is None:
        return "missing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _unreadable(why: str) -> ServiceError:
    return failed(
        "The server encountered an error processing the Lambda response. Check the Lambda response and retry the "
        f"request. ({why}.)"
    )
