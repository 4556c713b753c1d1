"""Conversion of InvokeAgent's stream to turn events. Every field is treated as optional."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from travel_tui.agent import (
    MemoryInjected,
    ModelUsage,
    Parameter,
    ReturnControl,
    ReturnControlKind,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnEvent,
)
from travel_tui.backends.bedrock_agents.steps import parse_step
from travel_tui.backends.shared.json_values import json_safe

_SYNOPSIS = re.compile(r"<memory_synopsis>((?:(?!<memory_synopsis>).)*?)</memory_synopsis>", re.DOTALL)


class TraceParser:
    """Parses the events of one answer, in order; buffers incomplete UTF-8 characters and the last synopsis."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._synopsis: str | None = None

    def read(self, event: Mapping[str, Any]) -> Iterator[TurnEvent]:
        """Yield the turn events of one stream event."""
        if chunk := event.get("chunk"):
            if text := self._decoder.decode(chunk.get("bytes") or b""):
                yield TextDelta(text)
            if citations := (chunk.get("attribution") or {}).get("citations"):
                yield TraceStep("citations", {"citations": json_safe(citations)})
        if part := event.get("trace"):
            yield from self._trace(part)
        if control := event.get("returnControl"):
            yield ReturnControl(control.get("invocationId", ""), tuple(_returned_calls(control)))
        if files := event.get("files"):
            yield TraceStep("files", json_safe(files))

    def end(self) -> Iterator[TurnEvent]:
        """Yield what is left at the end of the stream: an incomplete UTF-8 character."""
        if text := self._decoder.decode(b"", final=True):
            yield TextDelta(text)

    def _trace(self, part: Mapping[str, Any]) -> Iterator[TurnEvent]:
        trace = part.get("trace") or {}
        _, body = next(iter(trace.items()), ("", {}))
        yield parse_step(json_safe(part))
        if not isinstance(body, Mapping):
            return
        yield from self._memory(trace)
        yield from _usage(body)
        yield from _calls(body.get("invocationInput") or {})
        yield from _results(body.get("observation") or {})

    def _memory(self, trace: Mapping[str, Any]) -> Iterator[TurnEvent]:
        """Yield the memory in the prompt; each orchestration step repeats it, and it is reported once."""
        prompt = ((trace.get("orchestrationTrace") or {}).get("modelInvocationInput") or {}).get("text")
        found = synopsis(prompt) if isinstance(prompt, str) else None
        if found is not None and found != self._synopsis:
            self._synopsis = found
            yield MemoryInjected(found)


def synopsis(prompt: str) -> str | None:
    """Return the memory in a model's prompt: "" if its section is empty, None if there is no section.

    The prompt is mostly JSON. If it has a system part, only that is read: the user can write the tags too.
    """
    try:
        parsed = json.loads(prompt, strict=False)
    except (ValueError, RecursionError):
        parsed = prompt
    if isinstance(parsed, Mapping) and "system" in parsed:
        parsed = parsed["system"]
    found = [match.strip() for text in _texts(parsed) for match in _SYNOPSIS.findall(text)]
    if not found:
        return None
    return "\n".join(dict.fromkeys(text for text in found if text))


def _texts(value: Any) -> Iterator[str]:
    left = [value]  # iterative, since a prompt's content may be deeply nested
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, Mapping | list):
            left += reversed([*each.values()] if isinstance(each, Mapping) else each)


def _usage(body: Mapping[str, Any]) -> Iterator[TurnEvent]:
    output = body.get("modelInvocationOutput") or {}
    usage = (output.get("metadata") or {}).get("usage")
    if usage:
        yield ModelUsage(usage.get("inputTokens"), usage.get("outputTokens"))


def _calls(invocation: Mapping[str, Any]) -> Iterator[TurnEvent]:
    call = invocation.get("actionGroupInvocationInput")
    if call and call.get("executionType") != "RETURN_CONTROL":  # those arrive as ReturnControl
        yield ToolCall(
            action_group=call.get("actionGroupName", ""),
            function=call.get("function") or _route(call.get("verb"), call.get("apiPath")),
            parameters=tuple(_parameters(call)),
            trace_id=invocation.get("traceId", ""),
        )


def _results(observation: Mapping[str, Any]) -> Iterator[TurnEvent]:
    output = observation.get("actionGroupInvocationOutput")
    if output:
        yield ToolResult(output.get("text", ""), observation.get("traceId", ""))


def _returned_calls(control: Mapping[str, Any]) -> Iterator[ToolCall]:
    for member in control.get("invocationInputs") or ():
        call = member.get("functionInvocationInput") or member.get("apiInvocationInput")
        if call:
            function = call.get("function") or _route(call.get("httpMethod"), call.get("apiPath"))
            wanted = _WANTED.get(call.get("actionInvocationType"), ReturnControlKind.RESULT)
            yield ToolCall(call.get("actionGroup", ""), function, tuple(_parameters(call)), wanted=wanted)


_WANTED = {"USER_CONFIRMATION": ReturnControlKind.CONFIRMATION, "USER_CONFIRMATION_AND_RESULT": ReturnControlKind.BOTH}


def _route(verb: str | None, path: str | None) -> str:
    """Return the name used for a function of an action group with an API schema."""
    return " ".join(part for part in (verb and verb.upper(), path) if part)


def _parameters(call: Mapping[str, Any]) -> Iterator[Parameter]:
    listed = list(call.get("parameters") or ())
    for content in ((call.get("requestBody") or {}).get("content") or {}).values():
        listed += content if isinstance(content, list) else content.get("properties") or ()
    for item in listed:
        yield Parameter(item.get("name", ""), item.get("value", ""), item.get("type", "string"))
