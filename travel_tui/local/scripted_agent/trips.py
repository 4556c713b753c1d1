"""Resolve which trips a text refers to: by id, city, date, mode or order, or the trip mentioned last."""

from __future__ import annotations

import re
from dataclasses import dataclass

from travel_tui.facts.dates import find_dates
from travel_tui.facts.places import find_places, same_city
from travel_tui.facts.text import fold
from travel_tui.local.scripted_agent.context import Context
from travel_tui.local.scripted_agent.ids import find_booking_ids
from travel_tui.local.scripted_agent.modes import find_modes
from travel_tui.local.scripted_agent.task_state import Trip

_ORDINAL = re.compile(
    r"\b(?:(?P<first>first|1st|earliest|former|one\s+listed\s+first|number\s+(?:one|1)|no\.?\s*1|top)|"
    r"(?P<second>second|2nd|number\s+(?:two|2)|no\.?\s*2)|(?P<third>third|3rd|number\s+(?:three|3))|"
    r"(?P<last>last|latest|latter|most\s+recent|newest|final|recent)|(?P<other>other))\s+(?:one|trip|booking|"
    r"reservation|journey|of|flight|train|that)\b|^\W*(?:the\s+)?(?:(?P<first2>first|1st|former|1)|"
    r"(?P<second2>second|2nd|2)|(?P<third2>third|3rd|3)|(?P<last2>last|latest|latter|newest)|"
    r"(?P<other2>other))\W*$",
    re.I,
)
_ANY = re.compile(
    r"\b(?:one\s+of|any\s+of|some\s+of|a|my)\s+(?:my\s+)?(?:trips?|bookings?|reservations?|journeys?)\b", re.I
)
_ALL = re.compile(
    r"(?<!after )(?<!at )(?<!of )\b(?:all|both|every|each|everything)\b(?!\s+(?:day|the\s+best|right|good))", re.I
)
_MODE_NAMES = re.compile(
    r"\b(?:the|my|that|this)\s+(?:\w+\s+)?(?P<mode>train|rail|flight|plane|air|flying)\b(?:\s+(?:one|trip|"
    r"journey|booking|reservation|ride|ticket))?|\b(?:one|trip|journey|booking)\s+(?:(?:that\s+is|that's|"
    r"which\s+is|i\s+booked|going)\s+)?(?:by|with|on|via)\s+(?:the\s+|a\s+)?"
    r"(?P<by>train|rail|air|plane|flight)\b|^\W*(?:by\s+)?(?P<bare>train|rail|air|plane|flight)\W*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Meant:
    """Trips that a text may refer to; `named` where it names one."""

    trips: list[Trip]
    named: bool = False
    all: bool = False


def meant(
    context: Context, text: str, *, among: list[Trip] | None = None, use_focus: bool = True, by_date: bool = True
) -> Meant:
    """Return the trips of the text; without any hint the one mentioned last, the only one, or all."""
    active = context.active if among is None else among
    for known in context.trips:
        if known.id and known.id in text.lower():
            return Meant([known], named=True)
    ids = find_booking_ids(text)
    if ids:
        return Meant([Trip(id=ids[0])], named=True)
    if len(active) > 1 and _ALL.search(text):
        return Meant(active, named=True, all=True)
    candidates, named = _by_place(active, text)
    for narrow in (_by_order, _by_mode):
        if len(candidates) > 1:
            found = narrow(context, candidates, text)
            if found:
                candidates, named = found, True
    if len(candidates) > 1 and by_date:
        found = _by_date(context, candidates, text)
        if found:
            candidates, named = found, True
    if not named and use_focus and not (candidates and _ANY.search(text)):
        given = given_id(context, text)
        if given:
            return Meant([Trip(id=given)])
        focus = [t for t in candidates if t.id and t.id == context.session.focus]
        if focus and len(candidates) > 1:
            return Meant(focus)
    return Meant(candidates, named=named or not candidates)


def _by_place(trips: list[Trip], text: str) -> tuple[list[Trip], bool]:
    names = [p.text for p in find_places(text) if p.certain]
    folded = fold(text)
    own = {n for t in trips for n in (t.origin, t.destination) if n}
    names += [n for n in own if re.search(rf"(?<!\w){re.escape(fold(n))}(?!\w)", folded)]
    if not names:
        return trips, False
    to = [t for t in trips if any(t.destination and same_city(n, t.destination) for n in names)]
    away = [t for t in trips if any(t.origin and same_city(n, t.origin) for n in names)]
    both = [t for t in to if t in away]
    found = both or to or away
    return (found, True) if found else (trips, False)


def _by_order(context: Context, trips: list[Trip], text: str) -> list[Trip]:
    match = _ORDINAL.search(text)
    if not match:
        return []
    which = (match.lastgroup or "").rstrip("2")
    if which == "other":
        return [t for t in trips if t.id != context.session.focus] if len(trips) == 2 and context.session.focus else []
    index = {"first": 0, "second": 1, "third": 2, "last": -1}[which]
    return [trips[index]] if index < len(trips) else []


def _by_mode(_: Context, trips: list[Trip], text: str) -> list[Trip]:
    match = _MODE_NAMES.search(text)
    if not match:
        return []
    mode = next((m.mode for m in find_modes(match["mode"] or match["by"] or match["bare"])), "")
    return [t for t in trips if t.mode.upper() == mode]


def _by_date(context: Context, trips: list[Trip], text: str) -> list[Trip]:
    for mention in find_dates(text, context.turn.today):
        found = [t for t in trips if mention.value and mention.value.isoformat() in (t.start, t.end)]
        if not found and mention.month:
            found = [
                t
                for t in trips
                if any(
                    d
                    and d.month == mention.month
                    and (mention.day is None or d.day == mention.day)
                    and (mention.year is None or d.year == mention.year)
                    for d in (t.first, t.last)
                )
            ]
        if not found and mention.kind == "number":
            found = [t for t in trips if any(d and d.day == mention.day for d in (t.first, t.last))]
        if found:
            return found
    return []


def given_id(context: Context, text: str) -> str:
    """Return a booking id that the user gave in the text or earlier, if it belongs to no known trip; else ""."""
    ids = [*find_booking_ids(text), context.session.focus]
    return next((i for i in ids if i and all(i != t.id for t in context.trips)), "")
