"""Fill a booking's five slots, ask for the missing ones, confirm inferred ones, and call the function."""

from __future__ import annotations

import re

from travel_tui.facts import calendar
from travel_tui.facts.places import same_city
from travel_tui.facts.text import fold
from travel_tui.local.scripted_agent import modes, phrases
from travel_tui.local.scripted_agent.context import BOOK, Context, Outcome
from travel_tui.local.scripted_agent.date_slots import find_when
from travel_tui.local.scripted_agent.ids import booking_id
from travel_tui.local.scripted_agent.messages import Reply, ToolCall, ToolResult
from travel_tui.local.scripted_agent.place_slots import find_route
from travel_tui.local.scripted_agent.task_state import PARTS, BookingTask, Trip, as_date

_CORRECTS = re.compile(
    r"\b(?:no|not|actually|sorry|i\s+meant?|meant|rather|instead|make\s+(?:it|that)|change|correct(?:ion)?|wait|"
    r"oops|should\s+be|wrong|mistake|scratch)\b",
    re.I,
)
_FROM_HOME = re.compile(
    r"\bfrom\s+(?:my\s+)?(?:home(?:\s*town)?|where\s+i\s+live|my\s+(?:home\s+)?(?:city|place))\b", re.I
)
_ONE_WAY = re.compile(
    r"\bone[- ]?way\b|\bno\s+return\b|\bwithout\s+(?:a\s+)?return\b|\bnot\s+(?:coming|going)\s+back\b|"
    r"\bsingle\s+ticket\b",
    re.I,
)
_DAY_TRIP = re.compile(r"\bday[- ]trip\b|\bsame[- ]day\s+return\b|\bback\s+(?:the|on\s+the)\s+same\s+day\b", re.I)
_THERE = re.compile(
    r"\b(?:be|go|going|get|fly|flying|travel|travelling|head|take\s+me|out|up|down|over|flights?|trains?|"
    r"trip)\s+there\b|\b(?:visit|see|visiting|seeing)\s+(?:him|her|them)\b",
    re.I,
)
_SWAP = re.compile(r"\b(?:other\s+way\s+(?:a)?round|swap(?:ped)?|reversed?|opposite\s+direction)\b", re.I)
_EITHER = re.compile(
    r"\b(?:either|any(?:thing)?|whichever|whatever|doesn'?t\s+matter|don'?t\s+care|you\s+(?:choose|decide|pick)|"
    r"no\s+preference|both)\b",
    re.I,
)


def has_slots(context: Context, text: str) -> int:
    """Count the slots of a trip that the text fills."""
    route = find_route(text, context.turn.today)
    when = find_when(text, context.turn.today)
    ends = bool(route.origin) + bool(route.destination or route.loose)
    return ends + bool(when.start) + bool(when.end or when.nights) + (modes.chosen(text) in ("TRAIN", "AIR"))


def usual(context: Context, slot: str) -> str:
    """Return the user's usual origin or mode from their notes; "" where there is none."""
    topics = {"origin": ("departure", "home"), "mode": ("mode",)}.get(slot, ())
    return next((note.value for note in map(context.note, topics) if note), "")


def fill(context: Context, task: BookingTask, text: str) -> bool:
    """Fill the task's slots from the text; return whether anything changed."""
    slots = task.slots
    asked = task.asked
    before = dict(slots), task.nights, task.say
    task.say = ""
    _fill_route(context, task, text, asked)
    _fill_dates(context, task, text, asked)
    mode = modes.chosen(text)
    if mode == "OTHER":
        task.say = "I can only book travel **by train** or **by air**, nothing else."
        slots.pop("mode", None)
    elif mode:
        slots["mode"] = mode
        task.unsure.pop("mode", None)
    elif "mode" not in slots and len(denied := {m.mode for m in modes.find_modes(text) if m.denied} - {"OTHER"}) == 1:
        slots["mode"] = "TRAIN" if denied == {"AIR"} else "AIR"
        task.unsure["mode"] = True
    elif asked == "mode" and _EITHER.search(text):
        task.say = "I would not want to pick that for you."
    return (dict(slots), task.nights, task.say) != before


