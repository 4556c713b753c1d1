"""Text formatting for the screen: safe text, and compact ids, times and durations."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters except tab and line feed, and the marks that change the direction of text."""
_MARKS = re.compile(r"^\s*\|?(?:\s*:?-{3,}:?\s*\|)+[\s:-]*$|^\s*#{1,6}\s|\*\*|`|\s*\|\s*", re.MULTILINE)
"""In Markdown: rules of tables, marks of headings, bold text and code, and bars between cells."""


def safe(text: str) -> str:
    """Replace each character of `text` that a terminal would interpret with a visible one."""
    return UNSAFE.sub(visible, text.replace("\r\n", "\n"))


MAX_SHOWN = 20_000
MAX_LINES = 1_000
"""Maximum characters and lines laid out of one text: longer ones are pasted or generated, and would block the screen.
"""


def beginning(text: str, most: int = MAX_SHOWN, lines: int = MAX_LINES) -> str:
    """Return the part of `text` that fits the layout limits."""
    end = min(len(text), most)
    at = -1
    for _ in range(lines):
        at = text.find("\n", at + 1, end)
        if at < 0:
            return text[:end]
    return text[:at]


def shortened(text: str, hint: str = "", most: int = MAX_SHOWN, lines: int = MAX_LINES) -> str:
    """Return `text` made safe; for a very long one its beginning and the hidden size, with `hint` naming where the rest
    is."""
    start = beginning(text, most, lines)
    if (more := len(text) - len(start)) <= 0:
        return safe(start)
    return f"{safe(start)}…\n\n{more:,} more characters{hint or ' are not shown.'}"


def visible(match: re.Match[str]) -> str:
    """Return a visible replacement for an unsafe character, as wide as a letter."""
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"


def one_line(text: str, limit: int = 200) -> str:
    """Return `text` made safe, with white space collapsed, cut to `limit` characters."""
    folded = " ".join(safe(text[: 4 * limit]).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def without_marks(text: str) -> str:
    """Return a Markdown text as it is quoted, without the marks of tables, headings, bold text and code."""
    return _MARKS.sub(lambda mark: "" if mark.group() in ("**", "`") else " ", text)


def short_id(value: str) -> str:
    """Return the first eight characters of an id, enough to distinguish a handful."""
    return value[:8]


def clock_time(moment: datetime) -> str:
    """Return hours and minutes."""
    return f"{moment:%H:%M}"


def moment(at: datetime, now: datetime) -> str:
    """Format a time compactly, both in the display time zone: today's as the time alone, others with the date."""
    days = (now.date() - at.date()).days
    if days == 0:
        return clock_time(at)
    if days == 1:
        return f"yesterday {clock_time(at)}"
    if at.year == now.year:
        return f"{at.day} {at:%b} {clock_time(at)}"
    return f"{at.day} {at:%b %Y}"


def seconds(value: float) -> str:
    """Format a measured duration: tenths below ten seconds, then whole seconds, then minutes."""
    if value < 9.95:
        return f"{value:.1f} s"
    if value < 99.5:
        return f"{value:.0f} s"
    return countdown(timedelta(seconds=value))


def quick(value: float) -> str:
    """Format the duration of a call, in milliseconds below a second."""
    return f"{value * 1000:.0f} ms" if value < 0.9995 else seconds(value)


def rough(value: float) -> str:
    """Format a running duration: whole seconds, minutes or hours."""
    if value < 99.5:
        return f"{value:.0f} s"
    if value < 5400:
        return f"{value / 60:.0f} min"
    return f"{value / 3600:.0f} h"


def calm(value: float) -> str:
    """Format a running duration shown beside text: in steps of five from ten seconds on, to distract less."""
    return rough(value if value < 9.5 else 5 * round(value / 5))


def countdown(left: timedelta) -> str:
    """Format as m:ss, or h:mm:ss; never below zero."""
    total = max(0, int(left.total_seconds()))
    hours, rest = divmod(total, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def count(number: int, thing: str, plural: str | None = None) -> str:
    """Format a count with its noun: '1 turn', '2 turns'."""
    return f"{number:,} {thing if number == 1 else plural or thing + 's'}"
