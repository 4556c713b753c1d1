"""Find origin, destination and other places in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from travel_tui.facts.dates import find_dates
from travel_tui.facts.places import PlaceMention, find_places, same_city
from travel_tui.facts.text import fold
from travel_tui.local.scripted_agent.modes import find_modes
from travel_tui.local.scripted_agent.words import NO_PLACE, SMALL_WORDS

_LINK = r"\s*(?:the\s+)?(?:city\s+of\s+|beautiful\s+|lovely\s+|sunny\s+)?"
_ORIGIN = re.compile(
    r"(?:\b(?:from|ex|out\s+of|origin(?:\s+is|\s+city)?|departure(?:\s+(?:city|airport|point))?(?:\s+is)?|"
    r"departing(?:\s+in|\s+at)?|leav(?:e|ing)|"
    r"start(?:ing)?(?:\s+my\s+(?:trip|journey))?(?:\s+(?:point|out))?(?:\s+(?:in|at|is))?|setting\s+(?:off|"
    r"out)\s+in)\b\s*:?)" + _LINK + "$",
    re.I,
)
_DESTINATION = re.compile(
    r"(?:\b(?:to|into|towards?|visit(?:ing)?|see(?:ing)?|for|destination(?:\s+is|\s+city)?|reach(?:ing)?|"
    r"explor(?:e|ing)|arriv(?:e|ing)\s+(?:in|at)|"
    r"end(?:ing)?(?:\s+(?:in|at))?|heading|bound\s+for|get\s+me\s+in|tour(?:ing)?)\b\s*:?)" + _LINK + "$",
    re.I,
)
_PERSON = re.compile(
    r"\b(?:name\s+is|name's|i'm|i\s+am|call\s+me|this\s+is|named|called|wife|husband|friend|daughter|son|sister|"
    r"brother)\s+$",
    re.I,
)
_LOOSE = re.compile(r"\b(?:in|at|around|near)" + _LINK + "$", re.I)
_ELSEWHERE = re.compile(
    r"\b(?:live|lives|living|reside|born|am|'m|work|working|based|was|were|raised|grew\s+up|office|moved\s+(?:to|"
    r"from))\s+(?:in|at|near|from|here\s+in)" + _LINK + "$",
    re.I,
)
_BACK = re.compile(r"\b(?:back|(?<!from )(?<!my )home|return(?:ing)?(?:\s+home)?)\s+(?:to|in|at)" + _LINK + "$", re.I)
_VIA = re.compile(r"\b(?:via|through|over|stop(?:over)?\s+in|connecting\s+in|change\s+in)" + _LINK + "$", re.I)
_DENIED = re.compile(
    r"\b(?:not|instead\s+of|rather\s+than|no\s+longer|isn'?t|never)(?:\s+(?:from|to|in|via))?" + _LINK + "$", re.I
)
_MEANT = re.compile(r"\b(?:i\s+meant?|to\s+say|make\s+(?:it|that)|rather|should\s+be)\s*,?\s*(?:to\s+|from\s+)?$", re.I)
_BETWEEN = re.compile(
    r"^\s*(?:,\s*\w{2,20}\s*)?\(?\w{0,3}\)?\s*(to|[-–—=]*>+|[-–—/→⇒➔➡»>~]|[-–—]{1,2}|\bthen\b|2)\s*$", re.I
)
_AND = re.compile(r"^\s+and\s+$", re.I)
_BETWEEN_WORD = re.compile(r"\bbetween\s+$", re.I)
_NAMED = r"[A-ZÀ-ÖØ-Þ][\w'’.-]{0,40}"
_UNKNOWN = re.compile(
    rf"(?i:\b(?P<cue>from|to|visit|destination:?|origin:?|leave|leaving)|(?P<arrow>[-=]+>|→))\s+"
    rf"(?P<place>{_NAMED}(?:[ ](?:(?:de|del|la|le|les|sur|am|an|der|den|upon|on|of|the|di|do|da|dos|das|los|las|"
    rf"el|al)[ ])?{_NAMED})*)"
)
_UNKNOWN_LEFT = re.compile(rf"(?<!\w)(?P<place>{_NAMED}(?:[ ]{_NAMED}){{0,3}})\s*(?:[-=]+>|→|\s[-–—]\s)")
_LOWER = re.compile(r"\b(?P<cue>from|to)\s+(?P<place>[a-zà-öø-ÿ][\w'’-]{2,}(?:\s[a-zà-öø-ÿ][\w'’-]{2,}){0,2})")
_TRIM = re.compile(
    r"^(?:(?:um+|uh+|er+|well|oh|okay|ok|hmm+|so|yes|yeah|sure|probably|maybe|please|it'?s|it\s+is|that'?s|"
    r"that\s+would\s+be|i'?ll|i\s+will|i'?d|we'?ll|"
    r"i'?m|i\s+am|we'?re|be|leave|leaving|depart|departing|starting|start|go|going|fly|flying|travel|travelling|"
    r"traveling|like|want|would|love|from|to|in|out|of|at|the|city|let'?s|say|i|we|my|is|"
    r"origin|destination|make|it)\b[\s,:.]*)+",
    re.I,
)
_LONGEST_ANSWER = 300
"""Characters of a text that may be only the name of a place."""
_TAIL = re.compile(
    r"(?:[\s,]+(?:please|pls|thanks|thank you|i guess|i think|if possible|instead|of course|would be (?:great|"
    r"nice|good)))*[\s.!?,]*$",
    re.I,
)


@dataclass(slots=True)
class Route:
    """Places of a text by role, spelled for answers; `loose` ones have no role."""

    origin: str = ""
    destination: str = ""
    back_to: str = ""
    loose: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    home: str = ""


def written(mention: PlaceMention) -> str:
    """Return the place as the user wrote it, capitalised; an airport code becomes its city."""
    text = " ".join(mention.text.split())
    city = mention.city
    if fold(text) == fold(city.name):
        return text if text[:1].isupper() and not (text.isupper() and len(text) > 3) else city.name
    if text.upper() == "NYC":
        return "NYC"
    short = text.replace(".", "")
    if short.upper() in city.codes or (len(short) <= 3 and short.isalpha()):
        return city.name
    for alias in city.aliases:
        if fold(alias) == fold(text) and (text.islower() or text.isupper()):
            return alias if not alias.islower() else titled(alias)
    return titled(text) if text.islower() or text.isupper() else text


def titled(text: str) -> str:
    """Capitalise the words of a name, except small words in the middle."""
    words = text.lower().split()
    return " ".join(
        w if i and w in SMALL_WORDS else "-".join(p[:1].upper() + p[1:] for p in w.split("-"))
        for i, w in enumerate(words)
    )


@lru_cache(maxsize=64)
def _places(text: str) -> tuple[PlaceMention, ...]:
    """Find the cities of a text; cached, since several rules read the same sentence."""
    return tuple(find_places(text))


def find_route(text: str, today: date, *, asked: str = "") -> Route:
    """Return the places of the text by role; `asked` is the slot that the agent has just asked for."""
    route = Route()
    dates = [(d.start, d.end) for d in find_dates(text, today)]
    places = [
        p for p in _places(text) if not _inside(p.start, p.end, dates) and not (p.text.islower() and p.text in NO_PLACE)
    ]
    evident = sum(p.certain for p in places) + len(dates) + len(find_modes(text))
    roles: list[tuple[PlaceMention, str]] = []
    for index, place in enumerate(places):
        before = text[max(0, place.start - 60) : place.start]
        role = _role(before)
        previous = roles[-1] if roles else None
        gap = text[previous[0].end : place.start] if previous else ""
        if (
            previous
            and len(gap) < 30
            and (
                _BETWEEN.match(gap)
                or (_AND.match(gap) and _BETWEEN_WORD.search(text[max(0, previous[0].start - 20) : previous[0].start]))
            )
        ):
            if previous[1] in ("", "loose", "elsewhere") or (
                previous[1] == "destination" and role == "" and not route.origin
            ):
                roles[-1] = (previous[0], "origin")
            role = "destination" if role in ("", "destination") else role
        if _PERSON.search(before):
            continue
        if not place.certain and (role in ("", "loose") or (place.text.islower() and evident < 1)):
            corrects = place.text[:1].isupper() and _MEANT.search(before) is not None
            follows = corrects or (
                index + 1 < len(places) and _BETWEEN.match(text[place.end : places[index + 1].start])
            )
            if not follows and asked not in ("origin", "destination"):
                continue
        roles.append((place, role))
    _assign(route, roles, asked)
    _unknown(route, text, [(p.start, p.end) for p, _ in roles] + dates)
    if route.origin and not route.destination and len(route.loose) == 1:
        route.destination = route.loose.pop()
    if asked in ("origin", "destination") and not (route.origin or route.destination or route.loose):
        bare = bare_place(text, today)
        if bare:
            setattr(route, asked, bare)
            route.unknown.append(bare)
    return route


def _role(before: str) -> str:
    for pattern, role in (
        (_DENIED, "denied"), (_BACK, "back"), (_ELSEWHERE, "elsewhere"), (_VIA, "via"), (_ORIGIN, "origin"),
        (_DESTINATION, "destination"), (_LOOSE, "loose"),
    ):  # fmt: skip
        if pattern.search(before):
            return role
    return ""


def _assign(route: Route, roles: list[tuple[PlaceMention, str]], asked: str) -> None:
    bare: list[PlaceMention] = []
    for place, role in roles:
        name = written(place)
        route.named.append(name)
        if role == "origin":
            route.origin = name
        elif role == "destination":
            if route.destination and route.origin and same_city(name, route.origin):
                continue
            route.destination = name
        elif role == "back":
            route.back_to = name
        elif role == "elsewhere":
            route.home = name
        elif role not in ("denied", "via"):
            bare.append(place)
    names = [written(p) for p in bare]
    if asked in ("origin", "destination") and names and not getattr(route, asked):
        setattr(route, asked, names.pop(0))
    elif len(names) == 2 and not route.origin and not route.destination:
        route.origin, route.destination = names
        names = []
    route.loose = [] if route.origin and route.destination else names


def _unknown(route: Route, text: str, taken: list[tuple[int, int]]) -> None:
    if route.origin and route.destination:
        return
    modes = [(m.start, m.end) for m in find_modes(text)]
    for pattern in (_UNKNOWN, _UNKNOWN_LEFT, _LOWER):
        for match in pattern.finditer(text):
            start = match.start("place")
            if _inside(start, start + 1, taken + modes):
                continue
            name = _shorten(match["place"], start, taken, modes)
            if (
                not name
                or all(fold(w) in NO_PLACE for w in name.split())
                or (name.islower() and fold(name.split()[0]) in NO_PLACE)
            ):
                continue
            cue = (match.groupdict().get("cue") or "").lower()
            if pattern is _LOWER and not (route.origin or route.destination or modes or len(taken) > 0):
                continue
            role = "origin" if cue[:4] in ("from", "orig", "leav") or pattern is _UNKNOWN_LEFT else "destination"
            if (
                re.search(
                    r"\b(?:talk|speak|listen|write|said|close|next|due|according|thanks|allergic|used|name|email|"
                    r"call|number|similar|up|back|home|married|engaged|related|new|send|sent|forward)\s+$",
                    text[max(0, match.start() - 12) : match.start()],
                    re.I,
                )
                and role == "destination"
            ):
                continue
            if not getattr(route, role):
                setattr(route, role, titled(name) if name.islower() else name)
                route.unknown.append(getattr(route, role))


def _shorten(name: str, start: int, taken: list[tuple[int, int]], modes: list[tuple[int, int]]) -> str:
    """Cut a name before the first word that is a date, a mode, or no part of a name."""
    words: list[str] = []
    at = start
    for word in re.split(r"( )", name):
        if word.strip():
            clean = word.strip(".,!?;:'")
            if _inside(at, at + len(word), taken + modes) or (
                words and fold(clean) in NO_PLACE and fold(clean) not in SMALL_WORDS
            ):
                break
            words.append(clean)
            if word != clean:
                break
        at += len(word)
    while words and fold(words[-1]) in SMALL_WORDS:
        words.pop()
    return " ".join(words)


def bare_place(text: str, today: date) -> str:
    """Return a place that is the whole answer to a question; "" where the text is no such answer."""
    if len(text) > _LONGEST_ANSWER:
        return ""
    rest = _TAIL.sub("", text.strip())
    rest = _TRIM.sub("", rest).strip(" \t\"'.,")
    words = rest.split()
    if not 1 <= len(words) <= 4 or not re.search(r"[^\W\d_]{2}", rest) or re.search(r"[\d?@#<>{}\[\]/\\|=]", rest):
        return ""
    if (
        any(fold(w.strip(".,'")) in NO_PLACE - SMALL_WORDS for w in words)
        or find_dates(rest, today)
        or find_modes(rest)
    ):
        return ""
    return titled(rest) if rest.islower() else rest


def _inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(a < end and start < b for a, b in spans)
