"""Reading of a text: its units (values, names, content words), each with its clause and sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from travel_tui.attribution.places import Places
from travel_tui.attribution.sized_cache import SizedCache
from travel_tui.attribution.tokens import Token, tokens
from travel_tui.attribution.units import Reading, Unit
from travel_tui.attribution.value import Value
from travel_tui.attribution.values import ValueReader
from travel_tui.attribution.vocabulary import STANCE, about
from travel_tui.attribution.wordnet import is_word
from travel_tui.attribution.words import (
    ENGLISH,
    fold,
    function_words,
    generic_stems,
    language_of,
    lexicon,
    phrases,
    stem,
    word_set,
)

MOST_READ = 100_000
"""Maximum characters of one text that are read."""
_KEPT = 300_000
"""Characters of the texts whose readings are cached, some 40 bytes each: as many as one answer is compared with.

The next answer of the session is compared with the same ones.
"""


_NEGATIONS = word_set("negations")
_CODE = 3
"""Letters of an airport's code."""
_MIXED = 3
"""Function words of another language from which a text counts as mixed."""


@lru_cache(maxsize=4096)
def _city(name: str) -> str | None:
    """Return the usual name of a city, so that Roma, FCO and Rome are the same."""
    from travel_tui.facts.places import lookup

    found = lookup(name)
    return found.name if found else None


_readings: SizedCache[tuple[str, date, str], Reading] = SizedCache(_KEPT)


def read(text: str, today: date, fallback: str = "") -> Reading:
    """Return the reading of a text of the day `today`; `fallback` is its language where it does not show."""
    text = text[:MOST_READ]
    return _readings.get((text, today, fallback), len(text), lambda: _read(text, today, fallback))


def forget_unused_readings() -> None:
    """Forget the readings that were not used since the last time, such as those of an earlier session's messages."""
    _readings.forget_unused()


def forget_readings() -> None:
    """Forget all readings, as a measurement without them needs."""
    _readings.clear()


@lru_cache(maxsize=10_000)
def _shared(keys: frozenset[str]) -> frozenset[str]:
    """Return the same object for equal keys: most words of a conversation are said many times."""
    return keys


def _read(text: str, today: date, fallback: str) -> Reading:
    language = language_of(text, fallback)
    found = tokens(text)
    values = ValueReader(found, text, language, today).values()
    places = Places(found, text, language)
    units = _Units(found, text, language, places, values).units()
    capitals = any(each.case == "A" for each in units)
    return Reading(
        text,
        language,
        tuple(units),
        tuple(places.sentences),
        tuple(places.clauses),
        not capitals,
        _is_mixed(found, language),
    )


def _is_mixed(found: Sequence[Token], language: str) -> bool:
    """Whether several function words of another language are among those of one."""
    known = lexicon().function
    foreign: Counter[str] = Counter()
    for word in {token.low for token in found if token.kind == "word" and token.text.islower()}:
        languages = known.get(word, frozenset())
        if language not in languages and ENGLISH not in languages:
            foreign.update(languages)
    return any(count >= _MIXED for count in foreign.values())


