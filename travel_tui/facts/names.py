"""Names of people that a text introduces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from travel_tui.facts.text import even, fold

_NO_NAMES = """
a an the not no now here there in on at from to for with of and or but so very really quite also just still already
always never vegetarian vegan pescatarian diabetic celiac coeliac allergic fine good great okay ok well happy sad
tired hungry thirsty sick ill sorry sure afraid scared interested ready back new old young late early busy free glad
pleased excited nervous curious confused lost stuck single married divorced engaged pregnant retired unemployed
blind deaf disabled tall short lefthanded going flying looking planning thinking trying traveling travelling leaving
staying coming living working moving hoping booking visiting wondering student teacher doctor nurse engineer lawyer
musician writer artist pilot chef journalist developer designer manager german french english british american
italian spanish swedish norwegian danish dutch swiss austrian polish russian japanese chinese indian irish scottish
portuguese greek turkish canadian australian finnish belgian brazilian mexican me my mine you your he she it we they
this that these those what who yes nope yeah one two three done good morning evening afternoon kind bad wrong right
correct all something nothing anything someone nobody only more less much many too as if when where why how please
thanks thank hello hi hey monday tuesday wednesday thursday friday saturday sunday january february march april may
june july august september october november december trip train flight plane air rail hotel booking vacation holiday
i am is are was were be been will would can could should christian muslim jewish catholic buddhist hindu atheist
human bot agent customer traveller traveler tourist person man woman boy girl parent mother father dad mom mum big
small rich poor cold hot warm alone together away home abroad bored angry annoyed disappointed worried impatient
fond keen up down out off over about able unable aware grateful thankful loving available based born used
"""
_PARTICLE_WORDS = """
de van von la der den bin al di da dos del le el ter zu
"""

_NOT_NAMES = frozenset(_NO_NAMES.split())
_PERSON = re.compile(r"[^\W\d_][^\W\d_'.-]*(?:['-][^\W\d_]+)*\.?", re.UNICODE)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())


@dataclass(frozen=True, slots=True)
class NameMention:
    """A person's name in a text."""

    start: int
    end: int
    text: str
    value: str


_INTRODUCTION = re.compile(
    r"\b(?i:(?:my|his|her|their|the\s+(?:user|customer|traveller|traveler)'s|wife's|husband's|"
    r"[a-z]+'s)\s+name\s+is|name\s+is|name's|called|named|call\s+me|i'm|i\s+am|this\s+is|dear|mr\.?|mrs\.?|ms\.?|"
    r"dr\.?|"
    r"hi|hello|hey|done|thanks|thank\s+you|"
    r"welcome(?:\s+back)?),?\s+(?P<name>[A-ZÀ-Þ][^\W\d_]*(?:['-][^\W\d_]+)*(?:\s+[A-ZÀ-Þ][^\W\d_]*(?:['-][^\W\d_]+)*){0,2})"
)


def is_name(text: str, *, lower: bool = False) -> bool:
    """Whether the text looks like a person's name; with `lower` even if it is not capitalised."""
    parts = text.split()
    if not 1 <= len(parts) <= 4:
        return False
    for index, part in enumerate(parts):
        if index and part.lower() in _PARTICLES:
            continue
        if not _PERSON.fullmatch(part) or fold(part) in _NOT_NAMES or (not part[:1].isupper() and not lower):
            return False
        if lower and part.islower() and re.search(r"(?:ing|ed|ish|ese|ful|ous|less|able|ive|ist|ian|ic)$", part):
            return False
    return True


def named(text: str) -> str:
    """Return the name at the start of the text, capitalised; "" if there is none."""
    parts: list[str] = []
    for part in text.split()[:4]:
        clean = part.strip(".,!?;:\"'()")
        if not _PERSON.fullmatch(clean) or (fold(clean) in _NOT_NAMES and clean.lower() not in _PARTICLES):
            break
        if parts and clean.lower() not in _PARTICLES and not clean[:1].isupper():
            break
        parts.append(clean if clean.lower() in _PARTICLES and parts else clean[:1].upper() + clean[1:])
        if part != clean:
            break
    while parts and parts[-1].lower() in _PARTICLES and len(parts) > 1:
        parts.pop()
    return " ".join(parts)


def find_names(text: str) -> list[NameMention]:
    """Return the names of people that the text introduces or addresses, in order."""
    found = []
    for match in _INTRODUCTION.finditer(even(text)):
        value = named(match["name"])
        if value and is_name(value):
            start = match.start("name")
            found.append(NameMention(start, start + len(value), text[start : start + len(value)], value))
    return found
