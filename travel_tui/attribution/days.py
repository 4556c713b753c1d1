"""Days in a token sequence: dates, weekdays, relative days, holidays, ranges. Words of any language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from travel_tui.attribution.cursor import ORDINALS, TokenCursor
from travel_tui.attribution.value import Value
from travel_tui.attribution.words import word_set
from travel_tui.facts import calendar

_RANGE = word_set("range")
_OF = word_set("of")
_IN = word_set("in")
_COUNTS = {"a": 1, "an": 1, "couple": 2, "one": 1, "einer": 1, "einem": 1, "une": 1, "una": 1, "un": 1}
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_SINCE = frozenset({"since", "seit", "depuis", "desde", "dal", "dalla", "sinds"})
_PAST = re.compile(
    r"\b(?:was|were|had|did|went|came|lost|took|broke|left|got|bought|made|said|paid|sent|fell|saw|met|\w{3,}ed|"
    r"war|hatte|habe|hab|étais|était|ai|avons|he|hemos|estuve|fui|ho|abbiamo|fui|perdi|heb|hebben)\b",
    re.I,
)
_STEPS = {"day": 1, "week": 7, "fortnight": 14}
_FEASTS: dict[tuple[str, ...], tuple[int, int]] = {
    ("christmas", "eve"): (12, 24), ("christmas",): (12, 25), ("boxing", "day"): (12, 26),
    ("new", "year's", "eve"): (12, 31), ("new", "year's", "day"): (1, 1), ("halloween",): (10, 31),
    ("valentine's", "day"): (2, 14), ("heiligabend",): (12, 24), ("weihnachten",): (12, 25), ("silvester",): (12, 31),
    ("neujahr",): (1, 1), ("noel",): (12, 25), ("nochebuena",): (12, 24), ("nochevieja",): (12, 31),
    ("navidad",): (12, 25), ("natale",): (12, 25), ("capodanno",): (1, 1), ("ferragosto",): (8, 15),
}  # fmt: skip
"""Holidays with a fixed date, by their folded words, longer ones first."""
_FEAST_STARTS = frozenset(words[0] for words in _FEASTS)

DAY_STARTS = frozenset({*_NTH, *_IN, *_COUNTS, *_FEAST_STARTS, "day", "next"})
"""Words that a day may start with, besides those of the calendar and the numbers."""


class DayReader(TokenCursor):
    """Reads days."""

    def _day(self, at: int) -> Value | None:
        token = self._tokens[at]
        if token.kind == "iso":
            return self._fixed(at, *map(int, token.text.rstrip("T").split("-")))
        if token.kind == "dmy":
            first, second, year = map(int, re.split(r"[./]", token.text))
            return self._fixed(at, year, second, first) if second <= 12 else self._fixed(at, year, first, second)
        if token.kind == "dm" and self._language == "en" and self._low(at - 1) in ("at", "in", "by", "until", "till"):
            return None  # a time at the end of a sentence: it gets in at 14.12.
        if token.kind == "dm":
            number, month = (int(each) for each in token.text.split(".")[:2])
            return self._full(at, at + 1, number, month) if number <= 31 and 1 <= month <= 12 else None
        if token.kind == "slash":
            return self._slashed(at)
        if token.kind not in ("word", "number", "ordinal"):
            return None
        if (nth := self._nth_weekday(at)) is not None:
            return nth
        weekday = self._calendar_of(at, "w")
        after = at + 1
        if weekday is not None:
            while self._low(after) in (",", ".", "the", "den", "le", "el", "dem", "on"):
                after += 1
        return (
            self._day_and_month(at, after if weekday is not None else at, weekday)
            or (self._weekday(at, weekday) if weekday is not None else None)
            or self._relative(at)
            or self._bare(at)
        )

    def _fixed(self, at: int, year: int, month: int, number: int) -> Value | None:
        found = calendar.day(year, month, number) if 1 <= month <= 12 else None
        if found is None:
            return None
        return Value("day", at, at + 1, day=found, month=month, dom=number, year=year, weekday=found.weekday())

    def _slashed(self, at: int) -> Value | None:
        """Read 12/6 as a day and a month, in the other order too where both are possible."""
        first, second = map(int, self._tokens[at].text.split("/"))
        options = [
            (number, month)
            for number, month in ((first, second), (second, first))
            if 1 <= month <= 12 and 1 <= number <= 31
        ]
        read = [found for number, month in options if (found := self._full(at, at + 1, number, month)) is not None]
        if not read:
            return None
        return replace(read[0], also=tuple(each.day for each in read[1:] if each.day))

    def _full(
        self, first: int, last: int, number: int, month: int, year: int | None = None, weekday: int | None = None
    ) -> Value | None:
        found = calendar.day(year, month, number) if year else calendar.next_month_day(self._today, month, number)
        if found is None:
            return None
        past = calendar.day(self._today.year, month, number)
        if not year and weekday is not None and past and weekday == past.weekday() != found.weekday():
            found = past  # the weekday tells that it is over
        return Value("day", first, last, day=found, month=month, dom=number, year=year, weekday=found.weekday())

    def _year_at(self, at: int) -> tuple[int | None, int]:
        """Return the year that follows a day, and the place after it."""
        place = at + (self._low(at) in (",", "de", "of"))
        low = self._low(place)
        if re.fullmatch(r"(?:19|20|21)\d\d", low):
            return int(low), place + 1
        return None, at

    def _day_and_month(self, first: int, at: int, weekday: int | None) -> Value | None:
        number = self._whole(at, 31)
        if number is not None:
            place = at + 1
            while self._low(place) in (".", "day") or self._low(place) in _OF:
                place += 1
            month = self._calendar_of(place, "m")
            if month is not None and place - at <= 3:
                year, last = self._year_at(place + 1)
                return self._full(first, last, number, month, year, weekday)
            if weekday is not None and self._tokens[at].kind == "ordinal":
                found = calendar.next_day_number(self._today, number)
                return Value("day", first, at + 1, day=found, dom=number, weekday=weekday)
            return None
        month = self._calendar_of(at, "m")
        if month is None:
            return None
        place = at + 1
        while self._low(place) in (".", "the"):
            place += 1
        number = self._whole(place, 31)
        unit = self._low(place + 1)
        if (
            number is not None
            and unit not in self._units
            and not (self._tokens[place].kind == "word" and self._tokens[at].low == "may")
        ):
            year, last = self._year_at(place + 1)
            return self._full(first, last, number, month, year, weekday)
        if weekday is not None:
            return None
        token = self._tokens[at]
        named = token.text[0].isupper() and (
            self._low(at + 1) in (",", ";", ")", "at", "and", "or", "to", "-", "–")
            or self._low(at - 1) in ("for", "during", "through")
            or re.fullmatch(r"20\d\d", self._low(at + 1)) is not None
        )
        if (
            not named
            and token.low in ("may", "march", "mars", "mar", "mai", "august", "ocak", "mart", "nisan")
            and self._low(at - 1)
            not in (
                "in",
                "of",
                "since",
                "until",
                "till",
                "from",
                "by",
                "late",
                "early",
                "mid",
                "im",
                "seit",
                "bis",
                "ab",
                "en",
                "next",
                "last",
                "this",
                "de",
                "end",
                "before",
                "after",
            )
        ):
            return None
        year, last = self._year_at(at + 1)
        return Value("day", at, last, month=month, year=year)

    def _nth_weekday(self, at: int) -> Value | None:
        """Read the first Saturday in June, the last Friday of May."""
        number = _NTH.get(self._low(at))
        weekday = None if number is None else self._calendar_of(at + 1, "w")
        if number is None or weekday is None or (self._low(at + 2) not in ("in", "of", "im") and number != -1):
            return None
        month = self._calendar_of(at + 3, "m")
        if month is None or self._low(at + 2) not in ("in", "of", "im"):
            return None
        year, last = self._year_at(at + 4)
        if year is None and (self._low(at + 4), self._low(at + 5)) == ("next", "year"):
            year, last = self._today.year + 1, at + 6
        found = calendar.day(year, month, 1) if year else calendar.next_month_day(self._today, month, 1)
        if found is None:
            return None
        first = found + timedelta(days=(weekday - found.weekday()) % 7)
        fits = [day for week in range(5) if (day := first + timedelta(days=7 * week)).month == month]
        chosen = fits[number - 1] if number > 0 else fits[-1]
        return self._full(at, last, chosen.day, month, chosen.year)

    def _tells_past(self, at: int) -> bool:
        """Whether the words around a weekday tell what happened: lost it on tram 9 Saturday."""
        end = self._tokens[at].start
        return _PAST.search(re.split(r"[.!?\n]", self._text[max(0, end - 120) : end])[-1]) is not None

    def _weekday(self, at: int, weekday: int) -> Value:
        low, before, after = self._tokens[at].low, self._low(at - 1), (self._low(at + 1), self._low(at + 2))
        every = before in ("every", "each", "jeden", "chaque", "cada", "ogni") or low.endswith("days")
        found = calendar.next_weekday(self._today, weekday)
        if self._today.weekday() == weekday and before == "this":
            found = self._today
        last = at + 1
        next_week = after == ("next", "week") or (
            {"next", "week's"} <= {before, self._low(at - 2)}
            or (before in ("s", "'") and "week" in (self._low(at - 2), self._low(at - 3)))
        )
        if before == "last" and found:
            found = found - timedelta(days=7)
        elif next_week and found:
            monday = self._today + timedelta(days=7 - self._today.weekday())
            found = monday + timedelta(days=weekday)
        elif before == "next" and found and (found - self._today).days < 3 and weekday > self._today.weekday():
            found = found + timedelta(days=7)
        if after == ("next", "week"):
            last = at + 3
        also = (
            [self._today + timedelta(days=7 - self._today.weekday() + weekday)]
            if before in ("next", "following", "nächsten")
            else []
        )
        if after[0] == "week" and found:
            found, last = found + timedelta(days=7), at + 2
        if (
            found
            and before not in ("next", "following", "last", "this")
            and not next_week
            and (before in _SINCE or self._tells_past(at))
        ):
            also.append(found - timedelta(days=7))
        if self._anchor is not None and (day := calendar.next_weekday(self._anchor, weekday)) is not None:
            also.append(day)
        return Value(
            "day",
            at,
            last,
            day=None if every else found,
            also=() if every else tuple(also),
            weekday=weekday,
            every=every,
        )

    def _relative(self, at: int) -> Value | None:
        low = self._tokens[at].low
        if low == "day" and self._low(at + 1) in ("after", "before") and self._low(at + 2) in ("tomorrow", "yesterday"):
            return self._from_today(at, at + 3, 2 if self._low(at + 2) == "tomorrow" else -2)
        if self._language == "es" and low == "mañana" and self._low(at - 1) in ("la", "de"):
            return None
        if (feast := self._feast(at)) is not None:
            return feast
        if low == "next" and self._low(at + 1) in ("day", "morning") and self._anchor is not None:
            return self._resolved(at, at + 2, calendar.plus(self._anchor, 1))
        if (
            low == "day"
            and self._low(at + 1) in ("after", "before")
            and self._anchor is not None
            and self._low(at + 2) in ("that", ",", ".", "it", "!", "?", "", "and")
        ):
            return self._resolved(at, at + 2, calendar.plus(self._anchor, 1 if self._low(at + 1) == "after" else -1))
        days = self._calendar_of(at, "r")
        if days is not None:
            return None if low == "tonight" and not days else self._from_today(at, at + 1, days)
        lead = low in _IN
        place = at + 1 if lead else at
        count = self._whole(place, 400)
        if count is None and self._low(place) in _COUNTS and (lead or self._low(place + 2) in ("from", "ago")):
            count = _COUNTS[self._low(place)]
            place += self._low(place) == "a" and self._low(place + 1) == "couple"
            place += self._low(place + 1) == "of"
        if count is None:
            return None
        unit = "fortnight" if self._low(place + 1) == "fortnight" else self._units.get(self._low(place + 1), "")
        if unit not in ("day", "week", "fortnight", "month", "year"):
            return None
        after = self._low(place + 2)
        if after == "from" and self._low(place + 3) in ("tomorrow", "today", "now"):
            return self._ahead(at, place + 4, count, unit, 1 if self._low(place + 3) == "tomorrow" else 0)
        if (
            after in ("later", "earlier", "before", "after", "afterwards")
            and self._anchor is not None
            and unit in _STEPS
        ):
            sign = 1 if after in ("later", "after", "afterwards") else -1
            return self._resolved(at, place + 3, calendar.plus(self._anchor, sign * count * _STEPS[unit]))
        if after == "ago":
            return self._ahead(at, place + 3, -count, unit, 0)
        if lead and (after != "of"):
            return self._ahead(at, place + 2, count, unit, 0)
        return None

    def _feast(self, at: int) -> Value | None:
        """Read a holiday with a fixed date: Christmas Eve, Silvester."""
        if self._low(at) not in _FEAST_STARTS:
            return None
        for words, (month, number) in _FEASTS.items():
            if self._low(at) == words[0] and all(self._low(at + place) == word for place, word in enumerate(words)):
                return self._full(at, at + len(words), number, month)
        return None

    def _ahead(self, first: int, last: int, count: int, unit: str, shift: int) -> Value | None:
        base = self._today + timedelta(days=shift)
        if unit in ("month", "year"):
            found = calendar.months_later(base, count * (12 if unit == "year" else 1))
            if unit == "year" and found:
                return Value("day", first, last, year=found.year, amount=abs(count), unit="year")
        else:
            found = calendar.plus(base, count * _STEPS[unit])
        return self._resolved(first, last, found)

    def _from_today(self, first: int, last: int, days: int) -> Value | None:
        return self._resolved(first, last, calendar.plus(self._today, days))

    def _resolved(self, first: int, last: int, found: date | None) -> Value | None:
        if found is None:
            return None
        return Value(
            "day", first, last, day=found, month=found.month, dom=found.day, weekday=found.weekday(), relative=True
        )

    def _bare(self, at: int) -> Value | None:
        """A day by its number alone: the 20th, am 3."""
        token = self._tokens[at]
        number = self._whole(at, 31)
        articled = self._language != "en" and self._low(at - 1) in ("le", "am", "el", "il", "dia", "den", "au", "al")
        if token.kind == "number" and number and articled and self._ends_phrase(at + 1):
            return Value("day", at, at + 1, day=calendar.next_day_number(self._today, number), dom=number)
        spoken = self._low(at - 1) == "the" and ORDINALS.get(token.low, 0) > 3 and self._ends_phrase(at + 1)
        if (
            (token.kind != "ordinal" and not spoken)
            or number is None
            or self._low(at + 2) in ("birthday", "anniversary")
            or self._low(at + 1)
            in (
                "floor",
                "birthday",
                "anniversary",
                "street",
                "avenue",
                "time",
                "grade",
                "class",
                "century",
                "row",
                "place",
                "st",
            )
        ):
            return None
        found = calendar.next_day_number(self._today, number)
        return Value("day", at, at + 1, day=found, dom=number)

    def _complete_range(self, found: list[Value], end: Value) -> None:
        """Give the first day of a range (6 to 10 March) the month of its last."""
        at = end.first - 1
        while at >= 0 and (
            self._low(at) in _RANGE or self._low(at) in ("or", "oder", "ou", "o", "of", "the", "den", "le", "el")
        ):
            at -= 1
        joined = at >= 0 and (
            at < end.first - 1 or self._text[self._tokens[at].end : self._tokens[at + 1].start].strip() in ("-", "–")
        )
        number = self._whole(at, 31) if joined else None
        if number is None or end.month is None:
            return
        year = end.day.year if end.day and end.year else None
        first = self._full(at, at + 1, number, end.month, year)
        if first is None:
            return
        while found and found[-1].last > at:
            found.pop()
        found.append(first)

    def _second_of_range(self, first: Value) -> Value | None:
        """Read the last day of a range that starts with its month: May 3 to 7, May 3-7."""
        if first.kind != "day" or not first.month or not first.dom or first.last >= len(self._tokens):
            return None
        month = self._calendar_of(first.first, "m")
        at = first.last
        joined = self._between(at - 1, at) in ("-", "–")
        if self._low(at) in ("-", "–", "to", "until", "or"):
            at, joined = at + 1, True
        number = self._whole(at, 31)
        if month is None or not joined or number is None or self._low(at + 1) in self._units or number <= first.dom:
            return None
        return self._full(at, at + 1, number, month, first.year)
