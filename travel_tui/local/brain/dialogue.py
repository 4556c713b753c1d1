"""One turn: what was heard decides what is done next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from travel_tui.facts.spelling import corrected
from travel_tui.facts.text import even
from travel_tui.local.brain import booking, changes, generic, matters, memory, profile, small_talk, speech, tasks
from travel_tui.local.brain.context import Context, Outcome
from travel_tui.local.brain.moves import Move, Returned, Said, Say, World
from travel_tui.local.brain.route import find_route
from travel_tui.local.brain.state import Note, dump, load

MOST_HEARD = 8_000
"""Characters of one message that are understood: its beginning and, where it is longer, its last 2,000."""


def decide(world: World, state: Mapping[str, Any], heard: Said | Returned) -> Move:
    """What the agent does next; {} is the state of a new session. A Call is answered by a Returned, until a Say."""
    session = load(state)
    context = Context(world, session, memory.recall(tuple(world.memories), world.today))
    if isinstance(heard, Returned):
        act, why = _returned(context, heard)
    else:
        session.turns += 1
        session.prefix = ""
        session.waiting = None
        act, why = _said(context, _readable(heard.text))
    if isinstance(act, Say) and session.prefix:
        act = Say(f"{session.prefix}\n\n{act.text}")
        session.prefix = ""
    return Move(act, why, dump(session))


def _readable(text: str) -> str:
    if len(text) > MOST_HEARD:
        text = text[: MOST_HEARD - 2000] + "\n" + text[-2000:]
    plain = even(text.encode("utf-8", "replace").decode("utf-8"))
    return corrected(re.sub(r"[ \t\r\f\v]+", " ", re.sub(r"\s*\n\s*", "\n", plain)).strip())


def _returned(context: Context, result: Returned) -> Outcome:
    session = context.session
    waiting = session.waiting or {"kind": "generic", "slots": {}}
    session.waiting = None
    words = _words(result.text)
    teller = {"booking": booking.returned, "change": changes.returned, "cancel": changes.returned}.get(
        waiting["kind"], generic.returned
    )
    told = teller(context, waiting, result, words)
    if session.queue:
        rest = session.queue.pop(0)
        session.prefix = f"{session.prefix}\n\n{told}".strip()
        return _said(context, rest)
    return Say(told), "The call has answered; tell the user."


def _words(text: str) -> str:
    """What a function answered, in words: some answer with a JSON string."""
    text = text.strip()
    if text[:1] in ('"', "{", "["):
        try:
            value = json.loads(text)
        except ValueError:
            return text
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, dict):
            return ", ".join(f"{k}: {v}" for k, v in value.items())
    return text


def _said(context: Context, text: str) -> Outcome:
    if not re.search(r"\w|👍|👌|✅", text):
        return Say(f"I didn't catch that. {small_talk.abilities(context)}."), "There are no words in it."
    parts = speech.split(text)
    if any(p.mood == "attack" for p in parts):
        return Say(small_talk.refuse(context)), "The user asks for something outside the agent's task."
    context.session.scene = _scene(context, parts) or context.session.scene
    notes = profile.notes_of(parts)
    if not notes and not context.session.task:
        told = next((n for n in context.session.notes if n.topic == context.session.told), None)
        later = profile.follow_up(told, context.session.wondered, text)
        notes = [later] if later else []
    context.session.wondered = ""
    new = [n for n in notes if n not in context.session.notes]
    if context.session.task:
        outcome = tasks.go_on(context, context.session.task, text)
        if outcome:
            _keep_notes(context, new)
            if not _open(context) and isinstance(outcome[0], Say):
                context.session.queue = []
            return outcome
    _keep_notes(context, new)
    act, why = matters.start(context, text, parts, new)
    if isinstance(act, Say) and context.session.queue and context.session.task is None:
        context.session.prefix = f"{context.session.prefix}\n\n{act.text}".strip()
        return _said(context, context.session.queue.pop(0))
    return act, why


def _scene(context: Context, parts: list[speech.Sentence]) -> str:
    """The last place that the message speaks of and that is neither a home nor where a trip begins."""
    for part in reversed(parts):
        route = find_route(part.text, context.world.today)
        if part.mood == "other" and route.home:
            return route.home
        if route.destination or route.loose:
            return route.destination or route.loose[-1]
    return ""


def _open(context: Context) -> bool:
    return context.session.task is not None


def _keep_notes(context: Context, notes: list[Note]) -> None:
    session = context.session
    session.notes = profile.merged(session.notes, notes)
    session.told = notes[-1].topic if notes else ""
    topics = {n.topic for n in notes}
    session.forgotten = [t for t in session.forgotten if t not in topics]
