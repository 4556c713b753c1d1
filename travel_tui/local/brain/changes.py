"""Changing a trip's dates and cancelling trips: what is meant, said back, and done only after a yes."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import date

from travel_tui.facts import calendar
from travel_tui.facts.dates import find_dates
from travel_tui.local.brain import modes, phrases
from travel_tui.local.brain.context import CANCEL, CHANGE, Context, Outcome
from travel_tui.local.brain.moves import Call, Returned, Say
from travel_tui.local.brain.state import Task, Trip, as_date
from travel_tui.local.brain.when import Day, When, find_when

_SHIFT = re.compile(
    r"\b(?:shift|mov(?:e|ing)|push|postpon\w*|delay\w*|everything|whole|both|entire|reschedul\w*|put\s+(?:it|"
    r"the\s+trip)\s+(?:off|back)|bring\s+(?:it|the\s+\w+|everything)?\s*forward|rebook|slide)\b",
    re.I,
)
_SAME_LENGTH = r"same\s+(?:length|duration|number\s+of\s+(?:nights|days))|just\s+as\s+long"
_LENGTH_KEPT = re.compile(rf"\b(?:{_SAME_LENGTH})\b", re.I)
_OF_DEPARTURE = re.compile(r"\b(?:departure|leav\w*|depart\w*|start|beginning|outbound)\b", re.I)
_WHOLE = re.compile(rf"\b(?:everything|whole|both|entire|all|{_SAME_LENGTH})\b", re.I)
_SIDE = re.compile(
    r"\b(?:departure|depart\w*|leav\w*|start\w*|outbound|beginning|return\w*|home|com(?:e|ing)\s+back)\b", re.I
)
_BACKWARD = re.compile(r"\b(?:forward|earlier|sooner|advance|ahead)\b", re.I)
_SHORTEN = re.compile(r"\b(?:shorten|cut|trim|reduce|shorter|fewer|less)\b", re.I)
_EXTEND = re.compile(r"\b(?:extend|prolong|lengthen|add|stay|extra|longer|more)\b", re.I)
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
"""Words that ask for the dates before the last change."""
_AT_START = re.compile(
    r"\b(?:leav\w*|depart\w*|start\w*|go(?:ing)?|set\s+off|fly\s+out|head\s+out|outbound|begin\w*)\b", re.I
)
_AT_END = re.compile(
    r"\b(?:return\w*|back|home|until|till|end\w*|stay\w*|extend\w*|inbound|longer|shorten\w*|remain)\b", re.I
)


def propose(context: Context, text: str, trip: Trip, task: Task | None = None) -> Outcome:
    """Work out the new dates that the text wants for the trip and say them back, or ask for them."""
    if context.function(CHANGE) is None:
        context.end_task()
        return Say("I'm sorry, changing trips is not something I can do here."), "The agent has no function for it."
    context.session.focus = trip.id or context.session.focus
    basis = task or {"kind": "change", "trip": asdict(trip), "start": trip.start, "end": trip.end}
    context.start_task(basis)
    basis["stage"] = "asking"
    start, end = as_date(str(basis["start"])), as_date(str(basis["end"]))
    moved = {side for side, now in (("start", trip.start), ("end", trip.end)) if str(basis[side]) != now}
    when = find_when(text, context.world.today, start=start, end=end, changing=True, asked=str(basis.get("asked", "")))
    if when.wrong:
        return Say(
            f"There is no such date as “{when.wrong.text.strip()}” in the calendar. Which date did you mean?"
        ), "An impossible date."
    if when.spans and not when.dates and len(moved) == 1:
        # One day later instead of one day earlier: counted again from what is booked, at the same end of the trip.
        start, end = trip.first, trip.last
        when.spans = [(span, role or next(iter(moved))) for span, role in when.spans]
    _keep_sense(basis, when)
    new_start, new_end = _new_dates(text, start, end, when)
    year = other_year(text, context.world.today)
    if year and trip.first and trip.last and new_start == start and new_end == end:
        months = 12 * (year - trip.first.year)
        new_start, new_end = calendar.months_later(trip.first, months), calendar.months_later(trip.last, months)
    if REVERT.search(text) and trip.before and not when.dates:
        new_start, new_end = (as_date(day) for day in trip.before.split(" to "))
    if new_start is None or new_end is None or (new_start == trip.first and new_end == trip.last):
        return _ask_dates(context, basis, trip, when, new_start, new_end)
    if new_end < new_start:
        return (
            Say(
                f"That would end on {calendar.spoken(new_end)}, before it starts on {calendar.spoken(new_start)}. "
                "Which departure date and which return date would you like?"
            ),
            "The end would be before the start.",
        )
    basis |= {"start": new_start.isoformat(), "end": new_end.isoformat(), "stage": "confirming", "asked": ""}
    return Say(_say_back(trip, basis)), "Changes are confirmed before they are made."


def other_year(text: str, today: date) -> int | None:
    """The year that a text names without any day: I meant 2028."""
    match = _YEAR.search(text)
    return int(match[1]) if match and not any(m.day or m.value for m in find_dates(text, today)) else None


def _keep_sense(basis: Task, when: When) -> None:
    """A bare length after a proposal (actually three days) is longer or shorter as the one before it was."""
    spans = [span for span, _ in when.spans]
    if spans and not when.dates and all(span.sense == "stay" for span in spans) and basis.get("sense"):
        when.spans = [(replace(span, sense=basis["sense"]), role or basis.get("side", "")) for span, role in when.spans]
    elif spans and spans[-1].sense != "stay":
        basis["sense"], basis["side"] = spans[-1].sense, when.spans[-1][1]


def _say_back(trip: Trip, task: Task) -> str:
    table = phrases.change_table(trip, str(task["start"]), str(task["end"]))
    mode = f" {modes.spoken(trip.mode)}" if trip.mode else ""
    where = (
        f"your trip **{phrases.cities(trip)}**{mode} (booking id `{trip.id}`)"
        if trip.origin or trip.destination
        else f"booking `{trip.id}`"
    )
    return f"I can change {where} like this:\n\n{table}\n\nShall I make this change?"


def _ask_dates(context: Context, task: Task, trip: Trip, when: When, start: date | None, end: date | None) -> Outcome:
    if when.month:
        return Say(
            f"Which day exactly in {when.month.text.strip()}? I need the new date of departure or return."
        ), "Only a month."
    if (when.dates or when.spans) and start and start == trip.first and end == trip.last:
        context.end_task()
        return Say(f"That is how it is booked already: {phrases.trip_line(trip)}."), "Nothing would change."
    if start or end:
        task |= {"start": start.isoformat() if start else "", "end": end.isoformat() if end else ""}
        if not start or not end:
            task["asked"] = "end" if start else "start"
            which = "return" if start else "departure"
            return Say(
                f"And what is the {which} date? I need both dates for booking `{trip.id}`."
            ), "A date is missing."
    return Say(
        f"Gladly. What should the new dates be? Now it is {phrases.trip_line(trip)}."
    ), "The new dates are missing."


def _new_dates(text: str, start: date | None, end: date | None, when: When) -> tuple[date | None, date | None]:
    new_start = when.start.value if when.start else None
    new_end = when.end.value if when.end else None
    whole = _WHOLE.search(text) is not None or (_SHIFT.search(text) is not None and not _SIDE.search(text))
    length = (end - start).days if start and end else None
    if when.loose:
        new_start, new_end = _loose(text, when.loose, start, end, whole)
    elif (
        new_start
        and not new_end
        and length is not None
        and whole
        and (_LENGTH_KEPT.search(text) or not _OF_DEPARTURE.search(text))
    ):
        new_end = calendar.plus(new_start, length)
    spans_start, spans_end = _spans(text, when, new_start or start, end, whole, moved=new_start is not None)
    new_start = new_start or (spans_start if not when.start else None)
    new_end = new_end or spans_end
    if new_start and not new_end and end and new_start > end and length is not None:
        new_end = calendar.plus(new_start, length)
    return new_start or start, new_end or end


def _loose(text: str, day: Day, start: date | None, end: date | None, whole: bool) -> tuple[date | None, date | None]:
    """Which end of the trip a date without a role means."""
    if _AT_END.search(text) and not _AT_START.search(text):
        return None, day.value
    if _AT_START.search(text) and not _AT_END.search(text):
        return day.value, None
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
        elif sense == "stay" and re.search(r"\bby\s*$", text[: span.start], re.I):
            sense = "shorter" if _SHORTEN.search(text) else "longer" if _EXTEND.search(text) else "later"
        if sense == "stay":
            new_end = calendar.plus(start, days) if start else None
        elif sense in ("longer", "shorter"):
            if side == "start" and _BACKWARD.search(text):
                new_start = calendar.plus(start, -days) if start else None
            else:
                new_end = calendar.plus(end, days if sense == "longer" else -days) if end else None
        else:
            step = days if sense == "later" else -days
            if side == "end" or (side == "" and re.search(r"\bstay\w*\b", text, re.I) and not whole):
                new_end = calendar.plus(end, step) if end else None
            elif side == "start" and not whole:
                new_start = calendar.plus(start, step) if start else None
            elif not moved:
                new_start = calendar.plus(start, step) if start else None
                new_end = calendar.plus(end, step) if end else None
    return new_start, new_end


def propose_cancel(context: Context, trip: Trip) -> Outcome:
    """Say back which trip would be cancelled and ask for a yes."""
    if context.function(CANCEL) is None:
        context.end_task()
        return Say("I'm sorry, cancelling trips is not something I can do here."), "The agent has no function for it."
    if trip.cancelled:
        context.end_task()
        return Say(f"That trip has already been cancelled: {phrases.trip_line(trip)}."), "It was cancelled before."
    context.session.focus = trip.id or context.session.focus
    context.start_task({"kind": "cancel", "trip": asdict(trip), "stage": "confirming"})
    what = phrases.trip_line(trip) if trip.origin or trip.destination else f"booking `{trip.id}`"
    return Say(
        f"Just to be sure: shall I cancel this trip?\n\n- {what}\n\nThis cannot be undone."
    ), "Cancelling is confirmed first."


def confirmed(context: Context, task: Task) -> Outcome:
    """The user said yes to a change or a cancellation: call it."""
    trip = Trip(**task["trip"])
    function = context.function(CHANGE if task["kind"] == "change" else CANCEL)
    if function is None:
        context.end_task()
        return Say("I'm sorry, I cannot do that here."), "The agent has no function for it."
    if not trip.id:
        task["stage"] = "id"
        return Say("I don't have the booking id of that trip. What is it?"), "Without an id nothing can be changed."
    parameters = {"booking_id": trip.id}
    if task["kind"] == "change":
        parameters |= {"new_start_date": str(task["start"]), "new_end_date": str(task["end"])}
    context.session.waiting = dict(task)
    context.end_task()
    return Call(function, parameters), "The user said yes, so do it."


def returned(context: Context, waiting: Task, result: Returned, words: str) -> str:
    """Tell how the change or cancellation went, and keep the trip as it now is."""
    trip = Trip(**waiting["trip"])
    changing = waiting["kind"] == "change"
    if result.state is not None:
        what = "changed" if changing else "cancelled"
        return f"That did not work: {words or 'the booking system gave no reason.'} Nothing has been {what}."
    name = f", {context.name}" if context.name else ""
    if not changing:
        context.session.keep(replace(trip, cancelled=True))
        context.session.focus = ""
        return f"Done{name}. Your trip **{phrases.cities(trip)}** with booking id `{trip.id}` is cancelled."
    before = f"{trip.start} to {trip.end}" if trip.start and trip.end else trip.before
    now = replace(trip, start=str(waiting["start"]), end=str(waiting["end"]), before=before)
    context.session.keep(now)
    return (
        f"Done{name}! Your trip **{phrases.cities(now)}** (booking id `{now.id}`) now leaves on "
        f"**{phrases.day(now.start)}** "
        f"and returns on **{phrases.day(now.end)}**."
    )
