"""A widget that is lines of styled text: laid out for a width, drawn a line at a time, selectable and copied whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.selection import Selection


@dataclass(frozen=True, slots=True)
class Row:
    """One line of cells. `soft` where it goes on a paragraph of the row before, so that a copy joins them."""

    content: Content
    soft: bool = False


BLANK = Row(Content(""))


def wrap(content: Content, width: int, indent: Content | None = None) -> list[Row]:
    """`content` in rows of at most `width` cells, `indent` before each; those after a paragraph's first are soft."""
    room = max(1, width - (indent.cell_length if indent else 0))
    rows = []
    for paragraph in content.split("\n", allow_blank=True):
        for number, line in enumerate(paragraph.wrap(room)):
            fitted = line if line.cell_length <= room else line.truncate(room)
            rows.append(Row(indent + fitted if indent else fitted, soft=number > 0))
    return rows


def own_style(widget: Widget, component: str) -> Style:
    """A component's style and nothing of its parents'."""
    style = widget.get_visual_style(component, partial=True)
    styles = widget.get_component_styles(component)
    # A partial style leaves an opaque background out (Textual 8.2.8, Widget.get_visual_style).
    return style + Style(background=styles.background) if styles.has_rule("background") else style


class Rows(Widget):
    """Shows what `lay_out` returns. A style's name that begins with a dot is a component class of the widget."""

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._rows: list[Row] = []
        self._laid_out_for = 0
        self._strips: dict[int, Strip] = {}

    def lay_out(self, width: int) -> list[Row]:
        """The rows for a width in cells."""
        raise NotImplementedError

    def laid_out(self, width: int) -> list[Row]:
        """The rows for `width`, worked out at most once."""
        if width != self._laid_out_for:
            self._rows = self.lay_out(width)
            self._laid_out_for = width
            self._strips.clear()
        return self._rows

    def changed(self, *, kept: int = 0) -> None:
        """What it shows changed: lay out again and draw, but for the first `kept` rows."""
        before = len(self._rows)
        if self._laid_out_for:
            self._rows = self.lay_out(self._laid_out_for)
            self._strips = {y: strip for y, strip in self._strips.items() if y < kept}
        self.refresh(layout=len(self._rows) != before or not self._laid_out_for)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self.laid_out(width)))

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        rows = self.laid_out(width)
        if y >= len(rows):
            return Strip.blank(width, self.rich_style)
        selection = self.text_selection
        if selection is not None:
            return self._strip(rows[y].content, y, selection)
        if y not in self._strips:
            self._strips[y] = self._strip(rows[y].content, y, None)
        return self._strips[y]

    def _strip(self, content: Content, y: int, selection: Selection | None) -> Strip:
        if selection is not None and (span := selection.get_span(y)) is not None:
            start, end = span
            style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
            content = content.stylize(style, start, len(content) if end == -1 else end)
        base = self.visual_style
        segments = [
            Segment(text, (base + style).rich_style)
            for text, style in content.render(base, end="", parse_style=self._style)
        ]
        return Strip(segments).adjust_cell_length(self.size.width, base.rich_style).apply_offsets(0, y)

    def _style(self, name: str | Style) -> Style:
        if isinstance(name, str) and name.startswith("."):
            return own_style(self, name[1:])
        return name if isinstance(name, Style) else Style.parse(name)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        picked: list[str] = []
        for y, row in enumerate(self._rows):
            span = selection.get_span(y)
            if span is None:
                continue
            start, end = span
            plain = row.content.plain
            piece = plain[start : len(plain) if end == -1 else end].rstrip()
            if row.soft and picked:
                picked[-1] += " " + piece.lstrip()
            else:
                picked.append(piece)
        return "\n".join(picked), "\n"
