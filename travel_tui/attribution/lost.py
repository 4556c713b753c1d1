"""Facts of a session that its summary lacks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from travel_tui.attribution import clauses
from travel_tui.attribution.bookings import lost_appointments, lost_references
from travel_tui.attribution.extents import MONEY_TAILS
from travel_tui.attribution.kept import Kept
from travel_tui.attribution.reading import read
from travel_tui.attribution.replaced import without_replaced
from travel_tui.attribution.rewording import Rewording
from travel_tui.attribution.statement import Statement
from travel_tui.attribution.statements import statements
from travel_tui.attribution.things import denial, is_addressed, is_beside, is_hard, is_part_of_day
from travel_tui.attribution.types import LostItem, Turn
from travel_tui.attribution.units import Reading, Unit
from travel_tui.attribution.words import concept_set, fact_concepts, language_of
from travel_tui.attribution.worth import is_figure, is_worth

_MOST_WORDS = 12
_FEW = 3
_MOSTLY = 0.5
_REWORDED = 2
"""Words of its own in a summary from which it may say a statement in other words."""


def find_lost(turns: Sequence[Turn], summary: str, today: date) -> list[LostItem]:
    """Return the facts that a session's user stated, and the booking codes that functions returned, which the session's
    summary lacks, in order. `today` is the session's day. Takes milliseconds; call it in a thread."""
    language = language_of(" ".join(turn.user for turn in turns[:50]))
    kept = Kept(read(summary, today, language), today)
    rewording = Rewording(turns, kept.reading, today, language)
    found: list[LostItem] = []
    told: set[frozenset[str]] = set()
    stated = statements(turns, today, language)
    if any(statement.reading.mixed for statement in stated):
        stated = [replace(each, reading=replace(each.reading, mixed=True)) for each in stated]
    answers = [[read(text, turn.day or today, language) for text in (*turn.tools, turn.agent)] for turn in turns]
    for statement in without_replaced(stated, answers, kept):
        if (item := _item(statement, kept, told, rewording)) is not None:
            if found and (joined := _joined(found[-1], item, statement.reading)) is not None:
                found[-1] = joined
            else:
                found.append(item)
    known = {key for statement in stated for unit in statement.units for key in unit.keys}
    references = lost_references(turns, kept, known, today, language)
    found += references
    listed = {(item.turn, item.tool) for item in references}
    found += [
        item for item in lost_appointments(turns, kept, known, today, language) if (item.turn, item.tool) not in listed
    ]
    return sorted(found, key=lambda item: (item.turn, item.tool is not None, item.start))


def _joined(before: LostItem, item: LostItem, reading: Reading) -> LostItem | None:
    """Return two items as one where only small words are between them: between 12 and 1, Tuesday is fine, after 4."""
    text = reading.text
    gap = text[before.end : item.start]
    if before.turn != item.turn or item.start < before.end:
        return None
    if not re.fullmatch(r"\s*(?:\w+\s+){0,2}", gap):
        first, last = (bisect_left(reading.units, at, key=lambda unit: unit.start) for at in (before.start, item.end))
        inside = reading.units[first:last]
        whens = all(unit.kind in ("day", "time") or unit.weight == 0 for unit in inside)
        if not whens or re.search(r"[.!?;\n]", gap) or inside[0].kind not in ("day", "time"):
            return None
    words = text[before.start : item.end]
    return LostItem(words, item.turn, before.start, item.end) if len(words.split()) <= 8 else None


def _item(statement: Statement, kept: Kept, told: set[frozenset[str]], rewording: Rewording) -> LostItem | None:
    """Return what the summary lacks of a statement as one item, or None."""
    units, reading = statement.units, statement.reading
    has = [kept.has(unit, supported=False) for unit in units]
    if any(each and unit.weight and unit.kind != "number" for unit, each in zip(units, has, strict=True)):
        has = [each or kept.has(unit, supported=True) for unit, each in zip(units, has, strict=True)]
    absent = [not each and unit.keys not in told for unit, each in zip(units, has, strict=True)]
    lacking = [
        at
        for at, unit in enumerate(units)
        if absent[at]
        and not (statement.ended and unit.kind == "name")
        and _may_lack(units, at, absent, has, reading)
        and not is_addressed(unit, reading)
    ]
    if statement.ended and not kept.ended() and not lacking:  # the summary still has what the user said is over
        lacking = [at for at, unit in enumerate(units) if unit.weight >= 2]
    else:
        lacking = lacking if _is_worth_telling(statement, lacking, has, kept, rewording) else []
    if not lacking:
        return None
    told.update(units[at].keys for at in lacking)
    first, last = _span(units, lacking[0], lacking[-1], reading)
    return LostItem(reading.text[first:last], statement.turn, first, last)


