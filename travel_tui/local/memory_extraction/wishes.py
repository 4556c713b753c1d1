"""Wishes to travel, in the sentence that the scripted agent takes up later."""

from __future__ import annotations

import re
from datetime import date

from travel_tui.facts.text import even, sentences
from travel_tui.local.scripted_agent import modes
from travel_tui.local.scripted_agent.place_slots import find_route
from travel_tui.local.scripted_agent.summary import wish_line

_WISH = re.compile(
    r"\b(?:i|we)(?:'d| would|'m| am| are|'re)?\s+(?:really\s+)?(?:like|love|want|hope|plan|planning|thinking|dreaming|"
    r"considering)\b",
    re.I,
)
_TRAVEL = re.compile(
    r"\b(?:go|going|travel\w*|fly\w*|visit\w*|see|trips?|holidays?|vacation|weeks?|weekend|tak(?:e|ing))\b", re.I
)
_CHANGE = re.compile(r"\b(?:stay\w*|return\w*|extend|change|cancel|instead|earlier|later)\b", re.I)
_ANY_DAY = date(2000, 1, 1)
"""Places do not depend on the day; dates are not read here."""
_MAX_SENTENCES = 20


def wish_of(text: str) -> str:
    """Return the sentence about a trip that the user would like to make; "" where a message tells of none."""
    plain = even(text)
    for start, end in sentences(plain)[:_MAX_SENTENCES]:
        sentence = plain[start:end]
        if not _WISH.search(sentence) or not _TRAVEL.search(sentence) or _CHANGE.search(sentence):
            continue
        route = find_route(sentence, _ANY_DAY)
        destination = route.destination or (route.loose[0] if route.loose else "")
        if destination:
            mode = modes.chosen(sentence)
            wish = {
                "origin": route.origin,
                "destination": destination,
                "mode": mode if mode in ("TRAIN", "AIR") else "",
            }
            return wish_line({part: value for part, value in wish.items() if value})
    return ""
