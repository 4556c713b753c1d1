"""Values of a session that a later one stands for: 40 people, then 45 people; Hamburg, then Bremen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from travel_tui.attribution.kept import Kept
from travel_tui.attribution.matching import MONEY
from travel_tui.attribution.statement import Statement
from travel_tui.attribution.units import Unit
from travel_tui.attribution.words import concept_set

_COLOURS, _DIETS = concept_set("colours"), concept_set("diets")
_BARE_AMOUNT = 100
"""Numbers from which one without a unit may be an amount of money."""


def without_replaced(stated: Sequence[Statement], kept: Kept) -> list[Statement]:
    """Leave out what a later value of its kind replaces in the summary.

    A number by one of the same thing; a day, a time, a city, an amount, a colour or a diet by one of a later turn.
    """
    found = []
    numbers: dict[str, float] = {}
    later: dict[str, int] = {}
    """By kind, the last turn with one that the summary has."""
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
            left.append(unit)
            if has:
                later |= {kind: max(statement.turn, later.get(kind, 0)) for kind in kinds}
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
    if value.kind == "number" and (value.unit in MONEY or (not value.unit and (value.amount or 0) >= _BARE_AMOUNT)):
        return {"amount"}
    return set()