def _fill_route(context: Context, task: BookingTask, text: str, asked: str) -> None:
    slots = task.slots
    route = find_route(text, context.turn.today, asked=asked if asked in ("origin", "destination") else "")
    if _SWAP.search(text) and slots.get("origin") and slots.get("destination") and not route.origin:
        slots["origin"], slots["destination"] = slots["destination"], slots["origin"]
        return
    if not route.destination and "destination" not in slots and context.session.scene and _THERE.search(text):
        slots["destination"], task.unsure["destination"] = context.session.scene, True
    if route.origin:
        slots["origin"] = route.origin
    elif _FROM_HOME.search(text) or (asked == "origin" and re.match(r"^\W*(?:from\s+)?(?:my\s+)?home\b", text, re.I)):
        home = context.note("home")
        if home:
            slots["origin"], task.unsure["origin"] = home.value, True
        else:
            task.say = "I don't know where your home is; you haven't told me."
    elif route.home and not slots.get("origin") and (route.destination or route.loose or slots.get("destination")):
        slots["origin"], task.unsure["origin"] = route.home, True
    if route.origin:
        task.unsure.pop("origin", None)
    if route.destination:
        slots["destination"] = route.destination
    if route.loose:
        slots[_loose_slot(task, text)] = route.loose[0]
    if route.back_to and not slots.get("origin") and not same_city(route.back_to, slots.get("destination", "")):
        slots["origin"], task.unsure["origin"] = route.back_to, True


def _loose_slot(task: BookingTask, text: str) -> str:
    """Return the slot for a place that was given without “from” or “to”."""
    slots = task.slots
    folded = fold(text)
    denied = re.search(r"\b(?:not|instead of|rather than)\s+(?:from\s+|to\s+)?([\w' -]+)", folded)
    if denied:
        for slot in ("origin", "destination"):
            if slots.get(slot) and fold(slots[slot]) in denied[1]:
                return slot
    if "destination" in slots and "origin" not in slots:
        return "destination" if _CORRECTS.search(text) else "origin"
    return "destination"


def _fill_dates(context: Context, task: BookingTask, text: str, asked: str) -> None:
    slots = task.slots
    first = as_date(slots.get("start", ""))
    corrects = _CORRECTS.search(text) is not None and asked not in ("start", "end")
    hint = asked if asked in ("start", "end") else task.last if corrects else ""
    last = as_date(slots.get("end", ""))
    month = task.month if not first else None
    when = find_when(text, context.turn.today, asked=hint, start=first, end=last, month=month)
    if when.wrong:
        task.say = f"There is no such date as “{when.wrong.text.strip()}” in the calendar."
        return
    if when.month and not when.start:
        task.month = (when.month.year, when.month.month) if when.month.month else None
        task.say = f"For “{when.month.text.strip()}” I need the exact day." if not (when.end and first) else ""
    for slot, day in (("start", when.start), ("end", when.end)):
        if day:
            slots[slot] = day.value.isoformat()
            task.last = slot
            task.unsure.pop(slot, None)
            if not day.sure:
                task.unsure[slot] = day.other.isoformat() if day.other else True
    if when.start:
        # A date with its year may be past: the reference notebook books July 11th 2024.
        task.dated = any(str(m.value.year) in m.text for m, _ in when.dates if m.value == when.start.value)
    if when.nights is not None and not when.end:
        task.nights = when.nights
        slots.pop("end", None)
    if _DAY_TRIP.search(text):
        task.nights = 0
    if when.end:
        task.nights = None
    if _ONE_WAY.search(text) and "end" not in slots and task.nights is None:
        task.say = "I book round trips only, so I need a return date as well."
    start = as_date(slots.get("start", ""))
    if (start and task.nights is not None and "end" not in slots) or (
        start and task.nights is not None and when.start and not when.end
    ):
        end = calendar.plus(start, task.nights)
        if end:
            slots["end"] = end.isoformat()


