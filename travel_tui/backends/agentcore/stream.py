"""Conversion of InvokeHarness's stream to turn events: several messages, of which the last decides how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.eventstream import EventStream

from travel_tui.agent import (
    FAILED,
    ModelUsage,
    ReturnControl,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from travel_tui.backends.agentcore.stop_reasons import TOOL_USE, problem_of_stop
from travel_tui.backends.agentcore.tool_input import parameters_of
from travel_tui.backends.shared.errors import CutOffError
from travel_tui.backends.shared.event_frames import Frame, frames
from travel_tui.backends.shared.json_values import json_safe

NOTE = 300
"""Maximum characters of a step's note; its payload has the full text."""
_RUN_THERE = frozenset({"server_tool_use", "mcp_tool_use"})
"""Types of tool uses that the harness itself runs."""


def turn_events(stream: EventStream[Any]) -> Iterator[tuple[TurnEvent, ...]]:
    """Yield the turn events of each frame, and last how the turn ended. Raises what `frames` does, and CutOffError."""
    reader = HarnessStreamParser()
    for frame in frames(stream):
        yield tuple(reader.read(frame))
    yield tuple(reader.end())


@dataclass(slots=True)
class _Block:
    """A content block, joined from its pieces."""

    kind: str
    start: Mapping[str, Any] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)
    """What has no text: signatures, redacted reasoning, JSON results, kinds that this client does not know."""

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class HarnessStreamParser:
    """Parses the frames of one call, in order.

    A tool use is a call by the harness where its type says so or another message follows; in the last message it is
    returned control.
    """

    def __init__(self) -> None:
        self._blocks: dict[int, _Block] = {}
        self._message: list[Any] = []  # content of the message, as in the trace
        self._waiting: list[ToolCall] = []
        self._role = ""
        self._stop = ""
        self._hook = ""
        self._said = False
        self._break = False
        self._metadata: Mapping[str, Any] = {}

    def read(self, frame: Frame) -> Iterator[TurnEvent]:
        """Yield the turn events of one frame."""
        body = frame.event.get(frame.name) or {}
        match frame.name:
            case "messageStart":
                yield from self._flush()
                self._role, self._stop, self._break = str(body.get("role", "")), "", self._said
            case "contentBlockStart":
                block = self._blocks[body.get("contentBlockIndex", 0)] = _begun(body.get("start") or {})
                if block.kind == "toolResult":
                    yield from self._release()
            case "contentBlockDelta":
                yield from self._delta(body.get("contentBlockIndex", 0), body.get("delta") or {})
            case "contentBlockStop":
                yield from self._finish(body.get("contentBlockIndex", 0))
            case "messageStop":
                for index in list(self._blocks):
                    yield from self._finish(index)
                self._stop = str(body.get("stopReason", ""))
            case "metadata":
                yield from self._usage(body)
            case "hookEvent":
                yield self._hook_step(body)
            case _:
                yield TraceStep(frame.name or "unknown", _unknown_payload(frame))

    def end(self) -> Iterator[TurnEvent]:
        """Yield how the turn ended. Raises CutOffError if no message was complete."""
        if not self._stop:
            raise CutOffError(f"The stream ended without the stop of its last message. {self._hook}".strip())
        calls = tuple(self._waiting) if self._stop == TOOL_USE else ()
        self._waiting = [] if calls else self._waiting
        yield from self._flush()
        if self._stop == TOOL_USE and not calls:
            raise CutOffError("The stream ended for a tool use that it does not have.")
        if problem := problem_of_stop(self._stop, self._hook):
            yield TurnFailed(problem)
        elif self._stop == TOOL_USE:
            yield ReturnControl(",".join(call.trace_id for call in calls), calls)
        else:
            yield TurnCompleted()

    def _delta(self, index: int, delta: Mapping[str, Any]) -> Iterator[TurnEvent]:
        kind = next(iter(delta), "")
        value: Any = delta.get(kind)
        block = self._blocks.setdefault(index, _Block(kind))  # text and reasoning have no start
        match kind:
            case "text":
                yield from self._text(str(value))
                block.pieces.append(str(value))
            case "toolUse":
                block.pieces.append(str((value or {}).get("input", "")))
            case "reasoningContent" if "text" in (value or {}):
                block.pieces.append(str(value["text"]))
            case "toolResult":
                for part in value or ():
                    if "text" in part:
                        block.pieces.append(str(part["text"]))
                    else:
                        block.others.append(json_safe(part))
            case _:
                block.others.append(json_safe(delta))

    def _text(self, text: str) -> Iterator[TurnEvent]:
        """Yield a piece of the answer; what an earlier message said is set apart by an empty line."""
        if self._role == "user":  # a message with tool results: its texts are no answer
            return
        if self._break:
            yield TextDelta("\n\n")
        self._break, self._said = False, True
        yield TextDelta(text)

    def _finish(self, index: int) -> Iterator[TurnEvent]:
        """Yield what a complete block is."""
        if (block := self._blocks.pop(index, None)) is None:
            return
        match block.kind:
            case "toolUse":
                yield from self._tool_use(block)
            case "toolResult":
                yield from self._tool_result(block)
            case "reasoningContent":
                content = {"text": block.text, **({"other": block.others} if block.others else {})}
                self._message.append({"reasoningContent": content})
                note = block.text or "redacted by the model"
                yield TraceStep("reasoning", {"reasoningContent": content}, title="Reasoning", note=note[:NOTE])
            case _:
                self._message.append({block.kind or "content": block.text or block.others})

    def _tool_use(self, block: _Block) -> Iterator[TurnEvent]:
        tool_use = {**json_safe(block.start), "input": _parsed(block.text)}
        self._message.append({"toolUse": tool_use})
        call = ToolCall(
            action_group=str(block.start.get("serverName") or ""),
            function=str(block.start.get("name", "")),
            parameters=parameters_of(block.text),
            trace_id=str(block.start.get("toolUseId", "")),
        )
        if block.start.get("type") in _RUN_THERE:
            yield from _called(call)
        else:
            self._waiting.append(call)

    def _release(self) -> Iterator[TurnEvent]:
        """Yield the tool uses that are no returned control as calls by the harness."""
        calls, self._waiting = self._waiting, []
        for call in calls:
            yield from _called(call)

    def _tool_result(self, block: _Block) -> Iterator[TurnEvent]:
        result = {
            **json_safe(block.start),
            "content": [*([{"text": block.text}] if block.pieces else []), *block.others],
        }
        self._message.append({"toolResult": result})
        text = block.text or "\n".join(json.dumps(each, ensure_ascii=False) for each in block.others)
        tool_use_id, failed = str(block.start.get("toolUseId", "")), block.start.get("status") == "error"
        yield ToolResult(text, tool_use_id, FAILED if failed else "")
        yield TraceStep(
            "toolResult", {"toolResult": result}, title="Tool", note=text[:NOTE], span=f"tool/{tool_use_id}",
            phase="ends", body="toolResult/content", failed=failed,
        )  # fmt: skip

    def _usage(self, body: Mapping[str, Any]) -> Iterator[TurnEvent]:
        usage = body.get("usage") or {}
        self._metadata = body
        yield ModelUsage(usage.get("inputTokens"), usage.get("outputTokens"))
        yield from self._message_step()

    def _flush(self) -> Iterator[TurnEvent]:
        """Yield what is known of a message once the next one begins."""
        yield from self._release()
        yield from self._message_step()

    def _message_step(self) -> Iterator[TurnEvent]:
        """Yield the trace step of the message that is over, with its usage where that has come."""
        if not (self._message or self._metadata):
            return
        metadata, content = json_safe(self._metadata), self._message
        self._metadata, self._message = {}, []
        usage = metadata.get("usage") or {}
        latency = (metadata.get("metrics") or {}).get("latencyMs")
        message = {"role": self._role, "content": content, "stopReason": self._stop}
        texts = [str(part["text"]) for part in content if "text" in part]
        yield TraceStep(
            f"message.{self._role or 'unknown'}",
            {"message": message, **metadata},
            title="Tool results" if self._role == "user" else "Model",
            note=("".join(texts) or self._stop)[:NOTE],
            body="message",
            took_s=latency / 1000 if isinstance(latency, int) else None,
            input_tokens=usage.get("inputTokens"),
            output_tokens=usage.get("outputTokens"),
            failed=problem_of_stop(self._stop) is not None and self._stop not in {"", "tool_result"},
        )

    def _hook_step(self, body: Mapping[str, Any]) -> TraceStep:
        decision, reason = str(body.get("decision") or ""), str(body.get("reason") or "")
        told = ": ".join(each for each in (decision, reason) if each)
        self._hook = f"Hook {body.get('name', '')} ({body.get('type', '')}) {told}".strip() + "."
        note = f"{body.get('type', '')} {told}".strip()
        title = f"Hook {body.get('name', '')}"
        return TraceStep("hookEvent", json_safe(body), title=title, note=note[:NOTE], failed=decision == "deny")


def _begun(start: Mapping[str, Any]) -> _Block:
    kind = next(iter(start), "")
    value = start.get(kind)
    return _Block(kind, value if isinstance(value, Mapping) else {})


def _called(call: ToolCall) -> Iterator[TurnEvent]:
    payload = {"toolUseId": call.trace_id, "name": call.function, "input": {p.name: p.value for p in call.parameters}}
    note = "  ".join(each.value for each in call.parameters)
    yield call
    yield TraceStep(
        "toolUse", {"toolUse": payload}, title=call.function or "Tool", note=note[:NOTE], span=f"tool/{call.trace_id}",
        phase="begins", body="toolUse/input",
    )  # fmt: skip


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _unknown_payload(frame: Frame) -> Mapping[str, Any]:
    """Return what came in an event that the service's model does not have."""
    found = _parsed(frame.payload.decode("utf-8", "replace"))
    return found if isinstance(found, dict) else {"payload": found}
