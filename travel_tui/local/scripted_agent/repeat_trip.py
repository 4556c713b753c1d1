"""Repeat a booked trip in another year or some time later."""

from __future__ import annotations

import re
from datetime import date

from travel_tui.facts import calendar
from travel_tui.facts.spans import find_spans
from travel_tui.local.scripted_agent import booking, trips
from travel_tui.local.scripted_agent.context import Context, Outcome
from travel_tui.local.scripted_agent.task_state import PARTS, BookingTask, Trip

_SAME = re.compile(
    r"\bthe\s+same\s+(?:trip|journey|route|thing|flights?|trains?|booking)\b|\b(?:book|do|take|repeat)\s+(?:it|"
    r"that|this|the\s+same|"
    r"my\s+\w+\s+trip|(?:that|this|the|my)\s+trip)\s+(?:again|once\s+more|over)\b|\brepeat\s+(?:that|this|the|"
    r"my)\s+(?:\w+\s+)?(?:trip|booking)\b",
    re.I,
)
_YEAR = re.compile(
    r"\b(20\d\d)\b(?![-/.]\d)|\b(next\s+year|a\s+year\s+later|the\s+(?:year\s+after|following\s+year))\b", re.I
)


def start(context: Context, text: str) -> Outcome | None:
    """Start a booking with the parts of an earlier trip; None where the text does not ask for that."""
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
    task = BookingTask({part: getattr(trip, part) for part in PARTS[:2] + PARTS[4:] if getattr(trip, part)}, soft=True)
    context.start_task(task)
    booking.fill(context, task, text)
    slots = task.slots
    if trip.cancelled and "start" not in slots and trip.start and trip.end:
        slots["start"], slots["end"] = trip.start, trip.end
    if "start" not in slots:
        for side, day in (("start", trip.first), ("end", trip.last)):
            moved = _moved(day, trip, text)
            if moved:
                slots[side] = moved.isoformat()
                task.unsure.pop(side, None)
    return booking.step(context, task)


def _moved(day: date | None, trip: Trip, text: str) -> date | None:
    """Move a day to the year in the text or by its length of time; None where there is neither."""
    if day is None or trip.first is None:
        return None
    year = _YEAR.search(text)
    if year:
        later = int(year[1]) - trip.first.year if year[1] else 1
        return calendar.months_later(day, 12 * later)
    span = next((s for s in find_spans(text) if s.sense == "later"), None)
    return calendar.plus(day, span.days) if span else None
