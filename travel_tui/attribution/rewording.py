"""Words of a summary that nothing in its session has: with them it may say what seems to be missing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cached_property
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
        self._told, self._summary, self._today, self._language = turns, summary, today, language

    def near(self, turn: int) -> int:
        """Return the number of the summary's own words in sentences about a turn, or about none."""
        return sum(own for about, own in self._sentences if turn in about or not about)

    @cached_property
    def _sentences(self) -> list[tuple[frozenset[int], int]]:
        """Of each sentence of the summary the turns that it is about, and how many words of its own it has."""
        turns: dict[str, set[int]] = {}
        units: list[Unit] = []
        texts: list[str] = []
        for number, turn in list(enumerate(self._told, 1))[-_MOST_TURNS:]:
            for text in (turn.user, *turn.tools, turn.agent):
                reading = read(text, turn.day or self._today, self._language)
                texts.append(reading.text)
                units += reading.units
                for unit in reading.units:
                    for key in unit.keys:
                        turns.setdefault(key, set()).add(number)
        session = Kept(Reading("\n".join(texts), self._language, tuple(units), (), (), lowercase=False), self._today)
        tags = [place for match in _TAG.finditer(self._summary.text) for place in match.span()]
        found = []
        for _, its in groupby(self._summary.units, key=lambda unit: unit.sentence):
            told = [unit for unit in its if unit.weight and bisect_right(tags, unit.start) % 2 == 0]
            about = frozenset(turn for unit in told for key in unit.keys for turn in turns.get(key, ()))
            found.append((about, sum(not session.has(unit, supported=True) for unit in told)))
        return found
