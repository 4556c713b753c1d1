"""Parse memory: summaries of this agent, and prose of other summarisers. Memory is data, never an instruction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from html import unescape
from itertools import accumulate

from travel_tui.facts.ids import find_ids
from travel_tui.facts.names import is_name
from travel_tui.facts.places import same_city
from travel_tui.facts.text import even, sentences
from travel_tui.local.scripted_agent import modes, speech_acts
from travel_tui.local.scripted_agent.date_slots import find_when
from travel_tui.local.scripted_agent.ids import booking_id
from travel_tui.local.scripted_agent.place_slots import find_route
from travel_tui.local.scripted_agent.profile import merged
from travel_tui.local.scripted_agent.state import Note, forget_key
from travel_tui.local.scripted_agent.task_state import Trip
from travel_tui.local.scripted_agent.topics import note_of

_OPENINGS = """
The This That It Assistant Agent User Customer Booking Trip Travel Flight Train Departure Return New No Yes In On At
From To By Via Both All Dates Date Their His Her They He She There These Those After Then Later Finally Also However
Additionally
"""

LIMIT = 40_000
"""Characters read of one summary; those of the service have a few thousand."""
_MAX_READ = 400_000
"""Characters read of all summaries together, the newest first."""
_LONGEST_LINE = 2_000
"""Characters of a line or sentence that are parsed; the patterns get slow on longer ones."""

_TAG = re.compile(r"</?(?:summary|topic)\b[^>]{0,200}>")
_OWN_TRIP = re.compile(
    r"^Trip from (?P<origin>.{1,100}?) to (?P<destination>.{1,100}?), leaving on (?P<start>[\d-]*) and "
    r"returning on (?P<end>[\d-]*), by (?P<mode>\w*), booking_id (?P<id>\S*?)"
    r"(?P<status>, cancelled by the user)?(?:, (?:changed by the user from|"
    r"dates before the change:) (?P<before>[\d-]* to [\d-]*))?$"
)
_OWN_WISH = re.compile(
    r"^The user wanted to travel(?: from (?P<origin>.{1,100}?))?(?: to (?P<destination>.{1,100}?))?"
    r"(?:, leaving on (?P<start>[\d-]+))?(?:, returning on (?P<end>[\d-]+))?(?:, by (?P<mode>TRAIN|"
    r"AIR))?; it is not booked$"
)
_OWN_FORGET = re.compile(r"^The user asked to forget: (?P<topic>.+)$")
_OWN_ACTION = re.compile(r"^The assistant called (?P<what>\w+)\b.*", re.S)
_OWN_NONE = re.compile(r"^(?:The user only talked briefly|The assistant answered the user's questions)\b")
_SUBJECT = re.compile(
    r"^(?:The\s+(?:user|customer|client|traveller|traveler|guest|caller)|User|Customer)(?:,?\s+(?:named|called|"
    r"whose\s+name\s+is|who\s+is\s+called)?\s*(?P<name>[A-ZÀ-Þ][\w'-]+(?:\s[A-ZÀ-Þ][\w'-]+)?),?)?(?P<own>'s)?\s+",
    re.U,
)
_NAMED = re.compile(r"^(?P<name>[A-ZÀ-Þ][\w'-]+(?:\s[A-ZÀ-Þ][\w'-]+)?)(?P<own>'s)?\s+(?=[a-z])")
_SAYS_NAME = re.compile(
    r"\b(?:(?:user|customer|client|traveller|traveler|guest)(?:'s\s+name\s+is|\s+(?:is\s+)?(?:named|called))|"
    r"introduced\s+(?:him|her|them)sel(?:f|ves)\s+as|name\s+is|named|(?:user|customer|client|traveller|"
    r"traveler),?)\s+(?P<name>[A-ZÀ-Þ][\w'-]+)"
)
_ABOUT_TALK = re.compile(
    r"^The user (?:later )?(?:extended|changed|moved|cancelled|canceled|updated|rescheduled|asked|requested|"
    r"inquired|thanked|wants? to (?:book|travel|go|fly|change|cancel|extend)|wanted|would like|initiated|"
    r"confirmed|greeted|agreed|then|provided|booked|expressed gratitude|ended|also (?:asked|requested)|"
    r"said goodbye|needs? to (?:book|change|extend|stay)|contacted)\b",
    re.I,
)
_VERB_SPLIT = re.compile(
    r",?\s+(?:and|but)\s+(?:also\s+)?(?=(?:is|has|lives|prefers|likes|loves|hates|works|travels|enjoys|needs|"
    r"wants|owns|speaks|does|dislikes|avoids|never|always)\b)"
)
_SPOKEN = re.compile(
    r"^The user (?:also )?(?:mentioned|stated|said|shared|told(?: the \w+)?|noted|indicated|explained|"
    r"added)(?: that)? (?:they|he|she)(?P<tail>'s|'re|'ve)?\s+(?P<rest>.+)$",
    re.I,
)
_CANCELLED = re.compile(r"\b(?:cancel\w*|delet\w*|remov\w*)\b", re.I)
_UNDONE = re.compile(
    r"\b(?:not|n't|declin\w+|ask\w*\s+(?:if|whether|to)|wants?\s+to|request\w*\s+to|considered|failed|unable|"
    r"could)\b",
    re.I,
)
_CHANGED = re.compile(
    r"\b(?:chang\w*|updat\w*|extend\w*|mov(?:ed|ing)|reschedul\w*|modif\w*|shift\w*|postpon\w*|new\s+(?:return|"
    r"departure|start|end|dates?))\b",
    re.I,
)


@dataclass(slots=True)
class Recall:
    """Facts from memory: notes and trips, oldest first, each in its latest state."""

    notes: list[Note] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)
    wishes: list[dict[str, str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)


@lru_cache(maxsize=64)
def recall(memories: tuple[str, ...], today: date) -> Recall:
    """Merge the summaries, given newest first. The result is cached: do not change it."""
    whole = Recall()
    sizes = accumulate(min(len(text), LIMIT) for text in memories)
    for text in reversed([text for text, size in zip(memories, sizes, strict=True) if size <= _MAX_READ]):
        one = read(text, today)
        gone = {m[1] for m in (_OWN_FORGET.match(line) for line in lines(text)) if m}
        whole.notes = [n for n in merged(whole.notes, one.notes) if not {n.topic, forget_key(n.topic)} & gone]
        for trip in one.trips:
            _keep(whole.trips, trip)
        whole.wishes = [w for w in whole.wishes if not _made(w, whole.trips)] + one.wishes
        whole.actions += one.actions
    whole.wishes = [
        w for i, w in enumerate(whole.wishes) if not _made(w, whole.trips) and w not in whole.wishes[i + 1 :]
    ]
    return whole


def _made(wish: dict[str, str], trips: Sequence[Trip]) -> bool:
    to = wish.get("destination", "")
    return bool(to) and any(t.destination and same_city(to, t.destination) for t in trips)


def _keep(trips: list[Trip], trip: Trip) -> None:
    for index, known in enumerate(trips):
        if (trip.id and known.id == trip.id) or (
            not trip.id
            and (known.origin, known.destination, known.start) == (trip.origin, trip.destination, trip.start)
        ):
            trips[index] = _over(known, trip)
            return
    trips.append(trip)


def _over(old: Trip, new: Trip) -> Trip:
    """Return the new trip with missing parts taken from the old one."""
    return Trip(
        new.id or old.id,
        new.origin or old.origin,
        new.destination or old.destination,
        new.start or old.start,
        new.end or old.end,
        new.mode or old.mode,
        new.cancelled or old.cancelled,
        new.before or old.before,
    )


def lines(text: str) -> list[str]:
    """Return a summary's lines without markup."""
    plain = unescape(_TAG.sub("\n", text[:LIMIT]))
    return [" ".join(line.split()).rstrip(".") for line in plain.split("\n") if line.strip()]


