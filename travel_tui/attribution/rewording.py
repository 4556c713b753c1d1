"""Words of a summary that nothing in its session has: with them it may say what seems to be missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from travel_tui.attribution.kept import Kept
from travel_tui.attribution.reading import read
from travel_tui.attribution.types import Turn
from travel_tui.attribution.units import Reading, Unit

_TAG = re.compile(r"<[^<>]{0,200}>")
_MOST_TURNS = 200
"""Most turns of a session, the last ones, that a summary is held against."""


class Rewording:
    """Counts a summary's own words in the sentences that are about a turn, or about no turn."""

    def __init__(self, turns: Sequence[Turn], summary: Reading, today: date, language: str) -> None:
        readings = [
            (number, read(text, turn.day or today, language))
            for number, turn in list(enumerate(turns, 1))[-_MOST_TURNS:]
            for text in (turn.user, *turn.tools, turn.agent)
        ]
        self._turns: dict[str, set[int]] = {}
        for number, reading in readings:
            for unit in reading.units:
                for key in unit.keys:
                    self._turns.setdefault(key, set()).add(number)
        units = tuple(unit for _, reading in readings for unit in reading.units)
        text = "\n".join(reading.text for _, reading in readings)
        session = Kept(Reading(text, language, units, (), (), lowercase=False), today)
        tags = [match.span() for match in _TAG.finditer(summary.text)]
        self._sentences: list[tuple[frozenset[int], int]] = []
        """Of each sentence the turns that it is about, and how many words of its own it has."""
        for _, its in groupby(summary.units, key=lambda unit: unit.sentence):
            told = [unit for unit in its if unit.weight and not any(a <= unit.start < b for a, b in tags)]
            about = frozenset(turn for unit in told for turn in self._of(unit))
            own = sum(not session.has(unit, supported=True) for unit in told)
            self._sentences.append((about, own))

    def _of(self, unit: Unit) -> set[int]:
        return {turn for key in unit.keys for turn in self._turns.get(key, ())}

    def near(self, turn: int) -> int:
        """Return the number of the summary's own words in sentences about a turn, or about none."""
        return sum(own for about, own in self._sentences if turn in about or not about)
