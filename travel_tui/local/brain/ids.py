"""Booking ids, in what users write and in what functions answer."""

from __future__ import annotations

import re

from travel_tui.facts.ids import find_ids

_LABELLED = re.compile(
    r"\b(?:booking|reservation|confirmation|trip|order|ticket)?[\s_-]{0,2}(?:id|number|code|reference|ref|"
    r"no)\b[\s_]{0,2}(?:is|was|=|:|#){0,2}\s{0,2}[`'\"*#]*([A-Za-z0-9][A-Za-z0-9-]{2,40})",
    re.I,
)


_EIGHT = re.compile(r"[0-9a-f]{8}")


def booking_id(text: str) -> str:
    """The id that a function's answer gives for what it made; "" where it gives none."""
    labelled = [m[1] for m in _LABELLED.finditer(text) if any(c.isdigit() for c in m[1]) or _EIGHT.fullmatch(m[1])]
    found = find_ids(text)
    return found[-1].value if found else labelled[-1] if labelled else ""


def said_ids(text: str) -> list[str]:
    """The booking ids a user or a summary names, in order."""
    return [mention.value for mention in find_ids(text)]
