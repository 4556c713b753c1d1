"""Find departure date, return date and length of stay in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from travel_tui.facts import calendar
from travel_tui.facts.dates import DateMention, find_dates, whole
from travel_tui.facts.spans import SpanMention, find_spans

_START = re.compile(
    r"\b(?:depart\w*|leav\w*|start\w*|outbound|outward|out|go|going|goes|from(?=\s*(?:the\s+|on\s+)*$)|begin\w*|"
    r"flying|fly|"
    r"set(?:ting)?\s+off|check[- ]?in|arriv\w*|first\s+day|travel\w*|there)\b",
    re.I,
)
_END = re.compile(
    r"\b(?:return\w*|back|until|till?|through|thru|(?<!from )(?<!at )home|homeward|inbound|end|ends|ending|"
    r"check[- ]?out|last\s+day|up\s+to|stay(?:ing)?\s+(?:until|till))\b",
    re.I,
)
_TO = re.compile(r"(?:\bto|\band|[-–—→/]|->)\s*(?:the\s+|on\s+)*$", re.I)
_AFTER = re.compile(
    r"^\s*[(,:]?\s*(?:(?:is|as)\s+(?:the\s+|my\s+)?)?(?P<word>out(?:bound)?|there|departure|departing|depart|"
    r"start|leave|leaving|back|returning|return|inbound|home|end)\b"
    r"\s*[).,;]?\s*(?:$|[,;.&)]|and\b)",
    re.I,
)
_ENDS_OF_ROUTE = re.compile(r"\b(?:[Ss]tart|START|[Ee]nd|END)(?:\s+(?:in|at))?\s*:?\s+(?=[A-ZÀ-ÖØ-Þ][^\W\d_]{2,})")
_NOT = re.compile(r"\b(?:not|instead\s+of|rather\s+than)\s+(?:on\s+)?(?:the\s+)?$", re.I)


@dataclass(frozen=True, slots=True)
class Day:
    """A date and whether it is unambiguous; `other` is its second reading."""

    value: date
    sure: bool = True
    other: date | None = None


@dataclass(slots=True)
class When:
    """Dates and lengths of time found in a text, by role."""

    start: Day | None = None
    end: Day | None = None
    nights: int | None = None
    loose: Day | None = None
    loose_mention: DateMention | None = None
    month: DateMention | None = None
    wrong: DateMention | None = None
    spans: list[tuple[SpanMention, str]] = field(default_factory=list)
    dates: list[tuple[DateMention, str]] = field(default_factory=list)


def find_when(
    text: str,
    today: date,
    *,
    asked: str = "",
    start: date | None = None,
    end: date | None = None,
    changing: bool = False,
    month: tuple[int | None, int] | None = None,
) -> When:
    """Return the dates of the text by role.

    `asked` is the slot that the agent has just asked for. `start`, `end` and `month` (year and month) are known
    already and complete partial dates (the 23rd, two days later). With `changing`, a day without a month is in the
    trip's own month.
    """
    when = When()
    dates = find_dates(text, today)
    text = _ENDS_OF_ROUTE.sub(lambda match: " " * len(match.group()), text)
    spans = [s for s in find_spans(text) if not any(d.start < s.end and s.start < d.end for d in dates)]
    at = 0
    mentions: list[DateMention | SpanMention] = [*dates, *spans]
    for mention in sorted(mentions, key=lambda m: m.start):
        gap = text[at : mention.start]
        role = _role(
            gap, text[mention.end : mention.end + 30], at > 0 and isinstance(mention, DateMention), bool(when.dates)
        )
        at = mention.end
        if isinstance(mention, SpanMention):
            when.spans.append((mention, role))
        elif not _NOT.search(gap):
            when.dates.append((mention, role))
    if month and when.dates and all(d.kind == "number" for d, _ in when.dates):
        when.month = DateMention(0, 0, "", "month", None, False, *month)
    _place_dates(when, today, asked, start, end, changing)
    if not changing:
        _place_spans(when, asked)
    return when


def _role(gap: str, after: str, follows: bool, has_date: bool) -> str:
    last = max(((m.start(), "start") for m in _START.finditer(gap)), default=(-1, ""))
    other = max(((m.start(), "end") for m in _END.finditer(gap)), default=(-1, ""))
    role = max(last, other)[1]
    later = _AFTER.match(after)
    if later and (not role or follows):
        word = later["word"].lower()
        return "end" if word in ("back", "returning", "return", "inbound", "home", "end") else "start"
    if (
        follows
        and has_date
        and _TO.search(gap)
        and len(gap) < 20
        and not (role == "start" and re.search(r"\bout\b|leav|depart|start", gap, re.I))
    ):
        return "end" if role != "start" or not re.search(r"from", gap, re.I) else "start"
    return role


def _place_dates(when: When, today: date, asked: str, start: date | None, end: date | None, changing: bool) -> None:
    slots: dict[str, DateMention] = {}
    bare: list[DateMention] = []
    for mention, role in when.dates:
        if not mention.exists:
            when.wrong = when.wrong or mention
        elif mention.value is None and mention.day is None:
            when.month = when.month or mention
        elif role:
            slots[role] = mention
        else:
            bare.append(mention)
    for mention in bare:
        if asked in ("start", "end") and asked not in slots and len(bare) == 1:
            slots[asked] = mention
        elif changing and len(bare) == 1 and "end" in slots and slots["end"].start > mention.start:
            slots["start"] = mention
        elif changing and len(bare) == 1:
            when.loose_mention = mention
        elif "start" not in slots and (
            start is None or len(bare) > 1 or end is not None or ("end" in slots and slots["end"].start > mention.start)
        ):
            slots["start"] = mention
        elif "end" not in slots:
            slots["end"] = mention
    first, last = slots.get("start"), slots.get("end")
    if first and last and first.start > last.start and asked == "" and not any(r for _, r in when.dates):
        first, last = last, first
    if first and first.until and not last:
        when.end = Day(first.until, False)
    month = when.month
    if first:
        when.start = resolve_start(first, last, today, month, start if changing else None)
    if last:
        base = when.start.value if when.start else start
        when.end = resolve_end(last, base, first, end if changing else None)
    if when.loose_mention:
        when.loose = resolve_end(when.loose_mention, start, None, end)
    placed = first or last
    if (month and month.month is None and (placed or when.loose_mention)) or (placed and placed.day is not None):
        when.month = None


def resolve_start(
    mention: DateMention, last: DateMention | None, today: date, month: DateMention | None, near: date | None
) -> Day | None:
    """Return the departure date, completed with the year of the return date or the known month."""
    if mention.kind == "number" and mention.day:
        anchor = month if month and month.month else last if last and last.month else None
        if anchor and anchor.month:
            full = whole(replace(mention, month=anchor.month, year=anchor.year, sure=True), today)
            return _dated(full, today, last)
        if near:
            value = calendar.nearest_day_number(near, mention.day)
            return Day(value) if value else None
    return _dated(mention, today, last)


def _dated(mention: DateMention, today: date, last: DateMention | None) -> Day | None:
    if mention.month and mention.day and mention.year is None and last and last.year and last.value:
        value = calendar.day(last.year, mention.month, mention.day)
        if value and value > last.value:
            value = calendar.day(last.year - 1, mention.month, mention.day)
        return Day(value) if value else None
    value, sure = mention.value, mention.sure
    if mention.other and last and last.sure and last.value and value:
        # 3/4/2027 to 3/15/2027: the unambiguous date gives the order of day and month.
        apart, other = (last.value - value).days, (last.value - mention.other).days
        if 0 <= apart <= 31 and not 0 <= other <= 31:
            return Day(value)
        if 0 <= other <= 31 and not 0 <= apart <= 31:
            return Day(mention.other)
    if value is None and mention.month and mention.day:
        value, sure = calendar.next_month_day(today, mention.month, mention.day), False
    return Day(value, sure, mention.other) if value else None


def resolve_end(mention: DateMention, start: date | None, first: DateMention | None, near: date | None) -> Day | None:
    """Return the return date: the first matching day on or after the departure."""
    base = start or near
    if base is None:
        return Day(mention.value, mention.sure, mention.other) if mention.value else None
    if mention.kind == "number" and mention.day:
        if near:
            value = calendar.nearest_day_number(near, mention.day, start)
            return Day(value) if value else None
        value = calendar.next_day_number(base, mention.day)
        return Day(value, value.month == base.month) if value else None
    if mention.weekday is not None and mention.kind == "weekday":
        value = calendar.nearest_weekday(near, mention.weekday, start) if near else None
        value = value or calendar.next_weekday(base, mention.weekday)
        return Day(value, False) if value else None
    if mention.month and mention.day and mention.year is None:
        value = calendar.next_month_day(base, mention.month, mention.day)
        if value is None:
            return None
        leaned = first is None or first.year is not None or first.kind == "relative"
        if near and calendar.day(near.year, mention.month, mention.day) and value.year != near.year:
            value = calendar.day(near.year, mention.month, mention.day) or value
        return Day(value, leaned and (value - base).days <= 183)
    if start and mention.kind == "relative" and mention.text.lower().startswith("in "):
        return Day(mention.value, False) if mention.value else None
    if mention.other and mention.value:
        fits, other = (mention.value - base).days, (mention.other - base).days
        if 0 <= fits <= 60 and not 0 <= other <= 60:
            return Day(mention.value)
        if 0 <= other <= 60 and not 0 <= fits <= 60:
            return Day(mention.other)
    return Day(mention.value, mention.sure, mention.other) if mention.value else None


def _place_spans(when: When, asked: str) -> None:
    for span, role in when.spans:
        if (
            span.sense in ("stay", "later")
            and when.nights is None
            and not (role == "start" and asked != "end" and span.sense == "later")
        ):
            when.nights = span.days