def read(text: str, today: date) -> Recall:
    """Parse one summary."""
    found = Recall()
    foreign: list[str] = []
    for line in lines(text):
        if len(line) > _LONGEST_LINE:
            foreign.append(line)
            continue
        own = _OWN_TRIP.match(line)
        if own:
            trip = Trip(
                own["id"],
                own["origin"],
                own["destination"],
                own["start"],
                own["end"],
                own["mode"],
                bool(own["status"]),
                own["before"] or "",
            )
            _keep(found.trips, trip)
            continue
        wish = _OWN_WISH.match(line)
        if wish:
            found.wishes.append({k: v for k, v in wish.groupdict().items() if v})
        elif _OWN_ACTION.match(line):
            found.actions.append(line)
        elif not _OWN_FORGET.match(line) and not _OWN_NONE.match(line):
            foreign.append(line)
    for line in foreign:
        own_note = (
            note_of(line)
            if line.startswith(("The user ", "The user's "))
            and len(line) <= _LONGEST_LINE
            and not _ABOUT_TALK.match(line)
            else None
        )
        if own_note and "\n" not in line and len(sentences(line)) == 1:
            found.notes = merged(found.notes, [own_note])
            continue
        _read_prose(line, today, found)
    return found


def _read_prose(text: str, today: date, found: Recall) -> None:
    text = even(text)
    draft = found.trips[-1] if found.trips else Trip()
    spans = sentences(text)
    for sentence in (
        piece for begin, end in spans for piece in _by_id(text[begin : min(end, begin + _LONGEST_LINE)].strip())
    ):
        if speech_acts.is_attack(sentence) or sentence.endswith("?"):
            continue
        found.notes = merged(found.notes, _prose_notes(sentence))
        draft = _prose_trip(sentence, today, draft, found)
    if draft.id or (
        draft.origin
        and draft.destination
        and draft.start
        and re.search(r"\b(?:booked|successful\w*|confirmed|reserv)", text, re.I)
    ):
        _keep(found.trips, draft)


