"""Numbers and ordinals, in digits and in English words."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNIT_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_ORDINAL_WORDS = """
zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth
"""

_UNITS = _UNIT_WORDS.split()
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ORDINALS = _ORDINAL_WORDS.split()
_CARDINAL_VALUES = {word: value for value, word in enumerate(_UNITS)} | _TENS
_ORDINAL_VALUES = {word: value for value, word in enumerate(_ORDINALS)} | {"twentieth": 20, "thirtieth": 30}

_small = "|".join(sorted(_UNITS[1:10], key=len, reverse=True))
_teens = "|".join(sorted(_UNITS, key=len, reverse=True))
_tens = "|".join(_TENS)
_small_ordinals = "|".join(_ORDINALS[1:10])
_all_ordinals = "|".join(sorted([*_ORDINALS, "twentieth", "thirtieth"], key=len, reverse=True))

CARDINAL = rf"(?:(?:{_tens})(?:[- ](?:{_small}))?\b|(?:{_teens})\b|\d{{1,4}})"
"""A regular expression, without groups, for a count such as 5, five or twenty-one; use with re.I."""
ORDINAL = rf"(?:(?:twenty|thirty)[- ](?:{_small_ordinals})\b|(?:{_all_ordinals})\b|\d{{1,2}}\s?(?:st|nd|rd|th)\b)"
"""A regular expression, without groups, for an ordinal such as 23rd or twenty-third; use with re.I."""

_FIND = re.compile(rf"(?<![\w.,-])(?:(?P<ordinal>{ORDINAL})|(?P<cardinal>{CARDINAL}))(?![\w])", re.I)


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number in a text, from `start` to `end`."""

    start: int
    end: int
    text: str
    value: int
    ordinal: bool


def to_int(text: str) -> int | None:
    """Return the value of a cardinal or ordinal, in digits or words; None if it is neither."""
    words = text.lower().strip()
    digits = re.match(r"\d+", words)
    if digits:
        return int(digits.group())
    if words in ("a", "an"):
        return 1
    if words in ("couple", "a couple", "couple of", "a couple of"):
        return 2
    total = 0
    for word in re.split(r"[-\s]+", words):
        value = _CARDINAL_VALUES.get(word, _ORDINAL_VALUES.get(word))
        if value is None:
            return None
        total += value
    return total


def find_numbers(text: str) -> list[NumberMention]:
    """Return every count and ordinal of the text, in order."""
    found = []
    for match in _FIND.finditer(text):
        value = to_int(match.group())
        if value is not None:
            found.append(NumberMention(match.start(), match.end(), match.group(), value, match["ordinal"] is not None))
    return found
