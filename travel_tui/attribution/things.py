"""Whether a word is a fact about a person, or a thing that somebody refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from travel_tui.attribution import clauses, wordnet
from travel_tui.attribution.kept import Kept, misspelled
from travel_tui.attribution.units import Reading, Unit
from travel_tui.attribution.value import SPANS
from travel_tui.attribution.vocabulary import COMPOUNDING, STANCE
from travel_tui.attribution.words import (
    concept_set,
    concepts_from,
    concepts_in,
    fact_concepts,
    fold,
    hard_concepts,
    lexicon,
    word_set,
)

_NO = re.compile(
    r"\b(?:no|not|never|without|kein\w*|ohne|sans|sin|senza|sem|geen|zonder|utan|bez)\s+"
    r"(?:(?!longer|more|less|idea|need|problem|matter|doubt|wonder|way|one|thanks|sorry)[a-z-]{3,}\s+)?$",
    re.I,
)
_REQUEST = re.compile(r"\b(?:(?:can|could|would|will) (?:you|u)(?: please)?|please|pls|plz)\s+$", re.I)
_PARTS_OF_DAY = frozenset({"=morning", "=afternoon", "=evening"})
_EVERY = re.compile(r"\b(?:every|each|only|jeden|chaque|cada|ogni)\s+$", re.I)
_BEFORE = re.compile(r"[\w'’]+(?=\W*$)")
_NOUN_AFTER = word_set("before-nouns")
"""Words that a noun follows."""
_VERB_AFTER = word_set("before-verbs-en")
"""Words that a verb follows."""
_ABLE = re.compile(r"\b(?:can|can['’]?t|cannot|could|couldn['’]?t|to|don['’]?t|won['’]?t)\s+$", re.I)
_IS_NOT = re.compile(r"(?:\b(?:is|are|was|were)n['’]t|\bnot|\bnever)\s+$", re.I)
"""Before what somebody is not: isn't religious."""
_ALLERGY = frozenset({"=allergy"})
_LISTS = re.compile(
    r"\s+(?:to|a|al|alla|aux?|gegen|på|voor|na)\s+(?:(?:the|la|el)\s+)?"
    r"(?:[\w'’-]+(?:,|\s+(?:and|or|y|et|und|e|och|en|i))\s+(?:(?:to|a|al|alla|au|gegen|the|la|el)\s+)?){0,3}",
    re.I,
)
"""From an allergy to one of the things that it is to."""


def is_thing(unit: Unit, reading: Reading, kept: Kept) -> bool:
    """Whether a word is a fact about a person (a diet, an illness), or a thing that somebody wants, refuses or has."""
    text = reading.text
    facts = (unit.keys & fact_concepts()) - concept_set("persons")
    clause = reading.clause(unit)
    if not kept.reads(reading):
        return bool(facts & concepts_in(kept.reading.language)) and not facts <= STANCE
    if is_hard(unit, reading, kept):
        return True
    if clauses.may_be(clause) or reading.mixed:
        return False
    if is_part_of_day(unit, text):
        return True
    facts &= _of_whole_word(unit, reading)
    if _is_able(unit, reading):  # can't cook, which is no job
        facts -= concept_set("jobs")
    if facts:
        return not clauses.narrates(clause) and (
            reading.language == "en" or unit.kind == "phrase" or _is_noun(unit, reading)
        )
    if (
        unit.keys & (STANCE | concept_set("persons"))
        or clauses.explains(clause)
        or clauses.narrates(clause)
        or unit.keys & _times()
    ):
        return False
    if (found := denial(text, unit.start)) and is_absent(found) and reading.language == "en":
        return any(wordnet.is_noun(key[2:]) for key in unit.keys if key[:2] == "s:")
    return (
        clauses.denies(clause)
        and _is_noun(unit, reading)
        and not _IS_NOT.search(text, max(0, unit.start - 12), unit.start)
    )


def is_hard(unit: Unit, reading: Reading, kept: Kept) -> bool:
    """Whether a word counts whatever is said around it: a diet, an illness, what somebody is allergic to."""
    facts = unit.keys & hard_concepts()
    if unit.keys & concept_set("refused") and clauses.denies(reading.text[slice(*reading.sentence(unit))]):
        return True
    if facts:
        return not facts <= _ALLERGY or _has_object(unit, reading, kept)
    allergy = next((each for each in reading.of_sentence(unit) if each.keys & _ALLERGY), None)
    if allergy is None or unit.value is not None or allergy.end > unit.start or not kept.reads(reading):
        return False
    return _LISTS.fullmatch(reading.text, allergy.end, unit.start) is not None and _is_noun(unit, reading)


