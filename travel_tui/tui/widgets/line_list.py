"""Base widget for lines of styled text: laid out by width, rendered line by line, with selection and copying."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Self

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from travel_tui.tui.rendering.lines import Line
from travel_tui.tui.rendering.marks import highlighted
from travel_tui.tui.textual_compat import SizeUpdates, forget_repaints
from travel_tui.tui.widgets.passive_container import quiet_size

if TYPE_CHECKING:
    from textual.selection import Selection


MAX_LINES = 400
"""Most rendered lines in the cache: a few screens."""


def own_style(widget: Widget, component: str) -> Style:
    """Return a component's style without the styles of its parents."""
    style = widget.get_visual_style(component, partial=True)
    styles = widget.get_component_styles(component)
    # A partial style omits an opaque background (Textual 8.2.8, Widget.get_visual_style).
    return style + Style(background=styles.background) if styles.has_rule("background") else style


class LineList(SizeUpdates, Widget):
    """Shows what `lay_out` returns. A style's name that begins with a dot is a component class of the widget."""

    virtual_size: Reactive[Size] = quiet_size()

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._rows: list[Line] = []
        self._laid_out_for = 0
        self._height = 0
        self._lines: dict[int, Strip] = {}
        """Rendered lines, including the border, by row."""
        self._drawn_as: object = None
        self._by_name: dict[str, Style] = {}
        self._marked: re.Pattern[str] | None = None

    def match_rows(self, words: re.Pattern[str]) -> list[int]:
        """Return the rows where these words begin; white space in them matches any, including line ends."""
        lines = [row.words().rstrip() for row in self._rows]
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        return [bisect_right(starts, found.start()) - 1 for found in words.finditer("\n".join(lines) + "\n")]

    def mark(self, words: re.Pattern[str] | None) -> None:
        """Highlight these words, or nothing if None."""
        if words != self._marked:
            self._marked = words
            self.refresh()

    def lay_out(self, width: int) -> list[Line]:
        """Return the rows for a width in cells."""
        raise NotImplementedError

    def height_for(self, rows: int) -> int:
        """Return the height in cells for this number of rows."""
        return rows

    def laid_out(self, width: int) -> list[Line]:
        """Return the rows for `width`, laid out at most once."""
        if width != self._laid_out_for:
            self._rows = self.lay_out(width)
            self._height = self.height_for(len(self._rows))
            self._laid_out_for = width
            self._lines = {}
        return self._rows

    def changed(self, *, kept: int = 0) -> None:
        """Lay out again after a change and redraw the rows that differ.

        The first `kept` rows are known to be unchanged.
        """
        if not self._laid_out_for:
            super().refresh(layout=True)
            return
        before, height = self._rows, self._height
        self._rows = self.lay_out(self._laid_out_for)
        self._height = self.height_for(len(self._rows))
        while kept < min(len(before), len(self._rows)) and before[kept].looks_like(self._rows[kept]):
            kept += 1
        top = self.styles.gutter.top
        self._lines = {y: strip for y, strip in self._lines.items() if y < kept + top}
        if self._height != height:
            super().refresh(layout=True)
        elif different := max(len(before), len(self._rows)) - kept:
            super().refresh(Region(-self.styles.gutter.left, kept, self.outer_size.width, different))

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Refresh as Textual does, and clear the cache of rendered lines."""
        self._lines = {}
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render lines, reusing cached ones even after the widget has grown, when Textual clears its own cache.

        Rows beyond the content, reserved for growth, show the background.
        """
        if self._height > len(self._rows):
            crop = crop.intersection(Region(0, 0, crop.right, self.styles.gutter.top + len(self._rows)))
        drawn_as = (crop.column_span, self.size.width, self.background_colors, self._selected)
        if drawn_as != self._drawn_as or len(self._lines) > MAX_LINES:
            self._drawn_as, self._lines = drawn_as, {}
        lines = self._lines
        if missing := [y for y in crop.line_range if y not in lines]:
            span = range(missing[0], missing[-1] + 1)
            drawn = super().render_lines(Region(crop.x, span.start, crop.width, len(span)))
            lines.update(zip(span, drawn, strict=True))
        return [lines[y] for y in crop.line_range]

    def after_size_update(self, changed: bool) -> None:
        """Draw it once: Textual draws the whole of it in this frame, and a second time with the next change."""
        if changed:
            forget_repaints(self)

    @property
    def _selected(self) -> Selection | None:
        """The selected part; None while the widget is being removed, when a frame may still be rendered."""
        return self.text_selection if self.is_attached else None

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self.laid_out(width)
        return max(1, self._height)

    def notify_style_update(self) -> None:
        self._lines = {}
        self._by_name.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        rows = self.laid_out(width)
        if y >= len(rows):
            return Strip.blank(width, self.rich_style)
        return self._strip(rows[y].content, y, self._selected)

    def _strip(self, content: Content, y: int, selection: Selection | None) -> Strip:
        if selection is not None and (span := selection.get_span(y)) is not None:
            start, end = span
            style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
            content = content.stylize(style, start, len(content) if end == -1 else end)
        if self._marked is not None:
            content = highlighted(content, self._marked)
        base = self.visual_style
        segments = [
            Segment(text, (base + style).rich_style)
            for text, style in content.render(base, end="", parse_style=self._style)
        ]
        return Strip(segments).adjust_cell_length(self.size.width, base.rich_style).apply_offsets(0, y)

    def _style(self, name: str | Style) -> Style:
        if isinstance(name, Style):
            return name
        if name not in self._by_name:
            self._by_name[name] = own_style(self, name[1:]) if name.startswith(".") else Style.parse(name)
        return self._by_name[name]

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        picked: list[str] = []
        for y, row in enumerate(self._rows):
            span = selection.get_span(y)
            if span is None:
                continue
            start, end = span
            piece = row.words(start, None if end == -1 else end).rstrip()
            if row.soft and picked:
                picked[-1] += " " + piece.lstrip()
            else:
                picked.append(piece)
        return "\n".join(picked), "\n"
