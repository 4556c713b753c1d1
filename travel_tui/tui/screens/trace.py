"""The trace of a turn: its steps as a timeline, each with its full input and output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from travel_tui.timeline import Step
from travel_tui.tui.hints import hints
from travel_tui.tui.readable import step_text
from travel_tui.tui.styles import beside
from travel_tui.tui.text import count, one_line, quick
from travel_tui.tui.widgets.step_list import StepList

NARROW = 110
"""Below so many columns a step's text stands under the list."""
HINTS = (
    ("↑↓", "step"), ("tab", "its text"), ("trace.search", "search"), ("trace.next", "next"),
    ("trace.raw", "as it came"), ("trace.copy", "copy"), ("trace.back", "back"),
)  # fmt: skip


class TraceScreen(Screen[None]):
    """Steps on one side, the chosen step's text on the other; what is searched for stays chosen in both."""

    CSS = beside(__file__)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", id="trace.back"),
        Binding("slash,ctrl+f", "search", "search", id="trace.search"),
        Binding("n", "next", "next find", id="trace.next"),
        Binding("r", "raw", "as it came", id="trace.raw"),
        Binding("c", "copy", "copy the step", id="trace.copy"),
    ]

    def __init__(self, title: str, steps: Sequence[Step]) -> None:
        super().__init__()
        self._title = title
        self._steps = steps
        self._texts: dict[int, str] = {}
        self._step: Step | None = None
        self._raw = False
        self._list = StepList()
        self._search = Input(placeholder="search in all steps", id="search", compact=True)
        self._text = TextArea(read_only=True, soft_wrap=True, show_line_numbers=False, id="step")

    def compose(self) -> ComposeResult:
        yield Static(self._heading(), id="trace-top")
        with Horizontal(id="trace"), Vertical(id="trace-left"):
            yield self._search
            yield self._list
        yield Static(id="trace-hints")

    def on_mount(self) -> None:
        self.query_one("#trace").mount(self._text)
        self._search.cursor_blink = self._text.cursor_blink = False
        self._list.show(self._steps)
        self._list.focus()
        self.query_one("#trace-hints", Static).update(hints(self, *HINTS))

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")

    def _heading(self) -> Content:
        parts = [count(len(self._steps), "step")]
        ends = [step.began_s + (step.took_s or 0) for step in self._steps if step.began_s is not None]
        if ends:
            parts.append(quick(max(ends)))
        if tokens := sum(step.tokens for step in self._steps):
            parts.append(count(tokens, "token"))
        failed = sum(step.failed for step in self._steps)
        return Content.assemble(
            ("Trace", "bold"),
            (f"  of “{one_line(self._title, 40)}”", "$foreground-muted"),
            (f"  ·  {'  ·  '.join(parts)}", "$foreground-muted"),
            (f"  ·  {failed} failed" if failed else "", "bold $text-error"),
        )

    def on_step_list_chosen(self, event: StepList.Chosen) -> None:
        self._step = event.step
        self._show()

    def _show(self) -> None:
        text = step_text(self._step, raw=self._raw) if self._step else "No step has these words."
        self._text.load_text(text)
        if self._search.value and self._step:
            self._find((0, 0))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        words = event.value.casefold()
        self._list.show([each for n, each in enumerate(self._steps) if not words or words in self._searched(n)])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._list.focus()

    def _searched(self, number: int) -> str:
        """All that can be found in a step, worked out at the first search."""
        if number not in self._texts:
            step = self._steps[number]
            self._texts[number] = f"{step.title}\n{step.note}\n{step_text(step)}".casefold()
        return self._texts[number]

    def _find(self, start: tuple[int, int]) -> bool:
        """Select the first of the searched words from `start` on."""
        words = self._search.value.casefold()
        row, column = start
        for number, line in enumerate(self._text.text.split("\n")[row:], row):
            found = line.casefold().find(words, column if number == row else 0)
            if found >= 0:
                self._text.selection = type(self._text.selection)((number, found), (number, found + len(words)))
                self._text.scroll_cursor_visible(center=True)
                return True
        return False

    def action_search(self) -> None:
        self._search.focus()

    def action_next(self) -> None:
        """Go to the next find in the step, and from its last to the first."""
        if self._search.value and not self._find(self._text.selection.end):
            self._find((0, 0))

    def action_raw(self) -> None:
        self._raw = not self._raw
        self._show()

    def action_copy(self) -> None:
        from travel_tui.tui.clipboard import copy

        text, what = self._text.selected_text, "the selection"
        if not text or not self._text.has_focus:
            text, what = self._text.text, "the step"
        self.run_worker(copy(self.app, text, what), group="copy")

    def action_back(self) -> None:
        if self._search.has_focus or self._search.value:
            self._search.value = ""
            self._list.focus()
        else:
            self.dismiss()
