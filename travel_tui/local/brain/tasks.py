"""Going on with what is open: an answer, a yes or a no, a correction, a question in between, or the end of it."""

from __future__ import annotations

import re

from travel_tui.local.brain import (
    booking,
    changes,
    choose,
    generic,
    intents,
    phrases,
    recall,
    small_talk,
    speech,
    talk,
    trips,
)
from travel_tui.local.brain.context import Context, Outcome
from travel_tui.local.brain.ids import said_ids
from travel_tui.local.brain.moves import Say
from travel_tui.local.brain.state import Task, Trip, as_date
from travel_tui.local.brain.when import find_when

_AS_IT_IS = re.compile(
    r"\b(?:before|now|currently|original(?:ly)?|at\s+the\s+moment|old|booked|so\s+far|again|when|"
    r"which\s+dates?)\b",
    re.I,
)
_ALSO = re.compile(r"^\W*(?:and|also|but\s+also|plus|then)\s+(?:also\s+|then\s+|please\s+)?", re.I)


def go_on(context: Context, task: Task, text: str) -> Outcome | None:
    """What the text means for the open task; None where it has nothing to do with it."""
    kind = str(task["kind"])
    if kind == "which":
        return choose.answered(context, task, text)
    reply = speech.answer(text)
    confirming = task["stage"] == "confirming"
    if confirming and reply.yes:
        return _agreed(context, task, reply)
    if _starts_other(context, task, text):
        return None
    if speech.abandons(text) and not (kind == "booking" and _changes_form(context, text)):
        context.end_task()
        what = (
            "the trip stays as it is"
            if kind in ("change", "cancel")
            else "I haven't booked anything"
            if kind == "booking"
            else "I'll leave it"
        )
        return Say(f"All right, {what}. Is there anything else I can do?"), "The user dropped it."
    if kind == "booking":
        return _booking_turn(context, task, text, reply)
    if kind == "change":
        return _change_turn(context, task, text, reply)
    if kind == "cancel":
        return _cancel_turn(context, task, text, reply)
    return _generic_turn(context, task, text, reply)


def _agreed(context: Context, task: Task, reply: speech.Answer) -> Outcome:
    rest = _ALSO.sub("", reply.rest)
    if reply.rest:
        corrected = _corrected(context, task, reply.rest)
        if corrected:
            return corrected
        if re.search(r"\w{2}", rest) and not _repeats(context, task, rest):
            context.session.queue.append(rest)
    if task["kind"] == "booking":
        return booking.confirmed(context, task)
    if task["kind"] in ("change", "cancel"):
        return changes.confirmed(context, task)
    task["stage"] = "agreed"
    return generic.step(context, task)


def _repeats(context: Context, task: Task, rest: str) -> bool:
    """Whether what follows a yes only says again what it agrees to: yes, the 16th."""
    if task["kind"] != "change":
        return False
    start, end = (as_date(str(task[side])) for side in ("start", "end"))
    when = find_when(rest, context.world.today, start=start, end=end, changing=True)
    said = [day.value for day in (when.start, when.end, when.loose) if day]
    return bool(said) and not when.spans and all(day in (start, end) for day in said)


def _corrected(context: Context, task: Task, rest: str) -> Outcome | None:
    """A yes that goes on with a correction (yes, but the 24th) is no yes yet."""
    if not re.match(r"\W*(?:but|only|except|just|though|however|with|if)\b", rest, re.I):
        return None
    if task["kind"] == "booking" and booking.fill(context, task, rest):
        task["soft"] = True
        return booking.step(context, task)
    if task["kind"] == "change":
        return changes.propose(context, rest, Trip(**task["trip"]), task)
    return None


