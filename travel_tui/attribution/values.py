"""Values in a token sequence: days, times of day, numbers with their units, codes."""

from __future__ import annotations

from functools import cache

from travel_tui.attribution.cursor import ORDINALS
from travel_tui.attribution.days import DAY_STARTS, DayReader
from travel_tui.attribution.figures import CURRENCY_SIGNS, FIGURE_STARTS, FigureReader
from travel_tui.attribution.times import TIME_STARTS, TimeReader
from travel_tui.attribution.value import Value
from travel_tui.attribution.words import lexicon


@cache
def _starts(language: str) -> frozenset[str]:
    """Return the words of a language, or of English, that a value may start with."""
    known = lexicon()
    numbers = {*known.numbers["en"], *known.numbers.get(language, {})}
    return frozenset({*numbers, *known.calendar, *ORDINALS, *DAY_STARTS, *TIME_STARTS, *FIGURE_STARTS})


class ValueReader(DayReader, TimeReader, FigureReader):
    """Reads the values of one token sequence."""

    def values(self) -> list[Value]:
        """Return the values in order, without overlaps."""
        found: list[Value] = []
        self._before = self._anchor = None
        at = 0
        starts = _starts(self._language)
        count = len(self._tokens)
        while at < count:
            token = self._tokens[at]
            if token.kind == "word":
                skipped = token.low not in starts and token.low.rstrip("s'") not in starts
            else:
                skipped = token.kind == "mark" and token.low not in CURRENCY_SIGNS
            if skipped:  # most words start no value
                at += 1
                continue
            value = self._day(at) or self._time(at) or self._number(at)
            if value is None:
                at += 1
                continue
            if value.kind == "day" and value.month and value.dom:
                self._complete_range(found, value)
            found.append(value)
            if (second := self._second_of_range(value)) is not None:
                found.append(second)
                value = second
            self._before = value
            if value.day is not None:
                self._anchor = value.day
            at = value.last
        return found
