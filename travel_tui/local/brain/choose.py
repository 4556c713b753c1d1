"""Which of several trips is meant: asked where the words leave it open, and then gone on with."""

from __future__ import annotations

from travel_tui.local.brain import booking, changes, intents, phrases, small_talk, speech, talk, trips
from travel_tui.local.brain.context import Context, Outcome
from travel_tui.local.brain.moves import Say
from travel_tui.local.brain.state import Task, Trip


def for_trip(context: Context, then: str, text: str, found: trips.Meant) -> Outcome:
    if found.all and then == "cancel":
        return cancel_all(context, found.trips)
    if len(found.trips) == 1:
        return with_trip(context, then, found.trips[0], text)
    if not found.trips:
        gone = [t for t in context.trips if t.cancelled]
        if gone:
            return Say(
                f"You have no trip booked at the moment; your trip {phrases.trip_line(gone[-1])}."
            ), "The trip was cancelled."
        return Say(
            f"I don't have a trip on record for you to {then}. If you have a booking id, tell me."
        ), "There is no such trip."
    context.start_task(
        {"kind": "which", "then": then, "text": text, "options": [t.id for t in found.trips], "stage": "asking"}
    )
    return Say(f"Which trip do you mean?\n\n{phrases.trip_table(found.trips)}"), "Several trips could be meant, so ask."


def with_trip(context: Context, then: str, trip: Trip, text: str) -> Outcome:
    return changes.propose(context, text, trip) if then == "change" else changes.propose_cancel(context, trip)


def cancel_all(context: Context, options: list[Trip]) -> Outcome:
    context.session.queue += [f"cancel booking {t.id}" for t in options[1:]]
    act, why = changes.propose_cancel(context, options[0])
    return act, why


def answered(context: Context, task: Task, text: str) -> Outcome | None:
    options = [t for t in context.trips if t.id in task["options"]]
    found = trips.meant(context, text, among=options, use_focus=False)
    if len(found.trips) == 1:
        context.end_task()
        return with_trip(
            context,
            str(task["then"]),
            found.trips[0],
            f"{task['text']}\n{text}"
            if task["then"] == "change" and intents.CHANGE.search(text)
            else str(task["text"]),
        )
    if speech.abandons(text) or (speech.answer(text).no and not speech.answer(text).rest):
        context.end_task()
        return Say("All right, I'll leave everything as it is."), "The user dropped it."
    if found.all and task["then"] == "cancel":
        return cancel_all(context, options)
    aside = talk.answer(context, text) if speech.is_question(text) or small_talk.thanks(text) else None
    if aside:
        return aside
    if booking.has_slots(context, text) >= 3:
        return None
    return Say(f"I'm sorry, which one do you mean?\n\n{phrases.trip_table(options)}"), "Still not clear which trip."
