"""Continue an open task: slot values, yes or no, corrections, interrupting questions, abandonment."""

from __future__ import annotations

import re
from dataclasses import replace

from travel_tui.local.scripted_agent import (
    booking,
    changes,
    disambiguation,
    generic,
    intents,
    phrases,
    recall,
    small_answers,
    small_talk,
    speech_acts,
    trips,
)
from travel_tui.local.scripted_agent.context import Context, Outcome
from travel_tui.local.scripted_agent.date_slots import find_when
from travel_tui.local.scripted_agent.ids import find_booking_ids
from travel_tui.local.scripted_agent.messages import Reply
from travel_tui.local.scripted_agent.task_state import (
    BookingTask,
    CancelTask,
    ChangeTask,
    FunctionTask,
    Task,
    Trip,
    WhichTask,
    as_date,
)

_AS_IT_IS = re.compile(
    r"\b(?:before|now|currently|original(?:ly)?|at\s+the\s+moment|old|booked|so\s+far|again|when|"
    r"which\s+dates?)\b",
    re.I,
)
_ALSO = re.compile(r"^\W*(?:and|also|but\s+also|plus|then)\s+(?:also\s+|then\s+|please\s+)?", re.I)


def continue_task(context: Context, task: Task, text: str) -> Outcome | None:
    """Continue the open task with the text; None where the text has nothing to do with it."""
    if isinstance(task, WhichTask):
        return disambiguation.answered(context, task, text)
    reply = speech_acts.answer(text)
    confirming = task.stage == "confirming"
    if confirming and reply.yes:
        return _agreed(context, task, reply)
    if _starts_other(context, task, text):
        return None
    if speech_acts.abandons(text) and not (isinstance(task, BookingTask) and _changes_form(context, text)):
        context.end_task()
        what = (
            "the trip stays as it is"
            if isinstance(task, ChangeTask | CancelTask)
            else "I haven't booked anything"
            if isinstance(task, BookingTask)
            else "I'll leave it"
        )
        return Reply(f"All right, {what}. Is there anything else I can do?"), "The user dropped it."
    if isinstance(task, BookingTask):
        return _booking_turn(context, task, text, reply)
    if isinstance(task, ChangeTask):
        return _change_turn(context, task, text, reply)
    if isinstance(task, CancelTask):
        return _cancel_turn(context, task, text, reply)
    return _generic_turn(context, task, text, reply)


def _agreed(
    context: Context, task: BookingTask | ChangeTask | CancelTask | FunctionTask, reply: speech_acts.Answer
) -> Outcome:
    rest = _ALSO.sub("", reply.rest)
    if reply.rest:
        corrected = _corrected(context, task, reply.rest)
        if corrected:
            return corrected
        if re.search(r"\w{2}", rest) and not _repeats(context, task, rest):
            context.session.queue.append(rest)
    if isinstance(task, BookingTask):
        return booking.confirmed(context, task)
    if isinstance(task, ChangeTask | CancelTask):
        return changes.confirmed(context, task)
    task.stage = "agreed"
    return generic.step(context, task)


def _repeats(context: Context, task: Task, rest: str) -> bool:
    """Return whether the text after a yes only repeats the proposal (yes, the 16th)."""
    if not isinstance(task, ChangeTask):
        return False
    start, end = as_date(task.start), as_date(task.end)
    when = find_when(rest, context.turn.today, start=start, end=end, changing=True)
    said = [day.value for day in (when.start, when.end, when.loose) if day]
    return bool(said) and not when.spans and all(day in (start, end) for day in said)


def _corrected(context: Context, task: Task, rest: str) -> Outcome | None:
    """Apply a correction after a yes (yes, but the 24th); None where there is none."""
    if not re.match(r"\W*(?:but|only|except|just|though|however|with|if)\b", rest, re.I):
        return None
    if isinstance(task, BookingTask) and booking.fill(context, task, rest):
        task.soft = True
        return booking.step(context, task)
    if isinstance(task, ChangeTask):
        return changes.propose(context, rest, task.trip, task)
    return None


