"""Regular expressions of a recall file, with limits: some patterns take forever on some texts.

Python's own `re` cannot be interrupted, so the compatible `regex` library is used. It has a time limit for a search but
none for compiling, whose time depends on the length and the repetition counts of a pattern.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

LIMIT_S = 2.0
"""Seconds of processor time for one search; those of real assertions take milliseconds."""
MAX_CHARACTERS = 100_000
MAX_REPEATS = 1_000_000
"""Limit of the product of all counts in a pattern; at either limit compiling takes about two seconds."""
_COUNTS = re.compile(r"\{\s*(\d*)\s*(?:,\s*(\d*)\s*)?\}")


class PatternError(Exception):
    """The text is not a usable regular expression; the message says why."""


class PatternTimeoutError(Exception):
    """The search exceeds its time limit."""


def check_pattern(pattern: str) -> None:
    """Raise PatternError if the pattern cannot be used."""
    import regex  # imported late: few files have a pattern, and the import takes 70 ms

    if not _within_limits(pattern):
        raise PatternError(
            f"it has over {MAX_CHARACTERS:,} characters, or its repetition counts multiply to over {MAX_REPEATS:,}"
        )
    try:
        regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError, ValueError) as error:
        raise PatternError(" ".join(str(error).split())) from error


def search(pattern: str, text: str, limit_s: float = LIMIT_S) -> regex.Match[str] | None:
    """Return the first match in the text; raises PatternTimeoutError. Other threads run meanwhile."""
    import regex

    if not _within_limits(pattern):  # checked again, since values of variables were filled in
        raise PatternTimeoutError
    try:
        return regex.compile(pattern).search(text, timeout=limit_s, concurrent=True)
    except (TimeoutError, MemoryError) as error:
        raise PatternTimeoutError from error


def _within_limits(pattern: str) -> bool:
    if len(pattern) > MAX_CHARACTERS:
        return False
    largest = (max((int(count[:9] or 1) for count in found), default=1) for found in _COUNTS.findall(pattern))
    return math.prod(max(1, count) for count in largest) <= MAX_REPEATS
