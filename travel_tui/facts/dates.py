"""Dates in prose: 2027-07-11, July 11th, 11.07.2027, 5-12 April, next Friday, in two weeks, the 23rd."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from travel_tui.facts import calendar
from travel_tui.facts.numbers import CARDINAL, ORDINAL, to_int
from travel_tui.facts.text import even

Kind = Literal["day", "month", "weekday", "relative", "number"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date, or a part of one, in a text.

    `value` is its date relative to `today`; None if no day was named (a month, a week) or it does not exist.
    `sure` is False if the date is a guess: no year, only a weekday, or an ambiguous order of day and month (`other` is
    then the alternative). `until` is the last day of a weekend.
    """

    start: int
    end: int
    text: str
    kind: Kind
    value: date | None
    sure: bool = True
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    other: date | None = None
    until: date | None = None
    exists: bool = True


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?\b"
)
_FULL_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thurs?|fri)\b"
_YEAR = r"(?:(?:19|20|21)\d\d(?!\d)|'\d\d(?!\d))"
_DAY = rf"(?:{ORDINAL}|\d{{1,2}}(?![\d:]))"
_LEAD = rf"(?:{_WEEKDAY}\.?,?\s+)?(?:the\s+)?"
_TO = r"\s*(?:[-–—→]|->|to|until|till?|through|thru|and|bis|up\s+to)\s*(?:and\s+including\s+)?(?:on\s+)?"
_COUNT = rf"(?:{CARDINAL}|an?|a\s+couple\s+of)"

