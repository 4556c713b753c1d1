"""Splitting of texts that are longer than a record may be."""

from __future__ import annotations

_BOUNDARIES = ("</topic>", "\n\n", "\n", ". ", " ")
"""Ends of a piece, the best first; a summary has its topics as elements."""


def pieces_of(text: str, most: int) -> list[str]:
    """Return pieces of at most `most` characters that together are `text`, cut at topics, lines or sentences."""
    pieces, start = [], 0
    while len(text) - start > most:
        end = _end(text, start, start + most)
        pieces.append(text[start:end])
        start = end
    return [*pieces, text[start:]]


def _end(text: str, start: int, last: int) -> int:
    for boundary in _BOUNDARIES:
        if (found := text.rfind(boundary, start, last)) > start:
            return found + len(boundary)
    return last
