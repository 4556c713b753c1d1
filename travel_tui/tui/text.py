"""Words for the screen: text made safe to show, and ids, moments and durations in few cells."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters but tab and line feed, and the marks that turn the direction of text around."""


def safe(text: str) -> str:
    """`text` with nothing in it that a terminal would obey: each such character becomes a visible one."""
    return UNSAFE.sub(_visible, text.replace("\r\n", "\n"))


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"


def one_line(text: str, limit: int = 200) -> str:
    """`text` safe, its white space folded, cut to `limit` characters."""
    folded = " ".join(safe(text[: 4 * limit]).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def short_id(value: str) -> str:
    """The first eight characters of an id, enough to tell a handful apart."""
    return value[:8]


def clock_time(moment: datetime) -> str:
    """Hours and minutes."""
    return f"{moment:%H:%M}"


def moment(at: datetime, now: datetime) -> str:
    """A moment in few cells, both in the zone to show: the time today, else the day with it."""
    days = (now.date() - at.date()).days
    if days == 0:
        return clock_time(at)
    if days == 1:
        return f"yesterday {clock_time(at)}"
    if at.year == now.year:
        return f"{at.day} {at:%b} {clock_time(at)}"
    return f"{at.day} {at:%b %Y}"


def seconds(value: float) -> str:
    """A measured duration: tenths below ten seconds, then whole ones, then minutes."""
    if value < 9.95:
        return f"{value:.1f} s"
    if value < 99.5:
        return f"{value:.0f} s"
    return countdown(timedelta(seconds=value))


def quick(value: float) -> str:
    """The duration of a call, in milliseconds below a second."""
    return f"{value * 1000:.0f} ms" if value < 0.9995 else seconds(value)


def rough(value: float) -> str:
    """A duration that runs on: whole seconds, minutes or hours."""
    if value < 99.5:
        return f"{value:.0f} s"
    if value < 5400:
        return f"{value / 60:.0f} min"
    return f"{value / 3600:.0f} h"


def calm(value: float) -> str:
    """A duration that runs on beside what one reads: from ten seconds on it moves in steps of five."""
    return rough(value if value < 9.5 else 5 * round(value / 5))


def countdown(left: timedelta) -> str:
    """m:ss, or h:mm:ss; never below zero."""
    total = max(0, int(left.total_seconds()))
    hours, rest = divmod(total, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def count(number: int, thing: str, plural: str | None = None) -> str:
    """'1 turn', '2 turns'."""
    return f"{number:,} {thing if number == 1 else plural or thing + 's'}"
