"""Trace events in AWS's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from travel_tui.local.brain.moves import Call
from travel_tui.local.runtime.pace import tokens
from travel_tui.local.state.agents import AgentVersion
from travel_tui.local.time import EndpointClock
from travel_tui.local.wire.call import Event

_MAXIMUM_LENGTH = 2048
"""The default template's limit of an answer, in tokens; shown, not enforced."""
_MILLISECOND = timedelta(milliseconds=1)


class Tracer:
    """Makes the trace events of one turn. Steps that belong to one model invocation share their traceId."""

    def __init__(self, agent: AgentVersion, session_id: str, turn: str, clock: EndpointClock) -> None:
        """`turn` is an id of at most 12 characters: a traceId is it and a number, and has at most 16."""
        self._agent = agent
        self._session_id = session_id
        self._turn = turn
        self._clock = clock
        self._number = 0
        self._prompt = ""
        self._started = clock.now()

    @property
    def trace_id(self) -> str:
        """The id of the current model invocation's steps."""
        return f"{self._turn}-{self._number}"

    def model_input(self, text: str) -> Event:
        """A model invocation begins; `text` is all of its prompt."""
        self._number += bool(self._prompt)
        self._prompt = text
        self._started = self._clock.now()
        content = {"text": text, "type": "ORCHESTRATION", "foundationModel": self._agent.foundation_model}
        configuration = {"temperature": 0.0, "topP": 1.0, "topK": 1, "maximumLength": _MAXIMUM_LENGTH}
        return self._step("modelInvocationInput", {**content, "inferenceConfiguration": configuration})

    def model_output(self, text: str) -> Event:
        """It ends with `text`. Its usage is an estimate: characters by four (`pace.tokens`)."""
        usage = {"inputTokens": tokens(self._prompt), "outputTokens": tokens(text)}
        content = {"rawResponse": {"content": text}, "metadata": {**self._times(), "usage": usage}}
        return self._step("modelInvocationOutput", content)

    def rationale(self, text: str) -> Event:
        """Why the agent does what it does next."""
        return self._step("rationale", {"text": text})

    def action_input(self, call: Call, returned_as: str | None = None) -> Event:
        """A function of an action group is called; by the caller where control is `returned_as` an invocation id."""
        self._started = self._clock.now()
        content = {
            "actionGroupName": call.function.action_group,
            "function": call.function.name,
            "parameters": typed_parameters(call),
            "executionType": "RETURN_CONTROL" if returned_as else "LAMBDA",
            "invocationId": returned_as,
        }
        return self._step("invocationInput", {"invocationType": "ACTION_GROUP", "actionGroupInvocationInput": content})

    def action_output(self, text: str) -> Event:
        """What the function answered."""
        content = {"text": text, "metadata": self._times()}
        return self._step("observation", {"type": "ACTION_GROUP", "actionGroupInvocationOutput": content})

    def final(self, text: str) -> Event:
        """The answer to the user."""
        return self._step("observation", {"type": "FINISH", "finalResponse": {"text": text}})

    def failure(self, reason: str) -> Event:
        """The turn fails for this reason."""
        return self._event({"failureTrace": {"traceId": self.trace_id, "failureReason": reason}})

    def _step(self, kind: str, content: Mapping[str, Any]) -> Event:
        return self._event({"orchestrationTrace": {kind: {"traceId": self.trace_id, **content}}})

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


def typed_parameters(call: Call) -> list[dict[str, str]]:
    """A call's parameters as traces and events carry them: name, the type its schema declares, value as text."""
    types = {parameter.name: parameter.type for parameter in call.function.parameters}
    return [{"name": n, "type": types.get(n, "string"), "value": v} for n, v in call.parameters.items()]
