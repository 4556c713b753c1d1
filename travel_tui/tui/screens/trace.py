"""Trace screen of a turn: its steps as a timeline, each with its full input and output."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from travel_tui.text import count, one_line, quick, shortened
from travel_tui.timeline import Step
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.rendering.trace_json import Line, format_lines, format_payload
from travel_tui.tui.widgets.key_line import ScreenKeyLine
from travel_tui.tui.widgets.safe_input import SafeInput
from travel_tui.tui.widgets.trace.indented_text import IndentedText
from travel_tui.tui.widgets.trace.step_list import StepList

NARROW = 110
"""Width in columns below which a step's text is shown below the list."""
HINTS = (
    ("↑↓", "step"), ("tab", "details"), ("trace.search", "search"), ("trace.next", "next"),
    ("trace.raw", "raw"), ("trace.copy", "copy"), ("trace.back", "back"),
)  # fmt: skip
LONGEST_LINE = 2_000
"""Characters shown of a line: a text area processes the whole line to draw each of its wrapped rows."""


class TraceScreen(Screen[None]):
    """Steps on one side, the selected step's text on the other; a search applies to both."""

    CSS = load_css(__file__)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", id="trace.back"),
        Binding("slash,ctrl+f", "search", "search", id="trace.search"),
        Binding("n", "next", "next match", id="trace.next"),
        Binding("r", "raw", "raw", id="trace.raw"),
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
        self._search = SafeInput(placeholder="Search steps", id="search", compact=True)
        self._whole = ""
        """The full text of the step; the text area has only its beginning."""
        self._text = IndentedText(id="step")

    def compose(self) -> ComposeResult:
        yield TraceTop(self._title, self._steps)
        with Horizontal(id="trace"), Vertical(id="trace-left"):
            yield self._search
            yield self._list
        yield ScreenKeyLine(HINTS, id="trace-hints")

    def on_mount(self) -> None:
        self.query_one("#trace").mount(self._text)
        self._search.cursor_blink = self._text.cursor_blink = False
        self._list.show(self._steps)
        self._list.focus()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")

    def on_step_list_chosen(self, event: StepList.Chosen) -> None:
        self._step = event.step
        self._show()

    @work(group="step", exclusive=True)
    async def _show(self) -> None:
        """Show the selected step. Its text is formatted in a thread, since a prompt may be long."""
        lines = [Line("No matching steps.")]
        if self._step:
            lines = await asyncio.to_thread(format_lines, self._step, raw=self._raw)
        self._whole = "\n".join(line.text for line in lines)
        shown = shortened(self._whole, " not shown; c copies the whole step.")
        text = "\n".join(shortened(line, most=LONGEST_LINE) for line in shown.split("\n"))
        self._text.load_lines(text, [line.marks for line in lines])
        if self._search.value and self._step:
            self._find((0, 0))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._filter(event.value.casefold())

    @work(group="search", exclusive=True)
    async def _filter(self, words: str) -> None:
        """Show the steps that contain `words`. The search runs in a thread."""

        def found() -> list[Step]:
            return [each for number, each in enumerate(self._steps) if words in self._searched(number)]

        self._list.show(await asyncio.to_thread(found) if words else self._steps)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._list.focus()

    def _searched(self, number: int) -> str:
        """Return the searchable text of a step, formatted once."""
        if number not in self._texts:
            step = self._steps[number]
            self._texts[number] = f"{step.title}\n{step.note}\n{format_payload(step)}".casefold()
        return self._texts[number]

    def _find(self, start: tuple[int, int]) -> bool:
        """Select the first match at or after `start`; return False if there is none."""
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
        """Select the next match in the step, wrapping around at the end."""
        if self._search.value and not self._find(self._text.selection.end):
            self._find((0, 0))

    def action_raw(self) -> None:
        self._raw = not self._raw
        self._show()

    def action_copy(self) -> None:
        from travel_tui.tui.clipboard import copy

        text, what = self._text.selected_text, "selection"
        if not text or not self._text.has_focus:
            text, what = self._whole, "step"
        self.run_worker(copy(self.app, text, what), group="copy")

    def action_back(self) -> None:
        if self._search.has_focus or self._search.value:
            self._search.value = ""
            self._list.focus()
        else:
            self.dismiss()


class TraceTop(Static):
    """The turn's message, truncated to fit, and the turn's figures."""

    def __init__(self, title: str, steps: Sequence[Step]) -> None:
        super().__init__(id="trace-top")
        parts = [count(len(steps), "step")]
        ends = [step.began_s + (step.took_s or 0) for step in steps if step.began_s is not None]
        if ends:
            parts.append(quick(max(ends)))
        if tokens := sum(step.tokens for step in steps):
            parts.append(count(tokens, "token"))
        failed = sum(step.failed for step in steps)
        self._title = one_line(title, 400)
        self._figures = Content.assemble(
            (f"  ·  {'  ·  '.join(parts)}", "$foreground-muted"),
            (f"  ·  {failed} failed" if failed else "", "bold $text-error"),
        )

    def render(self) -> Content:
        name, asked = Content.styled("Trace", "bold"), Content(f"  of “{self._title}")
        room = self.size.width - name.cell_length - self._figures.cell_length - 1
        asked = asked.truncate(max(room, 10), ellipsis=True) + "”"
        return name + asked.stylize("$foreground-muted") + self._figures
