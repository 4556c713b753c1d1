"""Index of the texts that a claim may come from: messages, function results and summaries."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from travel_tui.attribution.matching import derived
from travel_tui.attribution.reading import MOST_READ, read
from travel_tui.attribution.types import Evidence, Source, Turn
from travel_tui.attribution.units import Reading, Unit
from travel_tui.attribution.value import Value
from travel_tui.attribution.vocabulary import COMPOUNDING
from travel_tui.attribution.words import language_of

_MOST_IN_ALL = 2 * MOST_READ
"""Maximum total characters read, of the conversation and of the summaries each."""
_MOST_PLACES = 40
"""Most places that are kept of one key."""
_EXCERPT = 300
"""Most characters of an evidence sentence."""


_ASKS_OF_SELF = re.compile(
    r"\W*(?:(?:so|and|but|hey|hi|ok|wait)\W+)?(?:do|did|don['’]t|didn['’]t|have|haven['’]t|had|am|was|were|wasn['’]t|is|"
    r"isn['’]t|are)\s+(?:i|we|my|our)\b",
    re.I,
)
"""Starts of a question whether something is so of the user."""
_SUPPOSES = re.compile(r"\W*if (?:i|we) (?:had|were|was|ever|lived|owned|could)\b", re.I)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text with its source; `record_id` of a summary, `turn` and `tool` of a message or function result."""

    source: Source
    reading: Reading
    record_id: str | None = None
    turn: int | None = None
    tool: int | None = None

    def evidence(self, unit: Unit) -> Evidence:
        """Return the sentence of one of the text's units as evidence."""
        start, end = self.reading.sentence(unit)
        if end - start > _EXCERPT:
            start, end = self.reading.clauses[unit.clause]
        if end - start > _EXCERPT:
            start = max(start, unit.start - _EXCERPT // 2)
            end = min(end, start + _EXCERPT)
        text = self.reading.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        return Evidence(text[start:end], start, end, self.record_id, self.turn, self.tool)


class Index:
    """Units of all sources by their keys; sources in order of precedence."""

    def __init__(self, texts: Sequence[SourceText], today: date) -> None:
        self.texts, self._today = texts, today
        self._places: dict[str, list[tuple[int, int]]] = {}
        for number, text in enumerate(texts):
            unsaid = _unsaid(text.reading) if text.source is Source.SAID else frozenset()
            for place, unit in enumerate(text.reading.units):
                if unit.clause in unsaid:
                    continue
                for key in unit.keys:
                    known = self._places.setdefault(key, [])
                    if len(known) < _MOST_PLACES:
                        known.append((number, place))
        self._sentences: dict[tuple[int, int], Sequence[Unit]] = {}
        self._loose_keys: set[str] | None = None
        self._derived: list[tuple[int, Value, Unit]] | None = None

    def like(self, unit: Unit) -> Iterator[tuple[int, Unit]]:
        """Yield the units that share a key with this one, each with the number of its text."""
        seen = set()
        for key in sorted(unit.keys):
            for number, place in self._places.get(key, ()):
                if (number, place) not in seen:
                    seen.add((number, place))
                    yield number, self.texts[number].reading.units[place]

    def in_sentence(self, number: int, sentence: int) -> Sequence[Unit]:
        """Return the first units of a sentence of a text."""
        if (number, sentence) not in self._sentences:
            units = self.texts[number].reading.units
            start = bisect_left(units, sentence, key=lambda unit: unit.sentence)
            end = bisect_left(units, sentence + 1, key=lambda unit: unit.sentence)
            self._sentences[number, sentence] = units[start : min(end, start + _MOST_PLACES)]
        return self._sentences[number, sentence]

    def resembles(self, unit: Unit, language: str) -> bool:
        """Whether a source has what may be the same as a unit that matched nothing, read in another way.

        The figures of a value in any role, or a word with the same beginning.
        """
        keys = self._loose()
        if unit.value is not None:
            wanted = _loose_values(unit.value)
        else:
            length = 4 if language in COMPOUNDING else 6
            wanted = {f"b:{key[2 : 2 + length]}" for key in unit.keys if key[:2] == "f:" and unit.weight == 2}
        return bool(wanted) and wanted <= keys

    def _loose(self) -> set[str]:
        """Return figures and beginnings of words of all sources."""
        if self._loose_keys is None:
            self._loose_keys = set()
            for text in self.texts:
                for unit in text.reading.units:
                    if unit.value is not None:
                        self._loose_keys |= _loose_values(unit.value)
                    else:
                        self._loose_keys |= {
                            f"b:{key[2:end]}" for key in unit.keys if key[:2] == "f:" for end in (6, 8)
                        }
        return self._loose_keys

    def derived(self) -> list[tuple[int, Value, Unit]]:
        """Return the values that follow from those of one source, with the number of a text."""
        if self._derived is None:
            self._derived = []
            session = [(number, text) for number, text in enumerate(self.texts) if text.source is Source.SAID]
            place = {id(unit): number for number, text in session for unit in text.reading.units}
            for value, unit in derived((unit for _, text in session for unit in text.reading.units), self._today):
                self._derived.append((place[id(unit)], value, unit))
            for number, text in enumerate(self.texts):
                if text.source is not Source.SAID:
                    self._derived += [(number, value, unit) for value, unit in derived(text.reading.units, self._today)]
        return self._derived


def _unsaid(reading: Reading) -> frozenset[int]:
    """Return the clauses of a message that state nothing: do I have a gold card? If I had kids."""
    found = set()
    for number, (start, end) in enumerate(reading.clauses):
        if _SUPPOSES.match(reading.text, start, end):
            found.add(number)
    for start, end in reading.sentences:
        if _ASKS_OF_SELF.match(reading.text, start, end) and reading.text[start:end].rstrip().endswith("?"):
            found |= {number for number, clause in enumerate(reading.clauses) if start <= clause[0] < end}
    return frozenset(found)


def _loose_values(value: Value) -> set[str]:
    """Return the figures of a value whatever they stand for."""
    if value.kind == "day":
        return {f"m:{value.month}"} if value.month and not value.dom else set()
    if value.kind == "time":
        return {f"n:{minutes // 60 % 12}:{minutes % 60}" for minutes in value.minutes}
    if value.amount is None or value.unit:
        return set()
    return {f"n:{value.amount % 12:g}:0"} if value.amount == int(value.amount) <= 24 else set()


def source_texts(
    turns: Sequence[Turn], memory: Mapping[str, str], injected: Collection[str] | None, today: date
) -> list[SourceText]:
    """Return what the last answer may have its facts from; of very long inputs the newest messages are read."""
    language = language_of(" ".join(turn.user for turn in reversed(turns[-20:])))
    said: list[SourceText] = []
    tool: list[SourceText] = []
    left = _MOST_IN_ALL
    for number in range(len(turns), 0, -1):
        turn = turns[number - 1]
        left -= min(len(turn.user), MOST_READ) + sum(min(len(each), MOST_READ) for each in turn.tools)
        if left < 0:
            break
        day = turn.day or today
        said.append(SourceText(Source.SAID, read(turn.user, day, language), turn=number))
        tool += [
            SourceText(Source.TOOL, read(text, day, language), turn=number, tool=index)
            for index, text in enumerate(turn.tools)
        ]
    prompt: list[SourceText] = []
    absent: list[SourceText] = []
    sizes = accumulate(min(len(text), MOST_READ) for text in memory.values())
    for (record_id, text), size in zip(memory.items(), sizes, strict=True):
        if size > _MOST_IN_ALL:
            break
        if injected is None or record_id in injected:
            prompt.append(SourceText(Source.MEMORY, read(text, today, language), record_id))
        else:
            absent.append(SourceText(Source.NOT_INJECTED, read(text, today, language), record_id))
    return [*said, *tool, *prompt, *absent]
