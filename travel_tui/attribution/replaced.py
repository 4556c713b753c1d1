"""Values of a session that a later one stands for: 40 people, then 45 people; Hamburg, then Bremen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from travel_tui.attribution.kept import Kept
from travel_tui.attribution.matching import MONEY
from travel_tui.attribution.statement import Statement
from travel_tui.attribution.units import Reading, Unit
from travel_tui.attribution.words import concept_set

_COLOURS, _DIETS = concept_set("colours"), concept_set("diets")
_BARE = frozenset({"number "})
"""The kind of a number without a unit, which one that counts nothing may replace: room 12, no, 15."""
_AGREED = frozenset({"day", "time", "city"})
_MOST_AGREED = 60
"""Most kinds of answers, the latest, that are looked at."""
_BARE_AMOUNT = 100
"""Numbers from which one without a unit may be an amount of money."""


def without_replaced(stated: Sequence[Statement], answers: Sequence[Sequence[Reading]], kept: Kept) -> list[Statement]:
    """Leave out what a later value of its kind replaces in the summary.

    A number by one of the same thing; a day, a time, a city, an amount, a colour or a diet by one of a later turn, of
    the user or in the `answers` to each turn: what functions and the agent told.
    """
    found = []
    numbers: dict[str, float] = {}
    later: dict[str, int] = {}
    """By kind, the last turn with one that the summary has."""
    agreed = _agreed(answers, kept)
    for statement in reversed(stated):
        left = []
        for unit in statement.units:
            value, has = unit.value, kept.has(unit, supported=True)
            amount = value.amount if value is not None and value.kind == "number" else None
            labels = sorted(key for key in unit.labels if key[:2] == "s:")
            if amount is not None and any(numbers.get(key, amount) != amount for key in labels):
                continue
            kinds = _kinds(unit)
            if not has and any(later.get(kind, 0) > statement.turn for kind in kinds):
                continue
            if not has and any(
                turn > statement.turn and kind in kinds and unit.keys.isdisjoint(keys) for kind, turn, keys in agreed
            ):
                continue
            left.append(unit)
            if has:
                told = kinds - _BARE if unit.labels else kinds
                later |= {kind: max(statement.turn, later.get(kind, 0)) for kind in told}
                if amount is not None:
                    numbers |= dict.fromkeys(labels, amount)
        found.append(replace(statement, units=tuple(left)))
    return found[::-1]


def _kinds(unit: Unit) -> set[str]:
    """Return the kinds of which a statement has one at a time."""
    value = unit.value
    if value is None:
        kinds = {"city"} if any(key.startswith("=city") for key in unit.keys) else set()
        return kinds | ({"colour"} if unit.keys & _COLOURS else set()) | ({"diet"} if unit.keys & _DIETS else set())
    if value.kind in ("day", "time"):
        return set() if value.every else {value.kind}
    if value.kind != "number":
        return set()
    if value.unit in MONEY or (not value.unit and (value.amount or 0) >= _BARE_AMOUNT):
        return {"amount"}
    return {f"number {value.unit}"}


def _agreed(answers: Sequence[Sequence[Reading]], kept: Kept) -> list[tuple[str, int, frozenset[str]]]:
    """Return the kinds of which an answer has one that the summary has, with its turn and the keys of all it has."""
    found = []
    for number, readings in enumerate(answers, 1):
        units = [unit for reading in readings for unit in reading.units if _kinds(unit) & _AGREED]
        keys = frozenset(key for unit in units for key in unit.keys)
        kinds = {kind for unit in units if kept.has(unit, supported=True) for kind in _kinds(unit) & _AGREED}
        found += [(kind, number, keys) for kind in sorted(kinds)]
    return found[-_MOST_AGREED:]
