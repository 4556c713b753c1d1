"""Route a message to an intent when no task is open, or when it starts another one."""

from __future__ import annotations

import re
from dataclasses import replace

from travel_tui.facts.places import same_city
from travel_tui.local.scripted_agent import (
    booking,
    changes,
    disambiguation,
    generic,
    intents,
    modes,
    multi_request,
    phrases,
    recall,
    repeat_trip,
    small_answers,
    small_talk,
    speech_acts,
    trips,
)
from travel_tui.local.scripted_agent.context import BOOK, Context, Outcome
from travel_tui.local.scripted_agent.date_slots import find_when
from travel_tui.local.scripted_agent.messages import Reply
from travel_tui.local.scripted_agent.place_slots import find_route
from travel_tui.local.scripted_agent.state import Note
from travel_tui.local.scripted_agent.task_state import PARTS, BookingTask


def start(context: Context, text: str, parts: list[speech_acts.Sentence], new: list[Note]) -> Outcome:
    forget = intents.FORGET.match(text)
    if forget and not _trip_named(context, forget["what"]):
        return small_answers.forget(context, forget["what"])
    if forget:
        text = f"Cancel {forget['what']}"
        parts = speech_acts.split(text)
    first, *later = multi_request.commands(text)
    if later:
        context.session.queue += later
        text, parts = first, speech_acts.split(first)
    parts = _answer_beside(context, parts)
    asks = [p for p in parts if p.act in ("request", "wish", "told", "question", "held", "supposed")]
    if new:
        asks = [replace(p, text=_NOTE_IT.sub("", p.text)) for p in asks]
    body = " ".join(p.text for p in asks)
    if intents.BOOK_IT.search(body) and not booking.has_slots(context, body):
        asks = [replace(p, act="request") for p in parts if p.act in ("other", "request", "wish", "told")]
        body = " ".join(p.text for p in asks)
    for step in (_other_function, _again, _cancel, _change, _book):
        outcome = step(context, body, asks) if asks else None
        if outcome:
            return outcome
    said = small_answers.answer(context, text)
    if said:
        return said
    if new:
        return small_answers.noted(context, new), "The user told something about themselves."
    if any(p.act in ("past", "other") for p in parts):
        return Reply(
            f"Thank you for telling me. {small_talk.abilities(context)}, whenever you like."
        ), "A statement, not a request."
    if any(p.asks or p.act == "request" for p in parts):
        return Reply(small_talk.decline(context)), "Outside what the agent can do."
    return Reply(small_talk.puzzled(context)), "Not understood."


_NOTE_IT = re.compile(
    r",?\s*(?:(?:so|and)\s+)?please\s+(?:update|change|note|save|store|remember|correct)\s+(?:it|that|this|"
    r"your\s+records)\b.*$",
    re.I,
)


def _answer_beside(context: Context, parts: list[speech_acts.Sentence]) -> list[speech_acts.Sentence]:
    """Answer a personal question that accompanies a request; return the other sentences."""
    asked = [
        p
        for p in parts
        if p.act == "question"
        and recall.is_personal(p.text)
        and not (intents.CHANGE.search(p.text) or intents.CANCEL.search(p.text) or booking.has_slots(context, p.text))
    ]
    if not asked or not any(p.act == "request" for p in parts if p not in asked):
        return parts
    answers = [a[0].text for a in (recall.answer(context, p.text) for p in asked) if a and isinstance(a[0], Reply)]
    context.session.prefix = "\n\n".join([context.session.prefix, *answers]).strip()
    return [p for p in parts if p not in asked]


def _trip_named(context: Context, what: str) -> bool:
    return re.search(r"\b(?:trip|booking|reservation|flight)\b", what, re.I) is not None and bool(context.active)


def _cancel(context: Context, text: str, parts: list[speech_acts.Sentence]) -> Outcome | None:
    if changes.REVERT.search(text) and any(t.before for t in context.active):
        return None
    if not intents.CANCEL.search(text) or re.search(
        r"\b(?:don'?t|do\s+not|never|not)\s+(?:want\s+to\s+)?cancel\b", text, re.I
    ):
        return None
    if not (
        intents.TRIP_WORD.search(text)
        or trips.meant(context, text, use_focus=False).named
        or intents.CANCEL_VERB.match(text)
        or (context.active and intents.CANCEL_VERB.search(text) and len(text.split()) <= 6)
    ):
        return None
    if all(p.act == "question" and not intents.CANCEL_VERB.search(p.text) for p in parts):
        return None
    rest = [p.text for p in parts if not intents.CANCEL.search(p.text) and p.act == "request"]
    if rest:
        rest = [" ".join(p.text for p in parts if not intents.CANCEL.search(p.text))]
    cancelling = " ".join(p.text for p in parts if not rest or intents.CANCEL.search(p.text))
    found = trips.meant(context, cancelling)
    context.session.queue += rest
    return disambiguation.for_trip(context, "cancel", cancelling, found)


