"""One turn: what was heard decides what is done next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from travel_tui.facts.text import even
from travel_tui.local.brain import (
    booking,
    changes,
    generic,
    memory,
    phrases,
    profile,
    recall,
    small_talk,
    speech,
    trips,
)
from travel_tui.local.brain.context import BOOK, Context, Outcome
from travel_tui.local.brain.moves import Call, Move, Returned, Said, Say, World
from travel_tui.local.brain.person import second
from travel_tui.local.brain.state import Note, Task, Trip, dump, load

MOST_HEARD = 12_000
"""Characters of one message that are understood: its beginning and, where it is longer, its last 2,000."""

_CHANGE = re.compile(
    r"\b(?:chang(?:e|ing)|mov(?:e|ing)|shift(?:ing)?|postpon(?:e|ing)|push(?:ing)?|delay(?:ing)?|extend(?:ing)?|prolong(?:ing)?|lengthen|shorten(?:ing)?|cut(?:ting)?\s+(?:\w+\s+)?short|reschedul(?:e|ing)|updat(?:e|ing)|modify|modifying|amend(?:ing)?|adjust(?:ing)?|"
    r"bring(?:ing)?\s+(?:\w+\s+){0,4}forward|rebook(?:ing)?|alter(?:ing)?|switch(?:ing)?|swap|instead|rather|(?:an?|one|two|three|\d+|another|more|extra)\s+(?:extra\s+|more\s+|additional\s+)?(?:days?|nights?|weeks?)\s*(?:longer|later|earlier|more|extra|shorter|less|sooner|early|late)?|extra\s+(?:day|night|week)|"
    r"stay(?:ing)?\s+(?:longer|until|till|on\b|a\s+bit)|(?:return|come\s+back|leave|depart|go\s+home|go|be\s+back|fly\s+(?:back|home|out))\s+(?:already\s+|only\s+)?(?:on|earlier|later|sooner|a\s+day|one\s+day|by|home\s+on|the)\b|make\s+(?:it|that)\b|earlier|later|new\s+dates?|different\s+(?:dates?|days?)|other\s+dates)",
    re.I,
)
_PLAIN_CHANGE = re.compile(
    r"\b(?:chang(?:e|ing)|mov(?:e|ing)|shift|postpone|push|delay|extend|prolong|shorten|reschedul(?:e|ing)|updat(?:e|ing)|modify|amend|adjust|rebook|alter)\b",
    re.I,
)
_CANCEL = re.compile(
    r"\b(?:cancel(?:l?ing|lation)?|call(?:ing)?\s+off|delet(?:e|ing)|scrap|get\s+rid\s+of|drop|remove|undo|void|annul|revoke|wipe|erase|kill)\b|\b(?:don'?t|do\s+not|no\s+longer|won'?t)\s+(?:want|need|be\s+(?:going|taking|able\s+to\s+(?:go|make)))\b.{0,40}\b(?:trip|booking|reservation|flight|train|any\s?more|go)|"
    r"\b(?:can'?t|cannot|won'?t)\s+(?:make|go|travel|take|be\s+going)\b.{0,30}\b(?:it|trip|any\s?more|after\s+all)?|\bi'?m\s+not\s+going\b|\bnot\s+(?:going|travell?ing)\s+(?:any\s?more|after\s+all)\b",
    re.I,
)
_CANCEL_VERB = re.compile(
    r"\b(?:cancel(?:l?ing)?|call(?:ing)?\s+off|delete|scrap|get\s+rid\s+of|drop|remove|undo|void)\b", re.I
)
_FORGET = re.compile(
    r"^\W*(?:(?:please|can\s+you|could\s+you|i\s+want\s+you\s+to|now)\s+)*(?:forget|erase|delete|remove|don'?t\s+(?:remember|store|keep|save))\s+(?:about\s+)?(?:that\s+)?(?P<what>(?:my|our|what\s+i|that\s+i|i\b|everything|all)\b.*)$",
    re.I,
)
_TRIP_WORD = re.compile(
    r"\b(?:trips?|bookings?|reservations?|journeys?|flights?|trains?|tickets?|it|that|this|them|travel|vacation|holiday|one|both|all|[0-9a-f]{8})\b",
    re.I,
)
_BOOKISH = re.compile(
    r"\b(?:book|reserve|trips?|travel\w*|fly|flights?|flying|train|go(?:ing)?\s+to|visit\w*|get\s+to|journey|tickets?|rail|plane|by\s+air|head(?:ing)?\s+to|return\s+(?:trip|ticket)|vacation|holiday|getaway|destination|round[- ]trip)\b",
    re.I,
)
_RESUME = re.compile(
    r"\b(?:book\s+it|go\s+(?:on|ahead)\s+with|that\s+trip|the\s+trip\s+(?:we|i)\s+(?:talked|spoke|mentioned|discussed|wanted|told)|let'?s\s+(?:book|do)\s+(?:it|that|the)|continue|pick\s+up|same\s+trip|as\s+(?:discussed|before)|ready\s+to\s+book)\b",
    re.I,
)
_ALSO = re.compile(r"^\W*(?:and|also|but\s+also|plus|then)\s+(?:also\s+|then\s+|please\s+)?", re.I)
_CAPITAL = re.compile(r"^[^a-z]*$")


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
    return re.sub(r"[ \t\r\f\v]+", " ", re.sub(r"\s*\n\s*", "\n", plain)).strip()


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
    notes = [n for p in parts for n in profile.notes_from(p.text, p.mood)]
    new = [n for n in notes if n not in context.session.notes]
    if context.session.task:
        outcome = _in_task(context, context.session.task, text)
        if outcome:
            _keep_notes(context, new)
            return outcome
    _keep_notes(context, new)
    return _fresh(context, text, parts, new)


def _keep_notes(context: Context, notes: list[Note]) -> None:
    session = context.session
    session.notes = profile.merged(session.notes, notes)
    topics = {n.topic for n in notes}
    session.forgotten = [t for t in session.forgotten if t not in topics]


# --- within a task


def _in_task(context: Context, task: Task, text: str) -> Outcome | None:
    """What the text means for the open task; None where it has nothing to do with it."""
    kind = str(task["kind"])
    if kind == "which":
        return _which(context, task, text)
    reply = speech.answer(text)
    confirming = task["stage"] == "confirming"
    if confirming and reply.yes:
        return _agreed(context, task, reply)
    if _starts_other(context, task, text):
        return None
    if speech.abandons(text) and not (kind == "booking" and _changes_form(context, task, text)):
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
        if re.search(r"\w{2}", rest):
            context.session.queue.append(rest)
    if task["kind"] == "booking":
        return booking.confirmed(context, task)
    if task["kind"] in ("change", "cancel"):
        return changes.confirmed(context, task)
    task["stage"] = "agreed"
    return generic.step(context, task)


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
        and _CANCEL_VERB.search(text)
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
    if kind == "cancel" and _PLAIN_CHANGE.search(text):
        return True
    if (
        kind == "booking"
        and _PLAIN_CHANGE.search(text)
        and re.search(r"\bmy\s+(?:\w+\s+)?(?:trip|booking|reservation)\b|\bexisting\b", text, re.I)
        and bool(context.active)
    ):
        return True
    return False


def _changes_form(context: Context, task: Task, text: str) -> bool:
    return booking.has_slots(context, text) >= 1 and not re.match(r"\W*(?:forget|never)", text, re.I)


def _aside(context: Context, task: Task, text: str) -> Outcome | None:
    """A question, a thank-you or a tale in the middle of a task: answered, and the task goes on."""
    found = _talk(context, text)
    if found is None:
        return None
    outcome, why = found
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
    if asked == "origin" and reply.yes:
        home = context.note("home")
        if home:
            task["slots"]["origin"] = home.value
            return booking.step(context, task)
    if reply.no and task["stage"] == "confirming":
        return booking.refused(context, task, reply)
    if reply.no and not reply.rest:
        context.end_task()
        return Say("All right, I haven't booked anything. Is there anything else I can do?"), "The user said no."
    aside = _aside(context, task, text)
    if aside:
        return aside
    task["say"] = "I'm sorry, I didn't understand that."
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
        and not _CHANGE.search(text)
        and not asked_by_name(text, "x")
    ):
        return _aside(context, task, text)
    when = changes.find_when(text, context.world.today, start=trip.first, end=trip.last, changing=True)
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
            f"All right, nothing is cancelled. Your trip {phrases.trip_line(trip)} stays booked."
        ), "The user did not agree."
    aside = _aside(context, task, text)
    if aside:
        return aside
    return Say("I'm sorry, I didn't understand that. Shall I cancel the trip: yes or no?"), "Unclear, so ask again."


def _given_id(context: Context, task: Task, text: str) -> Outcome | None:
    ids = trips.said_ids(text)
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


def _which(context: Context, task: Task, text: str) -> Outcome | None:
    options = [t for t in context.trips if t.id in task["options"]]
    found = trips.meant(context, text, among=options, use_focus=False)
    if len(found.trips) == 1:
        context.end_task()
        return _with_trip(
            context,
            str(task["then"]),
            found.trips[0],
            f"{task['text']}\n{text}" if task["then"] == "change" and _CHANGE.search(text) else str(task["text"]),
        )
    if speech.abandons(text) or (speech.answer(text).no and not speech.answer(text).rest):
        context.end_task()
        return Say("All right, I'll leave everything as it is."), "The user dropped it."
    if found.all and task["then"] == "cancel":
        return _cancel_all(context, options)
    aside = _talk(context, text) if speech.is_question(text) or small_talk.thanks(text) else None
    if aside:
        return aside
    if booking.has_slots(context, text) >= 3:
        return None
    return Say(f"I'm sorry, which one do you mean?\n\n{phrases.trip_table(options)}"), "Still not clear which trip."


def _cancel_all(context: Context, options: list[Trip]) -> Outcome:
    context.session.queue += [f"cancel booking {t.id}" for t in options[1:]]
    act, why = changes.propose_cancel(context, options[0])
    return act, why


# --- without a task


def _fresh(context: Context, text: str, parts: list[speech.Sentence], new: list[Note]) -> Outcome:
    forget = _FORGET.match(text)
    if forget and not _trip_named(context, forget["what"]):
        return _forget(context, forget["what"])
    asks = [p for p in parts if p.mood in ("request", "wish", "told", "question", "held", "supposed")]
    body = " ".join(p.text for p in asks)
    for step in (_cancel, _change, _other_function, _book):
        outcome = step(context, body, asks) if asks else None
        if outcome:
            return outcome
    talk = _talk(context, text)
    if talk:
        return talk
    if new:
        return _noted(context, new), "The user told something about themselves."
    if any(p.mood in ("past", "other") for p in parts):
        return Say(
            f"Thank you for telling me. {small_talk.abilities(context)}, whenever you like."
        ), "A tale, not a request."
    if any(p.asks or p.mood == "request" for p in parts):
        return Say(small_talk.decline(context)), "Outside what the agent can do."
    return Say(
        f"I'm not sure I understood. {small_talk.abilities(context)}. What would you like to do?"
    ), "Not understood."


def _trip_named(context: Context, what: str) -> bool:
    return re.search(r"\b(?:trip|booking|reservation|flight)\b", what, re.I) is not None and bool(context.active)


def _forget(context: Context, what: str) -> Outcome:
    everything = re.match(r"(?:everything|all)\b|what\s+i\s+(?:told|said)", what, re.I) is not None
    found = context.notes if everything else recall.matching(context.notes, what)
    if not everything and re.search(r"\bmy\s+name\b", what, re.I):
        found = [n for n in context.notes if n.topic == "name"]
    if not found:
        return Say("There is nothing like that on record, so there is nothing to forget."), "It was never told."
    gone = {n.topic for n in found}
    context.session.notes = [n for n in context.session.notes if n.topic not in gone]
    context.session.forgotten += [t for t in sorted(gone) if t not in context.session.forgotten]
    return Say("Done, I have forgotten that. I won't use it any more."), "The user asked to forget it."


def _cancel(context: Context, text: str, parts: list[speech.Sentence]) -> Outcome | None:
    if not _CANCEL.search(text) or re.search(
        r"\b(?:don'?t|do\s+not|never|not)\s+(?:want\s+to\s+)?cancel\b", text, re.I
    ):
        return None
    if not (_TRIP_WORD.search(text) or trips.meant(context, text, use_focus=False).named or _CANCEL_VERB.match(text)):
        return None
    if all(
        p.mood == "question" and not _CANCEL_VERB.search(re.sub(r"\bcancel(?:l?ed|lation)\b", "", p.text))
        for p in parts
    ):
        return None
    if re.search(
        r"\b(?:did|have|has|was|were|is|are)\b.{0,40}\b(?:cancel(?:l?ed)|deleted)\b|\bcancellation\s+(?:polic|fee)",
        text,
        re.I,
    ):
        return None
    rest = [p.text for p in parts if not _CANCEL.search(p.text) and p.mood == "request"]
    cancelling = " ".join(p.text for p in parts if p.text not in rest)
    found = trips.meant(context, cancelling)
    context.session.queue += rest
    return _for_trip(context, "cancel", cancelling, found)


def _change(context: Context, text: str, parts: list[speech.Sentence]) -> Outcome | None:
    if not _CHANGE.search(text) or any(p.mood == "held" for p in parts):
        return None
    plain = _PLAIN_CHANGE.search(text) is not None
    when = changes.find_when(text, context.world.today, changing=True)
    route = booking.find_route(text, context.world.today)
    if (
        re.search(r"\b(?:book|reserve)\b(?!\s*(?:ing|ed))", text, re.I)
        and not plain
        and (route.origin or route.destination)
    ):
        return None
    if route.origin and route.destination and booking.has_slots(context, text) >= 3 and not plain:
        return None
    if not context.active and not trips.said_ids(text):
        if plain and _TRIP_WORD.search(text):
            gone = [t for t in context.trips if t.cancelled]
            more = f" Your trip {phrases.trip_line(gone[-1])}." if gone else ""
            return Say(
                f"I don't have a trip on record for you to change.{more} If you have a booking id, tell me, and the new dates."
            ), "There is no trip to change."
        if (when.dates or when.spans) and not route.destination and not _BOOKISH.search(text):
            return Say(
                "I don't have a trip on record for you. Do you have a booking id? Or shall I book a new trip?"
            ), "There is no trip to change."
        return None
    if not (plain or when.dates or when.spans or when.month):
        return None
    if not plain and route.destination and not _known_place(context, route.destination):
        return None
    if not plain and all(
        p.mood == "question"
        and not re.search(
            r"\b(?:can|could|may|might|would|is\s+it\s+possible|shall|should|what\s+(?:about|if)|how\s+about)\b",
            p.text,
            re.I,
        )
        for p in parts
    ):
        return None
    mode = booking.modes.chosen(text)
    found = trips.meant(context, text, by_date=False)
    if not found.named and len(found.trips) > 1:
        dated = trips.meant(context, text)
        found = dated if len(dated.trips) == 1 else found
    if (
        not when
        and not when.spans
        and not when.dates
        and (
            (mode and mode not in {t.mode for t in found.trips})
            or (route.destination and not _known_place(context, route.destination))
        )
    ):
        return Say(
            "I can only change the **dates** of a trip. For another city or for train instead of air I would cancel it and book a new one; shall I do that? Then say “cancel it”."
        ), "Only dates can be changed."
    return _for_trip(context, "change", text, found)


def _known_place(context: Context, name: str) -> bool:
    return any(booking.same_city(name, place) for t in context.trips for place in (t.origin, t.destination) if place)


def _for_trip(context: Context, then: str, text: str, found: trips.Meant) -> Outcome:
    if found.all and then == "cancel":
        return _cancel_all(context, found.trips)
    if len(found.trips) == 1:
        return _with_trip(context, then, found.trips[0], text)
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


def _with_trip(context: Context, then: str, trip: Trip, text: str) -> Outcome:
    return changes.propose(context, text, trip) if then == "change" else changes.propose_cancel(context, trip)


def _other_function(context: Context, text: str, parts: list[speech.Sentence]) -> Outcome | None:
    if any(p.mood == "held" for p in parts) or recall.answerable(context, text):
        return None
    function = generic.match(context, text)
    return generic.start(context, function, text) if function else None


def _book(context: Context, text: str, parts: list[speech.Sentence]) -> Outcome | None:
    held = any(p.mood == "held" for p in parts)
    supposed = [p for p in parts if p.mood in ("supposed", "question")]
    wanted = [p for p in parts if p.mood in ("request", "wish", "told", "held")]
    body = " ".join(p.text for p in wanted)
    if not wanted:
        return _asked_about_travel(context, " ".join(p.text for p in supposed))
    slots = booking.has_slots(context, body)
    asked_to = re.search(r"\b(?:book|reserve)\b", body, re.I) is not None
    resume = _resumed(context, body)
    if not resume and not slots and not (_BOOKISH.search(body) and any(p.mood == "request" for p in wanted)):
        return None
    requests = any(p.mood in ("request", "held") for p in wanted)
    if not requests and not asked_to and not resume and not _elliptic(context, wanted, slots):
        return None
    task = booking.new_task()
    if resume:
        task["slots"] = resume
        task["soft"] = True
    context.start_task(task)
    booking.fill(context, task, body)
    if not task["slots"] and not _BOOKISH.search(body):
        context.end_task()
        return None
    if held:
        task["stage"] = "held"
    if not requests and not asked_to and any(p.mood == "wish" for p in wanted):
        task["soft"] = True
    return booking.step(context, task)


def _elliptic(context: Context, parts: list[speech.Sentence], slots: int) -> bool:
    """Whether what was said is a request without a verb (Berlin to Rome, 3 to 5 May 2027, train)."""
    if any(p.mood == "wish" for p in parts):
        return slots >= 2 or any(_BOOKISH.search(p.text) for p in parts)
    for part in parts:
        if booking.has_slots(context, part.text) and not re.search(
            r"\b(?:i|my|we|our|is|was|are|were)\b", part.text, re.I
        ):
            return slots >= 2 or _BOOKISH.search(part.text) is not None
    return False


def _resumed(context: Context, text: str) -> dict[str, str] | None:
    """The slots of a wish from an earlier session that the user now comes back to."""
    wishes = context.session.wishes + context.recall.wishes
    if not wishes:
        return None
    last = wishes[-1]
    slots = {k: v for k, v in last.items() if k in booking.SLOTS}
    if _RESUME.search(text):
        return slots
    route = booking.find_route(text, context.world.today)
    to = route.destination or (route.loose[0] if route.loose else "")
    for wish in reversed(wishes):
        if to and wish.get("destination") and booking.same_city(to, wish["destination"]) and not route.origin:
            return {k: v for k, v in wish.items() if k in booking.SLOTS}
    return None


def _asked_about_travel(context: Context, text: str) -> Outcome | None:
    """A question about a trip nobody asked to book: no fares or timetables, but a booking is offered."""
    if recall.is_personal(text) and re.search(r"\bmy\b|\bdid\s+i\b|\bdo\s+i\b|\bam\s+i\b|\bhave\s+i\b", text, re.I):
        return None
    if (
        booking.has_slots(context, text) < 1
        or not (_BOOKISH.search(text) or booking.has_slots(context, text) >= 2)
        or context.function(BOOK) is None
    ):
        return None
    if generic.match(context, text) or re.search(
        r"\b(?:weather|temperature|capital|population|president|currency|language|restaurant|museum|food|visa|vaccin)",
        text,
        re.I,
    ):
        return None
    task = booking.new_task()
    booking.fill(context, task, text)
    trip = booking.as_trip(task)
    if not trip.destination:
        return None
    context.start_task(task)
    task["stage"], task["soft"] = "held", True
    return (
        Say(
            f"I can't look up fares, timetables or durations, I'm afraid. But I can book a trip **{phrases.cities(trip)}** by train or by air; if you would like that, tell me the dates and how you want to travel."
        ),
        "A question about travel, not an order.",
    )


def _talk(context: Context, text: str) -> Outcome | None:
    """Questions about the user, small talk, help: what needs no function. None where the text is none of it."""
    questions = [p.text for p in speech.split(text) if p.asks]
    for question in questions:
        if small_talk.asks_help(question) and not re.search(r"\bmy\b", question, re.I):
            return Say(small_talk.help_text(context)), "The user asks what the agent can do."
    answers = [a for a in (recall.answer(context, q) for q in questions) if a]
    if answers:
        known = [a for a in answers if isinstance(a[0], Say)]
        return Say("\n\n".join(a[0].text for a in known if isinstance(a[0], Say))), known[0][1]
    if small_talk.asks_help(text):
        return Say(small_talk.help_text(context)), "The user asks what the agent can do."
    if small_talk.asks_how(text):
        return Say(f"Very well, thank you! {small_talk.abilities(context)}. Where shall we go?"), "Small talk."
    if small_talk.bye(text):
        return Say(
            f"Goodbye{', ' + context.name if context.name else ''}, and have a good trip!"
        ), "The user says goodbye."
    if small_talk.thanks(text) and not questions:
        name = f", {context.name}" if context.name else ""
        return Say(f"You're welcome{name}! Is there anything else I can do for you?"), "The user says thank you."
    reply = speech.answer(text)
    if (reply.yes or reply.no) and not reply.rest:
        return Say(
            f"All right. {small_talk.abilities(context)}. What can I do for you?"
        ), "There was no question to answer."
    if small_talk.greets(text) and len(text.split()) <= 4:
        return Say(small_talk.greeting(context)), "The user says hello."
    return None


def _noted(context: Context, notes: list[Note]) -> Say:
    facts = [n for n in notes if n.topic != "name"]
    name = next((n.value for n in notes if n.topic == "name"), "")
    lead = f"Nice to meet you, {name}!" if name else "Thank you, I have noted that."
    told = [second(n.text) for n in facts if len(n.text) < 200]
    if told:
        lead = f"{'Nice to meet you, ' + name + '! ' if name else ''}Noted: {phrases.listed(told)}. I'll remember it."
    return Say(
        f"{lead} {small_talk.abilities(context)}. Where would you like to go?" if context.function(BOOK) else lead
    )


__all__ = ["Call", "asdict", "decide"]
