"""Units of a text (values, names, content words), and their order in sentences and clauses."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from travel_tui.attribution.value import Value

MOST_IN_SENTENCE = 60
"""Most units of one sentence that are looked at together."""


class Unit(NamedTuple):
    """A value, a name or a content word of a text.

    `keys` are equal for equal meanings. `weight` is 0 for words that carry no fact by themselves, 1 for those with many
    meanings, 2 for others, 3 for names and values. `case` is "A" for a capital within a sentence, "a" for none, ""
    where it says nothing. `joined` tells that only a space or a hyphen is between this and the unit before; `labels`
    are the stems of the words around a number.
    """

    start: int
    end: int
    kind: str
    keys: frozenset[str]
    clause: int
    sentence: int
    weight: int
    case: str = ""
    joined: bool = False
    negated: bool = False
    value: Value | None = None
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """Units of a text in order, and the offsets of its sentences and clauses."""

    text: str
    language: str
    units: tuple[Unit, ...]
    sentences: tuple[tuple[int, int], ...]
    clauses: tuple[tuple[int, int], ...]
    lowercase: bool
    """Whether names may be written without capitals, as in quick messages."""
    mixed: bool = False
    """Whether words of another language are among those of `language`."""

    def sentence(self, unit: Unit) -> tuple[int, int]:
        """Return the offsets of a unit's sentence."""
        return self.sentences[unit.sentence]

    def clause(self, unit: Unit) -> str:
        """Return the text of a unit's clause."""
        return self.text[slice(*self.clauses[unit.clause])]

    def of_sentence(self, unit: Unit) -> Sequence[Unit]:
        """Return the units of a unit's sentence, the first of a very long one."""
        start = bisect_left(self.units, unit.sentence, key=lambda each: each.sentence)
        end = bisect_left(self.units, unit.sentence + 1, key=lambda each: each.sentence)
        return self.units[start : min(end, start + MOST_IN_SENTENCE)]

    def of_clause(self, unit: Unit) -> Sequence[Unit]:
        """Return the units of a unit's clause, the first of a very long one."""
        start = bisect_left(self.units, unit.clause, key=lambda each: each.clause)
        end = bisect_left(self.units, unit.clause + 1, key=lambda each: each.clause)
        return self.units[start : min(end, start + MOST_IN_SENTENCE)]
