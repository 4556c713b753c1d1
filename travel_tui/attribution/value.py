"""A value in a token sequence, and the keys under which equal ones are found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["day", "time", "number", "code"]
SPANS = frozenset({"minute", "hour", "day", "night", "week", "month", "year"})
"""Units of time."""

_CONVERTED = {
    "day": ("day", 1), "night": ("day", 1), "week": ("day", 7), "month": ("month", 1), "year": ("month", 12),
    "minute": ("minute", 1), "hour": ("minute", 60), "cm": ("cm", 1), "m": ("cm", 100),
}  # fmt: skip
"""The unit that a unit of time or length is compared in, and how many of it."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value from token `first` up to, not including, `last`.

    A day has what its words fix: `day` (resolved), `month` and `dom` (day of the month), `weekday`; `every` is a
    repeated weekday. A time has its `minutes` since midnight, several where the words leave it open. A number has its
    `amount` and perhaps a `unit`. A code or a long number has its letters and digits in `code`.
    """

    kind: Kind
    first: int
    last: int
    day: date | None = None
    also: tuple[date, ...] = ()
    """Other days that the words may mean: next Friday, or the Sunday after a day named before."""
    month: int | None = None
    dom: int | None = None
    year: int | None = None
    weekday: int | None = None
    every: bool = False
    relative: bool = False
    minutes: frozenset[int] = field(default=frozenset())
    amount: float | None = None
    unit: str = ""
    code: str = ""

    def converted(self) -> tuple[str, float] | None:
        """Return a duration in days, months or minutes, or a length in centimetres; None for other values."""
        if self.amount is None or self.unit not in _CONVERTED:
            return None
        unit, factor = _CONVERTED[self.unit]
        return unit, self.amount * factor

    def keys(self) -> frozenset[str]:
        """Return the keys under which an equal value may be found."""
        found = set()
        if self.kind == "day":
            if self.month:
                found.add(f"m:{self.month}")
            if self.month and self.dom:
                found.add(f"md:{self.month}-{self.dom}")
            if self.dom:
                found.add(f"dom:{self.dom}")
            if self.weekday is not None:
                found.add(f"w:{self.weekday}")
        for minutes in self.minutes:
            found.add(f"t:{minutes}")
        if (converted := self.converted()) is not None:
            found.add(f"q:{converted[0]}:{figure(converted[1])}")
        if self.amount is not None:
            found.add(f"n:{figure(self.amount)}")
        if self.code:
            found.add(f"c:{self.code}")
            digits = re.sub(r"\D", "", self.code)
            if len(digits) >= 9:
                found.add(f"p:{digits[-7:]}")
            if len(digits) >= 4:
                found.add(f"n:{int(digits)}")
        return frozenset(found)


def figure(amount: float) -> str:
    """Return a number without trailing zeros."""
    return str(int(amount)) if amount == int(amount) else f"{amount:.6g}"
