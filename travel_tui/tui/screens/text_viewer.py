"""Dialog for reading a long text, such as a raw summary or a history; it can be scrolled and copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from travel_tui.text import beginning
from travel_tui.tui.screens.dialog import Dialog

PART, PART_LINES = 4_000, 100
"""Characters and lines laid out at once; scrolling lays out more."""
AT_FIRST = 20
"""Parts examined at a time; most are short paragraphs."""


class Pages(VerticalScroll):
    """Scroll container that posts a message when its end is near."""

    class NearEnd(Message):
        """Less than one page remains below the visible area."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.tell()

    def on_resize(self, _event: events.Resize) -> None:
        self.call_after_refresh(self.tell)

    def tell(self) -> None:
        """Post NearEnd if less than one page remains."""
        if self.max_scroll_y - self.scroll_y < self.size.height:
            self.post_message(self.NearEnd())


class TextViewer(Dialog[None]):
    """A title and paragraphs. `plain` is the text to copy, `what` its name in the notification."""

    BINDINGS = [Binding("escape,enter,q", "dismiss", "close"), Binding("c", "copy", "copy all of it")]

    def __init__(self, title: str, paragraphs: Sequence[Content], plain: str, what: str) -> None:
        super().__init__(classes="reader")
        self._title, self._plain, self._what = title, plain, what
        self._parts = _parts(paragraphs)

    def compose(self) -> ComposeResult:
        with Pages(classes="dialog"):
            yield Static(self._title, classes="question", markup=False)
            yield from self._next()
            yield Static("c copy all · esc close", classes="foot details")

    def on_mount(self) -> None:
        self.query_one(Pages).focus()

    async def on_pages_near_end(self, event: Pages.NearEnd) -> None:
        event.stop()
        if more := list(self._next()):
            pages = self.query_one(Pages)
            await pages.mount(*more, before=self.query_one(".foot"))
            pages.call_after_refresh(pages.tell)

    def _next(self) -> Iterator[Static]:
        """Return widgets for the next parts, about one part's length in all."""
        left, lines = PART, PART_LINES
        for part, last in islice(self._parts, AT_FIRST):
            yield Static(part, classes="paragraph" if last else "part")
            left, lines = left - len(part), lines - part.plain.count("\n") - 2
            if left <= 0 or lines <= 0:
                return

    async def action_copy(self) -> None:
        from travel_tui.tui.clipboard import copy

        await copy(self.app, self._plain, self._what)


def _parts(paragraphs: Iterable[Content]) -> Iterator[tuple[Content, bool]]:
    """Split paragraphs into parts within the limits; yield each with whether it ends its paragraph."""
    for paragraph in paragraphs:
        text, start, last = paragraph.plain, 0, False
        while not last:
            end = start + len(beginning(text[start : start + PART], PART, PART_LINES))
            last = end >= len(text)
            yield paragraph[start:end], last
            start = end + (text[end : end + 1] == "\n")