_ISO = re.compile(r"(?<![\d-])(?<!\d\.)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAYS_NUMERIC = re.compile(
    r"(?<![\d./-])(?P<d1>\d{1,2})\.?\s*(?:[-–—]|to|bis)\s*(?P<d2>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?!\d)"
)
_DAYS_MONTH = re.compile(
    rf"\b{_LEAD}(?P<d1>{_DAY}){_TO}{_LEAD}(?P<d2>{_DAY})\s*(?:of\s+)?(?P<m>{_MONTH})(?:(?:\s*,)?\s*(?:of\s+)?(?P<y>{_YEAR}))?",
    re.I,
)
_MONTH_DAYS = re.compile(
    rf"\b(?P<m>{_MONTH})\s*(?:the\s+)?(?P<d1>{_DAY}){_TO}{_LEAD}(?P<d2>{_DAY})(?!\s*(?:{_MONTH}|days|nights|weeks))"
    rf"(?:(?:\s*,)?\s*(?:of\s+)?(?P<y>{_YEAR}))?",
    re.I,
)
_DAY_MONTH = re.compile(
    rf"(?<![\d.]){_LEAD}\b(?P<d>{_DAY})[\s-]*(?:day\s+)?(?:of\s+)?(?P<m>{_MONTH})(?:[\s,-]*(?:in\s+|"
    rf"of\s+)?(?P<y>{_YEAR}))?",
    re.I,
)
_MONTH_DAY = re.compile(
    rf"\b{_LEAD}(?P<m>{_MONTH})[\s-]*(?:the\s+)?(?P<d>{_DAY})(?!\s*(?:days|nights|weeks|people|euros?|dollars?)\b)"
    rf"(?:(?:\s*,)?\s*(?:in\s+|of\s+)?(?P<y>{_YEAR}))?",
    re.I,
)
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d]|[/.-]\d)")
_NUMERIC_RANGE = re.compile(
    r"(?<![\d./-])(?P<a>\d{1,2})(?P<s>[/.])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})\s*[-–—]\s*"
    r"(?P<a2>\d{1,2})(?P=s)(?P<b2>\d{1,2})(?P=s)(?P<y2>\d{4}|\d{2})(?![\d]|[/.-]\d)"
)
_SHORT = re.compile(r"(?<![\d./-])(\d{1,2})(?:(/)(\d{1,2})|(\.)(\d{1,2})\.)(?![\d/]|[.-]\d)")
_MONTH_ALONE = re.compile(
    rf"\b(?:(?P<in>in|early|mid|late|during|sometime\s+in|next|this|of|"
    rf"for)[\s-]+)?(?P<m>{_MONTH})(?:(?:\s*,)?\s*(?P<y>{_YEAR}))?",
    re.I,
)
_PERIOD_DAY = re.compile(
    rf"\bnext\s+month,?\s+(?:on\s+)?the\s+(?P<a>{_DAY})|\b(?:the\s+)?(?P<b>{_DAY})\s+(?:of\s+)?(?P<which>next|"
    rf"this|the\s+(?:next|following|same))\s+month\b",
    re.I,
)
_PERIOD = re.compile(
    r"\b(?P<which>next|this|coming)\s+(?P<unit>week|month|year|spring|summer|autumn|fall|winter)\b", re.I
)
_WEEKEND = re.compile(r"\b(?P<which>next|this|the|coming|following)\s+(?:coming\s+)?weekend\b(?!\s+(?:of|in)\b)", re.I)
_AHEAD = re.compile(
    rf"\b(?:in\s+(?P<n1>{_COUNT})\s+(?P<u1>day|week|month|year|fortnight)s?'?(?:\s+time)?(?!\s*(?:later|earlier))"
    rf"|(?P<n2>{_COUNT})\s+(?P<u2>day|week|month|fortnight)s?\s+(?:from|after)\s+(?P<base>now|today|tomorrow|"
    rf"(?:next\s+)?{_FULL_WEEKDAY})"
    rf"|(?P<n3>{_COUNT})\s+(?P<u3>day|week|month|year)s?\s+ago)\b",
    re.I,
)
_NEAR = re.compile(
    r"\b(?:the\s+)?(?:(?P<after>day\s+after\s+tomorrow)|(?P<tomorrow>tomorrow|tmrw|tmr)|(?P<today>today|tonight)|"
    r"(?P<yesterday>yesterday))\b",
    re.I,
)
_WEEKDAY_ALONE = re.compile(
    rf"\b(?:(?P<which>this|next|coming|the\s+following|following|the|"
    rf"on)\s+(?:coming\s+)?)?(?P<w>{_FULL_WEEKDAY}s?)(?P<week>\s+week|\s+after\s+next)?\b",
    re.I,
)
_FEAST = re.compile(
    r"\b(?:(?:the\s+)?day\s+(?P<side>after|before)\s+)?(?P<f>christmas\s+eve|christmas(?:\s+day)?|boxing\s+day|"
    r"new\s+year'?s\s+eve|new\s+year'?s(?:\s+day)?|"
    r"valentine'?s\s+day|halloween)\b"
    rf"(?:,?\s+(?P<y>{_YEAR}))?",
    re.I,
)
_WEEKDAY_NUMBER = re.compile(
    rf"\b{_FULL_WEEKDAY},?\s+(?:the\s+)?(?P<a>{ORDINAL})(?!\s+(?:of\b|one\b|trip\b|time\b|week\b|"
    rf"{_MONTH}))",
    re.I,
)
_NUMBER = re.compile(
    rf"\b(?:(?:on|by)\s+)?the\s+(?P<a>{ORDINAL})(?!\s+(?:one|trip|time|booking|flight|train|of\s+the|class|"
    rf"option|floor|week|day|night|reservation|ones|person|two)\b)|(?<![\w.-])(?P<b>\d{{1,2}}(?:st|nd|rd|"
    rf"th))\b(?!\s+(?:one|trip|time|booking|birthday|anniversary|floor|avenue|street|class|wedding)\b)",
    re.I,
)
_YEAR_APART = re.compile(
    r"\b(?:(?:in|of|for|during|year|but|all\s+in)\s+(?P<y>20\d\d)\b(?![-/.]\d)|(?:in\s+)?(?P<which>next|"
    r"this)\s+year\b)",
    re.I,
)


def _month(text: str) -> int:
    return next(i for i, name in enumerate(calendar.MONTHS, 1) if name[:3].lower() == text[:3].lower())


def _weekday(text: str) -> int:
    return next(i for i, name in enumerate(calendar.WEEKDAYS) if name[:3].lower() == text[:3].lower())


def _year(text: str | None) -> int | None:
    if not text:
        return None
    number = int(text.strip("'"))
    return number + 2000 if number < 100 else number


def whole(mention: DateMention, today: date) -> DateMention:
    """Return the mention with its value computed from its parts: the next such day if the year is missing."""
    month, number = mention.month, mention.day
    if month is None or number is None:
        return mention
    if mention.year is not None:
        value = calendar.day(mention.year, month, number)
        return replace(mention, value=value, exists=value is not None)
    value = calendar.next_month_day(today, month, number)
    return replace(mention, value=value, sure=False, exists=value is not None)


def _iso(match: re.Match[str], _: date) -> Iterator[DateMention]:
    year, month, number = int(match[1]), int(match[3]), int(match[4])
    value = calendar.day(year, month, number)
    yield DateMention(
        match.start(), match.end(), match.group(), "day", value, True, year, month, number, exists=value is not None
    )


