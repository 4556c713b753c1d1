"""The same trip once more: its parts taken from one that was booked, in another year or some time later."""

from __future__ import annotations

import re
from datetime import date

from travel_tui.facts import calendar
from travel_tui.facts.spans import find_spans
from travel_tui.local.brain import booking, trips
from travel_tui.local.brain.context import Context, Outcome
from travel_tui.local.brain.state import PARTS, Trip

_SAME = re.compile(
    r"\bthe\s+same\s+(?:trip|journey|route|thing|flights?|trains?|booking)\b|\b(?:book|do|take|repeat)\s+(?:it|"
    r"that|this|the\s+same|"
    r"my\s+\w+\s+trip|(?:that|this|the|my)\s+trip)\s+(?:again|once\s+more|over)\b|\brepeat\s+(?:that|this|the|"
    r"my)\s+(?:\w+\s+)?(?:trip|booking)\b",
    re.I,
)
_SAME_DAYS = re.compile(r"\bsame\s+(?:days?|dates?|time|period)\b", re.I)
_YEAR = re.compile(
    r"\b(20\d\d)\b(?![-/.]\d)|\b(next\s+year|a\s+year\s+later|the\s+(?:year\s+after|following\s+year))\b", re.I
)


def start(context: Context, text: str) -> Outcome | None:
    """A booking with the parts of a trip that was booked before; None where the text asks for no such thing."""
    if not _SAME.search(text) or not context.trips:
        return None
    meant = trips.meant(context, text, among=context.trips).trips
    trip = (
        meant[0]
        if len(meant) == 1
        else next((t for t in reversed(context.trips) if t.id == context.session.focus), None)
    )
    if trip is None:
        return None
    task = context.start_task(booking.new_task())
    task["slots"] = {part: getattr(trip, part) for part in PARTS[:2] + PARTS[4:] if getattr(trip, part)}
    task["soft"] = True
    booking.fill(context, task, text)
    slots = task["slots"]
    if trip.cancelled and "start" not in slots and trip.start and trip.end:
        slots["start"], slots["end"] = trip.start, trip.end
    if "start" not in slots or _SAME_DAYS.search(text):
        for side, day in (("start", trip.first), ("end", trip.last)):
            moved = _moved(day, trip, text)
            if moved:
                slots[side] = moved.isoformat()
                task["unsure"].pop(side, None)
    return booking.step(context, task)


def _moved(day: date | None, trip: Trip, text: str) -> date | None:
    """The day in the year that the text names, or as much later as it says; None where it says neither."""
    if day is None or trip.first is None:
        return None
    year = _YEAR.search(text)
    if year:
        later = int(year[1]) - trip.first.year if year[1] else 1
        return calendar.months_later(day, 12 * later)
    span = next((s for s in find_spans(text) if s.sense == "later"), None)
    return calendar.plus(day, span.days) if span else None
