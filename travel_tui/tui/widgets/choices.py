"""List of choices with a mark before the highlighted row, so that it is visible without colour."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import OptionList

from travel_tui.tui.textual_compat import MarkColumn, option_of_line

MARK = "▸ "


class Choices(MarkColumn, OptionList):
    """As Textual's own, with room for the mark at the left."""

    mark_width = len(MARK)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # Textual 8.2.8 counts the mark's columns when it draws, and not when it asks how high that will be.
        return super().get_content_height(container, viewport, width - self.mark_width)

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        chosen = option_of_line(self, y + self.scroll_offset.y) == (self.highlighted, 0)
        style = next((segment.style for segment in line), None)
        return Strip([Segment(MARK if chosen else " " * len(MARK), style), *line])
