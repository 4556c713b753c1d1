"""Date arithmetic: valid dates, next occurrences, month offsets."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST = 100 * 366
_FEASTS = {
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new year": (1, 1),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "valentine": (2, 14),
    "halloween": (10, 31),
}


def day(year: int, month: int, number: int) -> date | None:
    """Return the date, or None if the calendar does not have it."""
    try:
        return date(year, month, number)
    except (ValueError, OverflowError):
        return None


def plus(start: date, days: int) -> date | None:
    """Return the date `days` days later (or earlier, if negative); None beyond a century from `start`."""
    if abs(days) > _LONGEST:
        return None
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return None


def months_later(start: date, months: int) -> date | None:
    """Return the same day of the month `months` months later, or that month's last day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def next_month_day(after: date, month: int, number: int) -> date | None:
    """Return the first such day of the year on or after `after`; None for one that no year has."""
    for year in range(after.year, min(after.year + 9, 9999)):
        found = day(year, month, number)
        if found and found >= after:
            return found
    return None


def next_day_number(after: date, number: int) -> date | None:
    """Return the first date on or after `after` with that day number."""
    for step in range(14):
        index = after.year * 12 + after.month - 1 + step
        found = day(index // 12, index % 12 + 1, number) if index // 12 <= 9999 else None
        if found and found >= after:
            return found
    return None


def next_weekday(after: date, weekday: int) -> date | None:
    """Return the first such weekday (0 is Monday) strictly after `after`."""
    return plus(after, (weekday - after.weekday() - 1) % 7 + 1)


def spoken(value: date) -> str:
    """Format a date in words: 11 July 2027."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def nearest_day_number(near: date, number: int, not_before: date | None = None) -> date | None:
    """Return the date nearest to `near` with that day number, none before `not_before`."""
    index = near.year * 12 + near.month - 1
    options = [day((index + step) // 12, (index + step) % 12 + 1, number) for step in (-1, 0, 1)]
    found = [d for d in options if d and (not_before is None or d >= not_before)]
    return min(found, key=lambda d: abs((d - near).days), default=None)


def nearest_weekday(near: date, weekday: int, not_before: date | None = None) -> date | None:
    """Return the date nearest to `near`, but not `near`, with that weekday, none before `not_before`."""
    options = [plus(near, step) for step in (-7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7)]
    found = [d for d in options if d and d.weekday() == weekday and (not_before is None or d >= not_before)]
    return min(found, key=lambda d: (abs((d - near).days), d < near), default=None)


def feast(name: str) -> tuple[int, int]:
    """Return month and day of a holiday, by its name in lower case."""
    return _FEASTS[max((known for known in _FEASTS if name.startswith(known)), key=len)]
