"""Values of a session that a later one stands for: 40 people, then 45 people; not Monday, then Tuesday at 7:30."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from travel_tui.attribution import clauses
from travel_tui.attribution.kept import Kept
from travel_tui.attribution.statement import Statement
from travel_tui.attribution.units import Unit


def without_replaced(stated: Sequence[Statement], kept: Kept) -> list[Statement]:
    """Leave out numbers that a later one of the same thing replaces in the summary, and the days and times that were
    ruled in or out on the way to an appointment that the summary has."""
    found = []
    later: dict[str, float] = {}
    agreed = 0
    """Last turn with a day and month or a clock time that the summary has."""
    for statement in reversed(stated):
        left = []
        for unit in statement.units:
            value = unit.value
            amount = value.amount if value is not None and value.kind == "number" else None
            labels = sorted(key for key in unit.labels if key[:2] == "s:")
            if amount is not None and any(later.get(key, amount) != amount for key in labels):
                continue
            if statement.turn < agreed and _leads_there(unit, statement):
                continue
            left.append(unit)
            if amount is not None and kept.has(unit, supported=True):
                later |= dict.fromkeys(labels, amount)
            if value is not None and value.kind in ("day", "time") and kept.has(unit, supported=True):
                agreed = max(agreed, statement.turn)
        found.append(replace(statement, units=tuple(left)))
    return found[::-1]


def _leads_there(unit: Unit, statement: Statement) -> bool:
    """Whether a weekday or a time is told to find an appointment: Monday's no good, before 8."""
    value = unit.value
    if value is None or value.kind not in ("day", "time") or value.every or value.month:
        return False
    return clauses.finds_time(statement.reading.clause(unit))
