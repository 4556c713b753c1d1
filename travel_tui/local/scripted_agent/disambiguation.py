"""Ask which of several trips the user means, and continue with the chosen one."""

from __future__ import annotations

from typing import Literal

from travel_tui.local.scripted_agent import (
    booking,
    changes,
    intents,
    phrases,
    small_answers,
    small_talk,
    speech_acts,
    trips,
)
from travel_tui.local.scripted_agent.context import Context, Outcome
from travel_tui.local.scripted_agent.messages import Reply
from travel_tui.local.scripted_agent.task_state import Trip, WhichTask


def for_trip(context: Context, then: Literal["change", "cancel"], text: str, found: trips.Meant) -> Outcome:
    if found.all and then == "cancel":
        return cancel_all(context, found.trips)
    if len(found.trips) == 1:
        return with_trip(context, then, found.trips[0], text)
    if not found.trips:
        gone = [t for t in context.trips if t.cancelled]
        if gone:
            return Reply(
                f"You have no trip booked at the moment; your trip {phrases.trip_line(gone[-1])}."
            ), "The trip was cancelled."
        question = f"I don't have a trip on record for you to {then}. If you have a booking id, tell me."
        return changes.ask_id(context, then, text, question)
    context.start_task(WhichTask(then, text, [t.id for t in found.trips]))
    return Reply(
        f"Which trip do you mean?\n\n{phrases.trip_table(found.trips)}"
    ), "Several trips could be meant, so ask."


def with_trip(context: Context, then: Literal["change", "cancel"], trip: Trip, text: str) -> Outcome:
    return changes.propose(context, text, trip) if then == "change" else changes.propose_cancel(context, trip)


def cancel_all(context: Context, options: list[Trip]) -> Outcome:
    context.session.queue += [f"cancel booking {t.id}" for t in options[1:]]
    act, why = changes.propose_cancel(context, options[0])
    return act, why


def answered(context: Context, task: WhichTask, text: str) -> Outcome | None:
    options = [t for t in context.trips if t.id in task.options]
    found = trips.meant(context, text, among=options, use_focus=False)
    if len(found.trips) == 1:
        context.end_task()
        return with_trip(
            context,
            task.then,
            found.trips[0],
            f"{task.text}\n{text}" if task.then == "change" and intents.CHANGE.search(text) else task.text,
        )
    if speech_acts.abandons(text) or (speech_acts.answer(text).no and not speech_acts.answer(text).rest):
        context.end_task()
        return Reply("All right, I'll leave everything as it is."), "The user dropped it."
    if found.all and task.then == "cancel":
        return cancel_all(context, options)
    aside = small_answers.answer(context, text) if speech_acts.is_question(text) or small_talk.thanks(text) else None
    if aside:
        return aside
    if booking.has_slots(context, text) >= 3:
        return None
    return Reply(f"I'm sorry, which one do you mean?\n\n{phrases.trip_table(options)}"), "Still not clear which trip."