def _change(context: Context, text: str, parts: list[speech_acts.Sentence]) -> Outcome | None:
    if not (intents.CHANGE.search(text) or changes.REVERT.search(text)) or re.search(
        r"\b(?:don'?t|do\s+not)\s+(?:book|change|move)\b", text, re.I
    ):
        return None
    if not context.active and any(p.act == "held" for p in parts):
        return None
    plain = intents.PLAIN_CHANGE.search(text) is not None or changes.REVERT.search(text) is not None
    when = find_when(text, context.turn.today, changing=True)
    route = find_route(text, context.turn.today)
    if (
        re.search(r"\b(?:book|reserve)\b(?!\s*(?:ing|ed))", text, re.I)
        and not plain
        and (route.origin or route.destination)
    ):
        return None
    if route.origin and route.destination and booking.has_slots(context, text) >= 3 and not plain:
        return None
    if not context.active and not trips.given_id(context, text):
        if plain and intents.TRIP_WORD.search(text):
            gone = [t for t in context.trips if t.cancelled]
            more = f" Your trip {phrases.trip_line(gone[-1])}." if gone else ""
            question = f"I don't have a trip on record for you to change.{more} If you have a booking id, tell me."
            return changes.ask_id(context, "change", text, question)
        if (when.dates or when.spans) and not route.destination and not intents.BOOKISH.search(text):
            question = "I don't have a trip on record for you. Do you have a booking id? Or shall I book a new trip?"
            return changes.ask_id(context, "change", text, question)
        return None
    mode = modes.chosen(text)
    found = trips.meant(context, text, by_date=False)
    other_mode = mode is not None and mode not in {t.mode for t in found.trips}
    other_place = bool(route.destination) and not _known_place(context, route.destination)
    instead = plain or re.search(r"\b(?:instead|rather|actually)\b", text, re.I)
    if instead and (other_mode or other_place) and not (when.dates or when.spans) and len(found.trips) == 1:
        return (
            Reply(
                f"I can only change the **dates** of your trip {phrases.trip_line(found.trips[0])}. For another city "
                f"or "
                "another way to travel I would cancel it and book a new one: say “cancel it”, and then tell me the "
                "new trip."
            ),
            "Only dates can be changed.",
        )
    year = changes.other_year(text, context.turn.today)
    if not (plain or when.dates or when.spans or when.month or year):
        return None
    if not plain and route.destination and not _known_place(context, route.destination):
        return None
    if not plain and all(
        p.act == "question"
        and not re.search(
            r"\b(?:can|could|may|might|would|is\s+it\s+possible|shall|should|what\s+(?:about|if)|how\s+about)\b",
            p.text,
            re.I,
        )
        for p in parts
    ):
        return None
    if not found.named and len(found.trips) > 1:
        dated = trips.meant(context, text)
        found = dated if len(dated.trips) == 1 else found
    return disambiguation.for_trip(context, "change", text, found)


def _known_place(context: Context, name: str) -> bool:
    return any(same_city(name, place) for t in context.trips for place in (t.origin, t.destination) if place)


def _again(context: Context, text: str, _: list[speech_acts.Sentence]) -> Outcome | None:
    return (
        None if intents.CANCEL.search(text) or intents.PLAIN_CHANGE.search(text) else repeat_trip.start(context, text)
    )


def _other_function(context: Context, text: str, parts: list[speech_acts.Sentence]) -> Outcome | None:
    if any(p.act == "held" for p in parts) or recall.answerable(context, text):
        return None
    function = generic.match(context, text)
    return generic.start(context, function, text) if function else None