def _starts_other(context: Context, task: Task, text: str) -> bool:
    """Whether the text starts something else than the open task."""
    kind = task["kind"]
    if (
        kind != "cancel"
        and intents.CANCEL_VERB.search(text)
        and re.search(r"\b(?:my|the|trip|booking|reservation)\b", text, re.I)
        and not re.search(r"\b(?:it|that|this|the\s+(?:change|request))\b\W*$", text, re.I)
    ):
        return bool(context.active)
    if (
        kind in ("change", "cancel")
        and re.search(r"\b(?:book|new\s+trip|another\s+trip)\b", text, re.I)
        and booking.has_slots(context, text) >= 2
    ):
        return True
    if kind == "cancel" and intents.PLAIN_CHANGE.search(text):
        return True
    return (
        kind == "booking"
        and intents.PLAIN_CHANGE.search(text) is not None
        and re.search(r"\bmy\s+(?:\w+\s+)?(?:trip|booking|reservation)\b|\bexisting\b", text, re.I) is not None
        and bool(context.active)
    )


def _changes_form(context: Context, text: str) -> bool:
    return booking.has_slots(context, text) >= 1 and not re.match(r"\W*(?:forget|never)", text, re.I)


def _aside(context: Context, task: Task, text: str) -> Outcome | None:
    """A question, a thank-you or a tale in the middle of a task: answered, and the task goes on."""
    found = talk.answer(context, text)
    if found is None:
        return None
    outcome, why = found
    if small_talk.bye(text):
        return found
    assert isinstance(outcome, Say)  # noqa: S101 - talk is never a call
    return Say(f"{outcome.text}\n\n{_reminder(task)}"), why


def _reminder(task: Task) -> str:
    kind = task["kind"]
    if kind == "booking":
        asked = {
            "origin": "Where will you travel from?",
            "destination": "Where would you like to go?",
            "start": "When would you like to leave?",
            "end": "When would you like to return?",
            "mode": "By train or by air?",
        }
        return "Back to your trip: " + asked.get(str(task["asked"]), "shall I book it as I said?")
    if kind == "change":
        return (
            "And the change of dates: shall I make it?"
            if task["stage"] == "confirming"
            else "And your trip: what should the new dates be?"
        )
    if kind == "cancel":
        return "And the cancellation: shall I go ahead, yes or no?"
    return "And the other matter: shall we go on with it?"


def _booking_turn(context: Context, task: Task, text: str, reply: speech.Answer) -> Outcome | None:
    if task["stage"] == "held":
        return _held_turn(context, task, text, reply)
    asked = str(task["asked"])
    question = speech.is_question(text)
    before = dict(task["slots"])
    moods = [p.mood for p in speech.split(text)]
    if all(m in ("past", "other", "supposed") for m in moods):
        return _aside(context, task, text)
    if (
        question
        and recall.is_personal(text)
        and not booking.has_slots(context, text)
        and not asked_by_name(text, asked)
    ):
        return _aside(context, task, text)
    if any(m == "held" for m in moods):
        booking.fill(context, task, text)
        task["stage"] = "held"
        return booking.step(context, task)
    if booking.fill(context, task, text):
        if task["slots"] != before and task["stage"] == "confirming":
            task["soft"] = True
        task["stage"] = "asking" if task["stage"] != "confirming" else "confirming"
        return booking.step(context, task)
    if reply.yes and booking.usual(context, asked):
        task["slots"][asked] = booking.usual(context, asked)
        return booking.step(context, task)
    if reply.no and task["stage"] == "confirming":
        return booking.refused(task)
    if reply.no and not reply.rest:
        context.end_task()
        return Say("All right, I haven't booked anything. Is there anything else I can do?"), "The user said no."
    bare = (reply.yes or reply.no) and not reply.rest
    aside = None if bare else _aside(context, task, text)
    if aside:
        return aside
    task["say"] = "" if bare else "I'm sorry, I didn't understand that."
    return booking.step(context, task)


def asked_by_name(text: str, asked: str) -> bool:
    """Whether a question mark only marks a hesitant answer, as in "Boston?"."""
    return (
        bool(asked)
        and len(text.split()) <= 4
        and not re.match(r"\W*(?:what|when|where|which|who|why|how|do|did|is|are|can)\b", text, re.I)
    )


