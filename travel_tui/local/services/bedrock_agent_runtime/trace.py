"""Trace events in AWS's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from travel_tui.local.agent_model import ModelOutput
from travel_tui.local.prompts import ORCHESTRATION, POST_PROCESSING, PRE_PROCESSING, StepPrompt
from travel_tui.local.runtime.token_pacer import tokens
from travel_tui.local.scripted_agent.messages import ToolCall
from travel_tui.local.state.agents import AgentVersion
from travel_tui.local.time import EndpointClock
from travel_tui.local.wire.call import Event

_UNIONS = {
    PRE_PROCESSING: "preProcessingTrace",
    ORCHESTRATION: "orchestrationTrace",
    POST_PROCESSING: "postProcessingTrace",
}
"""The part of the trace that has the steps of each type of prompt."""
_MILLISECOND = timedelta(milliseconds=1)


class Tracer:
    """Builds the trace events of one turn. Steps of the same model invocation share their traceId."""

    def __init__(self, agent: AgentVersion, session_id: str, turn: str, clock: EndpointClock, model: str = "") -> None:
        """`turn` is an id of at most 12 characters: a traceId is the id and a number, at most 16 characters.

        `model` names the language model that answers; "" stands for the agent's own, which the script plays.
        """
        self._agent = agent
        self._model = model
        self._session_id = session_id
        self._turn = turn
        self._clock = clock
        self._number = 0
        self._prompt = ""
        self._started = clock.now()

    @property
    def trace_id(self) -> str:
        """Return the trace id of the current model invocation."""
        return f"{self._turn}-{self._number}"

    def model_input(self, prompt: StepPrompt, text: str) -> Event:
        """Return the event for the start of a model invocation; `text` is the whole prompt."""
        self._number += bool(self._prompt)
        self._prompt = text
        self._started = self._clock.now()
        content = {
            "text": text,
            "type": prompt.type,
            "foundationModel": self._model or prompt.foundation_model or self._agent.foundation_model,
            "inferenceConfiguration": {"temperature": 0.0} if self._model else dict(prompt.inference),
            "promptCreationMode": "OVERRIDDEN" if prompt.overridden else "DEFAULT",
            "parserMode": "DEFAULT",
        }
        return self._step("modelInvocationInput", content, _UNIONS[prompt.type])

    def model_output(self, raw: str, prompt_type: str = ORCHESTRATION, **parsed: Any) -> Event:
        """Return the event for its output `raw`, and what was read from it.

        The usage is an estimate (`token_pacer.tokens`).
        """
        usage = {"inputTokens": tokens(self._prompt), "outputTokens": tokens(raw)}
        content: dict[str, Any] = {"rawResponse": {"content": raw}, "metadata": {**self._times(), "usage": usage}}
        if parsed:
            content["parsedResponse"] = parsed
        return self._step("modelInvocationOutput", content, _UNIONS[prompt_type])

    def model_wrote(self, output: ModelOutput) -> Event:
        """Return the event for what a language model wrote, with the usage that it counted."""
        metadata: dict[str, Any] = self._times()
        if usage := output.usage:
            metadata["usage"] = {"inputTokens": usage.input_tokens, "outputTokens": usage.output_tokens}
        content: dict[str, Any] = {"rawResponse": {"content": output.text}, "metadata": metadata}
        if output.reasoning:
            content["reasoningContent"] = {"reasoningText": {"text": output.reasoning}}
        return self._step("modelInvocationOutput", content)

    def rationale(self, text: str) -> Event:
        """Return the event with the reason for the agent's next step."""
        return self._step("rationale", {"text": text})

    def action_input(self, call: ToolCall, returned_as: str | None = None) -> Event:
        """Return the event for a function call; `returned_as` is the invocation id if the caller runs it."""
        self._started = self._clock.now()
        content = {
            "actionGroupName": call.function.action_group,
            **_asked(call),
            "parameters": typed_parameters(call),
            "executionType": "RETURN_CONTROL" if returned_as else "LAMBDA",
            "invocationId": returned_as,
        }
        return self._step("invocationInput", {"invocationType": "ACTION_GROUP", "actionGroupInvocationInput": content})

    def action_output(self, text: str) -> Event:
        """Return the event with the function's result."""
        content = {"text": text, "metadata": self._times()}
        return self._step("observation", {"type": "ACTION_GROUP", "actionGroupInvocationOutput": content})

    def final(self, text: str) -> Event:
        """Return the event with the answer to the user."""
        return self._step("observation", {"type": "FINISH", "finalResponse": {"text": text}})

    def failure(self, reason: str) -> Event:
        """Return the event for a failed turn."""
        return self._event({"failureTrace": {"traceId": self.trace_id, "failureReason": reason}})

    def _step(self, kind: str, content: Mapping[str, Any], union: str = "orchestrationTrace") -> Event:
        return self._event({union: {kind: {"traceId": self.trace_id, **content}}})

    def _event(self, trace: Mapping[str, Any]) -> Event:
        content = {
            "agentId": self._agent.agent_id,
            "agentAliasId": self._agent.alias_id,
            "agentVersion": self._agent.version,
            "sessionId": self._session_id,
            "eventTime": self._clock.now(),
            "callerChain": [{"agentAliasArn": self._agent.alias_arn}],
            "trace": trace,
        }
        return Event("trace", content)

    def _times(self) -> dict[str, datetime | int]:
        now = self._clock.now()
        return {"startTime": self._started, "endTime": now, "totalTimeMs": round((now - self._started) / _MILLISECOND)}


def _asked(call: ToolCall) -> dict[str, Any]:
    api = call.function.api
    if api is None:
        return {"function": call.function.name}
    asked: dict[str, Any] = {"apiPath": api.path, "verb": api.method.lower()}
    if api.content_type:
        asked["requestBody"] = {"content": {api.content_type: body_properties(call)}}
    return asked


def typed_parameters(call: ToolCall) -> list[dict[str, str]]:
    """Return a call's parameters as in traces and events, without those in a request's body.

    Each has its name, the schema's type, and its value as text.
    """
    body = call.function.api.body if call.function.api else frozenset()
    return _typed(call, [name for name in call.parameters if name not in body])


def body_properties(call: ToolCall) -> list[dict[str, str]]:
    """Return a call's parameters that are properties of the request's body, like `typed_parameters`."""
    body = call.function.api.body if call.function.api else frozenset()
    return _typed(call, [name for name in call.parameters if name in body])


def _typed(call: ToolCall, names: list[str]) -> list[dict[str, str]]:
    types = {parameter.name: parameter.type for parameter in call.function.parameters}
    return [{"name": name, "type": types.get(name, "string"), "value": call.parameters[name]} for name in names]
