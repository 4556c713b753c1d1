"""Split a message that holds several requests."""

from __future__ import annotations

import re
from datetime import date
from itertools import islice

from travel_tui.facts.dates import find_dates
from travel_tui.facts.places import find_places, same_city
from travel_tui.local.scripted_agent.place_slots import Route, find_route

_COMMAND = re.compile(
    r"(?:[.;]\s+|,?\s+)(?:and|then|but)\s+(?:(?:then|also|please|instead|after\s+that|can\s+you|could\s+you)\s+)*"
    r"(?=(?:book|reserve|cancel|delete|change|move|shift|postpone|extend|reschedule)\s)",
    re.I,
)
_CHUNK = re.compile(
    r"(?:[.;\n]+\s*|,?\s+(?:and|then|also|plus|as\s+well\s+as)\s+(?:then\s+|also\s+)?"
    r"|,\s+(?=(?:from|train|flight|fly)\b|[A-Z]\w+\s*(?:to\s|-+>|→)))",
)
_CORRECTS = re.compile(
    r"\W*(?:(?:no|wait|oh|sorry|oops|actually|well|hm+)\b[\s,]*)*(?:make\s+(?:that|it)|i\s+meant?|rather|better|"
    r"scratch\s+that)\b",
    re.I,
)
_MAX_ORDERS = 20
_MAX_PARTS = 40
"""Requests in one message, and parts of it in which a journey may begin; further text belongs to the last one."""
_JOURNEY = 400
"""Characters at the end of a part that are searched for its journey."""
_COUNTED = re.compile(r"\b(?:from|to)\b|[-=]>|→|[-–—]", re.I)


def commands(text: str) -> list[str]:
    """Split the text where a second request begins: cancel this, and book that."""
    return [piece for piece in (p.strip() for p in _COMMAND.split(text, maxsplit=_MAX_ORDERS - 1)) if piece]


def journeys(text: str, today: date) -> list[str]:
    """Split the text where a second journey begins; the way back of the first becomes its return date."""
    if len(_COUNTED.findall(text)) < 2 or len(find_places(text)) < 4:
        return [text]
    groups: list[str] = []
    at = 0
    whole: Route | None = None
    for cut in [*(m.end() for m in islice(_CHUNK.finditer(text), _MAX_PARTS)), len(text)]:
        chunk = text[at:cut]
        route = find_route(chunk, today)
        if groups and _CORRECTS.match(chunk):
            groups[-1] += chunk
        elif route.origin and route.destination and whole and find_dates(groups[-1][-_JOURNEY:], today):
            if same_city(route.origin, whole.destination) and same_city(route.destination, whole.origin):
                days = " ".join(d.text for d in find_dates(chunk, today))
                groups[-1] += f" returning {days} "
            else:
                groups.append(chunk)
                whole = route
        elif groups:
            groups[-1] += chunk
            whole = whole or _whole(groups[-1][-_JOURNEY:], today)
        else:
            groups.append(chunk)
            whole = _whole(chunk, today)
        at = cut
    return groups


def _whole(text: str, today: date) -> Route | None:
    route = find_route(text, today)
    return route if route.origin and route.destination else None
