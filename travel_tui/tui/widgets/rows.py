"""A widget that is lines of styled text: laid out for a width, drawn a line at a time, selectable and copied whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from travel_tui.tui.widgets.blank import quiet_size

if TYPE_CHECKING:
    from textual.selection import Selection


@dataclass(frozen=True, slots=True)
class Row:
    """One line of cells. `soft` where it goes on a paragraph of the row before, so that a copy joins them."""

    content: Content
    soft: bool = False
    lead: int = 0
    """So many characters at its beginning are an indent or a mark, which nobody wants to copy."""

    def looks_like(self, other: Row) -> bool:
        """Whether it is drawn the same; contents are equal where only their words are (Textual 8.2.8)."""
        return self is other or (self.content == other.content and self.content.spans == other.content.spans)


BLANK = Row(Content(""))
MOST_LINES = 400
"""Drawn lines that are kept: some screens' worth."""


def wrap(content: Content, width: int, indent: Content | None = None) -> list[Row]:
    """`content` in rows of at most `width` cells, `indent` before each; those after a paragraph's first are soft."""
    room = max(1, width - (indent.cell_length if indent else 0))
    rows = []
    for paragraph in content.split("\n", allow_blank=True):
        for number, line in enumerate(paragraph.wrap(room)):
            fitted = line if line.cell_length <= room else line.truncate(room)
            rows.append(Row(indent + fitted if indent else fitted, number > 0, len(indent) if indent else 0))
    return rows


def own_style(widget: Widget, component: str) -> Style:
    """A component's style and nothing of its parents'."""
    style = widget.get_visual_style(component, partial=True)
    styles = widget.get_component_styles(component)
    # A partial style leaves an opaque background out (Textual 8.2.8, Widget.get_visual_style).
    return style + Style(background=styles.background) if styles.has_rule("background") else style


class Rows(Widget):
    """Shows what `lay_out` returns. A style's name that begins with a dot is a component class of the widget."""

    virtual_size: Reactive[Size] = quiet_size()

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._rows: list[Row] = []
        self._laid_out_for = 0
        self._height = 0
        self._lines: dict[int, Strip] = {}
        """Lines as they were drawn, border and all, by their place."""
        self._drawn_as: object = None
        self._by_name: dict[str, Style] = {}
        self._marked: re.Pattern[str] | None = None

    def places(self, words: re.Pattern[str]) -> list[int]:
        """The rows where these words begin, white space between them being of any kind, a line's end among it."""
        text, starts = "", []
        for row in self._rows:
            starts.append(len(text))
            text += row.content.plain[row.lead :].rstrip() + "\n"
        return [bisect_right(starts, found.start()) - 1 for found in words.finditer(text)]

    def mark(self, words: re.Pattern[str] | None) -> None:
        """Show where these words are."""
        if words != self._marked:
            self._marked = words
            self.refresh()

    def lay_out(self, width: int) -> list[Row]:
        """The rows for a width in cells."""
        raise NotImplementedError

    def height_for(self, rows: int) -> int:
        """How high it is, in cells, with so many rows."""
        return rows

    def laid_out(self, width: int) -> list[Row]:
        """The rows for `width`, worked out at most once."""
        if width != self._laid_out_for:
            self._rows = self.lay_out(width)
            self._height = self.height_for(len(self._rows))
            self._laid_out_for = width
            self._lines = {}
        return self._rows

    def changed(self, *, kept: int = 0) -> None:
        """What it shows changed: lay out again, and draw what differs. The first `kept` rows are the same."""
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
        """As Textual's own; what was drawn is drawn anew."""
        self._lines = {}
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines that were drawn before stand, also where the widget has grown, for which Textual forgets its own.

        Rows that there is only room for are left to what stands behind.
        """
        if self._height > len(self._rows):
            crop = crop.intersection(Region(0, 0, crop.right, self.styles.gutter.top + len(self._rows)))
        drawn_as = (crop.column_span, self.size.width, self.background_colors, self._selected)
        if drawn_as != self._drawn_as or len(self._lines) > MOST_LINES:
            self._drawn_as, self._lines = drawn_as, {}
        lines = self._lines
        if missing := [y for y in crop.line_range if y not in lines]:
            span = range(missing[0], missing[-1] + 1)
            drawn = super().render_lines(Region(crop.x, span.start, crop.width, len(span)))
            lines.update(zip(span, drawn, strict=True))
        return [lines[y] for y in crop.line_range]

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """As Textual's own, which has the whole of it drawn in this frame, and a second time with the next change."""
        updated = super()._size_updated(size, virtual_size, container_size, layout)
        if updated:
            self._repaint_regions.clear()
        return updated

    @property
    def _selected(self) -> Selection | None:
        """What of it is selected; a frame may still be drawn while it is being taken off the screen."""
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
            content = content.highlight_regex(self._marked, style="reverse")
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
            plain = row.content.plain
            piece = plain[max(start, row.lead) : len(plain) if end == -1 else end].rstrip()
            if row.soft and picked:
                picked[-1] += " " + piece.lstrip()
            else:
                picked.append(piece)
        return "\n".join(picked), "\n"