def _two_days(match: re.Match[str], today: date) -> Iterator[DateMention]:
    year, month = _year(match["y"]), int(match["m"]) if match["m"].isdigit() else _month(match["m"])
    split = match.end("d1")
    first, second = to_int(match["d1"]), to_int(match["d2"])
    # 30 to 2 April is left unresolved: the month of the 30 needs a question.
    for start, end, number in ((match.start(), split, first), (match.start("d2"), match.end(), second)):
        yield whole(DateMention(start, end, match.string[start:end], "day", None, True, year, month, number), today)


def _day_and_month(match: re.Match[str], today: date) -> Iterator[DateMention]:
    number = to_int(match["d"])
    if number is None or number > 31:
        return
    mention = DateMention(
        match.start(), match.end(), match.group(), "day", None, True, _year(match["y"]), _month(match["m"]), number
    )
    yield whole(mention, today)


def _numeric(match: re.Match[str], _: date) -> Iterator[DateMention]:
    first, second, separator = int(match[1]), int(match[3]), match[2]
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    yield from _ordered(match, first, second, year, separator)


def _numeric_range(match: re.Match[str], today: date) -> Iterator[DateMention]:
    for begin, end in ((match.start("a"), match.end("y")), (match.start("a2"), match.end("y2"))):
        one = _NUMERIC.fullmatch(match.string[begin:end])
        for mention in _numeric(one, today) if one else ():
            yield replace(mention, start=begin, end=end)


def _ordered(match: re.Match[str], first: int, second: int, year: int | None, separator: str) -> Iterator[DateMention]:
    month_first = (separator == "/" and first <= 12) or second > 12
    month, number = (first, second) if month_first else (second, first)
    base = DateMention(match.start(), match.end(), match.group(), "day", None, True, year, month, number)
    ambiguous = separator != "." and first <= 12 and second <= 12 and first != second
    if year is None:
        yield replace(base, sure=False)
        return
    value = calendar.day(year, month, number)
    other = calendar.day(year, number, month) if ambiguous else None
    yield replace(base, value=value, sure=not ambiguous, other=other, exists=value is not None)


def _short(match: re.Match[str], today: date) -> Iterator[DateMention]:
    first, second = int(match[1]), int(match[3] or match[5])
    if not (1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12):
        return
    for mention in _ordered(match, first, second, None, match[2] or match[4]):
        yield whole(mention, today)


def _month_alone(match: re.Match[str], _: date) -> Iterator[DateMention]:
    word = match["m"]
    if not match["y"] and not match["in"] and word.lower() in ("may", "mar", "march", "sep", "dec", "jan", "mar."):
        return
    if word in ("may", "march") and (match["in"] or "").lower() not in ("in", "early", "mid", "late", "next", "during"):
        return
    yield DateMention(
        match.start("m"), match.end(), match.string[match.start("m") : match.end()], "month", None, False,
        _year(match["y"]), _month(word),
    )  # fmt: skip


def _period_day(match: re.Match[str], today: date) -> Iterator[DateMention]:
    number = to_int(match["a"] or match["b"])
    which = (match["which"] or "next").lower()
    if which.startswith("the"):
        yield DateMention(match.start(), match.end(), match.group(), "number", None, False, day=number)
        return
    base = calendar.months_later(today.replace(day=1), 1 if which == "next" else 0)
    if base and number:
        value = calendar.day(base.year, base.month, number)
        yield DateMention(
            match.start(), match.end(), match.group(), "day", value, True, base.year, base.month, number,
            exists=value is not None,
        )  # fmt: skip


def _period(match: re.Match[str], today: date) -> Iterator[DateMention]:
    month = year = None
    if match["unit"].lower() == "month":
        base = calendar.months_later(today.replace(day=1), 0 if match["which"].lower() == "this" else 1)
        month, year = (base.month, base.year) if base else (None, None)
    yield DateMention(match.start(), match.end(), match.group(), "month", None, False, year, month)


def _weekend(match: re.Match[str], today: date) -> Iterator[DateMention]:
    saturday = calendar.next_weekday(today, 5)
    if saturday and match["which"].lower() == "next":
        saturday = calendar.plus(saturday, 7) if (saturday - today).days < 6 else saturday
    until = calendar.plus(saturday, 1) if saturday else None
    yield DateMention(match.start(), match.end(), match.group(), "weekday", saturday, False, weekday=5, until=until)


def _ahead(match: re.Match[str], today: date) -> Iterator[DateMention]:
    count = to_int(re.sub(r"\s+", " ", match["n1"] or match["n2"] or match["n3"]))
    unit = (match["u1"] or match["u2"] or match["u3"]).lower()
    base: date | None = today
    sure = True
    if match["base"]:
        word = match["base"].lower()
        if word == "tomorrow":
            base = calendar.plus(today, 1)
        elif word not in ("now", "today"):
            base, sure = calendar.next_weekday(today, _weekday(word.removeprefix("next").strip())), False
    if count is None or base is None:
        return
    count = -count if match["n3"] else count
    if unit in ("month", "year"):
        value = calendar.months_later(base, count * (12 if unit == "year" else 1))
    else:
        value = calendar.plus(base, count * {"day": 1, "week": 7, "fortnight": 14}[unit])
    yield DateMention(match.start(), match.end(), match.group(), "relative", value, sure)


