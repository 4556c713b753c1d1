"""An answer on the screen: calls, words and how long it took, as they come and once they are there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from travel_tui.agent import (
    ModelUsage,
    ReturnControl,
    ReturnedResult,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    Trouble,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from travel_tui.timeline import Step, timeline
from travel_tui.tui.text import count, one_line, safe, seconds
from travel_tui.tui.widgets.answer import Answer
from travel_tui.tui.widgets.head import Head
from travel_tui.tui.widgets.held import Held
from travel_tui.tui.widgets.tool_line import ToolLine
from travel_tui.tui.widgets.turn import Turn, told

if TYPE_CHECKING:
    from travel_tui.tui.widgets.memory_line import MemoryLine, MemoryUse

FRAME_S = 1 / 30
"""The pieces of an answer are shown together, at most this often."""

REST = 4
"""So many times what laying out took is left to everything else: a block of hundreds of rows, which is laid out as a
whole while it grows, must not hold up a key."""


class AgentTurn(Turn):
    """The answer as it comes: calls, words, and how long it took. It takes events before it is mounted, too."""

    class Opened(Message):
        """The person wants to see the steps of the turn that answers `asked`."""

        def __init__(self, asked: str, steps: Sequence[Step]) -> None:
            super().__init__()
            self.asked, self.steps = asked, steps

    class Copy(Message):
        """The person wants `text`, the answer, on the clipboard."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, asked: str, at: str, counter: Callable[[], float], held: Held | None = None) -> None:
        super().__init__()
        self._held = held or Held(at, counter, counter(), asked)
        self._head = Head()
        self._answer = Answer(self._held.text, cut_off=not self._held.whole, classes="said")
        self._pending: list[str] = []
        self._frame_due = False
        self._frame_took_s = 0.0
        self._lines: dict[str, ToolLine] = {}

    def compose(self) -> ComposeResult:
        held = self._held
        yield self._head
        for trace_id, (call, _) in held.calls.items():
            self._lines[trace_id] = ToolLine(call, *held.results.get(trace_id, ()))
            yield self._lines[trace_id]
        yield self._answer
        if held.use is not None:
            yield _memory_line(held.use)
        for kind, texts in held.notes:
            yield _note(kind, texts)
        if held.trouble is not None:
            yield from told(held.trouble)

    def on_mount(self) -> None:
        self._answer.display = bool(self._answer.text)
        self.set_class(bool(self._held.calls), "-called")
        self._show_end()
        self._show_head()

    def again(self) -> Callable[[], Widget]:
        held = replace(self._held, text=self.text)
        return partial(AgentTurn, held.asked, held.at, held.counter, held)

    def on_head_trace(self, event: Head.Trace) -> None:
        event.stop()
        self.post_message(self.Opened(self._held.asked, self.steps))

    def on_head_copy(self, event: Head.Copy) -> None:
        event.stop()
        self.post_message(self.Copy(self.text))

    @property
    def silent(self) -> bool:
        """Whether nothing has come yet."""
        return self._held.silent

    @property
    def whole(self) -> bool:
        """Whether the answer came to its end."""
        return self._held.whole

    @property
    def answering(self) -> bool:
        """Whether the turn is still under way."""
        return self._held.total_s is None

    @property
    def text(self) -> str:
        """The answer so far."""
        return self._answer.text + "".join(self._pending)

    @property
    def steps(self) -> list[Step]:
        """What was done so far, as a timeline."""
        return timeline([event for event, _ in self._held.traced], [came for _, came in self._held.traced])

    @property
    def called(self) -> list[str]:
        """The functions that were called, each once, in order."""
        return list(dict.fromkeys(one_line(call.function) for call, _ in self._held.calls.values()))

    @property
    def results(self) -> list[str]:
        """What the calls answered."""
        return [self._held.results[each][0] for each in self._held.calls if each in self._held.results]

    async def explain(self, use: MemoryUse) -> None:
        """Say under the answer what memory did for it."""
        self._held.use = use
        if self.is_attached:
            await self.mount(_memory_line(use), after=self._answer)

    def sent(self) -> None:
        """Its message goes out now: how long it takes counts from here, as in the archive and in evidence."""
        self._held.began = self._held.counter()

    def took(self, first_s: float | None, total_s: float | None) -> None:
        """Say how long it took when it was held, where it is shown again; of its calls nobody has kept that."""
        self._held.first_s, self._held.total_s = first_s, total_s or 0.0
        self._held.results = {each: (text, None) for each, (text, _) in self._held.results.items()}
        self._show_head()

    def note(self, kind: str, texts: Iterable[str]) -> None:
        """Show what a person noted on the turn."""
        self._held.notes.append((kind, tuple(texts)))
        if self.is_attached:
            self.mount(_note(*self._held.notes[-1]))

    def wait(self, why: str) -> None:
        """Say in the head what the turn waits for."""
        self._held.state = why
        self._show_head()

    def take(self, event: TurnEvent) -> None:
        """Show one event of the turn."""
        held = self._held
        held.silent = False
        if isinstance(event, TraceStep | ReturnControl | TurnFailed):
            held.traced.append((event, held.counter()))
        match event:
            case TextDelta(text):
                if held.first_s is None:
                    held.first_s = held.counter() - held.began
                    self.wait("answering")
                self._pending.append(text)
                if self.is_attached and not self._frame_due:
                    self._frame_due = True
                    self.set_timer(max(FRAME_S, REST * self._frame_took_s), self._frame)
            case ToolCall():
                self._call(event)
                self.wait("calling")
            case ReturnControl():
                for call in _handed_back(event):
                    self._call(call)
                self.wait("waiting for your result")
            case ToolResult() if event.trace_id in held.calls:
                took_s = held.counter() - held.calls[event.trace_id][1]
                held.results[event.trace_id] = (event.text, took_s)
                if event.trace_id in self._lines:
                    self._lines[event.trace_id].finish(event.text, took_s)
            case ModelUsage():
                held.tokens += event.input_tokens + event.output_tokens
            case TurnCompleted():
                held.whole = True
                self._end("")
            case TurnFailed(trouble):
                self.fail(trouble)
            case _:
                pass

    def answered(self, control: ReturnControl, results: Iterable[ReturnedResult]) -> None:
        """Show what the person answered to the calls that were handed back."""
        for call, result in zip(_handed_back(control), results, strict=False):
            said = {True: "allowed", False: "refused", None: ""}[result.confirmed]
            self.take(ToolResult(result.text or said, call.trace_id))
        self.wait("waiting")

    def _call(self, call: ToolCall) -> None:
        self._held.calls[call.trace_id] = (call, self._held.counter())
        if self.is_attached:
            line = self._lines[call.trace_id] = ToolLine(call)
            self.mount(line, before=self._answer)
            self.add_class("-called")

    def used(self, memories: int) -> None:
        """Say that so many memories stood in the prompt."""
        self._held.memories = memories
        self._show_head()

    def fail(self, trouble: Trouble) -> None:
        """Keep what had arrived, marked, with what happened and what to do."""
        self._held.trouble = trouble
        self._end("cut off" if self.text else "failed")
        if self.is_attached:
            self.mount(*told(trouble))

    def cancelled(self) -> None:
        """The person stopped it: what had arrived stays, marked."""
        self._end("stopped")

    def _end(self, state: str) -> None:
        self._frame()
        self._answer.finish(cut_off=bool(state))
        self._held.state = state
        self._held.total_s = self._held.counter() - self._held.began
        for line in self._lines.values():
            line.refresh()
        self._show_end()
        self._show_head()

    def _show_end(self) -> None:
        self.set_class(not self.answering and bool(self._held.state), "-broken")

    def _frame(self) -> None:
        self._frame_due = False
        if self._pending:
            text = "".join(self._pending)
            self._pending.clear()
            began = time.perf_counter()
            self._answer.display = True
            self._answer.append(text)
            self._frame_took_s = time.perf_counter() - began

    def _show_head(self) -> None:
        held = self._held
        muted = "$foreground-muted"
        whose = [Content.assemble(("Agent", "bold"), (f"  {held.at}", muted))]
        if held.memories:
            whose.append(Content.styled(f"{count(held.memories, 'memory', 'memories')} used", "$text-success"))
        if held.total_s is None:
            ways = [[*whose, Content.styled(held.state, muted)]]
        else:
            whole = Content.styled(seconds(held.total_s), muted)
            ways = [[*whose, whole]]
            if held.first_s is not None:
                times = f"first {seconds(held.first_s)}, all {seconds(held.total_s)}"
                ways.insert(0, [*whose, Content.styled(times, muted)])
            if held.tokens:
                ways.insert(0, [*ways[0], Content.styled(count(held.tokens, "token"), muted)])
        state = Content.styled(held.state, "bold $text-error") if held.total_s is not None and held.state else None
        self._head.show([*ways, whose, whose[:1]], state)


def _note(kind: str, texts: Iterable[str]) -> Static:
    words = ", ".join(safe(one_line(text, 400)) for text in texts)
    return Static(Content.assemble((f"✎ {kind}  ", "$text-accent"), words), classes="note")


def _memory_line(use: MemoryUse) -> MemoryLine:
    from travel_tui.tui.widgets.memory_line import MemoryLine

    return MemoryLine(use)


def _handed_back(control: ReturnControl) -> list[ToolCall]:
    """Its calls, each with an id to find it by: the service gives them none."""
    return [replace(call, trace_id=f"{control.invocation_id}/{number}") for number, call in enumerate(control.calls)]
