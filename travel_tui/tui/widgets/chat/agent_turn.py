"""Widget of an answer: tool calls, text, timing and memory use, streamed or restored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from travel_tui.agent import (
    MemoryInjected,
    ModelUsage,
    Problem,
    ReturnControl,
    ReturnedResult,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from travel_tui.conversation.memory_labels import Quote, in_prompt
from travel_tui.conversation.returned_calls import numbered_calls, tool_result
from travel_tui.text import count, one_line, safe, seconds, shortened
from travel_tui.timeline import Step, timeline
from travel_tui.tui.widgets.chat.answer import Answer
from travel_tui.tui.widgets.chat.tool_line import ToolLine
from travel_tui.tui.widgets.chat.turn import ConversationItem, problem_lines
from travel_tui.tui.widgets.chat.turn_header import TurnHeader
from travel_tui.tui.widgets.chat.turn_state import CallResult, TurnState

if TYPE_CHECKING:
    from travel_tui.conversation.memory_use import MemoryUse
    from travel_tui.tui.rendering.marks import Mark
    from travel_tui.tui.widgets.chat.memory_line import MemoryLine

MARGIN = 3
"""Rows shown below a chosen claim, itself included, so that its sentence can be read."""
FRAME_S = 1 / 30
"""Seconds between updates of the streamed text."""

REST = 4
"""Pause after a layout, as a multiple of its duration.

