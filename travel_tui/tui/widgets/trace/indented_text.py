"""Read-only text area whose wrapped lines keep the indent of their first row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, cast

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets.text_area import Document, WrappedDocument

from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.rendering.trace_json import KINDS, Mark
from travel_tui.tui.textual_compat import WrapTables
from travel_tui.tui.widgets.base_text_area import BaseTextArea

_LEAD = re.compile(r" *(?:- )*")
"""Text before a line's content in formatted steps: blanks and list marks. JSON has only blanks."""
LEAST = 20
"""Least cells for the text itself; a line indented too far for that wraps to the left edge."""


class IndentedText(BaseTextArea):
    """A read-only text area with coloured marks.

    Copied text contains no line breaks or indents that come from wrapping.
    """

    DEFAULT_CSS = load_css(__file__)
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"indented-text--{kind}" for kind in KINDS}

    def __init__(self, *, id: str) -> None:  # noqa: A002 - as Textual has it
        # The cursor's line has the colours of its marks, like any other; the cursor is seen on its own.
        super().__init__(read_only=True, soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False, id=id)
        self._marks: Sequence[Sequence[Mark]] = ()

    def load_lines(self, text: str, marks: Sequence[Sequence[Mark]]) -> None:
        """Show a text whose lines have these marks; lines behind the last of them have none."""
        self._marks = marks
        self.load_text(text)

    def get_line(self, line_index: int) -> Text:
        """Return a line as Textual does, with its marks coloured."""
        line = super().get_line(line_index)
        if line_index < len(self._marks):
            for start, end, kind in self._marks[line_index]:
                line.stylize(self.get_component_rich_style(f"indented-text--{kind}", partial=True), start, end)
        return line

    def make_document(self, text: str) -> tuple[Document, WrappedDocument]:
        """Make a document that is wrapped with indents."""
        document = Document(text)
        return document, _Indented(document, self.wrap_width, self.indent_width)

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        indent = cast("_Indented", self.wrapped_document).indent_at(y + self.scroll_offset.y)
        if not indent:
            return strip
        style = next((segment.style for segment in reversed([*strip])), None)
        return Strip([Segment(" " * indent, style), *strip.crop(0, strip.cell_length - indent)])


class _Indented(WrapTables, WrappedDocument):
    """Wraps each line so that its further sections leave its indent free; for a document that does not change."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        self.begin_wrapping(width, tab_width)
        self._indents: list[int] = []
        for line in self.document.lines:
            indent, breaks = self._indented(line)
            self._indents.append(indent)
            self.add_wrapped(line, breaks)

    def _indented(self, line: str) -> tuple[int, list[int]]:
        """The cells that a line's further sections leave free, and where they begin."""
        width = self.wrapped_to
        if not width or ("\t" not in line and cell_len(line) <= width):
            return 0, []
        lead = _LEAD.match(line)
        start = lead.end() if lead else 0
        if width - start < LEAST:
            start = 0
        # The lead stays with what follows it, also where that is one long word.
        return start, [start + each for each in self.breaks_in(line[start:], width - start)]

    def indent_at(self, y: int) -> int:
        """The cells that are free before a row of the screen."""
        line, section = self.section_at(y) or (0, 0)
        return self._indents[line] if section else 0

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        further = y_offset > 0 or (y_offset < 0 and len(self.breaks_of(line_index)) > 0)
        indent = self._indents[line_index] if further else 0
        return super().get_target_document_column(line_index, max(0, x_offset - indent), y_offset)

    def location_to_offset(self, location: tuple[int, int]) -> Offset:
        offset = super().location_to_offset(location)
        return Offset(offset.x + self.indent_at(offset.y), offset.y)
