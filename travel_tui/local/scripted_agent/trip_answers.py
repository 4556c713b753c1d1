"""Answer questions about the user's trips: a short answer first, then the whole trip."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from travel_tui.facts.dates import find_dates
from travel_tui.facts.places import find_places
from travel_tui.local.scripted_agent import modes, phrases
from travel_tui.local.scripted_agent.context import Context
from travel_tui.local.scripted_agent.messages import Reply
from travel_tui.local.scripted_agent.overview import open_wishes
from travel_tui.local.scripted_agent.task_state import Trip
from travel_tui.local.scripted_agent.trips import meant

_POINTS = tuple(
    (re.compile(pattern, re.I), point)
    for pattern, point in (
        (
            r"\b(?:before|original(?:ly)?|old|previous(?:ly)?|at\s+first|ever\s+changed|"
            r"been\s+changed|did\s+i\s+change|used\s+to\s+be)\b",
            "before",
        ),
        (r"\bhow\s+(?:long|many\s+(?:nights|days|weeks))\b", "nights"),
        (r"\b(?:id|reference|confirmation|booking\s+(?:number|code)|code)\b", "id"),
        (r"\b(?:where|which\s+(?:city|town|airport))\b.*\bfrom\b|\bfrom\s+where\b|\borigin\b", "origin"),
        (r"\bwhere\b|\bdestination\b|\bwhich\s+(?:city|town)\b", "destination"),
        (
            r"\b(?:when|what\s+(?:day|date)|which\s+(?:day|date)|date)\b.*\b(?:back|home|return\w*|end|ends|until)\b|"
            r"\b(?:return|end)\s+(?:date|day)\b|\bhow\s+late\b",
            "end",
        ),
        (
            r"\b(?:when|what\s+(?:day|date)|which\s+(?:day|date))\b.*\b(?:leav\w*|depart\w*|start\w*|go(?:ing)?|"
            r"fly(?:ing)?|"
            r"set\s+off|begin\w*|travel\w*)\b|\b(?:departure|start)\s+(?:date|day)\b",
            "start",
        ),
        (
            r"\bhow\s+(?:do|am|will|did|are|was|would)\b|\btrain\s+or\b|\bplane\s+or\b|\bby\s+(?:train|plane|air)\b",
            "mode",
        ),
    )
)
_SOONEST = re.compile(
    r"\b(?:comes?|is|starts?|goes)\s+(?:first|next|earliest|sooner|soonest)\b|\b(?:next|soonest|earliest|"
    r"upcoming)\s+(?:trip|"
    r"journey|flight|booking|one)\b",
    re.I,
)
_LATEST = re.compile(r"\b(?:comes?|is)\s+(?:last|latest)\b", re.I)
_LONGEST = re.compile(r"\b(?:longest|longer)\b", re.I)
_WHETHER = re.compile(r"^\W*(?:(?:and|so|but|ok|also|hi|hello)\W+)*(?:is|are|was|were|do|did|does|have|has|am)\b", re.I)
_BOOKED = re.compile(
    r"\b(?:booked|confirmed|on|have|had|coming\s+up|reserved|valid|planned|travelling|traveling|going)\b", re.I
)
_COUNT = re.compile(
    r"\bhow\s+many\s+(?:\w+\s+)?(?:trips|bookings|reservations|journeys|flights|trains)\b|\bhow\s+many\s+(?:do|"
    r"have|are)\b.{0,20}\b(?:left|still|now|remain\w*|booked)\b",
    re.I,
)
_HERE = re.compile(
    r"\b(?:how\s+(?:many\s+(?:nights|days)|long)|when|where|which\s+(?:day|date)|what\s+(?:day|date)s?|"
    r"what'?s\s+the\s+(?:id|"
    r"number|reference)|gone|booked|confirmed|cancel\w*|still\s+on)\b.{0,30}\b(?:that|it|this|there)\b|"
    r"\b(?:is|was|are)\s+(?:it|that|this)\s+(?:now\s+|still\s+|really\s+|all\s+)?(?:booked|gone|cancelled|"
    r"canceled|confirmed|on|"
    r"done|by\s+(?:train|air|plane))\b|\b(?:the\s+)?(?:other|first|second|third|last)\s+(?:one|trip|booking)\b|"
    r"\bwhich\s+(?:one|trip|of\s+(?:them|those|these))\b|"
    r"^\W*(?:and|what\s+about|and\s+what\s+about)\s+(?:now|before|after)\W*$|\bwhat\s+(?:is|was)\s+it\s+(?:now|"
    r"before|originally)\b",
    re.I,
)


def about_these(context: Context, text: str) -> bool:
    """Return whether a short question refers to the trips just mentioned (how many nights is that?)."""
    if _COUNT.search(text):
        return bool(context.trips)
    return bool(context.trips) and len(text.split()) <= 10 and _HERE.search(text) is not None and not find_places(text)


def answer(context: Context, text: str) -> Reply:
    """Answer a question about trips."""
    every = context.trips
    if not every:
        wishes = open_wishes(context)
        more = f" But {phrases.listed(wishes)}. Shall we go on with it?" if wishes else " Shall I book one?"
        return Reply(f"I don't have any trips on record for you.{more}")
    active = context.active
    wanted = meant(context, text, among=every, use_focus=about_these(context, text))
    chosen = wanted.trips
    asks_cancelled = re.search(r"\bcancel\w*", text, re.I) is not None
    one = _by_time(context, text) if not wanted.named else None
    if one or len(chosen) == 1:
        context.session.focus = (one or chosen[0]).id
    if one:
        return Reply(_pointed(one, text, context.turn.today, f"**{phrases.cities(one)}**."))
    if not (wanted.named or asks_cancelled) and len(chosen) != 1:
        chosen = active
    if not wanted.named and asks_cancelled and len(chosen) != 1:
        chosen = [t for t in every if t.cancelled] or active
    unknown = [p.text for p in find_places(text) if p.certain]
    if unknown and not wanted.named:
        return Reply(f"I don't see a trip to or from {unknown[0]}. " + _others(active))
    empty = _empty_month(context, text) if not wanted.named else ""
    if empty:
        return Reply(f"You have no trip in {empty}. " + _others(active))
    wishes = open_wishes(context)
    if not active and not asks_cancelled and not wanted.named:
        return Reply(" ".join(["You have no trip booked at the moment.", _cancelled(every)]).strip())
    listing = _pointed(chosen[0], text, context.turn.today) if len(chosen) == 1 else listed(chosen)
    if wishes and re.search(r"\b(?:want|wish|plan|thinking|open|idea|going)\b", text, re.I) and not wanted.named:
        return Reply(listing + f" And {phrases.listed(wishes)}.")
    return Reply(listing)


def _others(active: list[Trip]) -> str:
    return listed(active) if active else "Shall I book one?"


def _by_time(context: Context, text: str) -> Trip | None:
    """Return the first, last or longest trip, where the question asks for it."""
    ahead = sorted((t for t in context.active if t.first and t.last), key=lambda t: t.start)
    if len(ahead) < 2:
        return None
    if _SOONEST.search(text):
        return next((t for t in ahead if t.start >= context.turn.today.isoformat()), ahead[0])
    if _LATEST.search(text):
        return ahead[-1]
    return max(ahead, key=_nights) if _LONGEST.search(text) and re.search(r"\bwhich\b", text, re.I) else None


def _empty_month(context: Context, text: str) -> str:
    """Return the month of the question where no trip is in it; else ""."""
    months = [m for m in find_dates(text, context.turn.today) if m.kind == "month" and m.month]
    return months[0].text.strip() if months and not _COUNT.search(text) else ""


def _verdict(trip: Trip, text: str, today: date) -> str:
    """Return yes or no to a question about a booked trip; "" where the trip does not answer it."""
    if re.search(r"\b(?:cancel\w*|gone)\b", text, re.I):
        return "No, it is still booked."
    days = [d for d in (trip.first, trip.last) if d]
    said = [m for m in find_dates(text, today) if m.day or m.month or m.value]
    fits = [
        any(
            d == m.value
            if m.kind in ("relative", "weekday")
            else (m.day in (None, d.day) and m.month in (None, d.month) and m.year in (None, d.year))
            for d in days
        )
        for m in said
    ]
    mode = modes.chosen(text)
    if not all(fits) or (
        mode in ("TRAIN", "AIR") and re.search(r"\bby\b|\bflying\b", text) and trip.mode.upper() != mode
    ):
        return "No."
    return "Yes." if fits or mode or _BOOKED.search(text) or find_places(text) else ""


def _nights(trip: Trip) -> int:
    return (trip.last - trip.first).days if trip.first and trip.last else 0


def _pointed(trip: Trip, text: str, today: date, lead: str = "") -> str:
    """Return the trip after a short answer to the question about it."""
    whole = listed([trip])
    if trip.cancelled:
        if not _WHETHER.match(text):
            return whole
        return f"{'Yes' if re.search(r'cancel|gone', text, re.I) else 'No'}: {whole[:1].lower()}{whole[1:]}"
    if lead:
        return f"{lead} {whole}"
    if _COUNT.search(text):
        return f"One trip. {whole}"
    point = next((p for pattern, p in _POINTS if pattern.search(text)), "")
    if point == "before":
        first, _, last = trip.before.partition(" to ")
        was = f"Before the change it was **{phrases.day(first)} to {phrases.day(last)}**." if last else ""
        return f"{was} Now: {whole}" if was else f"It was never changed. {whole}"
    nights = _nights(trip)
    short = {
        "nights": f"**{nights} night{'' if nights == 1 else 's'}.**" if nights else "",
        "id": f"It is `{trip.id}`." if trip.id else "",
        "origin": f"From **{trip.origin}**." if trip.origin else "",
        "destination": f"To **{trip.destination}**." if trip.destination else "",
        "start": f"On **{phrases.day(trip.start)}**." if trip.start else "",
        "end": f"On **{phrases.day(trip.end)}**." if trip.end else "",
        "mode": f"**{modes.spoken(trip.mode).capitalize()}.**" if trip.mode else "",
    }.get(point, "")
    if _WHETHER.match(text):
        short = _verdict(trip, text, today)
    if not short:
        return whole
    stay = f" ({nights} night{'' if nights == 1 else 's'})" if nights and point != "nights" else ""
    return f"{short} That is {phrases.trip_line(trip)}{stay}."


def _cancelled(every: list[Trip]) -> str:
    gone = [t for t in every if t.cancelled]
    return f"Your trip {phrases.trip_line(gone[-1])}." if gone else ""


def listed(found: list[Trip]) -> str:
    """Format trips: one as a sentence, several as a table, cancelled ones last."""
    if not found:
        return "You have no trip booked at the moment."
    if len(found) == 1:
        trip = found[0]
        nights = (trip.last - trip.first).days if trip.first and trip.last else None
        stay = f" ({nights} night{'' if nights == 1 else 's'})" if nights else ""
        if trip.cancelled:
            return f"That trip was cancelled: {phrases.trip_line(replace(trip, cancelled=False))}."
        leave = (
            f": you leave on **{phrases.day(trip.start)}** and return on **{phrases.day(trip.end)}**{stay}"
            if trip.start and trip.end
            else ""
        )
        how = f", {modes.spoken(trip.mode)}" if trip.mode else ""
        return (
            f"Your trip **{phrases.cities(trip)}**{how}{leave}. The booking id is `{trip.id}`."
            if trip.id
            else f"Your trip {phrases.trip_line(trip)}."
        )
    gone = [t for t in found if t.cancelled]
    kept = [t for t in found if not t.cancelled]
    text = (
        f"You have {len(kept)} trips:\n\n{phrases.trip_table(kept)}" if len(kept) > 1 else listed(kept) if kept else ""
    )
    return text + ("\n\nCancelled: " + "; ".join(phrases.trip_line(t) for t in gone) + "." if gone else "")
