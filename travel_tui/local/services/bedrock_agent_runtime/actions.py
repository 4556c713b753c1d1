"""Calls of an action group's function through its Lambda."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from travel_tui.local.runtime.functions import Functions
from travel_tui.local.scripted_agent.messages import ToolCall
from travel_tui.local.services.bedrock_agent_runtime.action_result import ActionResult, failed
from travel_tui.local.services.bedrock_agent_runtime.lambda_response import read_result
from travel_tui.local.services.bedrock_agent_runtime.trace import body_properties, typed_parameters
from travel_tui.local.state.agents import AgentVersion
from travel_tui.local.state.scope import scope_of_arn


@dataclass(frozen=True, slots=True)
class ActionContext:
    """The parts of a turn that are passed to a function."""

    agent: AgentVersion
    session_id: str
    input_text: str
    session_attributes: Mapping[str, str] = field(default_factory=dict)
    prompt_attributes: Mapping[str, str] = field(default_factory=dict)


def lambda_event(context: ActionContext, call: ToolCall) -> dict[str, Any]:
    """Build the event of an action group, version 1.0."""
    agent = context.agent
    return {
        "messageVersion": "1.0",
        "agent": {"name": agent.name, "id": agent.agent_id, "alias": agent.alias_id, "version": agent.version},
        "inputText": context.input_text,
        "sessionId": context.session_id,
        "actionGroup": call.function.action_group,
        **_asked(call),
        "sessionAttributes": dict(context.session_attributes),
        "promptSessionAttributes": dict(context.prompt_attributes),
    }


def _asked(call: ToolCall) -> dict[str, Any]:
    api = call.function.api
    if api is None:
        return {"function": call.function.name, "parameters": typed_parameters(call)}
    asked: dict[str, Any] = {"apiPath": api.path, "httpMethod": api.method, "parameters": typed_parameters(call)}
    if api.content_type:
        asked["requestBody"] = {"content": {api.content_type: {"properties": body_properties(call)}}}
    return asked


async def perform(functions: Functions, context: ActionContext, call: ToolCall, request_id: str) -> ActionResult:
    """Call the function. Raises DependencyFailedException if its Lambda is missing, fails or returns FAILURE."""
    arn = context.agent.lambdas.get(call.function.action_group)
    if arn is None:
        raise failed(f"Action group {call.function.action_group} has no Lambda function to call.")
    here, there = context.agent.key.scope.region, scope_of_arn(arn).region
    if there != here:
        raise failed(f"Functions from '{there}' are not reachable in this region ('{here}'): {arn}.")
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