def _may_lack(units: Sequence[Unit], at: int, absent: Sequence[bool], has: Sequence[bool], reading: Reading) -> bool:
    """Whether an absent unit may be told: a word of many meanings only beside another, or where nothing is there."""
    unit = units[at]
    return (
        unit.weight >= 2
        or (
            unit.weight == 1
            and (is_beside(units, at, absent) or not any(has) or bool(denial(reading.text, unit.start)))
        )
        or is_part_of_day(unit, reading.text)
    )


def _is_worth_telling(
    statement: Statement, lacking: Sequence[int], has: Sequence[bool], kept: Kept, rewording: Rewording
) -> bool:
    """Whether a lacking unit carries a fact; a plain word only where the rest is not there in other words."""
    units, reading = statement.units, statement.reading
    if not lacking:
        return False
    worth = [at for at in lacking if not _counts_kept(units, at, has) and is_worth(units[at], reading, kept)]
    if not worth:
        return False
    if any(is_figure(units[at]) for at in worth):
        return True
    if rewording.near(statement.turn) >= _REWORDED:
        return False  # the summary may say it in words of its own
    if any(units[at].value is not None or units[at].kind == "name" for at in worth):
        return True
    if any(_is_distinct(units[at], statement, kept) for at in worth):
        return True
    covered = any(
        each and unit.weight >= 2 and not unit.keys & concept_set("persons") and not (at == 0 and kept.names(unit))
        for at, (unit, each) in enumerate(zip(units, has, strict=True))
    )
    if covered:
        return False
    plain = not any(units[at].keys & fact_concepts() for at in worth)
    if plain and _share_kept(statement, kept) > 0:
        return False  # a thing is told only where the summary has nothing of its sentence
    if _share_kept(statement, kept) > _MOSTLY:
        clause = reading.clause(units[worth[0]])
        states = clauses.wants(clause) or clauses.denies(clause) or clauses.has(clause)
        return states and any(units[at].keys & fact_concepts() for at in worth)
    return True


def _is_distinct(unit: Unit, statement: Statement, kept: Kept) -> bool:
    """Whether a word is a fact even if the summary has most of its sentence: an illness, or what is denied."""
    return (
        is_hard(unit, statement.reading, kept)
        or is_part_of_day(unit, statement.reading.text)
        or bool(
            kept.reads(statement.reading) and denial(statement.reading.text, unit.start) and unit.keys & fact_concepts()
        )
    )


def _counts_kept(units: Sequence[Unit], at: int, has: Sequence[bool]) -> bool:
    """Whether a unit is a small number of things that the summary has, and may name one by one: two cats."""
    value = units[at].value
    if value is None or value.kind != "number" or value.unit or (value.amount or 0) > _FEW or at + 1 >= len(units):
        return False
    return (
        has[at + 1] and units[at + 1].weight > 0 and units[at + 1].joined and units[at + 1].kind in ("word", "phrase")
    )


def _share_kept(statement: Statement, kept: Kept) -> float:
    """Return the share of the words of a statement's sentence that the summary has, values and names included."""
    units = [unit for unit in statement.reading.of_sentence(statement.units[0]) if unit.weight]
    return sum(kept.has(unit, supported=True) for unit in units) / max(1, len(units))


def _span(units: Sequence[Unit], first: int, last: int, reading: Reading) -> tuple[int, int]:
    """Return the offsets from the first to the last lacking unit with the words joined to them, of at most 12 words.

    What is denied is told with the word that denies it: no laces.
    """
    text = reading.text
    while first and units[first].joined and last - first < _MOST_WORDS:
        first -= 1
    while last + 1 < len(units) and units[last + 1].joined and last - first < _MOST_WORDS:
        last += 1
    while last > first and len(text[units[first].start : units[last].end].split()) > _MOST_WORDS:
        last -= 1
    start = units[first].start
    denied = denial(text, start)
    end = units[last].end
    value = units[last].value
    if value is not None and value.kind == "number" and (tail := MONEY_TAILS.match(text, end)) is not None:
        end = tail.end()
    return (denied.start() if denied else start), end
