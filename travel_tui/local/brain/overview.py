"""All that is known of the user, or what the last conversation was about."""

from __future__ import annotations

import re

from travel_tui.local.brain import memory, phrases, told
from travel_tui.local.brain.context import Context
from travel_tui.local.brain.moves import Say
from travel_tui.local.brain.state import Note, Trip

_LAST_TIME = re.compile(
    r"\b(?:last|previous|earlier|past)\s+(?:time|session|conversation|chat|talk|call|visit)\b|\blast\s+(?:we|"
    r"i)\s+(?:talked|spoke|met)\b|"
    r"\byesterday\b|\bbefore\b",
    re.I,
)


def answer(context: Context, text: str) -> Say:
    """What the last conversation was about, where the user asks for that, else all that is known."""
    if _LAST_TIME.search(text) and context.world.memories:
        return Say(last_time(context))
    return Say(everything(context))


def last_time(context: Context) -> str:
    """What the newest summary tells, or the newest one that tells anything."""
    for back, summary in enumerate(context.world.memories):
        one = memory.read(summary, context.world.today)
        lines = _told(next((n.value for n in one.notes if n.topic == "name"), ""), one.notes)
        lines += [f"- {_did(t)} {phrases.trip_line(t)}." for t in one.trips]
        lines += [f"- {sentence(wish(w))}" for w in one.wishes]
        if lines:
            lead = (
                "Last time we talked about this"
                if not back
                else "Last time we only talked briefly; before that, about this"
            )
            return f"{lead}:\n\n" + "\n".join(lines)
    return "Last time we only talked briefly; nothing was booked or changed."


def _did(trip: Trip) -> str:
    return "You cancelled a trip:" if trip.cancelled else "You changed a trip:" if trip.before else "You booked a trip:"


def _told(name: str, notes: list[Note]) -> list[str]:
    lines = [f"- Your name is **{name}**."] if name else []
    return lines + ["- " + sentence(c) for c in told.clauses([n for n in notes if n.topic != "name"])[-15:]]


def everything(context: Context) -> str:
    """All that is known of the user, trips last; or that nothing is."""
    notes = [n for n in context.notes if n.topic != "name"]
    trips = context.active
    wishes = open_wishes(context)
    if not notes and not trips and not context.name and not wishes and not context.trips:
        return "I don't know anything about you yet; you haven't told me anything so far."
    lines = _told(context.name, notes)
    lines += [f"- You have a trip {phrases.trip_line(t)}." for t in trips[-10:]]
    lines += [f"- Your trip {phrases.trip_line(t)}." for t in context.trips if t.cancelled][-5:]
    lines += [f"- {sentence(w)}" for w in wishes]
    return "Here is what I know about you:\n\n" + "\n".join(lines)


def sentence(text: str) -> str:
    """A clause as a sentence of its own."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "”")) else ".")


def open_wishes(context: Context) -> list[str]:
    """The trips that were spoken of and not booked, each as a clause."""
    return [wish(w) for w in context.recall.wishes + context.session.wishes][-3:]


def wish(spoken: dict[str, str]) -> str:
    """A trip that was spoken of and not booked, as a clause."""
    trip = Trip(
        "",
        spoken.get("origin", ""),
        spoken.get("destination", ""),
        spoken.get("start", ""),
        spoken.get("end", ""),
        spoken.get("mode", ""),
    )
    when = f", {phrases.dates(trip)}" if trip.start or trip.end else ""
    return f"you were thinking of a trip **{phrases.cities(trip)}**{when}; it is not booked"
