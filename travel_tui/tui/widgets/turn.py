"""A turn on the screen: what the person wrote, and what the agent made of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
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
from travel_tui.tui.styles import beside
from travel_tui.tui.text import count, one_line, safe, seconds
from travel_tui.tui.widgets.answer import Answer
from travel_tui.tui.widgets.tool_line import ToolLine

if TYPE_CHECKING:
    from travel_tui.tui.widgets.memory_line import MemoryUse

FRAME_S = 1 / 30
"""The pieces of an answer are shown together, at most this often."""

REST = 4
"""So many times what laying out took is left to everything else: a block of hundreds of rows, which is laid out as a
whole while it grows, must not hold up a key."""

SHOWN = 20_000
"""Characters of a message that the chat shows: a longer one was pasted, and laying it out would stall the screen."""


class Turn(Vertical):
    """What the turns and notices of a conversation have in common: their look."""

    DEFAULT_CSS = beside(__file__)


class UserTurn(Turn):
    """What the person wrote, as it was written."""

    def __init__(self, text: str, at: str) -> None:
        super().__init__(classes="user")
        self._said, self._at = text, at

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble(("You", "bold"), (f"  {self._at}", "$foreground-muted")), classes="head")
        shown = safe(self._said[:SHOWN])
        if (more := len(self._said) - SHOWN) > 0:
            shown += f"…\n\n{more:,} more characters were sent and are archived, but not shown."
        yield Static(Content(shown), classes="said", markup=False)


class AgentTurn(Turn):
    """The answer as it comes: calls, words, and how long it took."""

    def __init__(self, at: str, counter: Callable[[], float]) -> None:
        super().__init__()
        self.whole = False
        self.silent = True
        """Whether nothing has come yet."""
        self._at = at
        self._counter = counter
        self._began = counter()
        self._first: float | None = None
        self._total: float | None = None
        self._memories: int | None = None
        self._tokens = 0
        self._state = "waiting"
        self._head = Static(classes="head")
        self._answer = Answer(classes="said")
        self._pending: list[str] = []
        self._frame_due = False
        self._frame_took_s = 0.0
        self._calls: dict[str, tuple[ToolLine, float]] = {}
        self._traced: list[tuple[TurnEvent, float]] = []

    def compose(self) -> ComposeResult:
        yield self._head
        yield self._answer

    def on_mount(self) -> None:
        self._answer.display = False
        self._show_head()

    @property
    def answering(self) -> bool:
        """Whether the turn is still under way."""
        return self._total is None

    @property
    def text(self) -> str:
        """The answer so far."""
        return self._answer.text + "".join(self._pending)

    @property
    def steps(self) -> list[Step]:
        """What was done so far, as a timeline."""
        return timeline([event for event, _ in self._traced], [came for _, came in self._traced])

    @property
    def called(self) -> list[str]:
        """The functions that were called, each once, in order."""
        return list(dict.fromkeys(one_line(line.function) for line, _ in self._calls.values()))

    @property
    def results(self) -> list[str]:
        """What the calls answered."""
        return [line.result for line, _ in self._calls.values() if line.result is not None]

    async def explain(self, use: MemoryUse) -> None:
        """Say under the answer what memory did for it."""
        if self.is_attached:
            from travel_tui.tui.widgets.memory_line import MemoryLine

            await self.mount(MemoryLine(use), after=self._answer)

    def took(self, first_s: float | None, total_s: float | None) -> None:
        """Say how long it took when it was held, where it is shown again."""
        self._first, self._total = first_s, total_s or 0.0
        self._show_head()

    def note(self, kind: str, texts: Iterable[str]) -> None:
        """Show what a person noted on the turn."""
        words = Content.assemble(
            (f"✎ {kind}  ", "$text-accent"), ", ".join(safe(one_line(text, 400)) for text in texts)
        )
        self.mount(Static(words, classes="note"))

    def wait(self, why: str) -> None:
        """Say in the head what the turn waits for."""
        self._state = why
        self._show_head()

    def take(self, event: TurnEvent) -> None:
        """Show one event of the turn."""
        self.silent = False
        if isinstance(event, TraceStep | ReturnControl | TurnFailed):
            self._traced.append((event, self._counter()))
        match event:
            case TextDelta(text):
                if self._first is None:
                    self._first = self._counter() - self._began
                    self._state = "answering"
                    self._show_head()
                self._pending.append(text)
                if not self._frame_due:
                    self._frame_due = True
                    self.set_timer(max(FRAME_S, REST * self._frame_took_s), self._frame)
            case ToolCall():
                self._call(event)
                self.wait("calling")
            case ReturnControl():
                for call in _handed_back(event):
                    self._call(call)
                self.wait("waiting for your result")
            case ToolResult() if event.trace_id in self._calls:
                line, since = self._calls[event.trace_id]
                line.finish(event.text, self._counter() - since)
            case ModelUsage():
                self._tokens += event.input_tokens + event.output_tokens
            case TurnCompleted():
                self.whole = True
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
        line = ToolLine(call)
        self._calls[call.trace_id] = (line, self._counter())
        self.mount(line, before=self._answer)
        self.add_class("-called")

    def used(self, memories: int) -> None:
        """Say that so many memories stood in the prompt."""
        self._memories = memories
        self._show_head()

    def fail(self, trouble: Trouble) -> None:
        """Keep what had arrived, marked, with what happened and what to do."""
        self._end("cut off" if self.text else "failed")
        if self.is_attached:
            self.mount(*_trouble(trouble))

    def cancelled(self) -> None:
        """The person stopped it: what had arrived stays, marked."""
        self._end("stopped")

    def _end(self, state: str) -> None:
        self._frame()
        self._answer.finish()
        self._state = state
        self._total = self._counter() - self._began
        for line, _ in self._calls.values():
            line.refresh()
        self.set_class(bool(state), "-broken")
        self._show_head()

    def _frame(self) -> None:
        self._frame_due = False
        if self._pending:
            text = "".join(self._pending)
            self._pending.clear()
            began = time.perf_counter()
            self._answer.display = True
            self._answer.append(text)
            self._frame_took_s = time.perf_counter() - began

    @property
    def _times(self) -> str:
        """How long the first words took, and all of them."""
        whole = seconds(self._total or 0.0)
        return whole if self._first is None else f"first {seconds(self._first)}, all {whole}"

    def _show_head(self) -> None:
        parts: list[tuple[str, str] | str] = [("Agent", "bold"), (f"  {self._at}", "$foreground-muted")]
        if self._memories:
            parts.append((f" · {count(self._memories, 'memory', 'memories')} used", "$text-success"))
        quiet = [self._state] if self._total is None else [self._times]
        if self._total is not None and self._tokens:
            quiet.append(count(self._tokens, "token"))
        parts += [(f" · {text}", "$foreground-muted") for text in quiet]
        if self._total is not None and self._state:
            parts.append((f" · {self._state}", "bold $text-error"))
        self._head.update(Content.assemble(*parts))


class Notice(Turn):
    """Something that the person should know and that belongs to no turn."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self._trouble = trouble

    def compose(self) -> ComposeResult:
        yield from _trouble(self._trouble)


def _handed_back(control: ReturnControl) -> list[ToolCall]:
    """Its calls, each with an id to find it by: the service gives them none."""
    return [replace(call, trace_id=f"{control.invocation_id}/{number}") for number, call in enumerate(control.calls)]


def _trouble(trouble: Trouble) -> Iterator[Widget]:
    yield Static(Content.styled(safe(trouble.what), "bold $text-error"), classes="trouble")
    if trouble.why:
        yield Static(Content(safe(trouble.why)), classes="trouble", markup=False)
    if trouble.advice:
        yield Static(Content.assemble(("→ ", "$text-accent"), safe(trouble.advice)), classes="trouble")
