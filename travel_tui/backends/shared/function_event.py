"""The event that the travel agent's function takes for a call, and what it answers, as in Agents for Amazon Bedrock."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from travel_tui.agent import ReturnedResult, ToolCall


def function_event(call: ToolCall) -> dict[str, Any]:
    """Return the event for a returned call."""
    return {
        "messageVersion": "1.0",
        "agent": {"name": "", "id": "", "alias": "", "version": ""},
        "inputText": "",
        "sessionId": "",
        "actionGroup": call.action_group,
        "function": call.function,
        "parameters": [asdict(each) for each in call.parameters],
        "sessionAttributes": {},
        "promptSessionAttributes": {},
    }


def function_result(call: ToolCall, payload: Any) -> ReturnedResult:
    """Return the result in a function's answer; an answer of another form is a failure."""
    try:
        answered = payload["response"]["functionResponse"]
        text, state = str(answered["responseBody"]["TEXT"]["body"]), answered.get("responseState")
    except (KeyError, TypeError):
        text, state = f"The function failed: {payload}", "FAILURE"
    return ReturnedResult(call.action_group, call.function, text, state)