def _held_turn(context: Context, task: Task, text: str, reply: speech.Answer) -> Outcome | None:
    moods = [p.mood for p in speech.split(text)]
    filled = booking.fill(context, task, text) if not any(m in ("past", "other") for m in moods) else False
    if any(m == "held" for m in moods):
        return booking.step(context, task)
    if reply.yes or re.search(r"\b(?:book|go\s+ahead|do\s+it|ready)\b", text, re.I):
        task["stage"] = "asking"
        task["unsure"] = {}
        return booking.step(context, task)
    if filled:
        return booking.step(context, task)
    return None


def _change_turn(context: Context, task: Task, text: str, reply: speech.Answer) -> Outcome | None:
    trip = Trip(**task["trip"])
    if task["stage"] == "id":
        return _given_id(context, task, text)
    if (
        speech.is_question(text)
        and recall.is_personal(text)
        and not intents.CHANGE.search(text)
        and not asked_by_name(text, "x")
    ):
        return _aside(context, task, text)
    when = find_when(text, context.world.today, start=trip.first, end=trip.last, changing=True)
    if speech.is_question(text) and not (when.dates or when.spans) and _AS_IT_IS.search(text):
        return Say(
            f"Now it is booked like this: {phrases.trip_line(trip)}.\n\n{_reminder(task)}"
        ), "A question about it."
    if when.dates or when.spans:
        basis = dict(task) if task["stage"] == "asking" or not reply.no else task
        return changes.propose(context, text, trip, basis)
    if reply.no:
        if task["stage"] == "confirming" and not reply.rest:
            task["stage"] = "asking"
            return Say(
                "All right, I have not changed anything. Which dates would you like instead?"
            ), "The user did not agree."
        context.end_task()
        return Say("All right, your trip stays as it is."), "The user did not agree."
    others = trips.meant(context, text, use_focus=False, by_date=False)
    if others.named and len(others.trips) == 1 and others.trips[0].id != trip.id:
        return changes.propose(context, str(task.get("text", "")) or text, others.trips[0])
    aside = _aside(context, task, text)
    if aside:
        return aside
    if task["stage"] == "confirming":
        return Say("I'm sorry, I didn't understand that. Shall I make the change: yes or no?"), "Unclear, so ask again."
    return Say(
        "I'm sorry, I didn't understand that. Which date should you leave on, and which should you return on?"
    ), "Unclear, so ask again."


def _cancel_turn(context: Context, task: Task, text: str, reply: speech.Answer) -> Outcome | None:
    if task["stage"] == "id":
        return _given_id(context, task, text)
    others = trips.meant(context, text, use_focus=False)
    trip = Trip(**task["trip"])
    if others.named and len(others.trips) == 1 and others.trips[0].id != trip.id and not speech.is_question(text):
        return changes.propose_cancel(context, others.trips[0])
    if reply.no or speech.abandons(text):
        context.end_task()
        return Say(
            f"All right, I'll leave it: your trip {phrases.trip_line(trip)} stays booked."
        ), "The user did not agree."
    aside = _aside(context, task, text)
    if aside:
        return aside
    return Say("I'm sorry, I didn't understand that. Shall I cancel the trip: yes or no?"), "Unclear, so ask again."


def _given_id(context: Context, task: Task, text: str) -> Outcome | None:
    ids = said_ids(text)
    if not ids:
        return None
    task["trip"]["id"] = ids[0]
    task["stage"] = "confirming"
    return changes.confirmed(context, task)


def _generic_turn(context: Context, task: Task, text: str, reply: speech.Answer) -> Outcome | None:
    function = generic.function_of(context, task)
    if function is None:
        context.end_task()
        return None
    if task["stage"] == "confirming":
        if reply.no and not reply.rest:
            context.end_task()
            return Say("All right, I won't."), "The user did not agree."
        if generic.fill(context, task, function, reply.rest or text):
            return generic.step(context, task)
        return _aside(context, task, text) or (
            Say("I'm sorry, I didn't understand that. Yes or no?"),
            "Unclear, so ask again.",
        )
    if speech.is_question(text) and recall.is_personal(text):
        aside = _aside(context, task, text)
        if aside:
            return aside
    generic.fill(context, task, function, text)
    return generic.step(context, task)
