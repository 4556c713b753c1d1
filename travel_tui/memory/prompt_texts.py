"""Memory records that were in a prompt, by their text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from travel_tui.agent import MemoryRecord
from travel_tui.memory.record_text import readable

_NOT_WORDS = re.compile(r"<[^<>]*>|[^\w]+")


def injected(synopsis: str, records: Iterable[MemoryRecord]) -> list[MemoryRecord]:
    """Return the records whose text is in a prompt's synopsis; of several versions of a record, the first.

    Compared word by word, since a prompt may wrap, escape or tag a text differently from the API. A document is in it
    as it is or as sentences.
    """
    words = _words(synopsis)
    found: dict[str, MemoryRecord] = {}
    for each in records:
        forms = {each.text, readable(each.text)}
        if each.record_id not in found and any(mine.strip() and mine in words for mine in map(_words, forms)):
            found[each.record_id] = each
    return list(found.values())


def _words(text: str) -> str:
    return f" {_NOT_WORDS.sub(' ', unescape(text)).strip().lower()} "
