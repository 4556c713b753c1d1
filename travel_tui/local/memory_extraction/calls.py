"""Sentences about calls of tools. Those about trips are written so that the scripted agent recalls them."""

from __future__ import annotations

from collections.abc import Sequence

from travel_tui.local.scripted_agent.context import BOOK, CANCEL, CHANGE
from travel_tui.local.scripted_agent.ids import booking_id
from travel_tui.local.scripted_agent.messages import CompletedCall, Turn
from travel_tui.local.scripted_agent.summary import action, trip_sentence
from travel_tui.local.scripted_agent.task_state import PARTS, Trip

_KEYS = ("origin", "destination", "start_date", "end_date", "transportation_mode")


def call_sentences(turn: Turn, earlier: Sequence[Turn]) -> list[str]:
    """Return a sentence for each call of a turn; `earlier` turns of the session tell what a changed trip was."""
    booked = {
        trip.id: trip
        for each in earlier
        for call in each.calls
        if call.function == BOOK and call.state is None
        for trip in [_booked(call)]
    }
    found = []
    for call in turn.calls:
        found.append(_sentence(call, booked))
        if call.function == BOOK and call.state is None:
            trip = _booked(call)
            booked[trip.id] = trip
    return found


def _booked(call: CompletedCall) -> Trip:
    parts = {part: call.parameters.get(key, "") for part, key in zip(PARTS, _KEYS, strict=True)}
    return Trip.of(parts, booking_id(call.result))


def _sentence(call: CompletedCall, booked: dict[str, Trip]) -> str:
    given = call.parameters
    if call.state is not None:
        return f"The assistant tried {call.function} and it failed: {' '.join(call.result[:300].split()).rstrip('.')}."
    if call.function == BOOK:
        return trip_sentence(_booked(call))
    if call.function in {CHANGE, CANCEL}:
        identity = given.get("booking_id", "") or booking_id(call.result)
        known = booked.get(identity)
        if call.function == CANCEL:
            return f"The trip with booking_id {identity} was cancelled by the user."
        start, end = given.get("new_start_date", ""), given.get("new_end_date", "")
        if known:
            before = f"{known.start} to {known.end}"
            return trip_sentence(Trip(identity, known.origin, known.destination, start, end, known.mode, before=before))
        changed = f"The trip with booking_id {identity} was changed by the user"
        return f"{changed}, now departing on {start} and returning on {end}."
    return f"{action(call.function, given, call.result)}."
