"""Attribution of the facts of an answer: groups of adjacent units, each with the source that supports it best."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from travel_tui.attribution.extents import ATTITUDE, MOST_WORDS, Explained, extent, merged, without_overlaps
from travel_tui.attribution.matching import same_derived, same_value
from travel_tui.attribution.reading import read
from travel_tui.attribution.roles import is_common, is_person, is_place, may_be_fact
from travel_tui.attribution.sources import Index, SourceText, source_texts
from travel_tui.attribution.types import Claim, Source, Turn
from travel_tui.attribution.units import Reading, Unit
from travel_tui.attribution.vocabulary import STANCE
from travel_tui.attribution.wordnet import is_noun, is_word
from travel_tui.attribution.words import language_of

_RANK = {Source.SAID: 0, Source.TOOL: 1, Source.MEMORY: 2, Source.NOT_INJECTED: 3}
_NEAR = 40
"""Units before and after one that are looked at for words that support it."""
_RECALLS = re.compile(
    r"\b(?:again|as usual|as always|usual|you (?:always |usually |also |still )?(?:like|love|prefer|hate|"
    r"dislike|want|insist|told|mentioned|asked|enjoy))\b",
    re.I,
)
_TITLES = frozenset(
    {
        "f:mr",
        "f:mrs",
        "f:ms",
        "f:dr",
        "f:miss",
        "f:frau",
        "f:herr",
        "f:madame",
        "f:monsieur",
        "f:hotel",
        "f:aunt",
        "f:uncle",
    }
)


@dataclass(slots=True)
class _Match:
    """A unit of a source that equals a unit of the answer."""

    text: int
    unit: Unit


def explain_answer(
    turns: Sequence[Turn], memory: Mapping[str, str], injected: Collection[str] | None, today: date
) -> list[Claim]:
    """Return the facts of the last turn's answer in order, each with its source.

    `memory` are the stored summaries by id, newest first; `injected` the ids of those in the prompt, None if that is
    not known, where any may count. What the agent said before is no source. Takes milliseconds; call it in a thread.
    """
    if not turns or not turns[-1].agent:
        return []
    index = Index(source_texts(turns, memory, injected, today), today)
    language = language_of(" ".join(turn.user for turn in turns[-20:]))
    return _Answer(read(turns[-1].agent, turns[-1].day or today, language), index).claims()


class _Answer:
    """The units of an answer held against the sources."""

    def __init__(self, reading: Reading, index: Index) -> None:
        self._reading, self._index = reading, index
        self._units = reading.units
        self._matches: list[dict[int, list[_Match]]] = []
        """Of each unit its matches by the number of their text."""
        self._shared: dict[tuple[int, int, int], list[int]] = {}
        """By the answer's sentence and a source sentence: the units of the answer that match something there."""

    def claims(self) -> list[Claim]:
        """Return the claims in order."""
        self._find_matches()
        found: list[Explained] = []
        for group in self._groups():
            found += self._explain(group)
        return without_overlaps(claim for claim, _ in merged(self._reading.text, found))

    def _find_matches(self) -> None:
        known: dict[tuple[object, ...], list[_Match]] = {}
        for place, unit in enumerate(self._units):
            what = (unit.kind, unit.keys, unit.case, unit.weight, unit.value, unit.labels)
            mine = known.get(what)
            if mine is None:
                like = self._index.like(unit)
                mine = [_Match(number, other) for number, other in like if self._equal(unit, number, other)]
                if unit.kind == "phrase":
                    mine += self._in_parts(unit)
                known[what] = mine
            by_text: dict[int, list[_Match]] = {}
            for match in mine:
                by_text.setdefault(match.text, []).append(match)
                shared = self._shared.setdefault((unit.sentence, match.text, match.unit.sentence), [])
                if not shared or shared[-1] != place:
                    shared.append(place)
            self._matches.append(by_text)

    def _equal(self, unit: Unit, number: int, other: Unit) -> bool:
        """Whether two units with a common key may mean the same, the words around left aside."""
        if unit.value is not None or other.value is not None:
            return unit.value is not None and other.value is not None and same_value(unit, other, supported=True)
        common = unit.keys & other.keys
        if any(key[0] == "=" for key in common) and not (common <= STANCE and unit.weight == 3):
            literal = any(key[0] != "=" for key in common)
            if not literal or unit.kind == "phrase":
                return unit.case != "A" or other.case != "a"
        if unit.kind == "phrase":
            return False
        if unit.case == "a" and other.case == "A" and unit.weight <= 2:
            return other.kind != "name" or self._titled(number, other)
        if unit.case == "A" and other.case == "a":
            return self._index.texts[number].reading.lowercase or (
                self._index.texts[number].source is Source.SAID and unit.weight == 3 and other.weight >= 2
            )
        return True

    def _in_parts(self, unit: Unit) -> list[_Match]:
        """Return a match for each source sentence that has all words of a phrase, apart from each other."""
        wanted = {key for key in unit.keys if key[:2] == "s:"}
        found: dict[tuple[int, int], set[str]] = {}
        matches: dict[tuple[int, int], _Match] = {}
        for number, other in self._index.like(unit):
            place = (number, other.sentence)
            found.setdefault(place, set()).update(other.keys & wanted)
            matches.setdefault(place, _Match(number, other))
        return [matches[place] for place, keys in found.items() if wanted and keys == wanted and len(wanted) > 1]

    def _titled(self, number: int, other: Unit) -> bool:
        """Whether a capital may come from a title, where every word has one."""
        units = self._index.texts[number].reading.units
        near = [
            each
            for each in units
            if each.sentence == other.sentence and each.kind in ("word", "name") and each is not other
        ]
        return bool(near) and all(each.case != "a" for each in near)

    # Groups ------------------------------------------------------------------------------------------------------

    def _groups(self) -> list[list[int]]:
        """Return runs of adjacent units; days, times and codes stand alone, and a word like "loves" ends a run."""
        groups: list[list[int]] = []
        for place, unit in enumerate(self._units):
            before = self._units[place - 1] if place else None
            if before is not None and len(groups[-1]) < MOST_WORDS and self._joins(before, unit):
                groups[-1].append(place)
            else:
                groups.append([place])
        return groups

    def _joins(self, before: Unit, unit: Unit) -> bool:
        adjacent = self._reading.text[before.end : unit.start].strip() in ("", "-")
        return (
            before.clause == unit.clause
            and (unit.joined or (adjacent and "number" in (unit.kind, before.kind)))
            and not {"day", "time", "code"} & {unit.kind, before.kind}
            and not (unit.value is not None and unit.value.unit)
            and not (before.weight == 0 and unit.weight > 0 and unit.kind != "number")
        )

    def _explain(self, group: list[int]) -> list[Explained]:
        """Return the claims of one group, each with its source sentence."""
        best: tuple[tuple[int, ...], int, list[tuple[int, _Match]]] | None = None
        for number in sorted({number for place in group for number in self._matches[place]}):
            text = self._index.texts[number]
            held = self._held(group, number)
            if not held:
                continue
            strong = sum(self._units[place].weight == 3 for place, _ in held)
            size = sum(2 if self._units[place].weight else 1 for place, _ in held)
            rank = (-strong, _RANK[text.source], -size, number) if strong else (0, -size, _RANK[text.source], number)
            if best is None or rank < best[0]:
                best = (rank, number, held)
            if len(held) == len(group):  # no later text can support more, or comes before it
                break
        if best is None:
            return self._derived(group) or self._unknown(group)
        _, number, held = best
        if (headless := self._headless(group, {place for place, _ in held})) is not None:
            return self._derived(group) or [(self._claim(min(headless), max(headless), None, None), None)]
        text = self._index.texts[number]
        first, last = min(place for place, _ in held), max(place for place, _ in held)
        _, match = max(held, key=lambda each: self._units[each[0]].weight)
        found: list[Explained] = [(self._claim(first, last, text, match.unit), (number, match.unit.sentence))]
        for rest in ([place for place in group if place < first], [place for place in group if place > last]):
            if any(self._units[place].weight for place in rest):
                found += [
                    each for each in self._explain(rest) if each[0].source is not Source.UNKNOWN or self._tells(rest)
                ]
        return sorted(found, key=lambda each: each[0].start)

    def _headless(self, group: list[int], held: set[int]) -> list[int] | None:
        """Return a noun and its number where only the noun has a source: channel 6, of a text about channel 11."""
        for place in group:
            unit = self._units[place]
            if unit.kind == "number" and place not in held:
                if place - 1 in held and place - 1 in group:
                    return [place - 1, place]
                if place + 1 in held and place + 1 in group:
                    return [place, place + 1]
        return None

    def _tells(self, group: list[int]) -> bool:
        """Whether what is left of a group is a name or a value, which may be unknown by itself."""
        return any(self._units[place].weight == 3 for place in group)

    def _held(self, group: list[int], number: int) -> list[tuple[int, _Match]]:
        """Return the units of a group that one text supports."""
        matched = {place for place in group if number in self._matches[place]}
        held = []
        for place in sorted(matched):
            options = self._matches[place][number]
            good = next((each for each in options if self._supported(place, each, group, matched)), None)
            if good is not None:
                held.append((place, good))
        plain = [place for place, _ in held]
        if any(self._units[place].weight for place in plain):
            return held
        pairs = [pair for pair in pairwise(plain) if pair[1] == pair[0] + 1 and all(map(self._is_noun, pair))]
        return held if pairs else []

    def _supported(self, place: int, match: _Match, group: list[int], matched: set[int]) -> bool:
        """Whether the words around a unit and its match allow that they mean the same."""
        unit, source = self._units[place], self._index.texts[match.text].source
        all_shared = self._shared[unit.sentence, match.text, match.unit.sentence]
        first, last = bisect_left(all_shared, place - _NEAR), bisect_left(all_shared, place + _NEAR)
        shared = [at for at in all_shared[first:last] if at != place]
        near = [at for at in shared if self._units[at].clause == unit.clause]
        supported = any(self._counts(at) for at in near)
        if unit.value is not None:
            supported = supported or any(self._counts(at) for at in shared)
            if (
                not supported
                and source in (Source.MEMORY, Source.NOT_INJECTED)
                and is_common(unit)
                and not unit.labels & match.unit.labels
            ):
                return False
            return same_value(unit, match.unit, supported=supported)
        if self._other_role(unit, match):
            return False
        if unit.weight == 0:
            return any(at in matched for at in group if self._units[at].weight) or self._is_pair(place, match, group)
        strangers = [
            at for at in group
            if at not in matched and abs(at - place) == 1 and self._units[at].weight and self._is_noun(at)
            and not self._related(self._units[at], match)
        ]  # fmt: skip
        if unit.weight == 3 and match.unit.kind in ("name", "word"):
            foreign = [at for at in strangers if self._units[at].kind == "name" and not self._units[at].keys & _TITLES]
            return not foreign or supported
        if unit.negated and not match.unit.negated and unit.keys & match.unit.keys and self._denied(unit):
            return False
        beside = any(at in matched and abs(at - place) == 1 for at in group)
        within = beside or any(self._counts(at) for at in near) or (unit.weight == 1 and self._recalls(unit))
        if source in (Source.SAID, Source.TOOL):
            return unit.weight >= 2 or not strangers or within
        if unit.weight >= 2 and (not strangers or unit.kind == "phrase"):
            return True
        if strangers:
            return within
        return within or any(self._units[at].weight >= 2 for at in shared)

    def _is_pair(self, place: int, match: _Match, group: list[int]) -> bool:
        """Whether a function result or a summary has this plain word next to the same one: family room."""
        if self._index.texts[match.text].source is Source.SAID or match.unit.kind != "word":
            return False
        for other, before in ((place - 1, True), (place + 1, False)):
            for each in self._matches[other].get(match.text, ()) if other in group else ():
                first, second = (each.unit, match.unit) if before else (match.unit, each.unit)
                if second.joined and 0 < second.start - first.end <= 1:
                    return True
        return False

    def _related(self, unit: Unit, match: _Match) -> bool:
        """Whether a word is another form of one of the source sentence: player and plays."""
        starts = {key[2:6] for key in unit.keys if key[1:2] == ":" and len(key) >= 6}
        units = self._index.in_sentence(match.text, match.unit.sentence)
        return any(key[2:6] in starts for each in units for key in each.keys if key[1:2] == ":" and len(key) >= 6)

    def _is_noun(self, place: int) -> bool:
        """Whether a word may change the sense of the one next to it, as a noun does."""
        unit = self._units[place]
        if unit.value is not None:
            return False
        if self._reading.language == "de":
            return self._reading.text[unit.start].isupper()
        stems = [key[2:] for key in unit.keys if key[:2] == "s:"]
        return self._reading.language != "en" or not any(map(is_word, stems)) or any(map(is_noun, stems))

    def _denied(self, unit: Unit) -> bool:
        return self._reading.text[max(0, unit.start - 4) : unit.start].lower() == "non-"

    def _other_role(self, unit: Unit, match: _Match) -> bool:
        """Whether a name is that of a place here and that of a person there: in Florence, and my friend Florence."""
        if not any(key.startswith("=city:") for key in unit.keys):
            return False
        there = self._index.texts[match.text].reading.text
        mine = (self._reading.text[max(0, unit.start - 12) : unit.start], self._reading.text[unit.end : unit.end + 12])
        its = (there[max(0, match.unit.start - 30) : match.unit.start], there[match.unit.end : match.unit.end + 12])
        return (is_place(mine) and is_person(its) and not is_place(its)) or (is_person(mine) and is_place(its))

    def _recalls(self, unit: Unit) -> bool:
        """Whether the sentence speaks of what the user usually wants."""
        start, end = self._reading.clauses[unit.clause]
        return _RECALLS.search(self._reading.text, start, end) is not None

    def _counts(self, place: int) -> bool:
        unit = self._units[place]
        if unit.value is not None:
            return unit.kind != "number"
        return unit.weight >= 1 or any(key[0] == "=" and key not in ATTITUDE for key in unit.keys)

    def _derived(self, group: list[int]) -> list[Explained]:
        """Explain a value that no text has by values it follows from."""
        values = [place for place in group if self._units[place].value is not None]
        for place in values:
            options = [
                (_RANK[self._index.texts[number].source], number, unit)
                for number, value, unit in self._index.derived()
                if same_derived(self._units[place], value)
            ]
            if options:
                _, number, unit = min(options, key=lambda each: each[:2])
                return [(self._claim(place, place, self._index.texts[number], unit), (number, unit.sentence))]
        return []

    # Claims ------------------------------------------------------------------------------------------------------

    def _unknown(self, group: list[int]) -> list[Explained]:
        """Return the claims of a group that nothing supports."""
        units = [self._units[place] for place in group]
        strong = [place for place in group if self._units[place].weight >= 2]
        if not strong and sum(unit.weight for unit in units) < 2:
            return []
        strong = strong or [place for place in group if self._units[place].weight]
        start, end = self._reading.sentence(units[0])
        asks = self._reading.text[start:end].rstrip().endswith("?")
        if asks and not any(unit.weight == 3 for unit in units):
            return []
        if len(units) == 1 and _is_small(units[0]):
            return []
        if not any(self._units[place].weight == 3 or may_be_fact(self._reading, place) for place in strong):
            return []
        if any(self._index.resembles(self._units[place], self._reading.language) for place in strong):
            return []
        last = max(strong)
        while min(strong) - 1 in group and self._units[min(strong)].joined and self._is_noun(min(strong) - 1):
            strong.append(min(strong) - 1)
        if self._units[last].kind == "number" and last + 1 in group:  # the noun that it counts
            last += 1
        return [(self._claim(min(strong), last, None, None), None)]

    def _claim(self, first: int, last: int, text: SourceText | None, unit: Unit | None) -> Claim:
        start, end = extent(self._reading, first, last)
        words = self._reading.text[start:end]
        if text is None or unit is None:
            return Claim(words, start, end, Source.UNKNOWN)
        return Claim(words, start, end, text.source, text.evidence(unit))


def _is_small(unit: Unit) -> bool:
    """Whether a unit is a bare number below three, which says nothing by itself."""
    value = unit.value
    return value is not None and value.kind == "number" and not value.unit and (value.amount or 0) < 3
