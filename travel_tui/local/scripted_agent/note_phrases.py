"""Phrase notes for the user they are about."""

from __future__ import annotations

import re

from travel_tui.local.scripted_agent import modes
from travel_tui.local.scripted_agent.pronouns import second
from travel_tui.local.scripted_agent.state import Note

_CALLED = re.compile(r"^The user's \w+ is called \S+$")
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


def clauses(notes: list[Note]) -> list[str]:
    """Return the notes as clauses, without names that another note repeats."""
    kept = [
        n
        for n in notes
        if not (_CALLED.search(n.text) and any(o is not n and n.value and n.value in o.text for o in notes))
    ]
    return [say(n) for n in kept]


def say(note: Note) -> str:
    """Return the note as a clause with “you”, beginning in lower case."""
    if note.topic == "mode" and note.value not in {m.mode for m in modes.find_modes(note.text)}:
        return f"{second(note.text)}, so you travel {modes.spoken(note.value)}"
    if note.topic == "diet" and "food" in note.text:
        return f"you need **{note.value} food**"
    form = ANSWERS.get(note.topic)
    return form.format(v=note.value) if form and note.value else second(note.text)
