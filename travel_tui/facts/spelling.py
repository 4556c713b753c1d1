"""Correction of typos in words that matter for a booking: months, weekdays, train, flight, return."""

from __future__ import annotations

import re
from functools import lru_cache

from travel_tui.facts.places import lookup

_VOCABULARY = """
january february march april june july august september october november december monday tuesday wednesday thursday
friday saturday sunday train trains flight flights plane airplane return returning leaving leave depart departing
departure booking reservation cancel change tomorrow please nights weeks vegetarian allergic travel
"""
_OTHER_WORDS = """
marsh plan plans planet panel planer fight fights light leaves leaved weaks retain returns departs departed travels
traveled travelled traveler cancels chance charge changed changes pleased pleases plead please depart departures
bookings booing reservations preservation marchs trainer trained trainee tuna augusta augustus julie jule junes
aprils sunda fridays mondays sundays saturdays tuesdays wednesdays thursdays airplanes cancelled canceled cancer
flighty flightless nightly tight march planed planned planner terrain leaver lave chang decembers novembers week
weeks night nights days marche mach juli juin juillet jun jul sept
"""
_USUAL = {"tommorow": "tomorrow", "tomorow": "tomorrow", "wensday": "wednesday", "teh": "the", "plz": "please"}
_KNOWN = frozenset(_VOCABULARY.split())
_LEFT_ALONE = _KNOWN | frozenset(_OTHER_WORDS.split())
_CALENDAR = frozenset(_VOCABULARY.split()[:19])
_BY_FIRST: dict[str, list[str]] = {}
for _word in sorted(_KNOWN):
    _BY_FIRST.setdefault(_word[0], []).append(_word)
_BEFORE_A_DAY = re.compile(r"(?:\d\s?(?:st|nd|rd|th)?\s?(?:of\s)?|\b(?:on|in|next|this|until|till|from|by)\s)$", re.I)
_WORD = re.compile(r"(?<![\w@./'-])[A-Za-z]{3,13}(?![\w@'-]|\.\w)")


def corrected(text: str) -> str:
    """Correct typos: one letter missing, extra or swapped with its neighbour, and in long words one wrong letter.
    Cities are
    kept; so are other capitalised words, except months and weekdays."""
    return _WORD.sub(lambda match: _meant(match.group()) if _in_place(match) else match.group(), text)


def _in_place(match: re.Match[str]) -> bool:
    """Whether a capitalised word is where a date would be; elsewhere Frida and Marc are people."""
    if match.group().islower():
        return True
    before, after = (
        match.string[max(0, match.start() - 12) : match.start()],
        match.string[match.end() : match.end() + 4],
    )
    return _BEFORE_A_DAY.search(before) is not None or re.match(r"\s*\d", after) is not None


@lru_cache(maxsize=4096)
def _meant(word: str) -> str:
    lower = word.lower()
    if lower in _USUAL:
        return _USUAL[lower]
    if lower in _LEFT_ALONE:
        return word
    found = [known for known in _BY_FIRST.get(lower[0], []) if _slipped(lower, known)]
    if len(found) != 1 or (word[0].isupper() and found[0] not in _CALENDAR) or lookup(lower):
        return word
    return found[0].capitalize() if word[0].isupper() else found[0]


def _slipped(word: str, known: str) -> bool:
    """Whether `word` is `known` with one typo; four letters are too few to tell."""
    if len(known) < 5 or abs(len(word) - len(known)) > 1:
        return False
    if len(word) != len(known):
        longer, shorter = (word, known) if len(word) > len(known) else (known, word)
        return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
    wrong = [i for i, (a, b) in enumerate(zip(word, known, strict=True)) if a != b]
    if len(wrong) == 2:
        i, j = wrong
        return j == i + 1 and word[i] == known[j] and word[j] == known[i]
    return len(wrong) == 1 and len(known) >= 7
