"""Summarise what is known about the user, or the last conversation."""

from __future__ import annotations

import re

from travel_tui.local.scripted_agent import memory, note_phrases, phrases
from travel_tui.local.scripted_agent.context import Context
from travel_tui.local.scripted_agent.messages import Reply
from travel_tui.local.scripted_agent.state import Note
from travel_tui.local.scripted_agent.task_state import Trip

_LAST_TIME = re.compile(
    r"\b(?:last|previous|earlier|past)\s+(?:time|session|conversation|chat|talk|call|visit)\b|\blast\s+(?:we|"
    r"i)\s+(?:talked|spoke|met)\b|"
    r"\byesterday\b|\bbefore\b",
    re.I,
)


def answer(context: Context, text: str) -> Reply:
    """Return the last conversation's content if the user asks for it, else everything known."""
    if _LAST_TIME.search(text) and context.turn.memories:
        return Reply(last_time(context))
    return Reply(everything(context))


def last_time(context: Context) -> str:
    """Return the content of the newest summary that has any."""
    for back, summary in enumerate(context.turn.memories):
        one = memory.read(summary, context.turn.today)
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
    return lines + ["- " + sentence(c) for c in note_phrases.clauses([n for n in notes if n.topic != "name"])[-15:]]


def everything(context: Context) -> str:
    """Return everything known about the user, trips last."""
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
    """Return a clause as a sentence."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "”")) else ".")


def open_wishes(context: Context) -> list[str]:
    """Return the trips that were discussed but not booked, each as a clause."""
    return [wish(w) for w in context.recall.wishes + context.session.wishes][-3:]


def wish(spoken: dict[str, str]) -> str:
    """Return a trip that was discussed but not booked, as a clause."""
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
