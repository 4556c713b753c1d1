"""Control returned to the caller: what it is asked to do or to have confirmed, and what it then answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from travel_tui.local.brain.moves import Call, Function
from travel_tui.local.runtime.actions import ActionResult, failed
from travel_tui.local.runtime.trace import typed_parameters
from travel_tui.local.state.agents import AgentVersion
from travel_tui.local.wire.call import Event
from travel_tui.local.wire.errors import ServiceError

RESULT = "RESULT"
CONFIRMATION = "USER_CONFIRMATION"
BOTH = "USER_CONFIRMATION_AND_RESULT"

_DENIED = "You did not agree to it."


@dataclass(frozen=True, slots=True)
class Returned:
    """What a caller sends back: `sessionState` with returnControlInvocationResults."""

    invocation_id: str | None
    results: Sequence[Mapping[str, Any]]


def kind_of(agent: AgentVersion, function: Function) -> str | None:
    """What the caller is asked for before a function has its result, by AWS's names; None where it is asked nothing."""
    result = function.action_group in agent.return_control
    if function.require_confirmation:
        return BOTH if result else CONFIRMATION
    return RESULT if result else None


def waiting_for(kind: str, call: Call, invocation_id: str) -> dict[str, Any]:
    """What a session keeps of the control that it returned."""
    return {
        "kind": kind,
        "invocationId": invocation_id,
        "actionGroup": call.function.action_group,
        "function": call.function.name,
        "parameters": dict(call.parameters),
    }


def event(agent: AgentVersion, kind: str, call: Call, invocation_id: str) -> Event:
    """The event that returns control."""
    wanted = {
        "actionGroup": call.function.action_group,
        "function": call.function.name,
        "parameters": typed_parameters(call),
        "actionInvocationType": kind,
        "agentId": agent.agent_id,
    }
    return Event(
        "returnControl", {"invocationId": invocation_id, "invocationInputs": [{"functionInvocationInput": wanted}]}
    )


def check(waiting: Mapping[str, Any] | None, returned: Returned) -> Mapping[str, Any]:
    """The one result that the session waits for; raises ValidationException where it is not that."""
    if waiting is None:
        raise _refused("This session waits for no results: it returned no control, or went on since.")
    if returned.invocation_id != waiting["invocationId"]:
        raise _refused(
            f"The invocationId {returned.invocation_id!r} does not match the one that was returned with the control."
        )
    wanted = (waiting["actionGroup"], waiting["function"])
    found = [result.get("functionResult", {}) for result in returned.results]
    if len(found) != 1 or (found[0].get("actionGroup"), found[0].get("function")) != wanted:
        raise _refused(
            f"returnControlInvocationResults must hold one functionResult, of function {wanted[1]} in action group "
            f"{wanted[0]}."
        )
    if waiting["kind"] in {CONFIRMATION, BOTH} and "confirmationState" not in found[0]:
        raise _refused("The functionResult needs a confirmationState, CONFIRM or DENY.")
    result: Mapping[str, Any] = found[0]
    return result


def call_of(waiting: Mapping[str, Any], agent: AgentVersion) -> Call:
    """The call that the session waits for."""
    name, group = waiting["function"], waiting["actionGroup"]
    for function in agent.functions:
        if (function.name, function.action_group) == (name, group):
            return Call(function, waiting["parameters"])
    return Call(Function(name, action_group=group), waiting["parameters"])  # the agent was changed since


def read(waiting: Mapping[str, Any], result: Mapping[str, Any]) -> ActionResult | None:
    """What the caller answered; None where it confirmed a function that the agent calls itself.

    Raises DependencyFailedException where its function failed.
    """
    if result.get("confirmationState") == "DENY":
        return ActionResult(_DENIED, "REPROMPT")
    if waiting["kind"] == CONFIRMATION:
        return None
    text = result.get("responseBody", {}).get("TEXT", {}).get("body", "")
    if result.get("responseState") == "FAILURE":
        raise failed(f"The function {waiting['function']} of {waiting['actionGroup']} failed: {text}")
    return ActionResult(text, result.get("responseState"))


def _refused(message: str) -> ServiceError:
    return ServiceError("ValidationException", message)