class _Units:
    """Builds the units of a text from its tokens, values and phrases."""

    def __init__(
        self, found: Sequence[Token], text: str, language: str, places: Places, values: Sequence[Value]
    ) -> None:
        self._tokens, self._text, self._language, self._places = found, text, language, places
        self._stems = [stem(each.text, language) if each.kind == "word" else each.low for each in found]
        self._generic = generic_stems(language)
        self._function = function_words(language)
        self._apostrophes = "'" in text or "’" in text
        self._phrases = phrases(language)
        self._values = {value.first: value for value in values}
        self._made: list[Unit] = []

    def units(self) -> list[Unit]:
        """Return the units in order."""
        at = 0
        before_end = -1
        negated = False
        clause = -1
        while at < len(self._tokens):
            token = self._tokens[at]
            if self._places.clause_of[at] != clause:
                clause, negated = self._places.clause_of[at], False
            value = self._values.get(at)
            phrase = None if value else self._phrase(at)
            if value is not None:
                last = value.last
                self._add_value(at, value, negated)
            elif phrase is not None:
                stems, names = phrase
                last = at + self._length(at, stems)
                self._add_phrase(at, last, names, before_end)
            else:
                last = at + 1
                if token.kind == "cjk":
                    self._add_cjk(at)
                elif token.kind == "word":
                    if token.low in _NEGATIONS:
                        negated = True
                    self._add_word(at, before_end, negated)
            if self._made:
                before_end = self._made[-1].end
            at = last
        return self._labelled()

    def _length(self, at: int, stems: tuple[str, ...]) -> int:
        place, number = at, 0
        while number < len(stems):
            if self._stems[place] == stems[number]:
                number += 1
            place += 1
        return place - at

    def _phrase(self, at: int) -> tuple[tuple[str, ...], frozenset[str]] | None:
        """Return the longest phrase of several words that starts here, with its concepts."""
        if self._tokens[at].kind != "word" or self._stems[at] not in self._phrases:
            return None
        following = self._stems[at + 1 : at + 3]  # a hyphen or a small word may be between
        best: tuple[str, ...] = ()
        names: set[str] = set()
        for stems, name in self._phrases[self._stems[at]]:
            if (best and len(stems) < len(best)) or stems[1] not in following:
                continue
            if self._follows(at, stems):
                best = stems
                names.add(name)
        return (best, frozenset(names)) if best else None

    def _follows(self, at: int, stems: tuple[str, ...]) -> bool:
        place = at
        for number, each in enumerate(stems):
            if (number and place < len(self._tokens) and self._tokens[place].text in ("-", "–")) or (
                number >= 1
                and place < len(self._tokens)
                and self._stems[place] != each
                and self._tokens[place].low
                in (
                    "my",
                    "your",
                    "his",
                    "her",
                    "their",
                    "the",
                    "a",
                    "an",
                    "any",
                    "you",
                    "me",
                    "so",
                    "too",
                    "really",
                    "is",
                    "gets",
                )
            ):
                place += 1
            if place >= len(self._tokens) or self._stems[place] != each:
                return False
            if self._places.sentence_of[place] != self._places.sentence_of[at]:
                return False
            place += 1
        return True

    def _joined(self, start: int, before_end: int) -> bool:
        return (
            before_end >= 0
            and self._text[before_end:start].strip() in ("", "-", "'s", "’s")
            and "\n" not in self._text[before_end:start]
        )

    def _add_phrase(self, at: int, last: int, names: frozenset[str], before_end: int) -> None:
        first, end = self._tokens[at], self._tokens[last - 1]
        parts = {f"s:{self._stems[place]}" for place in range(at, last) if self._is_content(place)}
        self._made.append(
            Unit(
                first.start, end.end, "phrase", names | parts, self._places.clause_of[at], self._places.sentence_of[at],
                0 if names <= STANCE else 2, joined=self._joined(first.start, before_end),
            )
        )  # fmt: skip

    def _is_content(self, at: int) -> bool:
        token = self._tokens[at]
        return (
            token.kind == "word"
            and len(token.low) > 1
            and token.low not in self._function
            and self._stems[at] not in self._generic
        )

    def _add_word(self, at: int, before_end: int, negated: bool) -> None:
        token = self._tokens[at]
        low = token.low.removesuffix("'s")
        clitic = self._apostrophes and self._is_clitic(at)
        if token.low in self._function or (len(low) < 2 and not token.text.isupper()) or clitic:
            return
        text = token.text[: len(low)] if token.low.endswith("'s") else token.text
        known = about(text, self._language)
        keys = known.keys
        if len(text) > 3 and text.isupper() and self._language == "en" and is_word(stem(text.lower(), "en")):
            text = text.lower()  # a word that is stressed
        acronym = len(text) > 1 and text.isupper() and not self._text.isupper()
        capital, first = text[:1].isupper(), self._places.first[at] and not acronym
        city = self._city_at(at, text) if capital else None
        if city:
            keys |= {f"=city:{city}"}
        case = "a" if text[:1].islower() else "" if first or not capital else "A"
        if self._language == "de":
            case = ""
        if known.generic or (self._language != "en" and len(low) < 3) or (known.stance and not city):
            weight = 0
        elif capital and not first and self._language != "de":
            weight = 3
        elif known.ambiguous:
            weight = 1
        else:
            weight = 2
        kind = "name" if capital and not first and self._language != "de" else "word"
        end = token.start + len(text)
        clause, sentence = self._places.clause_of[at], self._places.sentence_of[at]
        denied = negated or self._text[max(0, token.start - 4) : token.start].lower() == "non-"
        joined = self._joined(token.start, before_end)
        self._made.append(
            Unit(token.start, end, kind, _shared(frozenset(keys)), clause, sentence, weight, case, joined, denied)
        )

    def _city_at(self, at: int, text: str) -> str | None:
        """Return the city that a capitalised word names, alone or with the word before or after it (New York)."""
        for first, last in ((at - 1, at), (at, at + 1)):
            if first >= 0 and last < len(self._tokens):
                a, b = self._tokens[first], self._tokens[last]
                if a.text[:1].isupper() and b.text[:1].isupper() and self._text[a.end : b.start] == " ":
                    pair = _city(f"{a.text} {b.text}")
                    if pair:
                        return pair
        city = _city(text)
        if city and len(text) == _CODE and not text.isupper() and not fold(city).startswith(fold(text)):
            return None  # the code of an airport is written in capitals
        return city

    def _is_clitic(self, at: int) -> bool:
        """Whether a token is an article or ending that an apostrophe cuts off: l'école, Bursa'da."""
        token = self._tokens[at]
        before = self._text[max(0, token.start - 1) : token.start]
        after = self._text[token.end : token.end + 1]
        if after in ("'", "’") and len(token.low) <= 5 and self._language in ("fr", "it", "ca"):
            return True
        return (
            before in ("'", "’")
            and at >= 2
            and self._tokens[at - 1].end == token.start
            and (
                self._tokens[at - 2].end == self._tokens[at - 1].start
                and self._language not in ("fr", "it")
                and token.text.islower()
            )
        )

    def _add_cjk(self, at: int) -> None:
        token = self._tokens[at]
        for match in re.finditer(r"[\u3400-\u9fff々]+|[\u30a0-\u30ffー]{2,}|[\uac00-\ud7af]{2,}", token.text):
            run = match.group()
            keys = {f"f:{run}"} | {f"f:{run[i : i + 2]}" for i in range(len(run) - 1)} if len(run) > 1 else {f"f:{run}"}
            start = token.start + match.start()
            self._made.append(
                Unit(start, start + len(run), "word", frozenset(keys), self._places.clause_of[at],
                     self._places.sentence_of[at], 2 if len(run) > 1 else 0)
            )  # fmt: skip

    def _add_value(self, at: int, value: Value, negated: bool) -> None:
        first, last = self._tokens[at], self._tokens[value.last - 1]
        end = last.end - (last.kind == "iso" and last.text.endswith("T"))
        if (
            last.kind in ("hour", "clock")
            and self._text[last.end - 1] == "."
            and (last.end >= len(self._text) or self._text[last.end : last.end + 1] in (" ", "\n"))
        ):
            end = last.end - ("." not in last.text[:-1])  # the full stop of the sentence
        clause, sentence = self._places.clause_of[at], self._places.sentence_of[at]
        self._made.append(
            Unit(first.start, end, value.kind, _shared(value.keys()), clause, sentence, 3, negated=negated, value=value)
        )

    def _labelled(self) -> list[Unit]:
        """Give each number the stems of the words next to it."""
        made = self._made
        found = []
        for index, unit in enumerate(made):
            if unit.kind not in ("number", "time"):
                found.append(unit)
                continue
            labels: set[str] = set()
            for other in (index - 1, index + 1, index + 2):
                if (
                    0 <= other < len(made)
                    and made[other].sentence == unit.sentence
                    and made[other].kind in ("word", "name", "phrase")
                ):
                    near = made[other]
                    gap = self._text[near.end : unit.start] if other < index else self._text[unit.end : near.start]
                    if gap.strip() in ("", "-", "of", "de", "di", "no.", "number", ":", "nr.", "nº"):
                        labels |= {key for key in near.keys if key[:2] != "f:"}
            found.append(
                Unit(unit.start, unit.end, unit.kind, unit.keys, unit.clause, unit.sentence, unit.weight, unit.case,
                     unit.joined, unit.negated, unit.value, _shared(frozenset(labels)))
            )  # fmt: skip
        return found