def _near(match: re.Match[str], today: date) -> Iterator[DateMention]:
    days = 2 if match["after"] else 1 if match["tomorrow"] else -1 if match["yesterday"] else 0
    yield DateMention(match.start(), match.end(), match.group(), "relative", calendar.plus(today, days))


def _weekday_alone(match: re.Match[str], today: date) -> Iterator[DateMention]:
    if match["w"].lower() in ("wed", "fri", "mon", "weds") and not match["which"] and match["w"][0].islower():
        return
    weekday = _weekday(match["w"])
    value = calendar.next_weekday(today, weekday)
    if value and match["week"]:
        value = calendar.plus(value, 7)
    start = match.start("w") if (match["which"] or "").lower() == "on" else match.start()
    yield DateMention(start, match.end(), match.string[start : match.end()], "weekday", value, False, weekday=weekday)


def _feast(match: re.Match[str], today: date) -> Iterator[DateMention]:
    month, number = calendar.feast(re.sub(r"\s+", " ", match["f"].lower()))
    mention = DateMention(
        match.start(), match.end(), match.group(), "day", None, True, _year(match["y"]), month, number
    )
    mention = whole(mention, today)
    beside = (
        calendar.plus(mention.value, 1 if match["side"].lower() == "after" else -1)
        if match["side"] and mention.value
        else None
    )
    if beside:
        mention = replace(mention, value=beside, year=beside.year, month=beside.month, day=beside.day)
    yield mention


def _weekday_number(match: re.Match[str], today: date) -> Iterator[DateMention]:
    number = to_int(match["a"])
    if number is not None and 1 <= number <= 31:
        value = calendar.next_day_number(today, number)
        yield DateMention(match.start(), match.end(), match.group(), "number", value, False, day=number)


def _number(match: re.Match[str], today: date) -> Iterator[DateMention]:
    number = to_int(match["a"] or match["b"])
    if number is None or not 1 <= number <= 31:
        return
    start = match.start("a") if match["a"] else match.start("b")
    yield DateMention(
        start, match.end(), match.string[start : match.end()], "number", calendar.next_day_number(today, number), False,
        day=number,
    )  # fmt: skip


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Iterator[DateMention]]], ...] = (
    (_ISO, _iso),
    (_DAYS_NUMERIC, _two_days),
    (_NUMERIC_RANGE, _numeric_range),
    (_NUMERIC, _numeric),
    (_DAYS_MONTH, _two_days),
    (_MONTH_DAYS, _two_days),
    (_DAY_MONTH, _day_and_month),
    (_MONTH_DAY, _day_and_month),
    (_SHORT, _short),
    (_FEAST, _feast),
    (_PERIOD_DAY, _period_day),
    (_AHEAD, _ahead),
    (_NEAR, _near),
    (_WEEKEND, _weekend),
    (_PERIOD, _period),
    (_WEEKDAY_NUMBER, _weekday_number),
    (_WEEKDAY_ALONE, _weekday_alone),
    (_MONTH_ALONE, _month_alone),
    (_NUMBER, _number),
)


def find_dates(text: str, today: date) -> list[DateMention]:
    """Return every date, or part of one, that the text names, in order and without overlaps."""
    return list(_dates(even(text), today))


@lru_cache(maxsize=64)
def _dates(text: str, today: date) -> tuple[DateMention, ...]:
    taken = bytearray(len(text))
    found: list[DateMention] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            for mention in read(match, today):
                taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
                found.append(mention)
    found.sort(key=lambda mention: mention.start)
    return tuple(_in_the_year(text, found, taken, today))


def _in_the_year(text: str, found: list[DateMention], taken: bytearray, today: date) -> list[DateMention]:
    """Apply the one year that the text names apart from its dates: in 2028, from 4 to 9 May."""
    apart = {
        today.year + {"next": 1, "this": 0}[m["which"].lower()] if m["which"] else int(m["y"])
        for m in _YEAR_APART.finditer(text)
        if m["which"] or not taken[m.start("y")]
    }
    if len(apart) != 1 or any(m.year and m.day for m in found):
        return found
    year = apart.pop()
    return [whole(replace(m, year=year, sure=True), today) if m.month and m.year is None else m for m in found]
