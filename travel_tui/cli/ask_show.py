"""How a turn is written where there is no screen: for people, and as JSON lines (docs/headless.md has their shape)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import click

from travel_tui.agent import (
    MemoryInjected,
    ModelUsage,
    ReturnControl,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    Trouble,
    TurnEvent,
    TurnFailed,
)
from travel_tui.cli.headless import iso, print_json, progress, warn
from travel_tui.clock import Clock
from travel_tui.conversation import Conversation
from travel_tui.memory.topics import topics
from travel_tui.tui.text import count, one_line, safe

_HANDED_BACK = (
    "The agent waits for the result of its own call. `travel-tui` asks for it on its screen; here it cannot go on."
)


class Show(Protocol):
    """Where a turn is written."""

    def begins(self, conversation: Conversation, *, new: bool) -> None:
        """The session is known; nothing is sent yet."""

    def take(self, event: TurnEvent) -> None:
        """An event of the turn."""

    def done(self) -> None:
        """No more events come."""

    def ended(self, conversation: Conversation) -> None:
        """The session was ended."""

    def unsaved(self, trouble: Trouble) -> None:
        """What was shown is not in the archive."""


class Plain:
    """The answer on standard output, what leads to it on standard error."""

    def __init__(self, *, trace: bool) -> None:
        self._aside = warn if trace else progress
        self._trace = trace
        self._inside_line = False
        self._held = ""

    def begins(self, conversation: Conversation, *, new: bool) -> None:
        if new:
            warn(f"session {conversation.session_id}")

    def take(self, event: TurnEvent) -> None:
        match event:
            case TextDelta(text):
                self._write(text)
            case ToolCall(_, function, parameters):
                given = " ".join(f"{each.name}={each.value}" for each in parameters)
                self._note(f"▸ {function} {given}")
            case TurnFailed(trouble):
                self._note(f"Error: {trouble}", always=True)
            case ReturnControl(_, calls):
                for call in calls:
                    self.take(call)
                self._note(f"Error: {_HANDED_BACK}", always=True)
            case _ if self._trace:
                self._step(event)

    def done(self) -> None:
        self._write("", last=True)
        self._end_line()

    def ended(self, conversation: Conversation) -> None:
        if conversation.memory_id is not None:
            wait = f"`travel-tui memory wait --session {conversation.session_id}` waits for its memory."
            progress(f"The session has ended. {wait}")

    def unsaved(self, trouble: Trouble) -> None:
        warn(str(trouble))

    def _step(self, event: TurnEvent) -> None:
        match event:
            case ToolResult(text):
                self._note(f"◂ {text}")
            case MemoryInjected(""):
                self._note("· no memory in the prompt")
            case MemoryInjected(synopsis):
                self._note(f"· memory in the prompt: {' '.join(topic.text for topic in topics(synopsis))}")
            case ModelUsage(read, written):
                self._note(f"· {count(read, 'token')} read, {written:,} written")
            case TraceStep(kind):
                self._note(f"· {kind}")

    def _write(self, text: str, *, last: bool = False) -> None:
        text, self._held = self._held + text, ""
        if text.endswith("\r") and not last:  # the other half of a line's end may come next
            text, self._held = text[:-1], "\r"
        if text:
            click.echo(safe(text), nl=False)
            self._inside_line = not text.endswith("\n")

    def _note(self, text: str, *, always: bool = False) -> None:
        self._end_line()
        (warn if always else self._aside)(text if always else one_line(text, 1000))

    def _end_line(self) -> None:
        if self._inside_line:
            click.echo()
            self._inside_line = False


class JsonLines:
    """All of it on standard output, one object a line; trace steps only where `trace` asks for them."""

    def __init__(self, clock: Clock, *, trace: bool) -> None:
        self._clock = clock
        self._trace = trace
        self._began = clock.counter()
        self._first_text_s: float | None = None
        self._pieces: list[str] = []

    def begins(self, conversation: Conversation, *, new: bool) -> None:
        self._print("session", session_id=conversation.session_id, memory_id=conversation.memory_id, new=new)
        self._began = self._clock.counter()

    def take(self, event: TurnEvent) -> None:
        match event:
            case TextDelta(text):
                if self._first_text_s is None:
                    self._first_text_s = self._since()
                self._pieces.append(text)
                self._print("text", text=text)
            case ToolCall():
                self._print("tool_call", **_call(event))
            case ToolResult(text):
                self._print("tool_result", text=text)
            case ModelUsage(read, written):
                self._print("usage", input_tokens=read, output_tokens=written)
            case MemoryInjected(synopsis):
                self._print("memory", in_prompt=bool(synopsis), synopsis=synopsis)
            case ReturnControl(invocation_id, calls):
                self._print("return_control", invocation_id=invocation_id, calls=[_call(call) for call in calls])
                warn(f"Error: {_HANDED_BACK}")
            case TraceStep(kind, payload):
                if self._trace:
                    self._print("trace", kind=kind, payload=payload)
            case TurnFailed(trouble):
                self._print("failed", **_trouble(trouble))
                warn(f"Error: {trouble}")
            case _:
                text = "".join(self._pieces)
                self._print("answer", text=text, first_text_s=self._first_text_s, total_s=self._since())

    def done(self) -> None:
        pass

    def ended(self, conversation: Conversation) -> None:
        at = iso(conversation.ended_at)
        self._print("ended", session_id=conversation.session_id, memory_id=conversation.memory_id, at=at)

    def unsaved(self, trouble: Trouble) -> None:
        warn(str(trouble))

    def _since(self) -> float:
        return round(self._clock.counter() - self._began, 4)

    def _print(self, event: str, **fields: Any) -> None:
        print_json({"event": event, **fields})


def _call(call: ToolCall) -> Mapping[str, Any]:
    parameters = {each.name: each.value for each in call.parameters}
    return {"action_group": call.action_group, "function": call.function, "parameters": parameters}


def _trouble(trouble: Trouble) -> Mapping[str, str]:
    return {"cause": trouble.cause, "what": trouble.what, "why": trouble.why, "advice": trouble.advice}