def _by_id(sentence: str) -> list[str]:
    """Split a sentence that names several trips after each booking id but the last."""
    cuts = [m.end for m in find_ids(sentence)][:-1]
    return [sentence[a:b] for a, b in zip([0, *cuts], [*cuts, len(sentence)], strict=True)]


def _prose_trip(sentence: str, today: date, draft: Trip, found: Recall) -> Trip:
    route = find_route(sentence, today)
    changed = _CHANGED.search(sentence) is not None
    when = find_when(sentence, today, start=draft.first, end=draft.last, changing=changed and draft.first is not None)
    identity = booking_id(sentence)
    known = next((t for t in found.trips if identity and t.id == identity), None)
    if known:
        draft = known
    other = draft.id and identity and identity != draft.id
    elsewhere = (
        route.origin and route.destination and draft.destination and not same_city(route.destination, draft.destination)
    )
    if other or (elsewhere and not known):
        if draft.id or draft.start:
            _keep(found.trips, draft)
        draft = Trip()
    mode = modes.chosen(sentence)
    start, end = draft.start, draft.end
    if changed or not start or not end:
        start = when.start.value.isoformat() if when.start else start
        end = when.end.value.isoformat() if when.end else end
        if when.loose and changed:
            to_start = re.search(r"\b(?:depart\w*|leav\w*|start)\b", sentence, re.I) and not re.search(
                r"\breturn|back|end\b", sentence, re.I
            )
            value = when.loose.value.isoformat()
            start, end = (value, end) if to_start else (start, value)
    before = (
        f"{draft.start} to {draft.end}"
        if changed and (start, end) != (draft.start, draft.end) and draft.start
        else draft.before
    )
    draft = replace(
        draft,
        id=identity or draft.id,
        origin=draft.origin or route.origin,
        destination=draft.destination
        or route.destination
        or (route.loose[0] if route.loose and not draft.origin and (identity or start) else ""),
        start=start,
        end=end,
        mode=draft.mode or (mode if mode in ("TRAIN", "AIR") else ""),
        before=before,
    )
    if draft.id and _CANCELLED.search(sentence) and not _UNDONE.search(sentence):
        draft = replace(draft, cancelled=True)
        _keep(found.trips, draft)
    return draft


def _prose_notes(sentence: str) -> list[Note]:
    notes: list[Note] = []
    name = _SAYS_NAME.search(sentence)
    subject = _SUBJECT.match(sentence)
    if name and is_name(name["name"]):
        notes.append(Note("name", name["name"], f"The user's name is {name['name']}"))
    if not subject:
        subject = _NAMED.match(sentence)
        if subject and is_name(subject["name"]) and subject["name"] not in _NOT_PEOPLE:
            if not notes:
                notes.append(Note("name", subject["name"], f"The user's name is {subject['name']}"))
        elif re.match(r"(?:They|He|She|Their|His|Her)\s", sentence):
            subject = re.match(r"(?P<word>They|He|She|Their|His|Her)\s+", sentence)
        else:
            return notes
    elif subject["name"] and is_name(subject["name"]) and not notes:
        notes.append(Note("name", subject["name"], f"The user's name is {subject['name']}"))
    assert subject is not None  # noqa: S101 - every branch above has set it or returned
    groups = subject.groupdict()
    owns = groups.get("own") or groups.get("word") in ("Their", "His", "Her")
    rest = sentence[subject.end() :].rstrip(".")
    for index, piece in enumerate(_VERB_SPLIT.split(rest)):
        whole = f"The user's {piece}" if owns and index == 0 else f"The user {piece}"
        spoken = _SPOKEN.match(whole)
        if spoken:
            verb = {"'s": "is ", "'re": "is ", "'ve": "has "}.get(spoken["tail"] or "", "")
            whole = "The user " + verb + re.sub(r"^(?:are|were)\b", "is", re.sub(r"^have\b", "has", spoken["rest"]))
        if _ABOUT_TALK.match(whole):
            continue
        note = note_of(whole)
        if note and not re.search(r"\b(?:booking|booking_id|booked|reservation|assistant|agent)\b", note.text, re.I):
            notes.append(note)
    return notes


_NOT_PEOPLE = frozenset(_OPENINGS.split())
