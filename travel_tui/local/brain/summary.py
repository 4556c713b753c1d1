"""The summary of a session: what the user told, wanted and got, so that the next session can answer from it alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Literal

from travel_tui.facts.text import even
from travel_tui.local.brain import profile, speech
from travel_tui.local.brain.context import BOOK, CANCEL, CHANGE
from travel_tui.local.brain.ids import booking_id
from travel_tui.local.brain.moves import Exchange
from travel_tui.local.brain.state import PARTS, Session, Trip, forget_key, load

MOST_NOTES = 200


def summarise(
    exchanges: Sequence[Exchange], state: Mapping[str, Any], *, style: Literal["topics", "prose"] = "topics"
) -> str:
    """What the session leaves behind, as `<summary><topic name='…'>` or as prose; equal input gives equal text."""
    session = load(state)
    if not state:
        _replay(exchanges, session)
    topics = [
        ("user goals", _goals(exchanges, session)),
        (
            "user profile",
            [
                *(f"{n.text}." for n in session.notes[-MOST_NOTES:]),
                *(f"The user asked to forget: {forget_key(t)}." for t in session.forgotten),
            ],
        ),
        ("assistant actions", _actions(exchanges, session)),
    ]
    if style == "prose":
        return "\n".join(_one_line(s) for _, sentences in topics for s in sentences)
    body = "".join(
        f"<topic name='{name}'>\n" + "\n".join(escape(_one_line(s), quote=False) for s in sentences) + "\n</topic>"
        for name, sentences in topics
        if sentences
    )
    return f"<summary>{body}</summary>"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _goals(exchanges: Sequence[Exchange], session: Session) -> list[str]:
    goals = []
    made = [c for e in exchanges for c in e.calls if c.state is None]
    if any(c.function == BOOK for c in made):
        goals.append("The user wanted to book a trip.")
    if any(c.function == CHANGE for c in made):
        goals.append("The user wanted to change the dates of a trip.")
    if any(c.function == CANCEL for c in made):
        goals.append("The user wanted to cancel a trip.")
    goals += [wish_line(w) for w in session.wishes]
    task = session.task
    if task and task["kind"] == "booking" and task["slots"]:
        line = wish_line({part: value for part, value in task["slots"].items() if value})
        if line not in goals:
            goals.append(line)
    if any(speech.is_attack(even(e.user[:4000])) for e in exchanges):
        goals.append("The user asked the assistant for something outside its task; the assistant declined.")
    if not goals and not session.notes:
        goals.append("The user only talked briefly with the assistant; nothing was booked or changed.")
    return goals


def wish_line(wish: Mapping[str, str]) -> str:
    """A trip that was spoken of and not booked."""
    line = "The user wanted to travel"
    for key, words in (
        ("origin", " from "),
        ("destination", " to "),
        ("start", ", leaving on "),
        ("end", ", returning on "),
        ("mode", ", by "),
    ):
        if wish.get(key):
            line += words + wish[key]
    return line + "; it is not booked."


def trip_sentence(trip: Trip) -> str:
    """A trip, whole, as memory.read takes it in again."""
    line = (
        f"Trip from {trip.origin or 'an unknown place'} to {trip.destination or 'an unknown place'}, leaving on "
        f"{trip.start} and returning on {trip.end}, "
        f"by {trip.mode}, booking_id {trip.id}"
    )
    if trip.cancelled:
        line += ", cancelled by the user"
    if trip.before:
        line += f", dates before the change: {trip.before}"
    return line + "."


def _actions(exchanges: Sequence[Exchange], session: Session) -> list[str]:
    lines = [trip_sentence(t) for t in session.trips]
    lines += [a if a.endswith(".") else a + "." for a in session.actions]
    refused = [c for e in exchanges for c in e.calls if c.state is not None and c.function in (BOOK, CHANGE, CANCEL)]
    lines += [
        f"The assistant tried {c.function} and was refused: {_one_line(c.result)[:300].rstrip('.')}."
        for c in refused[-3:]
    ]
    return lines


def _replay(exchanges: Sequence[Exchange], session: Session) -> None:
    """Notes and trips from the turns alone, where no state was kept."""
    for exchange in exchanges:
        session.notes = profile.merged(session.notes, profile.notes_of(speech.split(even(exchange.user[:16_000]))))
        for call in exchange.calls:
            if call.state is not None:
                continue
            value = dict(call.parameters)
            identity = value.get("booking_id") or booking_id(call.result)
            if call.function == BOOK:
                keys = ("origin", "destination", "start_date", "end_date", "transportation_mode")
                session.keep(
                    Trip.of({part: value.get(key, "") for part, key in zip(PARTS, keys, strict=True)}, identity)
                )
            elif call.function in (CHANGE, CANCEL):
                old = session.trip(identity) or Trip(identity)
                start, end = value.get("new_start_date", old.start), value.get("new_end_date", old.end)
                session.keep(
                    Trip(
                        identity,
                        old.origin,
                        old.destination,
                        start,
                        end,
                        old.mode,
                        call.function == CANCEL or old.cancelled,
                    )
                )
            else:
                session.actions.append(action(call.function, value, call.result))


def action(function: str, parameters: Mapping[str, str], result: str) -> str:
    """What a function of another kind was asked and answered, in one sentence."""
    given = ", ".join(f"{k} {v}" for k, v in parameters.items())
    return _one_line(
        f"The assistant called {function}{' with ' + given if given else ''}: {re.sub(r'[<>]', ' ', result)[:500]}"
    ).rstrip(".")
