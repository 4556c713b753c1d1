"""Ids: booking ids of eight hexadecimal digits, and UUIDs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ID = re.compile(r"(?<![\w-])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{8})(?![\w-]|\.\d)", re.I)


@dataclass(frozen=True, slots=True)
class IdMention:
    """An id in a text; `value` is the id in lower case."""

    start: int
    end: int
    text: str
    value: str


def find_ids(text: str) -> list[IdMention]:
    """Return every booking id and UUID of the text, in order; eight-letter words and dates such as 20270711 are
    excluded."""
    found = []
    for match in _ID.finditer(text):
        word = match.group()
        if not any(c.isdigit() for c in word) or re.fullmatch(
            r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", word
        ):
            continue
        found.append(IdMention(match.start(), match.end(), word, word.lower()))
    return found
