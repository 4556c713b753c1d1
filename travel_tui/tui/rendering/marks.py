"""Marks on ranges of a text: what is marked in an answer's Markdown source, and how it is shown.

A mark is a style on the words and a symbol behind them, so that nothing hangs on a colour. Symbols are no part of the
text: copying and searching leave them out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content, Span

SYMBOL = ".answer--symbol"
"""First part of the style names of symbols."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked range of a source: the style of its words, and a symbol behind them with a style of its own."""

    start: int
    end: int
    style: str
    symbol: str = ""
    symbol_style: str = SYMBOL


def shifted(marks: Sequence[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """Return the marks that touch the part of the source between two offsets, with offsets in that part."""
    return tuple(
        Mark(each.start - start, each.end - start, each.style, each.symbol, each.symbol_style)
        for each in marks
        if each.start < end and each.end > start
    )


def marked(content: Content, places: Sequence[int], source: str, marks: Sequence[Mark]) -> Content:
    """Apply marks to rendered text; `places` has the offset in `source` of each character, -1 for what is not there.

    A mark may cover several rendered texts. Its symbol is behind its last letter or digit, and so shown once.
    """
    symbols: list[tuple[int, Mark]] = []
    known = [place for place in places if place >= 0]
    first_place, last_place = min(known, default=0), max(known, default=0)
    for mark in marks:
        if mark.start > last_place or mark.end <= first_place:
            continue
        covered = [at for at, place in enumerate(places) if mark.start <= place < mark.end]
        if not covered:
            continue
        first, end = covered[0], covered[-1] + 1
        content = content.stylize(mark.style, first, end)
        if mark.symbol and _last_word(source, mark) in {places[at] for at in covered}:
            symbols.append((end, mark))
    for at, mark in sorted(symbols, key=lambda each: each[0], reverse=True):
        content = Content.assemble(content[:at], (mark.symbol, mark.symbol_style), content[at:])
    return content


def _last_word(source: str, mark: Mark) -> int:
    """Return the offset of the last letter or digit that is marked, or of the last character if there is none."""
    return next((at for at in range(mark.end - 1, mark.start - 1, -1) if source[at : at + 1].isalnum()), mark.end - 1)


def words_of(content: Content, start: int = 0, end: int | None = None) -> str:
    """Return the text between two columns without symbols."""
    plain = content.plain
    kept = _kept(content, start, len(plain) if end is None else end)
    if isinstance(kept, range):
        return plain[kept.start : kept.stop]
    return "".join(plain[at] for at in kept)


def highlighted(content: Content, wanted: re.Pattern[str]) -> Content:
    """Return the content with what matches reversed; symbols between words do not count."""
    kept = _kept(content, 0, len(content.plain))
    for match in wanted.finditer("".join(content.plain[at] for at in kept)):
        if match.end() > match.start():
            content = content.stylize("reverse", kept[match.start()], kept[match.end() - 1] + 1)
    return content


def _kept(content: Content, start: int, end: int) -> Sequence[int]:
    spans = [span for span in content.spans if _is_symbol(span)]
    if not spans:
        return range(start, min(end, len(content.plain)))
    cut = {at for span in spans for at in range(span.start, span.end)}
    return [at for at in range(start, min(end, len(content.plain))) if at not in cut]


def _is_symbol(span: Span) -> bool:
    return isinstance(span.style, str) and span.style.startswith(SYMBOL)
