"""Whether a value, a name or a word of a statement is a fact that a summary ought to have."""

from __future__ import annotations

import re

from travel_tui.attribution import clauses
from travel_tui.attribution.kept import Kept
from travel_tui.attribution.things import is_thing
from travel_tui.attribution.units import Reading, Unit
from travel_tui.attribution.value import SPANS, Value
from travel_tui.attribution.words import concept_set

_PEOPLE = re.compile(r"\s*(?:of (?:us|them|you)|personas?|people|persons?|persone|personnes?|guests|adults)\b", re.I)
_COUNTED = re.compile(r"\s*(?:times?|ones?|trips?|digits?|letters?|o\b)", re.I)
_SHORT_CODE = 4
"""Figures of a code without letters, at least; 3-1 is a score."""
_FEW, _SMALL, _ONE_FIGURE = 3, 12, 9
"""Most people that are named one by one; numbers that say something only with what they count; most in any language."""
_SINCE = re.compile(r"\b(?:since|seit|depuis|desde|dal|da|sinds|sedan|od)\s+$", re.I)


def is_worth(unit: Unit, reading: Reading, kept: Kept) -> bool:
    """Whether a unit that the summary lacks carries a fact by itself."""
    if unit.value is not None:
        return _is_value(unit, unit.value, reading, kept)
    if unit.kind == "name":
        return _is_name(unit, reading, kept)
    return is_thing(unit, reading, kept)


def is_figure(unit: Unit) -> bool:
    """Whether a unit is a code, or a number that is seldom told in other words: a large one, or one with a unit."""
    value = unit.value
    if value is None or value.kind != "number":
        return value is not None and value.kind == "code"
    return value.unit not in SPANS and (bool(value.unit) or (value.amount or 0) > _SMALL)


def _is_value(unit: Unit, value: Value, reading: Reading, kept: Kept) -> bool:
    """Whether a value is more than part of a story, a guess, or a small number."""
    clause = reading.clause(unit)
    if clauses.is_unsure(reading.text[slice(*reading.sentence(unit))]):
        return False
    if value.kind == "code":
        return any(map(str.isalpha, value.code)) or len(value.code) >= _SHORT_CODE
    if value.kind == "number":
        return _is_number(unit, value, reading, kept)
    if value.kind == "day" and value.relative and value.day is not None:
        return value.day > kept.today
    if not value.month and _SINCE.search(reading.text, max(0, unit.start - 12), unit.start):
        return False
    told = clauses.narrates(clause)
    if clauses.is_closed(clause):
        return False
    return not told or value.every or (value.kind == "time" and clauses.wants(clause))


def _is_number(unit: Unit, value: Value, reading: Reading, kept: Kept) -> bool:
    amount = value.amount or 0
    if value.unit in SPANS:
        return amount != 1 and not clauses.narrates(reading.clause(unit))
    if value.unit:
        return True
    if amount in (0, 1, 2) or _COUNTED.match(reading.text, unit.end):
        return False
    if amount <= _FEW and _PEOPLE.match(reading.text, unit.end):
        return False
    if amount <= _ONE_FIGURE and not kept.reads(reading):
        return False
    return amount > _SMALL or amount != int(amount) or _counts(unit, reading, kept)


def _counts(unit: Unit, reading: Reading, kept: Kept) -> bool:
    """Whether a number counts or names what is beside it, which the summary lacks as well: third floor."""
    units = reading.of_clause(unit)
    at = next((place for place, each in enumerate(units) if each.start == unit.start), -1)
    before, after = units[at - 1] if at > 0 else None, units[at + 1] if 0 <= at < len(units) - 1 else None
    if before is not None and before.kind in ("word", "name"):
        gap = reading.text[before.end : unit.start].strip()
        if gap in ("", "no", "no.", "nr.", "number", "#"):
            return True
    told = after is not None and (reading.language == "en" or reading.text[after.start].isupper())
    return told and after is not None and after.joined and not kept.has(after, supported=True)


def _is_name(unit: Unit, reading: Reading, kept: Kept) -> bool:
    """Whether a name is not part of a story, nor a short word in capitals."""
    clause = reading.clause(unit)
    if unit.keys & concept_set("persons"):
        return False
    if reading.mixed or clauses.is_back(clause) or clauses.stays_away(clause) or clauses.narrates(clause):
        return False
    short = reading.text[unit.start : unit.end].isupper() and unit.end - unit.start <= 3
    named = any(key.startswith("=city") for key in unit.keys)
    return not short or named or is_thing(unit, reading, kept)