def _has_object(unit: Unit, reading: Reading, kept: Kept) -> bool:
    """Whether the summary lacks what somebody is allergic to, too."""
    near = (each for each in reading.of_clause(unit) if each is not unit and each.weight)
    return any(not each.keys & concept_set("persons") and not kept.has(each, supported=True) for each in near)


def _is_able(unit: Unit, reading: Reading) -> bool:
    """Whether a word says what somebody can do or does not do."""
    return _ABLE.search(reading.text, max(0, unit.start - 12), unit.start) is not None


def _of_whole_word(unit: Unit, reading: Reading) -> frozenset[str]:
    """Return the concepts of a word as a whole; a part of a compound tells its kind only: Fahrdienst is no car."""
    if reading.language not in COMPOUNDING or unit.kind == "phrase":
        return unit.keys
    stems = [key[2:] for key in unit.keys if key[:2] == "s:"]
    return frozenset(name for each in stems for _, name in concepts_from(each, reading.language))


def _is_noun(unit: Unit, reading: Reading) -> bool:
    """Whether a word names a thing: by the word list, or in other languages by its capital or the word before it."""
    text = reading.text
    if text[unit.start] >= "\u3040":
        return True
    before = (_BEFORE.search(text[max(0, unit.start - 30) : unit.start]) or [""])[0].lower()
    if reading.language == "en":
        stems = [key[2:] for key in unit.keys if key[:2] == "s:"]
        word = text[unit.start : unit.end].lower()
        verb = (
            before in _VERB_AFTER
            or before in ("please", "pls", "to")
            or (word.endswith(("ed", "ing", "ly")) and before not in _NOUN_AFTER)
        )
        return any(map(wordnet.is_object, stems)) and not (verb and any(map(wordnet.is_verb, stems)))
    return text[unit.start].isupper() if reading.language == "de" else before in _NOUN_AFTER


@cache
def _times() -> frozenset[str]:
    """Return the keys of the words for days, weeks and the like."""
    return frozenset(f"f:{word}" for word, unit in lexicon().units.items() if unit in SPANS)


def is_part_of_day(unit: Unit, text: str) -> bool:
    """Whether a word says when something is done: every evening."""
    return (
        not _PARTS_OF_DAY.isdisjoint(unit.keys) and _EVERY.search(text, max(0, unit.start - 12), unit.start) is not None
    )


def denial(text: str, start: int) -> re.Match[str] | None:
    """Return the word that denies the thing behind it, which starts there: no laces."""
    return _NO.search(text, max(0, start - 24), start)


def is_absent(denied: re.Match[str]) -> bool:
    """Whether a denial is of a thing, not of what is done: no and without, but not never."""
    return denied.group().split()[0].lower() not in ("not", "never")


def is_beside(units: Sequence[Unit], at: int, absent: Sequence[bool]) -> bool:
    """Whether a word of many meanings makes a phrase with an absent word next to it: front seat."""
    after = at + 1 < len(units) and units[at + 1].joined and absent[at + 1]
    return after or (at > 0 and units[at].joined and absent[at - 1])


def is_addressed(unit: Unit, reading: Reading) -> bool:
    """Whether a word asks for something (Renew my permit) or is a function word with a slip of the pen."""
    text = reading.text
    if unit.kind == "phrase" and _REQUEST.search(text, max(0, unit.start - 24), unit.start):
        return True
    if unit.value is not None or unit.kind != "word":
        return False
    start, _ = reading.sentence(unit)
    first = not text[start : unit.start].strip(" \n\t>-*•\"'")
    if first and re.match(
        r"\s+(?:me|my|the|an?|it|us|for|to|that|this|these|those|in|on|our|him|her|them|with|up|down|"
        r"something|mir|meine?n?|moi|mon|ma|me|mi|un[ae]?)\b",
        text[unit.end : unit.end + 12],
        re.I,
    ):
        return True
    word = fold(text[unit.start : unit.end])
    return (
        unit.weight == 2
        and reading.language == "en"
        and len(word) >= 5
        and misspelled(word, _common_words())
        and not any(key[0] == "=" for key in unit.keys)
    )


@cache
def _common_words() -> tuple[str, ...]:
    known = lexicon()
    return tuple(sorted({word for word, languages in known.function.items() if "en" in languages and len(word) >= 5}))
