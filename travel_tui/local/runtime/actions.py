"""One call of an action group's function: the event that its Lambda gets, and what its answer means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from travel_tui.local.brain.moves import Call
from travel_tui.local.runtime.functions import Functions
from travel_tui.local.runtime.trace import typed_parameters
from travel_tui.local.state.agents import AgentVersion
from travel_tui.local.wire.errors import ServiceError


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What a function answered. `state` is None on success, else REPROMPT; a FAILURE is an error instead."""

    text: str
    state: str | None = None
    session_attributes: Mapping[str, str] | None = None
    """The session's attributes from now on; None leaves them."""
    prompt_attributes: Mapping[str, str] | None = None
    """The turn's attributes from now on; None leaves them."""


@dataclass(frozen=True, slots=True)
class TurnContext:
    """What of a turn a function is told."""

    agent: AgentVersion
    session_id: str
    input_text: str
    session_attributes: Mapping[str, str] = field(default_factory=dict)
    prompt_attributes: Mapping[str, str] = field(default_factory=dict)


def lambda_event(context: TurnContext, call: Call) -> dict[str, Any]:
    """The event of an action group with a function schema, version 1.0."""
    agent = context.agent
    return {
        "messageVersion": "1.0",
        "agent": {"name": agent.name, "id": agent.agent_id, "alias": agent.alias_id, "version": agent.version},
        "inputText": context.input_text,
        "sessionId": context.session_id,
        "actionGroup": call.function.action_group,
        "function": call.function.name,
        "parameters": typed_parameters(call),
        "sessionAttributes": dict(context.session_attributes),
        "promptSessionAttributes": dict(context.prompt_attributes),
    }


async def perform(functions: Functions, context: TurnContext, call: Call, request_id: str) -> ActionResult:
    """Call the function; raises DependencyFailedException where its Lambda is missing, fails or answers FAILURE."""
    arn = context.agent.lambdas.get(call.function.action_group)
    if arn is None:
        raise failed(f"Action group {call.function.action_group} has no Lambda function to call.")
    if not functions.allowed(arn, context.agent.agent_arn):
        raise failed(
            f"Access denied while invoking Lambda function {arn}. Check the permissions on the Lambda function and "
            "retry the request."
        )
    invocation = await functions.invoke(arn, lambda_event(context, call), request_id)
    if invocation is None:
        raise failed(f"Lambda function {arn} does not exist.")
    if invocation.error:
        raise failed(
            f"Lambda function {arn} encountered a problem while processing request. The error message from the Lambda "
            f"function is {invocation.error}: {invocation.payload['errorMessage']}. Check the Lambda function log for "
            "error details, then try your request again after fixing the error."
        )
    return read_result(invocation.payload, call)


def read_result(payload: Any, call: Call) -> ActionResult:
    """What a Lambda's response says; raises DependencyFailedException where it is FAILURE or not of the contract."""
    try:
        response = payload["response"]
        answered = (response["actionGroup"], response["function"])
        state = response["functionResponse"].get("responseState")
        text = response["functionResponse"]["responseBody"]["TEXT"]["body"]
        attributes = _attributes(payload, "sessionAttributes"), _attributes(payload, "promptSessionAttributes")
    except (KeyError, TypeError, AttributeError) as error:
        raise _unreadable(f"It lacks {error}.") from error
    if answered != (call.function.action_group, call.function.name) or not isinstance(text, str):
        raise _unreadable("It answers another function, or not with text.")
    if state not in {None, "FAILURE", "REPROMPT"}:
        raise _unreadable(f"Its responseState is {state!r}.")
    if state == "FAILURE":
        raise failed(f"The function {call.function.name} of {call.function.action_group} failed: {text}")
    return ActionResult(text, state, *attributes)


def _attributes(payload: dict[str, Any], name: str) -> dict[str, str] | None:
    found = payload.get(name)
    if found is None:
        return None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise _unreadable(f"Its {name} are not a map of strings.")
    return found


def _unreadable(why: str) -> ServiceError:
    return failed(
        "The server encountered an error processing the Lambda response. Check the Lambda response and retry the "
        f"request. ({why})"
    )


def failed(message: str) -> ServiceError:
    """The error of a turn whose function cannot be called, fails, or answers what is none."""
    return ServiceError("DependencyFailedException", message)
