"""Wrapping of printed lines at the width of the terminal, at spaces and below the text that they continue."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator

_LABEL = re.compile(r" *(?:\S+(?: \S+)? {2,})?")
"""The indent of a line, and a label of one or two words that two spaces separate from its text."""
_NARROWEST = 40
"""Columns below which the terminal breaks lines itself."""


def for_terminal(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines as standard output takes them: wrapped on a terminal, else unchanged."""
    if not sys.stdout.isatty():
        return iter(lines)
    return wrapped(lines, shutil.get_terminal_size().columns)


def wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    """Yield the lines wrapped at `width` columns; a longer word, such as a URL, is left whole."""
    from rich.cells import cell_len

    for line in lines:
        if width < _NARROWEST or cell_len(line) <= width:
            yield line
        else:
            yield from _folded(line, width, cell_len)


def _folded(line: str, width: int, columns: Callable[[str], int]) -> Iterator[str]:
    found = _LABEL.match(line)
    label = found.group() if found else ""
    if columns(label) > width // 2:
        label = " " * (len(line) - len(line.lstrip()))
    hang = " " * columns(label) if label.strip() else f"{label}  "
    first, *words = line[len(label) :].split(" ")
    shown = label + first
    for word in words:
        if columns(shown) + 1 + columns(word) <= width:
            shown += f" {word}"
        else:
            yield shown.rstrip()
            shown = hang + word
    yield shown