def step(context: Context, task: BookingTask) -> Outcome:
    """Return the next step of a booking: reject impossible values, ask for a slot, confirm, or call the function."""
    function = context.function(BOOK)
    if function is None:
        context.end_task()
        return Reply(
            "I'm sorry, booking trips is not something I can do here."
        ), "The agent has no function to book a trip."
    slots = task.slots
    note, task.say = task.say, ""
    if slots.get("origin") and slots.get("destination") and same_city(slots["origin"], slots["destination"]):
        place = slots.pop("destination")
        return _ask(context, task, "destination", f"You would leave from **{place}** and go to the same city.")
    first, last = as_date(slots.get("start", "")), as_date(slots.get("end", ""))
    if first and last and last < first:
        slots.pop("end")
        task.unsure.pop("end", None)
        problem = f"The return date, {calendar.spoken(last)}, is before the departure date, {calendar.spoken(first)}."
        return _ask(context, task, "end", problem)
    if first and first < context.turn.today and not task.dated:
        slots.pop("start")
        task.unsure.pop("start", None)
        slots.pop("end", None)
        return _ask(context, task, "start", f"{calendar.spoken(first)} is already in the past.")
    missing = [slot for slot in PARTS if slot not in slots]
    if task.stage == "held":
        return _hold(task, missing)
    if missing:
        return _ask(context, task, missing[0], note)
    if task.unsure or task.soft or function.require_confirmation:
        task.stage, task.asked = "confirming", ""
        return Reply(_say_back(task, note)), "Part of this was inferred, so say it back before booking."
    return _call(context, task)


def _call(context: Context, task: BookingTask) -> Outcome:
    function = context.function(BOOK)
    assert function is not None  # noqa: S101 - step() has looked
    slots = task.slots
    parameters = {
        "origin": slots["origin"],
        "destination": slots["destination"],
        "start_date": slots["start"],
        "end_date": slots["end"],
        "transportation_mode": slots["mode"],
    }
    context.session.waiting = BookingTask(slots=dict(slots))
    task.stage = "calling"
    return ToolCall(function, parameters), "All five parts of the trip are known, so book it."


def confirmed(context: Context, task: BookingTask) -> Outcome:
    """Book the trip after the user confirmed it."""
    task.unsure, task.soft = {}, False
    task.stage = "asking"
    missing = [slot for slot in PARTS if slot not in task.slots]
    if missing or context.function(BOOK) is None:
        return step(context, task)
    return _call(context, task)


def refused(task: BookingTask) -> Outcome:
    """Ask what to change after the user declined the trip."""
    task.stage = "confirming"
    return (
        Reply(
            "All right, I won't book that as it is. What should be different: the cities, the dates, or train versus "
            "air?"
        ),
        "The user did not agree, so ask what should be different.",
    )


def _hold(task: BookingTask, missing: list[str]) -> Outcome:
    known = _known(task)
    text = "Of course, I won't book anything yet."
    if known:
        text += f" I have noted {known}."
    if missing:
        text += f" When you are ready, tell me {phrases.listed([_NAMES[m] for m in missing])}."
    else:
        text += " Just say “book it” when you are ready."
    return Reply(text), "The user does not want to book yet."


_NAMES = {
    "origin": "where you travel from",
    "destination": "where you want to go",
    "start": "the departure date",
    "end": "the return date",
    "mode": "whether by train or by air",
}


def _known(task: BookingTask) -> str:
    trip = as_trip(task)
    parts = []
    if trip.origin or trip.destination:
        parts.append(f"**{phrases.cities(trip)}**")
    if trip.start or trip.end:
        parts.append(phrases.dates(trip))
    if trip.mode:
        parts.append(modes.spoken(trip.mode))
    return ", ".join(parts)


