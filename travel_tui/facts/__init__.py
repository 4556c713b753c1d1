"""Extraction of places, dates, ids, names and amounts from text, each with its offsets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["place", "date", "id", "name", "amount"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact in a text, from `start` to `end`.

    `value` is the same for different wordings of one fact: a city's English name, an ISO date, an id in lower case, a
    name, an amount with its unit.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: str


def find(text: str, today: date) -> list[Fact]:
    """Return every fact of the text, in order and without overlaps; of two overlapping matches the longer one is kept.

    Dates are resolved relative to `today`; one that the text does not fix (a month, an impossible date) is left out.
    """
    from travel_tui.facts.amounts import find_amounts
    from travel_tui.facts.dates import find_dates
    from travel_tui.facts.ids import find_ids
    from travel_tui.facts.names import find_names
    from travel_tui.facts.places import find_places

    found = [Fact("id", m.start, m.end, m.text, m.value) for m in find_ids(text)]
    found += [Fact("date", m.start, m.end, m.text, m.value.isoformat()) for m in find_dates(text, today) if m.value]
    found += [Fact("amount", m.start, m.end, m.text, f"{m.value:g} {m.unit}") for m in find_amounts(text)]
    found += [Fact("name", m.start, m.end, m.text, m.value) for m in find_names(text)]
    found += [Fact("place", m.start, m.end, m.text, m.city.name) for m in find_places(text) if m.certain]
    kept: list[Fact] = []
    end = 0
    for fact in sorted(found, key=lambda f: (f.start, f.start - f.end)):
        if fact.start >= end:
            kept.append(fact)
            end = fact.end
        elif kept and fact.end - fact.start > kept[-1].end - kept[-1].start:
            kept[-1] = fact
            end = fact.end
    return kept
