"""Text of a screen's SVG, for messages about what differs."""

from __future__ import annotations

import re
from html import unescape

_TEXT = re.compile(r'<text class="[^"]*" x="([\d.]+)"[^>]*clip-path="url\(#[^")]*line-(\d+)\)"[^>]*>(.*?)</text>', re.S)
_CELL = 12.2
"""Width of a cell in the SVGs of Rich, from which Textual's are."""


def rows_of(svg: str) -> list[str]:
    """Return the rows of the screen without trailing blanks; [] for something else than Textual's SVG."""
    rows: dict[int, dict[int, str]] = {}
    for x, line, text in _TEXT.findall(svg):
        rows.setdefault(int(line), {})[round(float(x) / _CELL)] = unescape(text).replace("\xa0", " ")
    found = []
    for number in range(max(rows, default=-1) + 1):
        row = ""
        for column, text in sorted(rows.get(number, {}).items()):
            row = row.ljust(column) + text
        found.append(row.rstrip())
    return found