def _starts_other(context: Context, task: Task, text: str) -> bool:
    """Return whether the text starts another task."""
    kind = task.kind
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
    """Answer a question or remark in the middle of a task, and remind of the task."""
    found = small_answers.answer(context, text)
    if found is None:
        return None
    outcome, why = found
    if small_talk.bye(text):
        return found
    assert isinstance(outcome, Reply)  # noqa: S101 - talk is never a call
    return Reply(f"{outcome.text}\n\n{_reminder(task)}"), why


def _reminder(task: Task) -> str:
    if isinstance(task, BookingTask):
        asked = {
            "origin": "Where will you travel from?",
            "destination": "Where would you like to go?",
            "start": "When would you like to leave?",
            "end": "When would you like to return?",
            "mode": "By train or by air?",
        }
        return "Back to your trip: " + asked.get(task.asked, "shall I book it as I said?")
    if isinstance(task, ChangeTask):
        return (
            "And the change of dates: shall I make it?"
            if task.stage == "confirming"
            else "And your trip: what should the new dates be?"
        )
    if isinstance(task, CancelTask):
        return "And the cancellation: shall I go ahead, yes or no?"
    return "And the other matter: shall we go on with it?"


def _booking_turn(context: Context, task: BookingTask, text: str, reply: speech_acts.Answer) -> Outcome | None:
    if task.stage == "held":
        return _held_turn(context, task, text, reply)
    asked = task.asked
    question = speech_acts.is_question(text)
    before = dict(task.slots)
    acts = [p.act for p in speech_acts.split(text)]
    if all(m in ("past", "other", "supposed") for m in acts):
        return _aside(context, task, text)
    if (
        question
        and recall.is_personal(text)
        and not booking.has_slots(context, text)
        and not asked_by_name(text, asked)
    ):
        return _aside(context, task, text)
    if any(m == "held" for m in acts):
        booking.fill(context, task, text)
        task.stage = "held"
        return booking.step(context, task)
    if booking.fill(context, task, text):
        if task.slots != before and task.stage == "confirming":
            task.soft = True
        task.stage = "asking" if task.stage != "confirming" else "confirming"
        return booking.step(context, task)
    if reply.yes and booking.usual(context, asked):
        task.slots[asked] = booking.usual(context, asked)
        return booking.step(context, task)
    if reply.no and task.stage == "confirming":
        return booking.refused(task)
    if reply.no and not reply.rest:
        context.end_task()
        return Reply("All right, I haven't booked anything. Is there anything else I can do?"), "The user said no."
    bare = (reply.yes or reply.no) and not reply.rest
    aside = None if bare else _aside(context, task, text)
    if aside:
        return aside
    task.say = "" if bare else "I'm sorry, I didn't understand that."
    return booking.step(context, task)


def asked_by_name(text: str, asked: str) -> bool:
    """Return whether a question mark only marks a hesitant answer (“Boston?”)."""
    return (
        bool(asked)
        and len(text.split()) <= 4
        and not re.match(r"\W*(?:what|when|where|which|who|why|how|do|did|is|are|can)\b", text, re.I)
    )


def _held_turn(context: Context, task: BookingTask, text: str, reply: speech_acts.Answer) -> Outcome | None:
    acts = [p.act for p in speech_acts.split(text)]
    filled = booking.fill(context, task, text) if not any(m in ("past", "other") for m in acts) else False
    if any(m == "held" for m in acts):
        return booking.step(context, task)
    if reply.yes or re.search(r"\b(?:book|go\s+ahead|do\s+it|ready)\b", text, re.I):
        task.stage = "asking"
        task.unsure = {}
        return booking.step(context, task)
    if filled:
        return booking.step(context, task)
    return None