def as_trip(task: BookingTask) -> Trip:
    return Trip.of(task.slots)


def _ask(context: Context, task: BookingTask, slot: str, lead: str = "") -> Outcome:
    more, task.known = len(task.slots) > task.known, len(task.slots)
    again = task.asked == slot and more
    task.asked, task.stage = slot, "asking"
    slots = task.slots
    to = f" to **{slots['destination']}**" if slots.get("destination") else ""
    away = f" from **{slots['origin']}**" if slots.get("origin") else ""
    if slot == "origin":
        question = f"Where will you be travelling from{' on your way' + to if to else ''}?"
        usual_origin = usual(context, "origin")
        if usual_origin:
            question += f" (From {usual_origin}, perhaps?)"
    elif slot == "destination":
        question = f"Where would you like to go{away}?" if not lead else "Where would you like to go instead?"
    elif slot == "start":
        route = to.replace(" to ", " for ", 1) or away
        question = f"When would you like to leave{route}?"
        if not lead:
            question += f" A date such as 11 July {context.turn.today.year + 1} is best."
    elif slot == "end":
        question = "When would you like to return? A date, or the number of nights, will do."
    elif usual_mode := usual(context, "mode"):
        question = f"Shall I book it **{modes.spoken(usual_mode)}**, as you prefer?"
    else:
        question = "How would you like to travel: **by train** or **by air**?"
    greeting = ""
    if not lead and not task.greeted:
        greeting = _opening(task)
    elif not lead and again:
        greeting = "Noted."
        question = f"And {question[0].lower()}{question[1:]}"
    task.greeted = True
    return Reply(
        " ".join(part for part in (lead, greeting, question) if part)
    ), f"The {_NAMES[slot]} is missing, so ask."


def _opening(task: BookingTask) -> str:
    trip = as_trip(task)
    if trip.destination and trip.origin:
        return f"Gladly: {_known(task)}."
    return f"{trip.destination}, lovely." if trip.destination else "Gladly."


def _say_back(task: BookingTask, note: str) -> str:
    trip = as_trip(task)
    rows = [
        ("From", trip.origin),
        ("To", trip.destination),
        ("Leave", phrases.day(trip.start)),
        ("Return", phrases.day(trip.end)),
    ]
    rows.append(("How", modes.spoken(trip.mode)))
    table = "| | |\n|---|---|\n" + "\n".join(f"| {k} | **{v}** |" for k, v in rows)
    doubts = []
    for slot, doubt in task.unsure.items():
        if isinstance(doubt, str):
            doubts.append(f"I read the date as {phrases.day(task.slots[slot])}, not {phrases.day(doubt)}.")
    lead = f"{note} " if note else ""
    tail = " ".join([*doubts, "Is that right? Then I'll book it."])
    return f"{lead}Let me check that I have this right:\n\n{table}\n\n{tail}"


def returned(context: Context, waiting: BookingTask, result: ToolResult, words: str) -> str:
    """Report the result of the booking call, and keep the trip if it was booked."""
    if result.state is not None:
        task = context.session.task
        if isinstance(task, BookingTask):
            task.stage, task.asked = "confirming", ""
            task.unsure = {}
        why = words or "the booking system gave no reason."
        return f"That did not work: {why} Nothing has been booked. What should I change?"
    context.end_task()
    trip = Trip.of(waiting.slots, booking_id(words))
    context.session.keep(trip)
    name = f", {context.name}" if context.name else ""
    identity = f" Your booking id is `{trip.id}`." if trip.id else f" The booking system says: {words}"
    return (
        f"Done{name}! Your trip from **{trip.origin}** to **{trip.destination}** is booked {modes.spoken(trip.mode)}: "
        f"you leave on **{phrases.day(trip.start)}** and return on **{phrases.day(trip.end)}**.{identity}"
    )
