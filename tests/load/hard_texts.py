"""Texts that are hard on rules that look ahead, look back or nest: a unit, repeated."""

from __future__ import annotations

import os

UNITS = (
    "Boston to Rome, ", "to ", "and ", "a", "A", "12 ", "1,000", "漢", "e\u0301", "👨\u200d👩\u200d👧",
    "\"'", "[(", ", ", ". ", "...", "- ", "5 May 2027 ", "3/4/", "the 23rd to ", "100,000 ", "9f0b135c-",
    "my name is Anna ",
    "I like tea, ", "for my birthday ", "and cancel it ", "Anna → ", "from Rome to ", "allergic to nuts and ",
    "http://a.b/?c=", "<topic name='", "<system ", "</", "yes ", "dec \t ", "what when ", "\x00", "&amp;", "{\"a\":[",
)  # fmt: skip
SOAK = os.environ.get("TRAVEL_TUI_SOAK") == "1"
"""Whether all of them are tried where a few would do."""


def repeated(unit: str, size: int = 1_000_000) -> str:
    """The unit again and again, `size` characters of it."""
    return (unit * (size // len(unit) + 1))[:size]