def _change_turn(context: Context, task: ChangeTask, text: str, reply: speech_acts.Answer) -> Outcome | None:
    trip = task.trip
    if task.stage == "id":
        return _given_id(context, task, text)
    if (
        speech_acts.is_question(text)
        and recall.is_personal(text)
        and not intents.CHANGE.search(text)
        and not asked_by_name(text, "x")
    ):
        return _aside(context, task, text)
    when = find_when(text, context.turn.today, start=trip.first, end=trip.last, changing=True)
    if speech_acts.is_question(text) and not (when.dates or when.spans) and _AS_IT_IS.search(text):
        return Reply(
            f"Now it is booked like this: {phrases.trip_line(trip)}.\n\n{_reminder(task)}"
        ), "A question about it."
    if when.dates or when.spans:
        basis = replace(task) if task.stage == "asking" or not reply.no else task
        return changes.propose(context, text, trip, basis)
    if reply.no:
        if task.stage == "confirming" and not reply.rest:
            task.stage = "asking"
            return Reply(
                "All right, I have not changed anything. Which dates would you like instead?"
            ), "The user did not agree."
        context.end_task()
        return Reply("All right, your trip stays as it is."), "The user did not agree."
    others = trips.meant(context, text, use_focus=False, by_date=False)
    if others.named and len(others.trips) == 1 and others.trips[0].id != trip.id:
        return changes.propose(context, task.text or text, others.trips[0])
    aside = _aside(context, task, text)
    if aside:
        return aside
    if task.stage == "confirming":
        return Reply(
            "I'm sorry, I didn't understand that. Shall I make the change: yes or no?"
        ), "Unclear, so ask again."
    return Reply(
        "I'm sorry, I didn't understand that. Which date should you leave on, and which should you return on?"
    ), "Unclear, so ask again."


def _cancel_turn(context: Context, task: CancelTask, text: str, reply: speech_acts.Answer) -> Outcome | None:
    if task.stage == "id":
        return _given_id(context, task, text)
    others = trips.meant(context, text, use_focus=False)
    trip = task.trip
    if others.named and len(others.trips) == 1 and others.trips[0].id != trip.id and not speech_acts.is_question(text):
        return changes.propose_cancel(context, others.trips[0])
    if reply.no or speech_acts.abandons(text):
        context.end_task()
        return Reply(
            f"All right, I'll leave it: your trip {phrases.trip_line(trip)} stays booked."
        ), "The user did not agree."
    aside = _aside(context, task, text)
    if aside:
        return aside
    return Reply("I'm sorry, I didn't understand that. Shall I cancel the trip: yes or no?"), "Unclear, so ask again."


def _given_id(context: Context, task: ChangeTask | CancelTask, text: str) -> Outcome | None:
    ids = find_booking_ids(text)
    if not ids:
        if not speech_acts.is_question(text):
            context.end_task()
        return None
    if task.text:
        trip = next((t for t in context.trips if t.id == ids[0]), Trip(id=ids[0]))
        return disambiguation.with_trip(context, task.kind, trip, f"{task.text}\n{text}")
    task.trip = replace(task.trip, id=ids[0])
    task.stage = "confirming"
    return changes.confirmed(context, task)


def _generic_turn(context: Context, task: FunctionTask, text: str, reply: speech_acts.Answer) -> Outcome | None:
    function = generic.function_of(context, task)
    if function is None:
        context.end_task()
        return None
    if task.stage == "confirming":
        if reply.no and not reply.rest:
            context.end_task()
            return Reply("All right, I won't."), "The user did not agree."
        if generic.fill(context, task, function, reply.rest or text):
            return generic.step(context, task)
        return _aside(context, task, text) or (
            Reply("I'm sorry, I didn't understand that. Yes or no?"),
            "Unclear, so ask again.",
        )
    if speech_acts.is_question(text) and recall.is_personal(text):
        aside = _aside(context, task, text)
        if aside:
            return aside
    generic.fill(context, task, function, text)
    return generic.step(context, task)
