"""Return of control: requests to the caller for a result or a confirmation, and the caller's response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from travel_tui.local.scripted_agent.messages import Function, ToolCall
from travel_tui.local.services.bedrock_agent_runtime.action_result import (
    FIRST_ERROR,
    STATUS_CODES,
    ActionResult,
    failed,
)
from travel_tui.local.services.bedrock_agent_runtime.trace import body_properties, typed_parameters
from travel_tui.local.state.agents import AgentVersion
from travel_tui.local.wire.call import Event
from travel_tui.local.wire.errors import ServiceError

RESULT = "RESULT"
CONFIRMATION = "USER_CONFIRMATION"
BOTH = "USER_CONFIRMATION_AND_RESULT"

_NO_CONTENT = 204
"""The HTTP status of an answer that has no body."""
_DENIED = "You did not agree to it."


@dataclass(frozen=True, slots=True)
class ReturnControlResults:
    """The caller's response: `sessionState` with returnControlInvocationResults."""

    invocation_id: str | None
    results: Sequence[Mapping[str, Any]]


def kind_of(agent: AgentVersion, function: Function) -> str | None:
    """Return AWS's name of the request to the caller before a function has its result; None if there is none."""
    result = function.action_group in agent.return_control
    if function.require_confirmation:
        return BOTH if result else CONFIRMATION
    return RESULT if result else None


def pending_state(kind: str, call: ToolCall, invocation_id: str) -> dict[str, Any]:
    """Return what a session stores while it waits for the caller's result."""
    return {
        "kind": kind,
        "invocationId": invocation_id,
        "actionGroup": call.function.action_group,
        "function": call.function.name,
        "parameters": dict(call.parameters),
        **({"apiPath": api.path, "httpMethod": api.method} if (api := call.function.api) else {}),
    }


def event(agent: AgentVersion, kind: str, call: ToolCall, invocation_id: str) -> Event:
    """Return the event that returns control."""
    api = call.function.api
    wanted: dict[str, Any] = {
        "actionGroup": call.function.action_group,
        "parameters": typed_parameters(call),
        "actionInvocationType": kind,
        "agentId": agent.agent_id,
    }
    if api is None:
        asked = {"functionInvocationInput": {**wanted, "function": call.function.name}}
    else:
        wanted |= {"apiPath": api.path, "httpMethod": api.method}
        if api.content_type:
            wanted["requestBody"] = {"content": {api.content_type: {"properties": body_properties(call)}}}
        asked = {"apiInvocationInput": wanted}
    return Event("returnControl", {"invocationId": invocation_id, "invocationInputs": [asked]})


def match_result(waiting: Mapping[str, Any] | None, returned: ReturnControlResults) -> Mapping[str, Any]:
    """Return the one result that the session waits for. Raises ValidationException for anything else."""
    if waiting is None:
        raise _refused("This session waits for no results: it returned no control, or went on since.")
    if returned.invocation_id is None:
        raise _refused("The results need the invocationId that was returned with the control.")
    if returned.invocation_id != waiting["invocationId"]:
        raise _refused(
            f"The invocationId '{returned.invocation_id}' does not match the one that was returned with the control."
        )
    member, what = ("apiResult", "API operation") if "apiPath" in waiting else ("functionResult", "function")
    found = [result.get(member, {}) for result in returned.results]
    if len(found) != 1 or not _answers(found[0], waiting):
        raise _refused(
            f"returnControlInvocationResults must hold one {member}, of {what} {_name(waiting)} in action group "
            f"{waiting['actionGroup']}."
        )
    result: Mapping[str, Any] = found[0]
    if waiting["kind"] in {CONFIRMATION, BOTH} and "confirmationState" not in result:
        raise _refused(f"The {member} needs a confirmationState, CONFIRM or DENY.")
    status = result.get("httpStatusCode", 200)
    if status not in STATUS_CODES:
        raise _refused(f"The httpStatusCode {status} is no HTTP status: it must be from 100 to 599.")
    needed = waiting["kind"] != CONFIRMATION and result.get("confirmationState") != "DENY" and status != _NO_CONTENT
    if needed and not (_text(waiting, result) or "").strip():
        content_type = "TEXT" if member == "functionResult" else "application/json"
        raise _refused(
            f'The {member} has no result: its responseBody needs a body, such as {{"{content_type}": {{"body": "…"}}}}.'
        )
    return result


def _answers(result: Mapping[str, Any], waiting: Mapping[str, Any]) -> bool:
    """Whether a result is that of the call that the session waits for."""
    if result.get("actionGroup") != waiting["actionGroup"]:
        return False
    if "apiPath" not in waiting:
        return bool(result.get("function") == waiting["function"])
    method = str(result.get("httpMethod", waiting["httpMethod"])).upper()
    return (result.get("apiPath"), method) == (waiting["apiPath"], waiting["httpMethod"])


def _name(waiting: Mapping[str, Any]) -> str:
    return f"{waiting['httpMethod']} {waiting['apiPath']}" if "apiPath" in waiting else str(waiting["function"])


def _text(waiting: Mapping[str, Any], result: Mapping[str, Any]) -> str | None:
    """Return the text of a result: that of TEXT for a function, of the first content type for an API operation."""
    contents: Mapping[str, Mapping[str, str]] = result.get("responseBody", {})
    chosen = next(iter(contents), "") if "apiPath" in waiting else "TEXT"
    return contents.get(chosen, {}).get("body")


def call_of(waiting: Mapping[str, Any], agent: AgentVersion) -> ToolCall:
    """Return the call that the session waits for."""
    name, group = waiting["function"], waiting["actionGroup"]
    for function in agent.functions:
        if (function.name, function.action_group) == (name, group):
            return ToolCall(function, waiting["parameters"])
    return ToolCall(Function(name, action_group=group), waiting["parameters"])  # the agent was changed since


def parse_result(waiting: Mapping[str, Any], result: Mapping[str, Any]) -> ActionResult | None:
    """Return the caller's result; None if it confirmed a function that the agent calls itself.

    Raises DependencyFailedException if the caller's function failed.
    """
    if result.get("confirmationState") == "DENY":
        return ActionResult(_DENIED, "REPROMPT")
    if waiting["kind"] == CONFIRMATION:
        return None
    text = _text(waiting, result) or ""
    if result.get("responseState") == "FAILURE":
        raise failed(f"The function {_name(waiting)} of {waiting['actionGroup']} failed: {text}")
    state = result.get("responseState") or ("REPROMPT" if result.get("httpStatusCode", 200) >= FIRST_ERROR else None)
    return ActionResult(text, state)


def _refused(message: str) -> ServiceError:
    return ServiceError("ValidationException", message)