def _book(context: Context, _: str, parts: list[speech_acts.Sentence]) -> Outcome | None:
    held = any(p.act == "held" for p in parts)
    supposed = [p for p in parts if p.act in ("supposed", "question")]
    wanted = [p for p in parts if p.act in ("request", "wish", "told", "held")]
    body = " ".join(p.text for p in wanted)
    service = _SERVICE.search(" ".join(p.text for p in parts))
    if service and not (booking.has_slots(context, body) >= 2 and intents.BOOKISH.search(body.replace(service[0], ""))):
        thing = service[0].lower()
        return (
            Reply(
                f"I'm afraid I can't book a {thing} for you: trips by train or by air are all I do. "
                f"{small_talk.offer(context)}"
            ),
            "The agent books trips alone.",
        )
    if not wanted:
        return _asked_about_travel(context, " ".join(p.text for p in supposed))
    body, *later = multi_request.journeys(body, context.turn.today)
    slots = booking.has_slots(context, body)
    asked_to = re.search(r"\b(?:book|reserve)\b", body, re.I) is not None
    resume = _resumed(context, body)
    if re.fullmatch(r"\W*(?:book(?:ing)?|reserve|reservation|(?:a\s+)?(?:new\s+)?trip|travel)\W*", body, re.I):
        task = BookingTask()
        context.start_task(task)
        return booking.step(context, task)
    if not resume and not slots and not (intents.BOOKISH.search(body) and any(p.act == "request" for p in wanted)):
        return None
    requests = any(p.act in ("request", "held") for p in wanted)
    told_whole = slots >= 4
    if not requests and not asked_to and not resume and not told_whole and not _elliptic(context, wanted, slots):
        return None
    task = BookingTask()
    if resume:
        task.slots = resume
        task.soft = True
    context.start_task(task)
    context.session.queue += later
    booking.fill(context, task, body)
    if not task.slots and not intents.BOOKISH.search(body):
        context.end_task()
        return None
    if held:
        task.stage = "held"
    if (
        not requests
        and not asked_to
        and (any(p.act == "wish" for p in wanted) or not _elliptic(context, wanted, slots))
    ):
        task.soft = True
    return booking.step(context, task)


_SERVICE = re.compile(
    r"\b(?:hotel|hostel|room|apartment|restaurant|table|rental\s+car|hire\s+car|taxi|massage|museum\s+ticket|"
    r"theat(?:re|er)\s+ticket|"
    r"concert\s+ticket|tour\s+guide|parking\s+(?:space|spot)|cruise|holiday\s+home|campsite|limousine)\b",
    re.I,
)


def _elliptic(context: Context, parts: list[speech_acts.Sentence], slots: int) -> bool:
    """Return whether the text is a request without a verb (Berlin to Rome, 3 to 5 May 2027, train)."""
    if any(p.act == "wish" for p in parts):
        return slots >= 2 or any(intents.BOOKISH.search(p.text) for p in parts)
    for part in parts:
        if speech_acts.is_habit(part.text) and booking.has_slots(context, part.text) < 2:
            continue
        if booking.has_slots(context, part.text) and not re.search(
            r"^\W*(?:(?:hi|hello|hey)\W+)?(?:i|my|we|our)\b|\b(?:is|was|are|were)\b", part.text, re.I
        ):
            return slots >= 2 or intents.BOOKISH.search(part.text) is not None or len(part.text.split()) <= 6
    return False


def _resumed(context: Context, text: str) -> dict[str, str] | None:
    """Return the slots of an earlier unbooked trip that the user now resumes."""
    wishes = context.session.wishes + context.recall.wishes
    if not wishes:
        return None
    last = wishes[-1]
    slots = {k: v for k, v in last.items() if k in PARTS}
    if intents.RESUME.search(text):
        return slots
    route = find_route(text, context.turn.today)
    to = route.destination or (route.loose[0] if route.loose else "")
    for wish in reversed(wishes):
        if to and wish.get("destination") and same_city(to, wish["destination"]) and not route.origin:
            return {k: v for k, v in wish.items() if k in PARTS}
    return None


def _asked_about_travel(context: Context, text: str) -> Outcome | None:
    """Answer a question about travel with the offer to book; fares and timetables are not known."""
    if recall.is_personal(text) and re.search(r"\bmy\b|\bdid\s+i\b|\bdo\s+i\b|\bam\s+i\b|\bhave\s+i\b", text, re.I):
        return None
    if (
        booking.has_slots(context, text) < 1
        or not (intents.BOOKISH.search(text) or booking.has_slots(context, text) >= 2)
        or context.function(BOOK) is None
    ):
        return None
    if generic.match(context, text) or re.search(
        r"\b(?:weather|temperature|capital|population|president|currency|language|restaurant|museum|food|visa|"
        r"vaccin)",
        text,
        re.I,
    ):
        return None
    task = BookingTask()
    booking.fill(context, task, text)
    trip = booking.as_trip(task)
    if not trip.destination or (_known_place(context, trip.destination) and not trip.start):
        return None
    context.start_task(task)
    task.stage, task.soft = "held", True
    more = (
        "if you would like that, tell me the dates and how you want to travel."
        if set(PARTS) - set(task.slots)
        else f"say “book it”, and I will: {phrases.dates(trip)}, {modes.spoken(trip.mode)}."
    )
    return (
        Reply(
            "I can't look up fares, timetables or durations, I'm afraid. But I can book a trip "
            f"**{phrases.cities(trip)}** by train or by air; {more}"
        ),
        "A question about travel, not an order.",
    )
