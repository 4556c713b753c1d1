"""Turns what InvokeAgent streams into the port's events. Everything in it is read as if it may be missing."""

from __future__ import annotations

import base64
import codecs
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from travel_tui.agent import (
    MemoryInjected,
    ModelUsage,
    Parameter,
    ReturnControl,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnEvent,
    Wanted,
)
from travel_tui.bedrock.steps import read_step

_SYNOPSIS = re.compile(r"<memory_synopsis>((?:(?!<memory_synopsis>).)*?)</memory_synopsis>", re.DOTALL)


class Reader:
    """Reads the events of one answer, in order; it remembers half a character and the memory already told."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._synopsis: str | None = None

    def read(self, event: Mapping[str, Any]) -> Iterator[TurnEvent]:
        """The port's events of one event of the stream."""
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
        """What is left when the stream is over: half a character that never became whole."""
        if text := self._decoder.decode(b"", final=True):
            yield TextDelta(text)

    def _trace(self, part: Mapping[str, Any]) -> Iterator[TurnEvent]:
        trace = part.get("trace") or {}
        _, body = next(iter(trace.items()), ("", {}))
        yield read_step(json_safe(part))
        if not isinstance(body, Mapping):
            return
        yield from self._memory(trace)
        yield from _usage(body)
        yield from _calls(body.get("invocationInput") or {})
        yield from _results(body.get("observation") or {})

    def _memory(self, trace: Mapping[str, Any]) -> Iterator[TurnEvent]:
        """The memory in the prompt; each orchestration step repeats it, and it is told once."""
        prompt = ((trace.get("orchestrationTrace") or {}).get("modelInvocationInput") or {}).get("text")
        found = synopsis(prompt) if isinstance(prompt, str) else None
        if found is not None and found != self._synopsis:
            self._synopsis = found
            yield MemoryInjected(found)


def synopsis(prompt: str) -> str | None:
    """The memory in a model's prompt, "" where it has a place and nothing stands there, None where it has none.

    The prompt is mostly JSON. Where it has a system part only that is read: the user can write the tags too.
    """
    try:
        parsed = json.loads(prompt, strict=False)
    except ValueError:
        parsed = prompt
    if isinstance(parsed, Mapping) and "system" in parsed:
        parsed = parsed["system"]
    found = [match.strip() for text in _texts(parsed) for match in _SYNOPSIS.findall(text)]
    if not found:
        return None
    return "\n".join(dict.fromkeys(text for text in found if text))


def json_safe(value: Any) -> Any:
    """The same as JSON can hold it: datetimes as ISO text, bytes as base64."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case bytes() | bytearray():
            return base64.b64encode(value).decode("ascii")
        case Mapping():
            return {str(key): json_safe(item) for key, item in value.items()}
        case list() | tuple():
            return [json_safe(item) for item in value]
        case _:
            return str(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _usage(body: Mapping[str, Any]) -> Iterator[TurnEvent]:
    output = body.get("modelInvocationOutput") or {}
    usage = (output.get("metadata") or {}).get("usage")
    if usage:
        yield ModelUsage(usage.get("inputTokens", 0), usage.get("outputTokens", 0))


def _calls(invocation: Mapping[str, Any]) -> Iterator[TurnEvent]:
    call = invocation.get("actionGroupInvocationInput")
    if call and call.get("executionType") != "RETURN_CONTROL":  # that one comes as a ReturnControl
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
            wanted = _WANTED.get(call.get("actionInvocationType"), Wanted.RESULT)
            yield ToolCall(call.get("actionGroup", ""), function, tuple(_parameters(call)), wanted=wanted)


_WANTED = {"USER_CONFIRMATION": Wanted.CONFIRMATION, "USER_CONFIRMATION_AND_RESULT": Wanted.BOTH}


def _route(verb: str | None, path: str | None) -> str:
    """What stands for the function's name where the action group has an API schema."""
    return " ".join(part for part in (verb and verb.upper(), path) if part)


def _parameters(call: Mapping[str, Any]) -> Iterator[Parameter]:
    listed = list(call.get("parameters") or ())
    for content in ((call.get("requestBody") or {}).get("content") or {}).values():
        listed += content if isinstance(content, list) else content.get("properties") or ()
    for item in listed:
        yield Parameter(item.get("name", ""), item.get("value", ""), item.get("type", "string"))
