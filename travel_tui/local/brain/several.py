"""Several wishes in one message, taken one by one."""

from __future__ import annotations

import re
from datetime import date

from travel_tui.facts.dates import find_dates
from travel_tui.facts.places import find_places, same_city
from travel_tui.local.brain.route import Route, find_route

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
_COUNTED = re.compile(r"\b(?:from|to)\b|[-=]>|→|[-–—]", re.I)


def commands(text: str) -> list[str]:
    """The text split where a second order begins: cancel this, and book that."""
    return [piece for piece in (p.strip() for p in _COMMAND.split(text)) if piece]


def journeys(text: str, today: date) -> list[str]:
    """The text split where a second journey is described; the way back of the first one becomes its return."""
    if len(_COUNTED.findall(text)) < 2 or len(find_places(text)) < 4:
        return [text]
    groups: list[str] = []
    at = 0
    whole: Route | None = None
    for cut in [*(m.end() for m in _CHUNK.finditer(text)), len(text)]:
        chunk = text[at:cut]
        route = find_route(chunk, today)
        if groups and _CORRECTS.match(chunk):
            groups[-1] += chunk
        elif route.origin and route.destination and whole and find_dates(groups[-1], today):
            if same_city(route.origin, whole.destination) and same_city(route.destination, whole.origin):
                days = " ".join(d.text for d in find_dates(chunk, today))
                groups[-1] += f" returning {days} "
            else:
                groups.append(chunk)
                whole = route
        elif groups:
            groups[-1] += chunk
            whole = whole or _whole(groups[-1], today)
        else:
            groups.append(chunk)
            whole = _whole(chunk, today)
        at = cut
    return groups


def _whole(text: str, today: date) -> Route | None:
    route = find_route(text, today)
    return route if route.origin and route.destination else None
