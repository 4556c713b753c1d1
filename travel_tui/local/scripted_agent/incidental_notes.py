"""Find facts that a sentence mentions in passing: my wife Carla, as a vegetarian, an aisle seat."""

from __future__ import annotations

import re

from travel_tui.facts.names import is_name, named
from travel_tui.facts.places import find_places, lookup
from travel_tui.facts.text import fold
from travel_tui.local.scripted_agent import modes
from travel_tui.local.scripted_agent.pronouns import is_personal
from travel_tui.local.scripted_agent.state import Note
from travel_tui.local.scripted_agent.topics import DIETS, note_of
from travel_tui.local.scripted_agent.words import NO_PLACE

RELATION = (
    r"(?:wife|husband|partner|girlfriend|boyfriend|fianc[ée]e?|spouse|son|daughter|mother|mom|mum|father|dad|"
    r"sister|brother|"
    r"best\s+friend|friend|colleague|boss|dog|cat|baby|kid|child|assistant|aunt|uncle|cousin|grandmother|"
    r"grandfather|grandson|"
    r"granddaughter|grandma|grandpa|gran|niece|nephew|(?:mother|father|sister|brother|son|daughter)-in-law|"
    r"step(?:son|daughter|"
    r"mother|father)|twin|horse|pet|rabbit|hamster|parrot|roommate|flatmate|neighbou?r|secretary|manager|"
    r"teacher|doctor)"
)
"""Relatives, acquaintances and pets, as an alternation without groups; use with re.I."""
_SEAT = re.compile(
    r"(?<!not )(?<!no )(?<!hate )(?<!hate the )(?:\b(?P<a>aisle|window|middle)\s+seats?\b|\bseats?\s+(?:by|at|"
    r"near|on|next\s+to)\s+the\s+"
    r"(?P<b>aisle|window)\b)",
    re.I,
)
_AS_DIET = re.compile(
    rf"\b(?:as|being)\s+an?\s+(?:strict\s+)?(?P<v>{DIETS})\b|,\s+(?:an?\s+)?(?P<w>{DIETS})(?=\s*[,.!]|\s+and\b|\s*$)",
    re.I,
)
_WITH = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur)\s+(?:(?:older|younger|little|big|eldest|youngest|dear|late|new|old|"
    rf"twin)\s+)?(?P<who>{RELATION})"
    r"(?:,|\s+is\s+called|\s+is\s+named|\s+named|\s+called)?\s+(?P<v>[A-ZÀ-Þ][\w'-]+)(?:\s*\((?P<age>\d{1,2})\)|"
    r",\s+(?:(?:aged|who\s+is|who's|who\s+will\s+be)\s+)?(?P<age2>\d{1,2})\b)?(?!\s+(?:is|was)\s+(?:called|named))"
)


_ONLY_MODE = re.compile(
    r"\b(?:trains?|planes?|flights|flying|rail)\s+only\b(?=.{0,12}\bme\b)|\bonly\s+(?:trains|planes|"
    r"flights)\b(?=.{0,12}\bme\b)",
    re.I,
)
_OCCASION = re.compile(
    r"\b(?:for|to\s+celebrate|to\s+attend|because\s+of)\s+(?P<whose>my|our|his|her|their|an?|"
    r"the)\s+(?P<v>(?:[\w'-]+\s+){0,3}?"
    r"(?:birthday|anniversary|wedding|honeymoon|graduation|conference|meeting|funeral|christening|reunion|"
    r"marathon|festival|"
    r"concert|interview|exam|trade\s+fair|congress|workshop|surgery|fair|expo|exhibition|convention|summit|"
    r"seminar|symposium|ceremony|party|carnival|race|match|"
    r"job\s+interview|hackathon))\b",
    re.I,
)
_FOOD = re.compile(
    r"\b(?P<v>halal|kosher|vegetarian|vegan|gluten[- ]free|lactose[- ]free|diabetic)\s+(?:food|meals?|dishes)\b", re.I
)
_KIN = re.compile(rf"\b(?:my|our)\s+({RELATION})\b", re.I)


def _occasions(sentence: str) -> list[Note]:
    """Return the occasions of a trip: for her 70th birthday, “her” being the person in the same sentence."""
    found = []
    first = _KIN.search(sentence)
    place = _destination(sentence) if _OCCASION.search(sentence) else ""
    for match in _OCCASION.finditer(sentence):
        kin = first if first and first.end() <= match.start() else None
        whose = match["whose"].lower()
        if whose in ("his", "her", "their") and kin:
            whose = f"their {kin[1].lower()}'s"
        elif whose in ("my", "our"):
            whose = "their"
        trip = f"The user's trip{' to ' + place if place else ''}"
        found.append(Note(f"occasion/{fold(place or match['v'])}", match["v"], f"{trip} is for {whose} {match['v']}"))
    return found


def _destination(sentence: str) -> str:
    """Return the destination of the sentence, or else its first place; "" where there is none."""
    places = [p for p in find_places(sentence) if p.certain]
    to = [p for p in places if re.search(r"\b(?:to|in|visit)\s+$", sentence[max(0, p.start - 12) : p.start])] or places
    return to[0].text if to else ""


_REACH = re.compile(r"\b(?:reach|call|contact|phone|text)\s+me\s+(?:at|on|under)\s+(?P<v>\+?\d[\d ()/.-]{4,}\d)", re.I)
_LABELLED = re.compile(
    r"(?:^|[,;:(]|\band\b|\bmy\b)\s*(?:my\s+)?(?P<what>passport(?:\s+(?:number|no))?|emergency\s+contact|"
    r"(?:mobile\s+|cell\s+)?phone(?:\s+number)?|"
    r"e-?mail(?:\s+address)?|frequent[\s-]flyer(?:\s+number)?|miles\s*(?:&|and)\s*more(?:\s+number)?|"
    r"loyalty(?:\s+(?:card|number))*|"
    r"(?:known\s+)?travell?er\s+number|membership(?:\s+(?:card|number))*|bahncard(?:\s+number)?|"
    r"railcard(?:\s+number)?|date\s+of\s+birth|dob|"
    r"cost\s+cent(?:re|er)|nationality|blood\s+type)\s*(?:is\b|are\b|[:=#])?\s*(?P<v>[^,;?]{2,60}?)(?=[,;]|"
    r"\s+and\s+(?:my\b|\w+\s+is\b)|[.!]?\s*$)",
    re.I,
)


def _labelled(sentence: str) -> list[Note]:
    """Return labelled facts: passport C01X00T47, emergency contact is my brother Paul."""
    if sentence.rstrip().endswith("?"):
        return []
    reach = _REACH.search(sentence)
    found = [Note("phone", reach["v"], f"The user's phone number is {reach['v']}")] if reach else []
    for match in _LABELLED.finditer(sentence):
        what, value = " ".join(match["what"].lower().split()), re.sub(r"\bmy\b", "their", match["v"].strip())
        if re.search(r"\d", value) or what in ("emergency contact", "nationality", "blood type"):
            note = note_of(f"The user's {what} is {value}")
            found += [note] if note else []
    return found


def _aged(match: re.Match[str]) -> str:
    age = match["age"] or match["age2"]
    return f" and is {age} years old" if age else ""


def in_passing(sentence: str) -> list[Note]:
    """Find facts that a sentence mentions in passing: my wife Carla, as a vegetarian, an aisle seat."""
    found = [
        Note(f"my/{m['who'].lower()}", m["v"], f"The user's {m['who'].lower()} is called {m['v']}{_aged(m)}")
        for m in _WITH.finditer(sentence)
        if is_name(m["v"])
    ]
    seat = _SEAT.search(sentence)
    if seat and is_personal(sentence) and not sentence.rstrip().endswith("?"):
        value = f"{(seat['a'] or seat['b']).lower()} seats"
        found.append(Note("seat", value, f"The user prefers {value}"))
    only = _ONLY_MODE.search(sentence)
    mode = modes.chosen(only.group()) if only else None
    if mode in ("TRAIN", "AIR"):
        found.append(Note("mode", mode, f"The user prefers to travel {modes.spoken(mode)}"))
    found += _occasions(sentence) + _labelled(sentence)
    diet = _AS_DIET.search(sentence)
    if diet and (diet["v"] or is_personal(sentence)):
        value = diet["v"] or diet["w"]
        found.append(Note("diet", value, f"The user is {value}"))
    food = _FOOD.search(sentence)
    if food and not sentence.rstrip().endswith("?"):
        found.append(Note("diet", food["v"].lower(), f"The user needs {food['v'].lower()} food"))
    return found


_HELLO = (
    r"^\W*(?:(?:oh|ah|so|ok(?:ay)?|right|well|yes|yeah|yep|yup|hi|hello|hey|hiya|dear|there|my|good\s+\w+|"
    r"greetings)[\s,!.]+)*"
)
"""Words before an introduction that are never part of the name."""
_INTRODUCED = re.compile(
    r"\b(?:m[ye]\s+(?:(?:first|full|real)\s+)?name(?:\s+is|'s|\s*:)(?:\s+actually)?|(?:please\s+|just\s+|"
    r"you\s+(?:can|may)\s+|everyone\s+|everybody\s+|people\s+|they\s+|(?:my\s+)?friends\s+|"
    r"most\s+people\s+)call(?:s)?\s+me|^\W*call\s+me|\bcall\s+me(?!\s+(?:a|"
    r"an|back|when|if|later|at|on|tomorrow|in|under|crazy)\b)|i\s+go\s+by|i(?:'m|\s+am)\s+(?:called|named)|"
    r"^\W*name\s*(?:is|:))\s+[\"']?(?P<a>[^\W\d_][\w'-]*(?:[ ]+(?:(?:de|van|von|la|der|den|bin|al|di|da|"
    r"dos)[ ]+)?[A-ZÀ-Þ][\w'-]*){0,3})"
    rf"|{_HELLO}(?:this\s+is|it'?s|here\s+is)\s+(?:(?:Dr|Mr|Mrs|Ms|"
    r"Prof)\b\.?\s+)?(?P<b>[A-ZÀ-Þ][\w'-]+(?:[ ]+[A-ZÀ-Þ][\w'-]+){0,2})(?=\s+(?:here|again|speaking|from)\b|"
    r"\s*[,.!]|\s*$)"
    rf"|{_HELLO}(?P<c>(?!\w+'(?:m|s|re|ve|ll|d)\b)[A-ZÀ-Þ][\w'-]+)\s+(?:here|speaking)\b"
    rf"|{_HELLO}(?:i'?m|i\s+am)\s+(?P<d>[^\W\d_][\w'-]+)(?=\s*(?:[,.!]|$|"
    r"and\s+(?:i|my|we|want|would|need|live|am|have)\b|from\b))",
    re.I,
)


def introduced(sentence: str) -> str:
    """Return the name by which users introduce themselves; "" where they do not."""
    for match in _INTRODUCED.finditer(sentence):
        plain = match["a"]
        if plain:
            value = named(plain)
            if value and is_name(value):
                return value
            continue
        value = match["b"] or match["c"] or match["d"]
        city = lookup(value)
        if (city and not city.person) or (match["c"] and fold(value) in NO_PLACE):
            continue  # It's Bergen; same here
        greeted = re.match(r"^\W*(?:hi|hello|hey|good\s+\w+)\b", sentence, re.I) is not None
        if is_name(value, lower=greeted and match["d"] is not None):
            return named(value)
    return ""
