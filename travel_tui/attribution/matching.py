"""Equality of values in different wordings, and values that follow from others (a duration between two days)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

from travel_tui.attribution.units import Unit
from travel_tui.attribution.value import Value, figure

MONEY = frozenset({"euro", "dollar", "pound", "franc", "yen", "real", "zloty", "lira", "krona"})
_MOST_DERIVED = 30
_AGES = frozenset({"=birthday", "=aged", "s:turn", "s:year"})
"""Labels of an age."""
NEUTRAL_LABELS = frozenset({"=people", "s:peopl", "s:person", "s:group", "s:parti", "s:last", "s:time"})
"""Labels that any number of people may have."""


def same_value(mine: Unit, other: Unit, *, supported: bool) -> bool:
    """Whether two values are equal. `supported` tells that other words around them agree, too."""
    a, b = mine.value, other.value
    if a is None or b is None:
        return a is b
    if a.kind == "day" and b.kind == "day":
        return same_day(a, b)
    if a.kind == "time" and b.kind == "time":
        return bool(a.minutes & b.minutes)
    if a.code and a.code == b.code:
        return True
    if a.code and b.code:
        digits, others = _digits(a.code), _digits(b.code)
        phones = min(len(digits), len(others)) >= 9 and digits[-8:] == others[-8:]
        return digits == others != "" or phones
    if (a.code or b.code) and {a.kind, b.kind} <= {"number", "code"}:
        return _plain_digits(a) == _plain_digits(b) != ""
    if a.kind == "number" and b.kind == "number":
        return _same_number(mine, other, a, b, supported)
    if {a.kind, b.kind} == {"number", "time"} and a.minutes & b.minutes:
        return True
    if {a.kind, b.kind} == {"number", "time"}:
        number, time, labels = (a, b, mine.labels) if a.kind == "number" else (b, a, other.labels)
        return (
            supported
            and not number.unit
            and not labels
            and number.amount is not None
            and (int(number.amount) * 60 in time.minutes)
        )
    return False


def _plain_digits(value: Value) -> str:
    return _digits(value.code or figure(value.amount or 0))


@lru_cache(maxsize=4096)
def _digits(code: str) -> str:
    digits = "".join(char for char in code if char.isdigit())
    return digits.lstrip("0") if len(digits) >= 4 else ""


def same_day(a: Value, b: Value) -> bool:
    """Whether two days may be the same, as far as their words fix them."""
    if a.amount is not None and a.amount == b.amount and a.unit == b.unit:
        return True
    if a.every and b.dom:  # Fridays, and a day that happens to be one
        return False
    if a.every or b.every:
        return a.weekday is not None and a.weekday == b.weekday
    if a.month and a.dom and b.month and b.dom:
        return (a.month, a.dom) == (b.month, b.dom) and (a.year is None or b.year is None or a.year == b.year)
    if a.month and not a.dom and a.month == b.month:
        return True
    if b.month and not b.dom:
        return a.month == b.month and a.dom is None
    if a.dom and b.dom:
        return a.dom == b.dom
    if {a.day, *a.also} & {b.day, *b.also} - {None}:
        return True
    if _month_days(a) & _month_days(b):
        return True
    if a.day and b.day and (a.dom is None or b.dom is None):
        return (
            a.day == b.day
            or (a.dom is None and a.weekday == b.weekday)
            or (b.dom is None and a.weekday == b.weekday and not a.year)
        )
    return a.weekday is not None and a.weekday == b.weekday


def _month_days(value: Value) -> set[tuple[int, int]]:
    """Return the days of a year that a day without a year may be."""
    return set() if value.year else {(each.month, each.day) for each in (value.day, *value.also) if each}


def strictly_same_day(a: Value, b: Value) -> bool:
    """Whether two days are the same if their words are resolved."""
    if {a.day, *a.also} & {b.day, *b.also} - {None} or _month_days(a) & _month_days(b):
        return True
    if a.dom and b.dom and not (a.month and b.month):
        return a.dom == b.dom
    if a.day and b.day and not (a.every or b.every):
        return (a.month, a.dom) == (b.month, b.dom) and bool(a.dom and a.month) and (a.year is None or b.year is None)
    return same_day(a, b)


def _same_number(mine: Unit, other: Unit, a: Value, b: Value, supported: bool) -> bool:
    if a.amount != b.amount:
        return a.converted() is not None and a.converted() == b.converted()
    amount = a.amount or 0
    if a.unit and b.unit:
        return a.unit == b.unit or {a.unit, b.unit} <= {"day", "night"} or {a.unit, b.unit} <= {"sqm", "m"}
    labels, others = mine.labels - NEUTRAL_LABELS, other.labels - NEUTRAL_LABELS
    if labels & others:
        return True
    distinct = amount >= 100 or amount != int(amount)
    if a.unit or b.unit:
        unit, bare = (a.unit, other) if a.unit else (b.unit, mine)
        if unit in MONEY or unit == "percent":
            return supported or distinct or not bare.labels
        return supported and not bare.labels
    return amount >= 1000 or amount != int(amount) or supported or not (labels and others)


def derived(units: Iterable[Unit], today: date) -> list[tuple[Value, Unit]]:
    """Return values that follow from others of one text, each with the unit it is computed from.

    Durations between days that follow each other, a day some days after another, a time some minutes before or after
    another, and the age or the number of years since a year.
    """
    values = [(unit.value, unit) for unit in units if unit.value is not None][:200]
    days = [(value.day, unit) for value, unit in values if value.kind == "day" and value.day][:_MOST_DERIVED]
    spans = [length for value, _ in values if value.kind == "number" and (length := value.converted()) is not None]
    found: list[tuple[Value, Unit]] = []
    for (first, _), (second, unit) in _pairs(days):
        apart = (second - first).days
        if 0 < apart <= 400:
            found.append((Value("number", 0, 0, amount=apart, unit="night"), unit))
    for kind, amount in spans[:_MOST_DERIVED]:
        if kind == "day" and amount <= 60:
            for day, unit in days:
                for sign in (1, -1):
                    moved = day + timedelta(days=sign * int(amount)) if date.min.year + 2 < day.year < 9990 else day
                    found.append(
                        (Value("day", 0, 0, day=moved, month=moved.month, dom=moved.day, weekday=moved.weekday()), unit)
                    )
        elif kind == "minute":
            for value, unit in values[:_MOST_DERIVED]:
                if value.kind == "time":
                    minutes = frozenset(
                        (each + sign * int(amount)) % 1440 for each in value.minutes for sign in (1, -1)
                    )
                    found.append((Value("time", 0, 0, minutes=minutes), unit))
    times = [(value.minutes, unit) for value, unit in values if value.kind == "time"][:_MOST_DERIVED]
    for at, (first_minutes, _) in enumerate(times):
        for second_minutes, unit in times[at + 1 : at + 3]:
            found += [
                (Value("number", 0, 0, amount=(end - begin) / 60, unit="hour"), unit)
                for begin in sorted(first_minutes) for end in sorted(second_minutes) if 0 < end - begin <= 720
            ]  # fmt: skip
    for value, unit in values:
        year = value.year or (
            int(value.amount)
            if value.kind == "number" and value.amount and 1900 <= value.amount <= today.year and not value.unit
            else None
        )
        if year and year < today.year:
            found += [(Value("number", 0, 0, amount=today.year - year - late, unit="year"), unit) for late in (0, 1)]
            found += [(Value("number", 0, 0, amount=today.year - year - late), unit) for late in (0, 1)]
    return found


def _pairs(days: Sequence[tuple[date, Unit]]) -> list[tuple[tuple[date, Unit], tuple[date, Unit]]]:
    return [(days[i], days[j]) for i in range(len(days)) for j in range(i + 1, min(i + 4, len(days)))]


def same_derived(mine: Unit, value: Value) -> bool:
    """Whether a value equals one that was computed."""
    a = mine.value
    if a is None or a.kind != value.kind:
        return False
    if a.kind == "day":
        return a.day is not None and a.day == value.day
    if a.kind == "time":
        return bool(a.minutes & value.minutes)
    if a.amount is None or (not value.unit and not mine.labels & _AGES):
        return False
    if value.unit == "night":
        return a.converted() == ("day", value.amount)
    return a.amount == value.amount and a.unit == value.unit
