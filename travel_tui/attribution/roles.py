"""Roles of words by what is around them: a place, a person, a plain verb; values too common to say much."""

from __future__ import annotations

import re

from travel_tui.attribution.types import Claim
from travel_tui.attribution.units import Reading, Unit
from travel_tui.attribution.value import SPANS
from travel_tui.attribution.wordnet import is_noun, is_verb, is_word
from travel_tui.attribution.words import fact_concepts, word_set

_VERB_AFTER = word_set("before-verbs-en")
_BEFORE_VERB = re.compile(r"([\w'’]+)\s+(?:\w+(?:,|,?\s+(?:and|or))\s+){0,3}$")
"""The word before one or more verbs: can book, change or cancel."""
_BEFORE_IMPERATIVE = re.compile(r"(?:^|[.!?:“\"‘(])\s*$")
_PRONOUN = re.compile(r"\s+(?:it|them|me|us)\b", re.I)
_PLAIN_OBJECT = re.compile(r"\s+(?:it|that|this|these|those|them|you|me|us|him|her|an?|the|your|my)\b", re.I)
_MOST_BEFORE = 48
"""Most characters before a word that tell whether it is a verb."""


def is_place(around: tuple[str, str]) -> bool:
    return re.search(r"\b(?:in|to|from|at|near|via|around|visit|through)\s+$", around[0], re.I) is not None


def is_person(around: tuple[str, str]) -> bool:
    return (
        re.search(
            r"\b(?:called|named|name is|friend|colleague|sister|brother|mother|father|daughter|son|wife|"
            r"husband|aunt|uncle|"
            r"cousin|niece|nephew|neighbou?r|boss|mr|mrs|ms|dr|dog|cat|partner|girlfriend|boyfriend)\W+$",
            around[0],
            re.I,
        )
        is not None
        or re.match(r"\s*,\s+(?:a|an|my|your|the|his|her)\s", around[1]) is not None
        or re.match(r"['’]s\s", around[1]) is not None
    )


def is_common(unit: Unit) -> bool:
    """Whether a value is so common that it says little by itself: a small number, an hour, or a weekday."""
    value = unit.value
    if value is None:
        return False
    if value.kind == "day":
        return value.month is None or value.dom is None
    if value.kind == "number":
        amount = value.amount or 0
        measured = bool(value.unit) and value.unit not in SPANS
        return amount < 100 and amount == int(amount) and not measured
    return value.kind == "time" and all(minutes % 60 == 0 for minutes in value.minutes)


def has_no_digits(claim: Claim) -> bool:
    return not any(char.isdigit() for char in claim.text)


def may_be_fact(reading: Reading, place: int) -> bool:
    """Whether a word may be a fact that nothing supports; an adjective or a verb by itself is a way to say it."""
    unit = reading.units[place]
    if reading.text[unit.start] >= "\u3040" and unit.end - unit.start < 3:  # a count, as in five people
        return False
    if reading.language != "en" or unit.kind == "phrase":
        return True
    if _is_plain_verb(reading, place):
        return False
    if any(key[0] == "=" for key in unit.keys):
        return True
    word = reading.text[unit.start : unit.end].lower()
    stems = [key[2:] for key in unit.keys if key[:2] == "s:"]
    known = any(map(is_word, stems))
    return not known or (any(map(is_noun, stems)) and not word.endswith(("ly", "able", "ful", "less")))


def _is_plain_verb(reading: Reading, place: int) -> bool:
    """Whether a word is a verb here whose object names no fact: I can cancel it, nice to meet you."""
    unit, text = reading.units[place], reading.text
    if unit.keys & fact_concepts() or not any(is_verb(key[2:]) for key in unit.keys if key[:2] == "s:"):
        return False
    before = text[max(0, unit.start - _MOST_BEFORE) : unit.start]
    if _BEFORE_IMPERATIVE.search(before):
        return _PRONOUN.match(text, unit.end) is not None
    verb = _BEFORE_VERB.search(before)
    if verb is None or verb[1].lower().replace("’", "'") not in _VERB_AFTER:
        return False
    after = reading.units[place + 1] if place + 1 < len(reading.units) else None
    return _PLAIN_OBJECT.match(text, unit.end) is not None or (after is not None and after.joined and not after.weight)
