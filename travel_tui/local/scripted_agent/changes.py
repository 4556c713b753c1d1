"""Change the dates of trips and cancel them, each after a confirmation."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Literal

from travel_tui.facts import calendar
from travel_tui.facts.dates import find_dates
from travel_tui.local.scripted_agent import modes, phrases
from travel_tui.local.scripted_agent.context import CANCEL, CHANGE, Context, Outcome
from travel_tui.local.scripted_agent.date_slots import Day, When, find_when
from travel_tui.local.scripted_agent.messages import Reply, ToolCall, ToolResult
from travel_tui.local.scripted_agent.task_state import CancelTask, ChangeTask, Trip, as_date

_SHIFT = re.compile(
    r"\b(?:shift|mov(?:e|ing)|push|postpon\w*|delay\w*|everything|whole|both|entire|reschedul\w*|put\s+(?:it|"
    r"the\s+trip)\s+(?:off|back)|bring\s+(?:it|the\s+\w+|everything)?\s*forward|rebook|slide)\b",
    re.I,
)
_SAME_LENGTH = r"same\s+(?:length|duration|number\s+of\s+(?:nights|days))|just\s+as\s+long"
_WHOLE = re.compile(rf"\b(?:everything|whole|both|entire|all|{_SAME_LENGTH})\b", re.I)
_SIDE = re.compile(
    r"\b(?:departure|depart\w*|leav\w*|start\w*|outbound|beginning|return\w*|home|com(?:e|ing)\s+back)\b", re.I
)
_BACKWARD = re.compile(r"\b(?:forward|earlier|sooner|advance|ahead)\b", re.I)
_PUT_BACK = re.compile(r"\b(?:push\w*|mov\w*|put|set|shift\w*|bring|pull)\b.{0,30}\bback\b", re.I)
_ADDED = re.compile(r"\b(?:add|adding|tack|extend|prolong|lengthen)\w*\b[^.]{0,20}$", re.I)
_TAKEN_OFF = re.compile(
    r"\b(?:cut|drop|remove|shorten|take|lose|knock)\w*\b(?:\s+(?:off|the\s+trip|it|my\s+\w+|by))*\s*$", re.I
)
_FRONT = re.compile(r"\bat\s+the\s+(?:start|beginning|front)\b", re.I)
_YEAR = re.compile(r"\b(?:in|meant?|to|but|for|of|it|year|be|said)\s+(20\d\d)\b(?![-/.]\d)", re.I)
REVERT = re.compile(
    r"\b(?:back\s+(?:again\s+)?to\s+(?:how|what|the\s+way|where|as)\s+it\s+was|(?:as|how|what|"
    r"the\s+way)\s+it\s+was\s+(?:before|originally|"
    r"at\s+first)|(?:back\s+to\s+)?the\s+(?:original|old|previous|first|earlier)\s+dates?|undo\s+(?:that|the|my|"
    r"this)(?:\s+last)?\s*(?:change|"
    r"update)?|revert|restore|change\s+(?:it|that)\s+back)\b",
    re.I,
)
"""Requests for the dates before the last change."""
_AT_END = re.compile(
    r"\b(?:return\w*|back|home|until|till|end\w*|stay\w*|extend\w*|inbound|longer|shorten\w*|remain)\b", re.I
)


def propose(context: Context, text: str, trip: Trip, task: ChangeTask | None = None) -> Outcome:
    """Work out the new dates and ask for confirmation, or ask for the dates."""
    if context.function(CHANGE) is None:
        context.end_task()
        return Reply("I'm sorry, changing trips is not something I can do here."), "The agent has no function for it."
    context.session.focus = trip.id or context.session.focus
    basis = task or ChangeTask(trip, trip.start, trip.end)
    context.start_task(basis)
    basis.stage = "asking"
    start, end = as_date(basis.start), as_date(basis.end)
    moved = {side for side, now in (("start", trip.start), ("end", trip.end)) if getattr(basis, side) != now}
    when = find_when(text, context.turn.today, start=start, end=end, changing=True, asked=basis.asked)
    if when.wrong:
        return Reply(
            f"There is no such date as “{when.wrong.text.strip()}” in the calendar. Which date did you mean?"
        ), "An impossible date."
    if when.spans and not when.dates and len(moved) == 1:
        # Another length after a proposal counts from the booked dates, at the same end of the trip.
        start, end = trip.first, trip.last
        when.spans = [(span, role or next(iter(moved))) for span, role in when.spans]
    _keep_sense(basis, when)
    new_start, new_end = _new_dates(text, start, end, when)
    year = other_year(text, context.turn.today)
    if year and trip.first and trip.last and new_start == start and new_end == end:
        months = 12 * (year - trip.first.year)
        new_start, new_end = calendar.months_later(trip.first, months), calendar.months_later(trip.last, months)
    if REVERT.search(text) and trip.before and not when.dates:
        new_start, new_end = (as_date(day) for day in trip.before.split(" to "))
    if new_start is None or new_end is None or (new_start == trip.first and new_end == trip.last):
        return _ask_dates(context, basis, trip, when, new_start, new_end)
    if new_end < new_start:
        return (
            Reply(
                f"That would end on {calendar.spoken(new_end)}, before it starts on {calendar.spoken(new_start)}. "
                "Which departure date and which return date would you like?"
            ),
            "The end would be before the start.",
        )
    basis.start, basis.end, basis.stage, basis.asked = new_start.isoformat(), new_end.isoformat(), "confirming", ""
    return Reply(_say_back(trip, basis)), "Changes are confirmed before they are made."


def ask_id(context: Context, kind: Literal["change", "cancel"], text: str, question: str) -> Outcome:
    """Ask for the id of an unknown booking; the request is kept until the id comes."""
    if not context.session.queue:
        task = ChangeTask(stage="id", text=text) if kind == "change" else CancelTask(stage="id", text=text)
        context.start_task(task)
    return Reply(question), "No such trip is known, so ask for its id."


def other_year(text: str, today: date) -> int | None:
    """Return the year in a text that names no day (“I meant 2028”)."""
    match = _YEAR.search(text)
    return int(match[1]) if match and not any(m.day or m.value for m in find_dates(text, today)) else None


def _keep_sense(basis: ChangeTask, when: When) -> None:
    """Read a bare length after a proposal (“actually three days”) in the same direction as the previous one."""
    spans = [span for span, _ in when.spans]
    if spans and not when.dates and all(span.sense == "stay" for span in spans) and basis.sense:
        when.spans = [(replace(span, sense=basis.sense), role or basis.side) for span, role in when.spans]
    elif spans and spans[-1].sense != "stay":
        basis.sense, basis.side = spans[-1].sense, when.spans[-1][1]


def _say_back(trip: Trip, task: ChangeTask) -> str:
    table = phrases.change_table(trip, task.start, task.end)
    mode = f" {modes.spoken(trip.mode)}" if trip.mode else ""
    where = (
        f"your trip **{phrases.cities(trip)}**{mode} (booking id `{trip.id}`)"
        if trip.origin or trip.destination
        else f"booking `{trip.id}`"
    )
    return f"I can change {where} like this:\n\n{table}\n\nShall I make this change?"


def _ask_dates(
    context: Context, task: ChangeTask, trip: Trip, when: When, start: date | None, end: date | None
) -> Outcome:
    if when.month:
        return Reply(
            f"Which day exactly in {when.month.text.strip()}? I need the new date of departure or return."
        ), "Only a month."
    if (when.dates or when.spans) and start and start == trip.first and end == trip.last:
        context.end_task()
        return Reply(f"That is how it is booked already: {phrases.trip_line(trip)}."), "Nothing would change."
    if start or end:
        task.start, task.end = start.isoformat() if start else "", end.isoformat() if end else ""
        if not start or not end:
            task.asked = "end" if start else "start"
            which = "return" if start else "departure"
            return Reply(
                f"And what is the {which} date? I need both dates for booking `{trip.id}`."
            ), "A date is missing."
    now = f" Now it is {phrases.trip_line(trip)}." if trip.start or trip.end else ""
    return Reply(f"Gladly. What should the new dates be?{now}"), "The new dates are missing."


def _new_dates(text: str, start: date | None, end: date | None, when: When) -> tuple[date | None, date | None]:
    new_start = when.start.value if when.start else None
    new_end = when.end.value if when.end else None
    whole = _WHOLE.search(text) is not None or (_SHIFT.search(text) is not None and not _SIDE.search(text))
    length = (end - start).days if start and end else None
    if when.loose:
        new_start, new_end = _loose(text, when.loose, start, end, whole)
    elif new_start and not new_end and length is not None and whole:
        new_end = calendar.plus(new_start, length)
    spans_start, spans_end = _spans(text, when, new_start or start, end, whole, moved=new_start is not None)
    new_start = new_start or (spans_start if not when.start else None)
    new_end = new_end or spans_end
    if new_start and not new_end and end and new_start > end and length is not None:
        new_end = calendar.plus(new_start, length)
    return new_start or start, new_end or end


def _loose(text: str, day: Day, start: date | None, end: date | None, whole: bool) -> tuple[date | None, date | None]:
    """Return new start and end for a date that was given without a role."""
    if _AT_END.search(text):
        return None, day.value
    if whole and start and end:
        return day.value, calendar.plus(day.value, (end - start).days)
    if start and end and abs((day.value - start).days) < abs((day.value - end).days):
        return day.value, None
    return None, day.value


def _spans(
    text: str, when: When, start: date | None, end: date | None, whole: bool, *, moved: bool
) -> tuple[date | None, date | None]:
    new_start: date | None = None
    new_end: date | None = None
    for span, role in when.spans:
        days, sense = span.days, span.sense
        side = "" if whole and role == "end" and _PUT_BACK.search(text) else role
        after = text[span.end : span.end + 12]
        before = text[: span.start]
        if sense == "stay" and re.match(r"\s*forward", after, re.I):
            sense = "earlier"
        if sense == "stay" and _ADDED.search(before):
            sense = "longer"
        elif sense == "stay" and _TAKEN_OFF.search(before):
            sense = "shorter"
        if sense in ("longer", "shorter") and _FRONT.search(text) and start:
            new_start = calendar.plus(start, -days if sense == "longer" else days)
            continue
        if sense == "stay" and whole and not moved:
            sense = "earlier" if _BACKWARD.search(text) else "later"
        elif sense == "stay" and re.search(r"\bby\s*$", before, re.I):
            sense = "later"
        if sense == "stay":
            new_end = calendar.plus(start, days) if start else None
        elif sense in ("longer", "shorter"):
            if side == "start" and _BACKWARD.search(text):
                new_start = calendar.plus(start, -days) if start else None
            else:
                new_end = calendar.plus(end, days if sense == "longer" else -days) if end else None
        else:
            step = days if sense == "later" else -days
            if side == "end":
                new_end = calendar.plus(end, step) if end else None
            elif side == "start" and not whole:
                new_start = calendar.plus(start, step) if start else None
            elif not moved:
                new_start = calendar.plus(start, step) if start else None
                new_end = calendar.plus(end, step) if end else None
    return new_start, new_end


def propose_cancel(context: Context, trip: Trip) -> Outcome:
    """Ask for confirmation of a cancellation."""
    if context.function(CANCEL) is None:
        context.end_task()
        return Reply("I'm sorry, cancelling trips is not something I can do here."), "The agent has no function for it."
    if trip.cancelled:
        context.end_task()
        return Reply(f"That trip has already been cancelled: {phrases.trip_line(trip)}."), "It was cancelled before."
    context.session.focus = trip.id or context.session.focus
    context.start_task(CancelTask(trip))
    what = phrases.trip_line(trip) if trip.origin or trip.destination else f"booking `{trip.id}`"
    return Reply(
        f"Just to be sure: shall I cancel this trip?\n\n- {what}\n\nThis cannot be undone."
    ), "Cancelling is confirmed first."


def confirmed(context: Context, task: ChangeTask | CancelTask) -> Outcome:
    """Call the function after the user confirmed a change or a cancellation."""
    trip = task.trip
    function = context.function(CHANGE if task.kind == "change" else CANCEL)
    if function is None:
        context.end_task()
        return Reply("I'm sorry, I cannot do that here."), "The agent has no function for it."
    if not trip.id:
        task.stage = "id"
        return Reply("I don't have the booking id of that trip. What is it?"), "Without an id nothing can be changed."
    parameters = {"booking_id": trip.id}
    if isinstance(task, ChangeTask):
        parameters |= {"new_start_date": task.start, "new_end_date": task.end}
    context.session.waiting = task
    context.end_task()
    return ToolCall(function, parameters), "The user said yes, so do it."


def returned(context: Context, waiting: ChangeTask | CancelTask, result: ToolResult, words: str) -> str:
    """Report the result of a change or a cancellation, and keep the trip's new state."""
    trip = waiting.trip
    if result.state is not None:
        context.session.focus = ""
        what = "changed" if isinstance(waiting, ChangeTask) else "cancelled"
        return f"That did not work: {words or 'the booking system gave no reason.'} Nothing has been {what}."
    name = f", {context.name}" if context.name else ""
    if isinstance(waiting, CancelTask):
        context.session.keep(replace(trip, cancelled=True))
        context.session.focus = ""
        return f"Done{name}. Your trip **{phrases.cities(trip)}** with booking id `{trip.id}` is cancelled."
    before = f"{trip.start} to {trip.end}" if trip.start and trip.end else trip.before
    now = replace(trip, start=waiting.start, end=waiting.end, before=before)
    context.session.keep(now)
    return (
        f"Done{name}! Your trip **{phrases.cities(now)}** (booking id `{now.id}`) now leaves on "
        f"**{phrases.day(now.start)}** "
        f"and returns on **{phrases.day(now.end)}**."
    )
