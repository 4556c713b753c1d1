"""Statements that a later one corrects, drops or decides against."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from travel_tui.attribution.statement import Statement
from travel_tui.attribution.units import Unit

REPLACED = re.compile(
    r"\b(?:we said|i said|was supposed|were supposed|originally|at first|first (?:thought|planned)|used to be|"
    r"it was|had planned|was going to|were going to)\b",
    re.I,
)
_MEANT = re.compile(r"\b(?:was|were) going to\b", re.I)
_WISHES = re.compile(
    r"\b(?:wants? to|wanted|would like|prefers?|preferred|suggests?|suggested|votes? for|either|or)\b", re.I
)
_NEXT = 8
"""Characters within which a name belongs to the word before it."""
_ADDS = re.compile(r"\b(?:too|also|as well|and|auch|aussi|también|anche)\b", re.I)
_MOST_NAMES, _MOST_DISMISSED = 20, 100
"""Most names of a correction, and most statements before a dismissal that are looked at."""


def drop_wishes(found: list[Statement], turn: int) -> None:
    """Drop what was proposed before a decision: he wants Turbo, she prefers Figaro. We settled on Figaro."""
    for at in range(max(0, len(found) - 6), len(found)):
        statement = found[at]
        if statement.turn != turn or not statement.units:
            continue
        start, end = statement.reading.clauses[statement.units[0].clause]
        if _WISHES.search(statement.reading.text, start, end) is not None:
            found[at] = Statement(turn, statement.reading, (), statement.ended)


def is_denied(text: str, unit: Unit) -> bool:
    """Whether a name or value is denied by the word right before it: not Martina."""
    return (
        re.search(
            r"\b(?:not|didn['’]?t(?= mean)|nicht|pas|non|no(?=\s+(?:el|la|los|las)\b)|instead of|rather than|statt|"
            r"au lieu de|en vez de)\s+"
            r"(?:the|in|on|at|from|to|a|le|la|el|der|die|das|mean the|dr\.?|mrs?\.?|ms\.?|prof\.?)?\s*$",
            text[max(0, unit.start - 24) : unit.start],
            re.I,
        )
        is not None
    )


def dismiss(found: list[Statement], units: Sequence[Unit]) -> None:
    """Drop what a sentence takes back: what it names, or else the statement before it."""
    named = {key for unit in units if unit.weight for key in unit.keys}
    for at in range(max(0, len(found) - _MOST_DISMISSED), len(found)):
        statement = found[at]
        left = tuple(_without_named(statement.units, named))
        if len(left) != len(statement.units) and not any(unit.weight >= 2 for unit in left):
            left = ()
        found[at] = Statement(statement.turn, statement.reading, left, statement.ended)
    if not named and found:
        sentence = found[-1].units[-1].sentence if found[-1].units else -1
        last = found[-1].turn
        while found and found[-1].turn == last and (not found[-1].units or found[-1].units[-1].sentence == sentence):
            found.pop()


def _without_named(units: Sequence[Unit], named: Collection[str]) -> Iterator[Unit]:
    """Yield the units that are not named, nor a name right behind one that is: my neighbour Mrs. Quist."""
    end = -_NEXT
    for unit in units:
        if not unit.keys.isdisjoint(named) or (unit.kind == "name" and unit.start - end < _NEXT):
            end = unit.end
        else:
            yield unit


def take_back(found: list[Statement], text: str, new: Sequence[Unit], excluded: Sequence[Unit]) -> None:
    """Drop the latest value of each kind that a correction states again, and those that it excludes."""
    gone = {key for unit in excluded for key in unit.keys}
    replaced: dict[str, int] = {}
    for unit in new:
        if unit.value is not None:
            replaced[_kind(unit)] = replaced.get(_kind(unit), 0) + 1
    names = [unit for unit in new if unit.kind == "name"][:_MOST_NAMES]
    fresh = {key for unit in new for key in unit.keys}
    others = len(names) if not replaced and not _ADDS.search(text) else 0
    for at in range(len(found) - 1, max(-1, len(found) - 13), -1):
        left: list[Unit] = []
        dropped: Unit | None = None
        for unit in found[at].units:
            kind = _kind(unit) if unit.value is not None else ""
            again = not fresh.isdisjoint(unit.keys)
            follows = dropped is not None and unit.kind == "name" and unit.start - dropped.end <= 12
            if unit.keys & gone or (again and unit.weight >= 2) or follows:
                continue
            if kind and replaced.get(kind, 0) > 0:
                replaced[kind] -= 1
                dropped = unit
                continue
            if unit.kind == "name" and (others > 0 or any(_alike(unit, other) for other in names)):
                others -= 1
                continue
            left.append(unit)
        if len(left) != len(found[at].units):
            found[at] = Statement(found[at].turn, found[at].reading, tuple(left), found[at].ended)


def _alike(unit: Unit, other: Unit) -> bool:
    """Whether two names are spellings of one another."""
    a, b = (next((key[2:] for key in sorted(each.keys) if key.startswith("f:")), "") for each in (unit, other))
    return a != b and len(a) > 3 and a[:3] == b[:3] and abs(len(a) - len(b)) <= 2


def _kind(unit: Unit) -> str:
    """Return what a correction of a value has in common with it."""
    value = unit.value
    if value is None:
        return ""
    return f"number {value.unit}" if value.kind == "number" and value.unit else value.kind


def last_of_each(units: Sequence[Unit], text: str, sentence: tuple[int, int]) -> list[Unit]:
    """Drop a value that is corrected within its own sentence: 12 June, no, sorry, 19 June."""
    cut = re.search(
        r"(?:\bno,? (?:sorry|wait)|\bno,|\bsorry,|\bi mean\b|\bnot\b|\.\.\. ?no\b)",
        text[sentence[0] : sentence[1]],
        re.I,
    )
    if cut is None and REPLACED.search(text, *sentence):
        turns = list(re.finditer(r"\b(?:but|now|so)\b", text[sentence[0] : sentence[1]], re.I))
        cut = next((each for each in turns if each.group().lower() == "but"), turns[-1] if turns else None)
    if cut is None:
        return list(units)
    place = sentence[0] + cut.start()
    if _MEANT.search(text, sentence[0], place):
        return [unit for unit in units if unit.start >= place]
    after = {_kind(unit) for unit in units if unit.value is not None and unit.start >= place}
    return [unit for unit in units if unit.value is None or unit.start >= place or _kind(unit) not in after]
