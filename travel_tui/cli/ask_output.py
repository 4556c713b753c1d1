"""Printers of a turn for `ask`: plain text, and JSON lines (docs/headless.md describes their fields)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import click

from travel_tui.agent import (
    MemoryInjected,
    ModelUsage,
    Problem,
    ReturnControl,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnEvent,
    TurnFailed,
)
from travel_tui.cli.command_context import iso, print_json, progress, warn
from travel_tui.clock import Clock
from travel_tui.conversation.session import Conversation
from travel_tui.memory.summary_parser import topics
from travel_tui.text import one_line, safe

_HANDED_BACK = (
    "Return of control: the agent needs a result. `travel-tui` asks for it on its screen; `ask` cannot continue."
)


class AnswerPrinter(Protocol):
    """Interface of the printers of a turn."""

    def session_started(self, conversation: Conversation, *, new: bool) -> None:
        """Start the output; the session is known and nothing is sent yet."""

    def handle_event(self, event: TurnEvent) -> None:
        """Print an event of the turn."""

    def finish(self) -> None:
        """Flush the output after the last event."""

    def session_ended(self, conversation: Conversation) -> None:
        """Report that the session was ended."""

    def save_failed(self, problem: Problem) -> None:
        """Report that the printed turn could not be saved in the archive."""


class PlainPrinter:
    """Prints the answer on standard output, and progress and trace steps on standard error."""

    def __init__(self, options: str, *, trace: bool) -> None:
        """Store the options that select the agent, for the follow-up commands that are printed."""
        self._options = options
        self._aside = warn if trace else progress
        self._trace = trace
        self._inside_line = False
        self._held = ""

    def session_started(self, conversation: Conversation, *, new: bool) -> None:
        if new:
            warn(f"session {conversation.session_id}")

    def handle_event(self, event: TurnEvent) -> None:
        match event:
            case TextDelta(text):
                self._write(text)
            case ToolCall(_, function, parameters):
                given = " ".join(f"{each.name}={each.value}" for each in parameters)
                self._note(f"▸ {function} {given}")
            case TurnFailed(problem):
                self._note(f"Error: {problem}", always=True)
            case ReturnControl(_, calls):
                for call in calls:
                    self.handle_event(call)
                self._note(f"Error: {_HANDED_BACK}", always=True)
            case _ if self._trace:
                self._step(event)

    def finish(self) -> None:
        self._write("", last=True)
        self._end_line()

    def session_ended(self, conversation: Conversation) -> None:
        if conversation.memory_id is not None:
            wait = f"`travel-tui memory wait --session {conversation.session_id}{self._options}` waits for its memory."
            progress(f"The session has ended. {wait}")

    def save_failed(self, problem: Problem) -> None:
        warn(f"Error: {problem}")

    def _step(self, event: TurnEvent) -> None:
        match event:
            case ToolResult(text, failure=failure):
                self._note(" ".join(filter(None, ("◂", failure, text))))
            case MemoryInjected("", derived):
                self._note("· nothing would be recalled" if derived else "· no memory in prompt")
            case MemoryInjected(synopsis, derived):
                where = "would be recalled" if derived else "memory in prompt"
                self._note(f"· {where}: {' '.join(topic.text for topic in topics(synopsis))}")
            case ModelUsage(read, written):
                self._note(f"· {_tokens(read)} tokens in, {_tokens(written)} out")
            case TraceStep(kind):
                self._note(f"· {kind}")

    def _write(self, text: str, *, last: bool = False) -> None:
        text, self._held = self._held + text, ""
        if text.endswith("\r") and not last:  # the line feed of a CR LF may follow
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
    """Prints everything on standard output, one JSON object a line; trace steps only if `trace` is set."""

    def __init__(self, clock: Clock, *, trace: bool) -> None:
        self._clock = clock
        self._trace = trace
        self._began = clock.counter()
        self._first_text_s: float | None = None
        self._pieces: list[str] = []

    def session_started(self, conversation: Conversation, *, new: bool) -> None:
        self._print("session", session_id=conversation.session_id, memory_id=conversation.memory_id, new=new)
        self._began = self._clock.counter()

    def handle_event(self, event: TurnEvent) -> None:
        match event:
            case TextDelta(text):
                if self._first_text_s is None:
                    self._first_text_s = self._since()
                self._pieces.append(text)
                self._print("text", text=text)
            case ToolCall():
                self._print("tool_call", **_call(event))
            case ToolResult(text, failure=failure):
                self._print("tool_result", text=text, **({"failure": failure} if failure else {}))
            case ModelUsage(read, written):
                self._print("usage", input_tokens=read, output_tokens=written)
            case MemoryInjected(synopsis, derived):
                told = {"derived": True} if derived else {"in_prompt": bool(synopsis)}
                self._print("memory", **told, synopsis=synopsis)
            case ReturnControl(invocation_id, calls):
                self._print("return_control", invocation_id=invocation_id, calls=[_call(call) for call in calls])
                warn(f"Error: {_HANDED_BACK}")
            case TraceStep(kind, payload):
                if self._trace:
                    self._print("trace", kind=kind, payload=payload)
            case TurnFailed(problem):
                self._print("failed", **_problem(problem))
                warn(f"Error: {problem}")
            case _:
                text = "".join(self._pieces)
                self._print("answer", text=text, first_text_s=self._first_text_s, total_s=self._since())

    def finish(self) -> None:
        pass

    def session_ended(self, conversation: Conversation) -> None:
        at = iso(conversation.ended_at)
        self._print("ended", session_id=conversation.session_id, memory_id=conversation.memory_id, at=at)

    def save_failed(self, problem: Problem) -> None:
        warn(f"Error: {problem}")

    def _since(self) -> float:
        return round(self._clock.counter() - self._began, 4)

    def _print(self, event: str, **fields: Any) -> None:
        print_json({"event": event, **fields})


def _tokens(number: int | None) -> str:
    return "unknown" if number is None else f"{number:,}"


def _call(call: ToolCall) -> Mapping[str, Any]:
    parameters = {each.name: each.value for each in call.parameters}
    return {"action_group": call.action_group, "function": call.function, "parameters": parameters}


def _problem(problem: Problem) -> Mapping[str, str]:
    return {"cause": problem.cause, "what": problem.what, "why": problem.why, "advice": problem.advice}
