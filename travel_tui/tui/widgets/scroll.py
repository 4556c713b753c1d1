"""Scroll container that may grow with every frame; its scroll bar is redrawn only if its appearance changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from typing import TYPE_CHECKING, Self

from textual.containers import VerticalScroll
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar
from textual.widget import Widget

from travel_tui.tui.textual_compat import ScrollUpdates, SizeUpdates
from travel_tui.tui.widgets.passive_container import quiet_size

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.geometry import Region, Size
    from textual.layout import DockArrangeResult
    from textual.strip import Strip

EIGHTHS = 8
"""A bar's thumb moves by eighths of a cell (textual.scrollbar.ScrollBarRender)."""


class Bar(SizeUpdates, ScrollBar):
    """Textual's scroll bar, which draws itself in a frame of its own whenever a number changes."""

    window_virtual_size: Reactive[int] = Reactive(100, repaint=False)
    window_size: Reactive[int] = Reactive(0, repaint=False)
    position: Reactive[float] = Reactive(0, repaint=False)

    def __init__(self, thickness: int) -> None:
        super().__init__(vertical=True, name="vertical", thickness=thickness)
        self.frozen = False
        """While True, nothing is drawn."""
        self._drawn = (0, 0)
        """First and last eighth of the thumb when last drawn."""

    def watch_window_virtual_size(self) -> None:
        self.moved()

    def watch_window_size(self) -> None:
        self.moved()

    def watch_position(self) -> None:
        self.moved()

    def moved(self) -> None:
        """Redraw if the appearance has changed."""
        if not self.frozen and self._thumb() != self._drawn:
            self.refresh()

    def _thumb(self) -> tuple[int, int]:
        size, window, whole = self.size.height, self.window_size, self.window_virtual_size
        if not size or not window or whole <= window:
            return 0, 0
        length = max(1.0, window * size / whole)
        start = int((size - length) * self.position / (whole - window) * EIGHTHS)
        return start, start + ceil(length * EIGHTHS)

    def render(self) -> RenderableType:
        self._drawn = self._thumb()
        return super().render()

    def after_size_update(self, changed: bool) -> None:
        # A layout that follows the end sets the position without a watcher (Compositor.add_widget), and may do so
        # without any size changing; it ends with this call.
        self.moved()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if self.frozen:
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class Scroll(ScrollUpdates, VerticalScroll):
    """Like Blank, without border or background: it draws nothing itself."""

    virtual_size: Reactive[Size] = quiet_size()
    _rows_below: int | None = None
    """Rows from the view to the end, kept constant while set."""

    @asynccontextmanager
    async def keep_distance_to_end(self) -> AsyncIterator[None]:
        """Keep the view in place while widgets are mounted above it."""
        await self.stop_animation("scroll_y", complete=False)
        self._rows_below = self.max_scroll_y - round(self.scroll_y)
        yield
        self.call_after_refresh(self._release_position)

    def _release_position(self) -> None:
        self._rows_below = None

    def arrange(self, size: Size, optimal: bool = False) -> DockArrangeResult:
        """Arrange as Textual does and keep the distance to the end, the way Textual follows the end in a layout."""
        found = super().arrange(size, optimal)
        if self._rows_below is not None and not optimal:
            place = max(0, found.spatial_map.total_region.bottom - self.container_size.height - self._rows_below)
            self.set_reactive(Widget.scroll_y, place)
            self.set_reactive(Widget.scroll_target_y, place)
            self.vertical_scrollbar.set_reactive(Bar.position, place)
        return found

    @property
    def vertical_scrollbar(self) -> Bar:
        bar = self.started_scrollbar()
        if not isinstance(bar, Bar):
            bar = Bar(self.scrollbar_size_vertical)
            self.start_scrollbar(bar)
        return bar

    def before_scroll_update(self) -> None:
        self.vertical_scrollbar.frozen = True

    def after_scroll_update(self) -> None:
        bar = self.vertical_scrollbar
        bar.frozen = False
        bar.moved()

    def render_lines(self, crop: Region) -> list[Strip]:
        return []
