"""A column that scrolls and may grow with every frame: its bar is drawn only where it looks different."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from typing import TYPE_CHECKING, Self

from textual.containers import VerticalScroll
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar
from textual.widget import Widget

from travel_tui.tui.widgets.blank import quiet_size

if TYPE_CHECKING:
    from textual.geometry import Region, Size
    from textual.layout import DockArrangeResult
    from textual.strip import Strip

EIGHTHS = 8
"""A bar's thumb moves by eighths of a cell (textual.scrollbar.ScrollBarRender)."""


class Bar(ScrollBar):
    """Textual's scroll bar, which draws itself in a frame of its own whenever a number changes."""

    window_virtual_size: Reactive[int] = Reactive(100, repaint=False)
    window_size: Reactive[int] = Reactive(0, repaint=False)
    position: Reactive[float] = Reactive(0, repaint=False)

    def __init__(self, thickness: int) -> None:
        super().__init__(vertical=True, name="vertical", thickness=thickness)
        self.held = False
        """While it is, nothing is drawn."""
        self._thumb = (0, 0)

    def watch_window_virtual_size(self) -> None:
        self.moved()

    def watch_window_size(self) -> None:
        self.moved()

    def watch_position(self) -> None:
        self.moved()

    def moved(self) -> None:
        """Draw it, where it looks different by now."""
        size, window, whole = self.size.height, self.window_size, self.window_virtual_size
        thumb = (0, 0)
        if size and window and whole > window:
            length = max(1.0, window * size / whole)
            start = int((size - length) * self.position / (whole - window) * EIGHTHS)
            thumb = (start, start + ceil(length * EIGHTHS))
        if thumb != self._thumb and not self.held:
            self._thumb = thumb
            self.refresh()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if self.held:
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class Scroll(VerticalScroll):
    """Like Blank, without border or background: it draws nothing itself."""

    virtual_size: Reactive[Size] = quiet_size()
    _below: int | None = None
    """Rows from the view to the end that are to stay as many."""

    @asynccontextmanager
    async def held_from_below(self) -> AsyncIterator[None]:
        """What is in view stays where it is while something is mounted above it."""
        await self.stop_animation("scroll_y", complete=False)
        self._below = self.max_scroll_y - round(self.scroll_y)
        yield
        self.call_after_refresh(self._let_go)

    def _let_go(self) -> None:
        self._below = None

    def arrange(self, size: Size, optimal: bool = False) -> DockArrangeResult:
        """As Textual's own, which follows the end in the middle of laying out in the same way."""
        found = super().arrange(size, optimal)
        if self._below is not None and not optimal:
            place = max(0, found.spatial_map.total_region.bottom - self.container_size.height - self._below)
            self.set_reactive(Widget.scroll_y, place)
            self.set_reactive(Widget.scroll_target_y, place)
            self.vertical_scrollbar.set_reactive(Bar.position, place)
        return found

    @property
    def vertical_scrollbar(self) -> Bar:
        if isinstance(self._vertical_scrollbar, Bar):
            return self._vertical_scrollbar
        self._vertical_scrollbar = bar = Bar(self.scrollbar_size_vertical)
        bar.display = False
        self.app._start_widget(self, bar)
        return bar

    def _scroll_update(self, virtual_size: Size) -> None:
        bar = self.vertical_scrollbar
        bar.held = True
        super()._scroll_update(virtual_size)
        bar.held = False
        bar.moved()

    def render_lines(self, crop: Region) -> list[Strip]:
        return []
