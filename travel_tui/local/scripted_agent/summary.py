"""Summarise a session: facts, goals and trips, complete enough for the next session to work from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import accumulate
from typing import Any, Literal

from travel_tui.local.scripted_agent import profile, speech_acts
from travel_tui.local.scripted_agent.context import BOOK, CANCEL, CHANGE
from travel_tui.local.scripted_agent.ids import booking_id
from travel_tui.local.scripted_agent.messages import Turn
from travel_tui.local.scripted_agent.reading import readable
from travel_tui.local.scripted_agent.state import Session, forget_key, load
from travel_tui.local.scripted_agent.task_state import PARTS, BookingTask, Trip

MAX_NOTES = 200
_LONGEST = 2_000
"""Characters of one sentence of a summary."""
_MOST = 12_000
"""Characters of one topic, of which the last sentences are kept; `memory.LIMIT` is read of the whole."""


def summarise(turns: Sequence[Turn], state: Mapping[str, Any], *, style: Literal["topics", "prose"] = "topics") -> str:
    """Summarise a session as `<summary><topic name='…'>` or as prose; deterministic."""
    session = load(state)
    if not state:
        _replay(turns, session)
    topics = [
        ("user goals", _last(_goals(turns, session))),
        (
            "user profile",
            _last(
                [
                    *(f"{n.text}." for n in session.notes[-MAX_NOTES:]),
                    *(f"The user asked to forget: {forget_key(t)}." for t in session.forgotten),
                ]
            ),
        ),
        ("assistant actions", _actions(turns, session)),
    ]
    if style == "prose":
        return "\n".join(s for _, sentences in topics for s in sentences)
    body = "".join(
        f"<topic name='{name}'>\n" + "\n".join(escape(s, quote=False) for s in sentences) + "\n</topic>"
        for name, sentences in topics
        if sentences
    )
    return f"<summary>{body}</summary>"


def _last(sentences: Sequence[str]) -> list[str]:
    """Return the last sentences that fit into a topic, each on one line."""
    lines = [_one_line(s) for s in sentences]
    lines = [s if len(s) <= _LONGEST else f"{s[: _LONGEST - 1]}…" for s in lines]
    kept = sum(size <= _MOST for size in accumulate(len(s) for s in reversed(lines)))
    return lines[len(lines) - kept :]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _goals(turns: Sequence[Turn], session: Session) -> list[str]:
    goals = []
    made = [c for e in turns for c in e.calls if c.state is None]
    if any(c.function == BOOK for c in made):
        goals.append("The user wanted to book a trip.")
    if any(c.function == CHANGE for c in made):
        goals.append("The user wanted to change the dates of a trip.")
    if any(c.function == CANCEL for c in made):
        goals.append("The user wanted to cancel a trip.")
    goals += [wish_line(w) for w in session.wishes]
    task = session.task
    if isinstance(task, BookingTask) and task.slots:
        line = wish_line({part: value for part, value in task.slots.items() if value})
        if line not in goals:
            goals.append(line)
    if any(speech_acts.is_attack(readable(e.user)) for e in turns):
        goals.append("The user asked the assistant for something outside its task; the assistant declined.")
    if not goals and not session.notes:
        goals.append("The user only talked briefly with the assistant; nothing was booked or changed.")
    return goals


def wish_line(wish: Mapping[str, str]) -> str:
    """Format a trip that was discussed but not booked."""
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
    """Format a trip so that `memory.read` can parse it."""
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


def _actions(turns: Sequence[Turn], session: Session) -> list[str]:
    lines = _last([trip_sentence(t) for t in session.trips])
    lines += _last([a if a.endswith(".") else a + "." for a in session.actions])
    refused = [c for e in turns for c in e.calls if c.state is not None and c.function in (BOOK, CHANGE, CANCEL)]
    lines += [
        _one_line(f"The assistant tried {c.function} and was refused: {_one_line(c.result[:1000])[:300].rstrip('.')}.")
        for c in refused[-3:]
    ]
    return lines


def _replay(turns: Sequence[Turn], session: Session) -> None:
    """Rebuild notes and trips from the turns where no state was kept."""
    for turn in turns:
        session.notes = profile.merged(session.notes, profile.notes_of(speech_acts.split(readable(turn.user))))
        for call in turn.calls:
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
    """Describe a call of another function and its result in one sentence."""
    given = ", ".join(f"{k} {v}" for k, v in parameters.items())
    return _one_line(
        f"The assistant called {function}{' with ' + given if given else ''}: {re.sub(r'[<>]', ' ', result[:500])}"
    ).rstrip(".")
