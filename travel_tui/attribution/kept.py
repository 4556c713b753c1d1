"""What a summary has, in any wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from travel_tui.attribution import wordnet
from travel_tui.attribution.matching import derived, same_derived, same_value, strictly_same_day
from travel_tui.attribution.statements import ENDED
from travel_tui.attribution.units import Reading, Unit
from travel_tui.attribution.vocabulary import COMPOUNDING
from travel_tui.attribution.words import fold

_ENDED_BEFORE = re.compile(
    r"\b(?:anymore|former|formerly|stopped|quit|gave up|ex-\w+|dejó de|ancien|ehemalig|früher)\b", re.I
)
"""Words of a summary that say so, too."""
_PART = 5
"""Letters that two compounds share if one has a part of the other."""
_MOST_ALIKE = 40
"""Most units of a summary with one key that are looked at."""
_FEW = 4
"""Numbers up to this one are no hours where they count something: 1 tablet."""
_LONG = 9
"""Letters of a compound whose first four tell its kind: Kühlschrank, Kühlmöglichkeit."""
_OFFICE, _WEEKEND = "=working hours", "=weekend"
_WEEKEND_DAYS = (5, 6)
_EARLY, _LATE = 3, 28
"""Days of a month that are its beginning or its end."""
_ENOUGH = 500
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MOST_WORDS_COMPARED = 1000
"""Most words of a summary that a word is compared with letter by letter."""


class Kept:
    """Looks units of a session up in its summary."""

    def __init__(self, reading: Reading, today: date) -> None:
        self.reading, self.today = reading, today
        self._by_key: dict[str, list[Unit]] = {}
        for unit in reading.units:
            for key in unit.keys:
                self._by_key.setdefault(key, []).append(unit)
        self._derived = derived(reading.units, today)
        values = [unit.value for unit in reading.units if unit.value is not None]
        self._times = [value.minutes for value in values if value.kind == "time"]
        self._years = {value.amount for value in values if value.kind == "number" and value.unit == "year"}
        self._figures = {
            unit.value.amount
            for unit in reading.units
            if unit.value is not None
            and unit.value.kind == "number"
            and not unit.value.unit
            and ((unit.value.amount or 0) > _FEW or not unit.labels)
        }
        self._months = {(value.month, value.dom) for value in values if value.kind == "day"}
        self._dates = {value.dom for value in values if value.kind == "day" and value.dom}
        self._dated = {value.year for value in values if value.kind == "day" and value.year}
        self._stems = sorted({key[2:] for key in self._by_key if key.startswith(("s:", "f:")) and len(key) > 6})[
            :_MOST_WORDS_COMPARED
        ]
        stems = [key[2:] for unit in reading.units if unit.value is None for key in unit.keys if key[:2] == "s:"]
        english = stems if reading.language == "en" else []
        self._senses = {sense for each in english for sense in wordnet.senses(each)}
        self._broader = {sense for each in english for sense in wordnet.broader(each)}
        self._by_start: dict[str, list[str]] = {}
        for each in self._stems:
            self._by_start.setdefault(each[:4], []).append(each)
        self._parts = {each[at : at + _PART] for each in self._stems for at in range(len(each) - _PART + 1)}
        self._squeezed = re.sub(r"[\s-]+", "", fold(reading.text))
        self._ended = any(words.search(reading.text) for words in (ENDED, _ENDED_BEFORE))

    def reads(self, reading: Reading) -> bool:
        """Whether the summary is in the language of a message, so that their plain words can be compared."""
        return self.reading.language == reading.language and _is_cjk(self.reading.text) == _is_cjk(reading.text)

    def has(self, unit: Unit, *, supported: bool) -> bool:
        """Whether the summary has a unit in any wording."""
        matches = [other for key in unit.keys for other in self._by_key.get(key, ())[:_MOST_ALIKE]]
        if unit.value is not None:
            return (
                any(self._equal(unit, other, supported) for other in matches)
                or self._has_hour(unit)
                or any(same_derived(unit, value) for value, _ in self._derived)
            )
        return any(other.value is None for other in matches) or self._similar(unit)

    def names(self, unit: Unit) -> bool:
        """Whether the summary has a word as a name."""
        return any(other.kind == "name" for key in unit.keys for other in self._by_key.get(key, ())[:_MOST_ALIKE])

    def _has_hour(self, unit: Unit) -> bool:
        """Whether a value is in the summary as one of another kind: Saturday 11, at 11; two years ago, in 2025."""
        value = unit.value
        if value is None:
            return False
        if value.kind == "day" and value.weekday in _WEEKEND_DAYS and not value.month:
            return _WEEKEND in self._by_key
        if value.kind == "day" and value.month and value.dom and (value.month, None) in self._months:
            return (value.dom >= _LATE and "=end" in self._by_key) or (value.dom <= _EARLY and "=start" in self._by_key)
        if value.kind == "day" and value.year and not value.month:
            return value.year in self._figures | self._dated
        if value.kind == "number" and not value.unit and value.amount and 1900 <= value.amount <= self.today.year:
            return bool({self.today.year - value.amount, self.today.year - value.amount - 1} & self._years)
        if value.kind == "number" and not value.unit and value.amount in self._dates:
            return True
        if value.kind == "number" and not value.unit and value.amount and value.amount in range(1, 25):
            hour = int(value.amount) * 60 % 720
            return any(hour in {each % 720 for each in minutes} for minutes in self._times)
        if value.kind == "number" and (length := value.converted()) is not None and length[0] == "minute":
            return any(length[1] in minutes for minutes in self._times)
        if (
            value.kind == "time"
            and _OFFICE in self._by_key
            and any(8 * 60 <= each <= 18 * 60 for each in value.minutes)
        ):
            return True
        if value.kind == "time":
            figures = {minutes / 60 for minutes in value.minutes} | {minutes / 60 % 12 for minutes in value.minutes}
            return bool(figures & self._figures)
        return False

    def ended(self) -> bool:
        """Whether the summary says that something no longer holds."""
        return self._ended

    @staticmethod
    def _equal(unit: Unit, other: Unit, supported: bool) -> bool:
        a, b = unit.value, other.value
        if a is not None and b is not None and a.kind == b.kind == "day":
            weekday = a.weekday is not None and not (a.month or a.dom or a.every) and a.weekday == b.weekday
            return weekday or strictly_same_day(a, b)
        if a is not None and b is not None and a.kind == b.kind == "number" and a.amount == b.amount:
            conflict = a.unit and b.unit and not same_value(unit, other, supported=True)
            return not conflict and (
                (a.amount or 0) >= 4
                or supported
                or bool(a.unit and a.unit == b.unit)
                or not unit.labels
                or not other.labels
                or bool(unit.labels & other.labels)
            )
        return same_value(unit, other, supported=supported)

    def _means(self, stem: str) -> bool:
        """Whether the summary has a word for the same thing, or one for a broader or a narrower one."""
        mine = wordnet.senses(stem)
        return bool(mine & self._senses or mine & self._broader or wordnet.broader(stem) & self._senses)

    def _has_part(self, word: str) -> bool:
        """Whether a part of a compound is in the summary: eingezäunt, and umzäunt."""
        return any(word[at : at + _PART] in self._parts for at in range(len(word) - _PART + 1))

    def _similar(self, unit: Unit) -> bool:
        """Whether a word is another form or a part of a word of the summary (photographer, Apfelkuchen)."""
        for key in unit.keys:
            if key[:2] == "s:" and unit.kind != "name" and self._means(key[2:]):
                return True
            word = key[2:]
            if key[1:2] != ":" or len(word) < 4 or (unit.kind == "name" and key[0] == "s"):
                continue
            for other in self._by_start.get(word[:4], ()):
                if unit.kind == "name":
                    if abs(len(other) - len(word)) >= 2 and (other.startswith(word) or word.startswith(other)):
                        return True
                elif (len(word) >= 5 and other[:5] == word[:5]) or (
                    self.reading.language in COMPOUNDING and min(len(word), len(other)) >= _LONG
                ):
                    return True
            if key[0] == "f" and len(word) >= 6 and word in self._squeezed:  # pickup, and pick up
                return True
            if unit.kind != "name" and key[0] == "f" and misspelled(word, self._stems):
                return True
            if self.reading.language in COMPOUNDING and len(word) >= _PART and self._has_part(word):
                return True
        return False


def _is_cjk(text: str) -> bool:
    """Whether a text is mostly in Chinese, Japanese or Korean signs, as far as its beginning tells."""
    text = text[:_ENOUGH]
    return 3 * len(_CJK.findall(text)) > len(text)


def misspelled(word: str, known: Sequence[str]) -> bool:
    """Whether a word is one of the known ones with two letters swapped, or one left out, added or changed."""
    from rapidfuzz.distance import OSA

    most = 1 if len(word) < 8 else 2
    return len(word) >= 5 and any(
        abs(len(each) - len(word)) <= most and OSA.distance(word, each, score_cutoff=most) <= most for each in known
    )
