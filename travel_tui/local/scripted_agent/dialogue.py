"""Decide the next step of a turn from the user's message or a tool result."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from travel_tui.facts.spelling import corrected
from travel_tui.local.scripted_agent import (
    booking,
    changes,
    generic,
    intent_router,
    memory,
    profile,
    small_talk,
    speech_acts,
    task_flow,
)
from travel_tui.local.scripted_agent.context import Context, Outcome
from travel_tui.local.scripted_agent.ids import find_booking_ids
from travel_tui.local.scripted_agent.languages import is_foreign
from travel_tui.local.scripted_agent.messages import Decision, Reply, ToolResult, TurnContext, UserMessage
from travel_tui.local.scripted_agent.place_slots import find_route
from travel_tui.local.scripted_agent.reading import readable
from travel_tui.local.scripted_agent.state import Note, dump, load
from travel_tui.local.scripted_agent.task_state import BookingTask, CancelTask, ChangeTask, FunctionTask
from travel_tui.local.unicode import well_formed

_MAX_NOTES = 500
"""Notes that a session keeps, the latest ones."""


def decide(turn: TurnContext, state: Mapping[str, Any], message: UserMessage | ToolResult) -> Decision:
    """Return the next step; see `scripted_agent.decide`."""
    session = load(state)
    context = Context(turn, session, memory.recall(tuple(turn.memories), turn.today))
    if isinstance(message, ToolResult):
        action, why = _returned(context, message)
    else:
        session.turns += 1
        session.prefix = ""
        session.waiting = None
        action, why = _said(context, corrected(readable(message.text)))
    if isinstance(action, Reply) and session.prefix:
        action = Reply(f"{session.prefix}\n\n{action.text}")
        session.prefix = ""
    return Decision(action, why, dump(session))


def _returned(context: Context, result: ToolResult) -> Outcome:
    session = context.session
    waiting, session.waiting = session.waiting, None
    words = _words(result.text)
    if isinstance(waiting, BookingTask):
        told = booking.returned(context, waiting, result, words)
    elif isinstance(waiting, ChangeTask | CancelTask):
        told = changes.returned(context, waiting, result, words)
    else:
        told = generic.returned(
            context, waiting if isinstance(waiting, FunctionTask) else FunctionTask(), result, words
        )
    if session.queue:
        rest = session.queue.pop(0)
        session.prefix = f"{session.prefix}\n\n{told}".strip()
        return _said(context, rest)
    return Reply(told), "The call has answered; tell the user."


def _words(text: str) -> str:
    """Return a function's answer as text; some functions answer with JSON."""
    text = text.strip()
    if text[:1] in ('"', "{", "["):
        try:
            value = json.loads(text)
            if isinstance(value, str):
                return well_formed(value).strip()
            if isinstance(value, dict):
                return well_formed(", ".join(f"{name}: {_shown(each)}" for name, each in value.items()))
        except (ValueError, RecursionError):  # no JSON, or nested too deep to be shown otherwise than as it came
            return text
    return text


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _said(context: Context, text: str) -> Outcome:
    if not re.search(r"\w|👍|👌|✅", text):
        return Reply(f"I didn't catch that. {small_talk.abilities(context)}."), "There are no words in it."
    if is_foreign(text):
        return Reply(small_talk.english_only(context)), "The message is not in English."
    parts = speech_acts.split(text)
    if any(p.act == "attack" for p in parts):
        return Reply(small_talk.refuse(context)), "The user asks for something outside the agent's task."
    context.session.scene = _scene(context, parts) or context.session.scene
    notes = profile.notes_of(parts)
    if not notes and not context.session.task:
        told = next((n for n in context.session.notes if n.topic == context.session.told), None)
        later = profile.follow_up(told, context.session.wondered, text)
        notes = [later] if later else []
    context.session.wondered = ""
    new = [n for n in notes if n not in context.session.notes]
    if ids := find_booking_ids(text):
        context.session.focus = ids[-1]
    if context.session.task:
        outcome = task_flow.continue_task(context, context.session.task, text)
        if outcome:
            _keep_notes(context, new)
            if not _open(context) and isinstance(outcome[0], Reply):
                context.session.queue = []
            return outcome
    _keep_notes(context, new)
    action, why = intent_router.start(context, text, parts, new)
    if isinstance(action, Reply) and context.session.queue and context.session.task is None:
        context.session.prefix = f"{context.session.prefix}\n\n{action.text}".strip()
        return _said(context, context.session.queue.pop(0))
    return action, why


def _scene(context: Context, parts: list[speech_acts.Sentence]) -> str:
    """Return the last place in the message that is neither a home nor an origin."""
    for part in reversed(parts):
        route = find_route(part.text, context.turn.today)
        if part.act == "other" and route.home:
            return route.home
        if route.destination or route.loose:
            return route.destination or route.loose[-1]
    return ""


def _open(context: Context) -> bool:
    return context.session.task is not None


def _keep_notes(context: Context, notes: list[Note]) -> None:
    session = context.session
    session.notes = profile.merged(session.notes, notes)[-_MAX_NOTES:]
    session.told = notes[-1].topic if notes else ""
    topics = {n.topic for n in notes}
    session.forgotten = [t for t in session.forgotten if t not in topics]