A growing block of hundreds of rows is laid out as a whole and must not delay a key.
"""


class AgentTurn(ConversationItem):
    """The agent's part of a turn, updated by events; accepts events before it is mounted, too."""

    class Opened(Message):
        """Requests the trace of the turn that answers `asked`."""

        def __init__(self, asked: str, steps: Sequence[Step]) -> None:
            super().__init__()
            self.asked, self.steps = asked, steps

    class Copy(Message):
        """Requests to copy `text`, the answer."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, asked: str, at: str, counter: Callable[[], float], held: TurnState | None = None) -> None:
        super().__init__()
        self._held = held or TurnState(at, counter, counter(), asked)
        self._head = TurnHeader()
        self._answer = Answer(self._held.text, cut_off=not self._held.whole, classes="said")
        self._pending: list[str] = []
        self._frame_due = False
        self._frame_took_s = 0.0
        self._lines: dict[str, ToolLine] = {}

    def compose(self) -> ComposeResult:
        held = self._held
        yield self._head
        for trace_id, (call, _) in held.calls.items():
            self._lines[trace_id] = ToolLine(call, held.results.get(trace_id))
            yield self._lines[trace_id]
        yield self._answer
        if held.use is not None:
            yield _memory_line(held.use)
        for kind, texts in held.notes:
            yield _note(kind, texts)
        if held.problem is not None:
            yield from problem_lines(held.problem)

    def on_mount(self) -> None:
        self._answer.display = bool(self._answer.text)
        self.set_class(bool(self._held.calls), "-called")
        self._show_use()  # the memory use may have changed since compose
        self._show_end()
        self._show_header()

    def factory(self) -> Callable[[], Widget]:
        held = self._held  # the same object, so that later updates of the turn are shown
        held.text = self.text
        held.trace.pack()
        return partial(AgentTurn, held.asked, held.at, held.counter, held)

    def on_turn_header_trace(self, event: TurnHeader.Trace) -> None:
        event.stop()
        self.post_message(self.Opened(self._held.asked, self.steps))

    def on_turn_header_copy(self, event: TurnHeader.Copy) -> None:
        event.stop()
        self.post_message(self.Copy(self.text))

    @property
    def silent(self) -> bool:
        """Whether no event has arrived yet."""
        return self._held.silent

    @property
    def whole(self) -> bool:
        """Whether the answer is complete."""
        return self._held.whole

    @property
    def answering(self) -> bool:
        """Whether the turn is still in progress."""
        return self._held.total_s is None

    @property
    def text(self) -> str:
        """The answer so far."""
        return self._answer.text + "".join(self._pending)

    @property
    def steps(self) -> list[Step]:
        """The steps so far, as a timeline."""
        traced = self._held.trace.events()
        return timeline([event for event, _ in traced], [came for _, came in traced])

    @property
    def called(self) -> list[str]:
        """The names of the called functions, each once, in order of the first call."""
        return list(dict.fromkeys(one_line(call.function) for call, _ in self._held.calls.values()))

    @property
    def results(self) -> list[str]:
        """The results of the calls."""
        found = (self._held.results[each].text for each in self._held.calls if each in self._held.results)
        return [text for text in found if text]

    @property
    def turn_state(self) -> TurnState:
        """The turn's data; widgets recreated from it share it."""
        return self._held

    def on_memory_line_chosen(self, event: MemoryLine.Chosen) -> None:
        self._answer.choose_mark(event.number)
        if event.number is not None:
            self.call_after_refresh(self._bring_into_view, event.line, event.number)

    def _bring_into_view(self, line: MemoryLine, number: int) -> None:
        """Scroll to a claim in the list, and to its words too if both fit."""
        scrolled = next((each for each in self.ancestors if isinstance(each, ScrollableContainer)), None)
        if scrolled is None or not line.is_attached:
            return
        below = line.region.y + line.styles.gutter.top + line.row_of(number)
        above = self._answer.region.y + self._answer.styles.gutter.top + (self._answer.row_of_mark(number) or 0)
        top = above if below - above + MARGIN < scrolled.size.height else below
        start = top - scrolled.region.y + round(scrolled.scroll_y)
        region = Region(0, max(0, start - 1), 1, below - top + MARGIN)
        scrolled.scroll_to_region(region, animate=False, force=True)

    @property
    def memory_line(self) -> MemoryLine | None:
        """The line below the answer, once there is one."""
        return next(iter(self.query(_line_class())), None)

    def mark_claims(self) -> None:
        """Mark the claims in the answer, as far as they are known and marks are to be shown."""
        use = self._held.use
        if use is not None and use.claims:
            from travel_tui.tui.widgets.chat.claim_marks import claim_marks

            self._answer.show_marks(claim_marks(use.claims))

    def mark_differences(self, marks: Sequence[Mark]) -> None:
        """Mark what differs from another answer."""
        self._answer.show_marks(marks)

    def await_use(self) -> None:
        """Show that the memory use of this restored answer is being looked for; call it before mounting."""
        from travel_tui.conversation.memory_use import MemoryUse

        self._held.use = MemoryUse(self._held.quotes, None, derived=self._held.derived, pending=True)
        self._held.explained = asyncio.Event()

    async def explain(self, use: MemoryUse) -> None:
        """Show which memories were in the prompt, and the sources of the answer's claims."""
        self._held.use, self._held.quotes = use, use.quotes
        await self.mark()

    async def mark(self) -> None:
        """Show the current memory marks of `held`; while the widget is being mounted, `on_mount` does it."""
        self._show_header()
        if self.is_mounted and not self._show_use() and self._held.use is not None:
            await self.mount(_memory_line(self._held.use), after=self._answer)

    def _show_use(self) -> bool:
        """Mark the answer's claims and update the existing memory line; return whether there is one."""
        if (use := self._held.use) is None:
            return False
        self.mark_claims()
        lines = list(self.query(_line_class()))
        for line in lines:
            line.show(use)
        return bool(lines)

    def mark_sent(self) -> None:
        """Start the timer as the message is sent: durations count from here, as in the archive and in evidence."""
        self._held.began = self._held.counter()

    def set_durations(self, first_s: float | None, total_s: float | None) -> None:
        """Set the durations in seconds of a restored turn; those of its calls are not stored, so they are cleared."""
        self._held.first_s, self._held.total_s, self._held.timed = first_s, total_s or 0.0, total_s is not None
        self._held.results = {each: replace(done, took_s=None) for each, done in self._held.results.items()}
        self._show_header()

    def note(self, kind: str, texts: Iterable[str]) -> None:
        """Show the user's notes on the turn."""
        self._held.notes.append((kind, tuple(texts)))
        if self.is_attached:
            self.mount(_note(*self._held.notes[-1]))

    def set_state(self, why: str) -> None:
        """Show in the header what the turn is waiting for."""
        self._held.state = why
        self._show_header()

    def handle_event(self, event: TurnEvent) -> None:
        """Process and show one event of the turn."""
        held = self._held
        held.silent = False
        if isinstance(event, TraceStep | ReturnControl | TurnFailed):
            held.trace.add(event, held.counter())
        match event:
            case TextDelta(text):
                if held.first_s is None:
                    held.first_s = held.counter() - held.began
                    self.set_state("answering")
                self._pending.append(text)
                if self.is_attached and not self._frame_due:
                    self._frame_due = True
                    self.set_timer(max(FRAME_S, REST * self._frame_took_s), self._frame)
            case ToolCall():
                self._call(event)
                self.set_state("calling")
            case ReturnControl():
                for call in numbered_calls(event):
                    self._call(call)
                self.set_state("waiting for your result")
            case ToolResult() if event.trace_id in held.calls:
                took_s = held.counter() - held.calls[event.trace_id][1]
                self._finish(event.trace_id, CallResult(event.text, took_s, event.failure))
            case MemoryInjected(synopsis, derived):
                held.derived = derived
                held.synopsis, held.quotes = synopsis, (Quote(synopsis),) if synopsis else ()
                self._show_header()
            case ModelUsage():
                held.tokens += (event.input_tokens or 0) + (event.output_tokens or 0)
            case TurnCompleted():
                held.whole = True
                self._end("")
            case TurnFailed(problem):
                self.fail(problem)
            case _:
                pass

    def answered(self, control: ReturnControl, results: Iterable[ReturnedResult]) -> None:
        """Show the user's results of the returned tool calls; no duration includes the time that the user took."""
        calls = numbered_calls(control)
        for call, result in zip(calls, results, strict=False):
            came = tool_result(call, result)
            self._finish(call.trace_id, CallResult(came.text, None, came.failure))
        if calls:
            self._held.began += self._held.counter() - self._held.calls[calls[0].trace_id][1]
        self.set_state("waiting")

    def _finish(self, trace_id: str, result: CallResult) -> None:
        self._held.results[trace_id] = result
        if trace_id in self._lines:
            self._lines[trace_id].finish(result)

    def _call(self, call: ToolCall) -> None:
        self._held.calls[call.trace_id] = (call, self._held.counter())
        if self.is_attached:
            line = self._lines[call.trace_id] = ToolLine(call)
            self.mount(line, before=self._answer)
            self.add_class("-called")

    def fail(self, problem: Problem) -> None:
        """Keep the partial answer, marked as cut off or failed, and show the problem."""
        self._held.problem = problem
        self._end("cut off" if self.text else "failed")
        if self.is_attached:
            self.mount(*problem_lines(problem))

    def cancelled(self) -> None:
        """Mark the turn as stopped by the user and keep the partial answer."""
        self._end("stopped")

    def _end(self, state: str) -> None:
        self._frame()
        self._answer.finish(cut_off=bool(state))
        if state and self.text:
            self._not_judged()
        self._held.state = state
        self._held.total_s = self._held.counter() - self._held.began
        for line in self._lines.values():
            line.refresh()
        self._show_end()
        self._show_header()

    def _not_judged(self) -> None:
        """Say that the sources of an incomplete answer are not judged."""
        from travel_tui.conversation.memory_use import MemoryUse

        self._held.use = MemoryUse(self._held.quotes, None)
        if self.is_mounted and self.is_attached and not self._show_use():
            self.mount(_memory_line(self._held.use), after=self._answer)

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

    def _show_header(self) -> None:
        held = self._held
        muted = "$foreground-muted"
        whose = [Content.assemble(("Agent", "bold"), (f"  {held.at}", muted))]
        if held.quotes:
            whose.append(Content.styled(in_prompt(held.quotes, derived=held.derived), "$text-success"))
        if held.total_s is None:
            ways = [[*whose, Content.styled(held.state, muted)]]
        else:
            ways = [[*whose, *([Content.styled(seconds(held.total_s), muted)] if held.timed else [])]]
            if held.first_s is not None:
                times = f"first token {seconds(held.first_s)} · total {seconds(held.total_s)}"
                ways.insert(0, [*whose, Content.styled(times, muted)])
            if held.tokens:
                ways.insert(0, [*ways[0], Content.styled(count(held.tokens, "token"), muted)])
        state = Content.styled(held.state, "bold $text-error") if held.total_s is not None and held.state else None
        self._head.show([*ways, whose, whose[:1]], state)


def _note(kind: str, texts: Iterable[str]) -> Static:
    if kind == "why":  # has its evidence on lines of its own
        words = "\n".join(shortened(text, most=2_000, lines=40) for text in texts)
    else:
        words = ", ".join(safe(one_line(text, 400)) for text in texts)
    return Static(Content.assemble((f"✎ {kind}  ", "$text-accent"), words), classes="note")


def _memory_line(use: MemoryUse) -> MemoryLine:
    return _line_class()(use)


def _line_class() -> type[MemoryLine]:
    from travel_tui.tui.widgets.chat.memory_line import MemoryLine

    return MemoryLine
