"""Wraps styled text into lines of cells."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from travel_tui.tui.rendering.marks import words_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line of cells. `soft` if it continues the paragraph of the previous line, so that copying joins them."""

    content: Content
    soft: bool = False
    lead: int = 0
    """Number of leading characters that are an indent or a mark, left out when copying."""

    def words(self, start: int = 0, end: int | None = None) -> str:
        """Return the text between two columns without its lead and without the symbols of marks."""
        return words_of(self.content, max(start, self.lead), end)

    def looks_like(self, other: Line) -> bool:
        """Return whether it looks the same; Textual's `Content` compares only the text (8.2.8)."""
        return self is other or (self.content == other.content and self.content.spans == other.content.spans)


BLANK = Line(Content(""))


def wrap(content: Content, width: int, indent: Content | None = None) -> list[Line]:
    """Wrap `content` to `width` cells with `indent` before each line; lines after a paragraph's first are soft."""
    room = max(1, width - (indent.cell_length if indent else 0))
    rows = []
    for paragraph in content.split("\n", allow_blank=True):
        for number, line in enumerate(paragraph.wrap(room)):
            fitted = line if line.cell_length <= room else line.truncate(room)
            rows.append(Line(indent + fitted if indent else fitted, number > 0, len(indent) if indent else 0))
    return rows
