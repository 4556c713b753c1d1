"""Find booking ids in what users write and in what functions answer."""

from __future__ import annotations

import re

from travel_tui.facts.ids import find_ids

_LABELLED = re.compile(
    r"\b(?:(?:booking|reservation|confirmation|trip|order|ticket)[\s_-]{0,2}(?:id|number|code|reference|ref|no)|id|"
    r"reference)\b[\s_]{0,2}(?:is|was|=|:|#){0,2}\s{0,2}[`'\"*#]*(?P<id>[A-Za-z0-9][A-Za-z0-9-]{2,40})",
    re.I,
)
_EIGHT = re.compile(r"[0-9a-f]{8}", re.I)


def find_booking_ids(text: str) -> list[str]:
    """Return the booking ids of the text in order: those with the usual form, or else those with a label."""
    labelled = [m["id"] for m in _LABELLED.finditer(text)]
    return [mention.value for mention in find_ids(text)] or [
        word.lower() if _EIGHT.fullmatch(word) else word
        for word in labelled
        if _EIGHT.fullmatch(word) or any(c.isdigit() for c in word)
    ]


def booking_id(text: str) -> str:
    """Return the id that a function's answer gives for the booking it made; "" where it gives none."""
    return next(reversed(find_booking_ids(text)), "")
