"""How a note is said back to the user it is about."""

from __future__ import annotations

from travel_tui.local.brain.person import second
from travel_tui.local.brain.state import Note

ANSWERS = {
    "home": "you live in **{v}**",
    "phone": "your phone number is **{v}**",
    "email": "your email address is **{v}**",
    "birthday": "your birthday is **{v}**",
    "age": "you are **{v}** years old",
    "budget": "your budget is **{v}**",
    "seat": "you prefer **{v}**",
    "diet": "you are **{v}**",
}


def say(note: Note) -> str:
    """The note as a clause with you; it begins in lower case."""
    form = ANSWERS.get(note.topic)
    return form.format(v=note.value) if form and note.value else second(note.text)
