"""A text to read: a summary as it came, a history; scrolled, searched by eye, copied."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from travel_tui.tui.screens.dialog import Dialog


class Reader(Dialog[None]):
    """A title and paragraphs. `plain` is what copying takes."""

    BINDINGS = [Binding("escape,enter,q", "dismiss", "close"), Binding("c", "copy", "copy all of it")]

    def __init__(self, title: str, paragraphs: Sequence[Content], plain: str) -> None:
        super().__init__(classes="reader")
        self._title, self._paragraphs, self._plain = title, paragraphs, plain

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static(self._title, classes="question", markup=False)
            for paragraph in self._paragraphs:
                yield Static(paragraph, classes="paragraph")
            yield Static("c copies all of it, esc closes", classes="details")

    def on_mount(self) -> None:
        self.query_one(".dialog").focus()

    async def action_copy(self) -> None:
        from travel_tui.tui.clipboard import copy

        await copy(self.app, self._plain, "the text")
