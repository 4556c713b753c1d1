"""List of rows, one line each, of which one is chosen; only visible lines are rendered, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.widgets.choices import MARK
from travel_tui.tui.widgets.line_list import own_style

MOST_DRAWN = 1_000
"""Drawn rows that are kept."""


class Row(Protocol):
    """A row of the list."""

    @property
    def text(self) -> Callable[[], Content]:
        """What makes its text, called when it is drawn."""
        ...

    @property
    def can_be_chosen(self) -> bool:
        """Whether it can be chosen; a heading cannot."""
        ...


class RowList(ScrollView, can_focus=True):
    """The keys move to the next row that can be chosen; enter or a click opens it."""

    DEFAULT_CSS = load_css(__file__)
    COMPONENT_CLASSES = {"row-list--chosen"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "row before", show=False),
        Binding("down", "move(1)", "row after", show=False),
        Binding("pageup", "turn(-1)", "up", show=False),
        Binding("pagedown", "turn(1)", "down", show=False),
        Binding("home", "edge(0)", "first", show=False),
        Binding("end", "edge(-1)", "last", show=False),
        Binding("enter,space", "open", "open", show=False),
    ]

    chosen: reactive[int | None] = reactive(None, repaint=False)
    """The chosen row; None if no row can be chosen."""

    class Opened(Message):
        """The chosen row is to be opened."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, rows: Sequence[Row], chosen: int = 0) -> None:
        """The row nearest to `chosen` that can be chosen is."""
        super().__init__()
        self._rows = rows
        self._places = [number for number, row in enumerate(rows) if row.can_be_chosen]
        self.virtual_size = Size(0, len(rows))
        self.set_reactive(RowList.chosen, self._nearest(chosen))
        self._strips: dict[tuple[int, int, bool], Strip] = {}
        """The drawn rows, by number, width, and whether they are chosen."""

    def on_mount(self) -> None:
        self.call_after_refresh(self._show_chosen)

    def action_move(self, by: int) -> None:
        """Choose the next row that can be, in this direction."""
        if self.chosen is not None:
            place = self._places.index(self.chosen) + by
            self.chosen = self._places[max(0, min(len(self._places) - 1, place))]

    def action_turn(self, pages: int) -> None:
        """Choose a row a page away."""
        if self.chosen is not None:
            self.chosen = self._nearest(self.chosen + pages * max(1, self.size.height - 1))

    def action_edge(self, place: int) -> None:
        """Choose the first or the last row that can be."""
        if self._places:
            self.chosen = self._places[place]

    def action_open(self) -> None:
        if self.chosen is not None:
            self.post_message(self.Opened(self.chosen))

    def on_click(self, event: events.Click) -> None:
        number = event.y + self.scroll_offset.y
        if number < len(self._rows) and self._rows[number].can_be_chosen:
            self.chosen = number
            self.action_open()

    def watch_chosen(self, before: int | None, chosen: int | None) -> None:
        self._show_chosen()
        for number in (before, chosen):
            if number is not None:
                self.refresh_line(number)

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def _nearest(self, number: int) -> int | None:
        return min(self._places, key=lambda place: abs(place - number), default=None)

    def _show_chosen(self) -> None:
        if self.chosen is not None:
            heading = 1 if self.chosen and not self._rows[self.chosen - 1].can_be_chosen else 0
            self.scroll_to_region(Region(0, self.chosen - heading, 1, 1 + heading), animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        width, number, base = self.size.width, y + self.scroll_offset.y, self.visual_style
        if number >= len(self._rows):
            return Strip.blank(width, base.rich_style)
        place = (number, width, number == self.chosen)
        if place not in self._strips:
            if len(self._strips) > MOST_DRAWN:
                self._strips.clear()
            self._strips[place] = self._draw(number, width, chosen=number == self.chosen)
        return self._strips[place]

    def _draw(self, number: int, width: int, *, chosen: bool) -> Strip:
        base = self.visual_style
        if chosen:
            base += own_style(self, "row-list--chosen")
        text = Content.assemble(MARK if chosen else " " * len(MARK), self._rows[number].text())
        line = text.truncate(width, ellipsis=True)
        segments = [Segment(piece, (base + style).rich_style) for piece, style in line.render(base, end="")]
        return Strip(segments).adjust_cell_length(width, base.rich_style)
