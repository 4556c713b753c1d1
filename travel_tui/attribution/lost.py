"""Facts of a session that its summary lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from travel_tui.attribution import wordnet
from travel_tui.attribution.bookings import lost_appointments, lost_references
from travel_tui.attribution.kept import Kept, misspelled
from travel_tui.attribution.reading import Reading, Unit, read
from travel_tui.attribution.statements import Statement, statements
from travel_tui.attribution.types import LostItem, Turn
from travel_tui.attribution.words import fact_concepts, fold, language_of, lexicon, word_set

_MOST_WORDS = 12
_FEW = 3
_MOST_IN_SENTENCE = 40
_NO = re.compile(r"\b(?:no|without|kein\w*|ohne|sans|sin|senza|sem|geen|zonder)\s+$", re.I)
_REQUEST = re.compile(r"\b(?:(?:can|could|would|will) (?:you|u)(?: please)?|please|pls|plz)\s+$", re.I)
_NARRATES = re.compile(
    r"\b(?:came|went|ran|fell|cried|screamed|laughed|flooded|said|told|forgot|thought|took|saw|got|happened|slammed|"
    r"called|asked|died|dyed|kam|ging|fiel|lief|sagte|hat gesagt|est (?:venue?|parti|tombé)|a dit|"
    r"vino|fue|dijo|è venut[oa]|"
    r"ha detto)\b",
    re.I,
)
"""Words of a story, which is told in passing."""
_CHAT = re.compile(
    r"\b(?:lol|haha+|hehe|omg|u|ur|r|n|b4|gr8|pls|plz|thx|im|ive|ill|dont|doesnt|cant|wont|didnt|isnt|its|thats|wanna|"
    r"gonna|gotta|cos|bc|cuz|tho|btw|ppl|wk|wud|shud|ugh|hmm+|ok so|yay)\b|!!|\?\?|\.\.\.",
    re.I,
)
_MOST_OF_CHAT = 2000
_PARTS_OF_DAY = frozenset({"=morning", "=afternoon", "=evening"})
_EVERY = re.compile(r"\b(?:every|each|only|jeden|chaque|cada|ogni)\s+$", re.I)
_BEFORE = re.compile(r"[\w'’]+(?=\W*$)")
_PAST = re.compile(r"\b(?:had|was|were|got|did|went|came|took|said|told|made|burnt|\w{3,}ed)\b", re.I)
"""Words of a story: what happened is less often a fact to keep."""
_VERB_AFTER = word_set("before-verbs-en")
_FOREIGN_VERB_AFTER = word_set("before-verbs")
"""Words that a verb follows."""
_TIMES = frozenset({"day", "night", "week", "month", "year"})
_NOUN_AFTER = word_set("before-nouns")
"""Words that a noun follows."""


def find_lost(turns: Sequence[Turn], summary: str, today: date) -> list[LostItem]:
    """Return the facts that a session's user stated, and the booking codes that functions returned, which the session's
    summary lacks, in order. `today` is the session's day. Takes milliseconds; call it in a thread."""
    language = language_of(" ".join(turn.user for turn in turns[:50]))
    kept = Kept(read(summary, today, language), today)
    found: list[LostItem] = []
    told: set[frozenset[str]] = set()
    stated = statements(turns, today, language)
    for statement in _without_replaced(stated, kept):
        if (item := _item(statement, kept, told)) is not None:
            if found and (joined := _joined(found[-1], item, statement.reading)) is not None:
                found[-1] = joined
            else:
                found.append(item)
    known = {key for statement in stated for unit in statement.units for key in unit.keys}
    references = lost_references(turns, kept, known, today, language)
    found += references
    listed = {(item.turn, item.tool) for item in references}
    found += [
        item for item in lost_appointments(turns, kept, known, today, language) if (item.turn, item.tool) not in listed
    ]
    return sorted(found, key=lambda item: (item.turn, item.tool is not None, item.start))


def _without_replaced(stated: Sequence[Statement], kept: Kept) -> list[Statement]:
    """Leave out numbers that a later one of the same thing replaces in the summary: 40 people, so 45 people."""
    found = []
    later: dict[str, float] = {}
    for statement in reversed(stated):
        left = []
        for unit in statement.units:
            amount = unit.value.amount if unit.value is not None and unit.value.kind == "number" else None
            labels = sorted(key for key in unit.labels if key[:2] == "s:")
            if amount is not None and any(later.get(key, amount) != amount for key in labels):
                continue
            left.append(unit)
            if amount is not None and kept.has(unit, supported=True):
                later |= dict.fromkeys(labels, amount)
        found.append(replace(statement, units=tuple(left)))
    return found[::-1]


def _joined(before: LostItem, item: LostItem, reading: Reading) -> LostItem | None:
    """Return two items as one where only small words are between them: between 12 and 1, Tuesday is fine, after 4."""
    text = reading.text
    gap = text[before.end : item.start]
    if before.turn != item.turn or item.start < before.end:
        return None
    if not re.fullmatch(r"\s*(?:\w+\s+){0,2}", gap):
        inside = [unit for unit in reading.units if before.start <= unit.start < item.end]
        whens = all(unit.kind in ("day", "time") or unit.weight == 0 for unit in inside)
        if not whens or re.search(r"[.!?;\n]", gap) or inside[0].kind not in ("day", "time"):
            return None
    words = text[before.start : item.end]
    return LostItem(words, item.turn, before.start, item.end) if len(words.split()) <= 8 else None


def _item(statement: Statement, kept: Kept, told: set[frozenset[str]]) -> LostItem | None:
    """Return what the summary lacks of a statement as one item, or None."""
    units, text = statement.units, statement.reading.text
    has = [kept.has(unit, supported=False) for unit in units]
    supported = any(each and unit.weight and unit.kind != "number" for unit, each in zip(units, has, strict=True))
    if supported:
        has = [each or kept.has(unit, supported=True) for unit, each in zip(units, has, strict=True)]
    absent = [not each and unit.keys not in told for unit, each in zip(units, has, strict=True)]
    phrased = [unit.weight == 1 and _beside(units, at, absent) and _is_thing(unit) for at, unit in enumerate(units)]
    lacking = [
        at
        for at, unit in enumerate(units)
        if absent[at]
        and (
            unit.weight >= 2
            or (unit.weight == 1 and (_beside(units, at, absent) or not any(has) or _denial(text, unit.start)))
            or _is_part_of_day(unit, text)
        )
        and not _addressed(unit, statement.reading)
    ]
    reversed_ = statement.ended and not kept.ended() and not lacking
    if reversed_:  # the summary still has what the user said is over
        lacking = [at for at, unit in enumerate(units) if unit.weight >= 2]
    covered = sum(each and unit.weight >= 1 for unit, each in zip(units, has, strict=True))
    worth = [
        1 if _counts_kept(units, at, has) else _worth(units[at], statement.reading, kept.today, phrased=phrased[at])
        for at in lacking
    ]
    worth += [each for each, at in zip(worth, lacking, strict=True) if units[at].negated and each == 2]
    if not lacking or not (reversed_ or _carries(worth, covered + len(lacking), covered)):
        return None
    if not reversed_ and not any(each >= 3 for each in worth):
        plain = [units[at] for at in lacking]
        foreign = statement.reading.language != "en"
        if _NARRATES.search(text, *statement.reading.clauses[plain[0].clause]):
            return None
        allergic = any("=allergy" in unit.keys for unit in units)
        if (
            not allergic
            and not any(_is_fact(unit, statement.reading) for unit in plain)
            and (
                foreign
                or covered
                or _mostly_kept(statement, kept)
                or _is_chat(text)
                or _is_dated(units, lacking, statement, kept)
            )
        ):
            return None  # most of it is there: the rest is another wording, or an aside
    told.update(units[at].keys for at in lacking)
    first, last = _span(units, lacking[0], lacking[-1], statement.reading)
    return LostItem(text[first:last], statement.turn, first, last)


def _counts_kept(units: Sequence[Unit], at: int, has: Sequence[bool]) -> bool:
    """Whether a unit is a small number of things that the summary has, and may name one by one: two cats."""
    value = units[at].value
    if value is None or value.kind != "number" or value.unit or (value.amount or 0) > _FEW or at + 1 >= len(units):
        return False
    return has[at + 1] and units[at + 1].joined and units[at + 1].kind in ("word", "phrase")


def _is_fact(unit: Unit, reading: Reading) -> bool:
    """Whether a word is a fact about a person by itself, is denied (no laces), or tells when something is done."""
    return (
        bool(unit.keys & fact_concepts())
        or _denial(reading.text, unit.start) is not None
        or _is_part_of_day(unit, reading.text)
    )


def _is_chat(text: str) -> bool:
    """Whether a message is written as in a chat, full of asides and slips of the pen."""
    return len(_CHAT.findall(text[:_MOST_OF_CHAT])) >= 2


def _mostly_kept(statement: Statement, kept: Kept) -> bool:
    """Whether the summary has more than half of the words of a statement's sentence, values and names included."""
    place = statement.units[0].sentence
    units = [unit for unit in statement.reading.units if unit.sentence == place and unit.weight][:_MOST_IN_SENTENCE]
    return 2 * sum(kept.has(unit, supported=True) for unit in units) > len(units)


def _is_dated(units: Sequence[Unit], lacking: Sequence[int], statement: Statement, kept: Kept) -> bool:
    """Whether an amount of time without a figure (an extra day) is in the summary as a day that the message has."""
    for at in lacking:
        after = units[at + 1] if at + 1 < len(units) else None
        if units[at].weight != 2 or after is None or not after.joined or not after.keys & _spans_of_time():
            return False
    days = (unit for unit in statement.reading.units if unit.kind == "day")
    return any(kept.has(day, supported=True) for day in days)


@cache
def _spans_of_time() -> frozenset[str]:
    """Return the keys of the words for days, weeks and the like."""
    return frozenset(f"f:{word}" for word, unit in lexicon().units.items() if unit in _TIMES)


def _carries(worth: Sequence[int], units: int, covered: int) -> bool:
    """Whether words carry a fact: a value, a name, a thing, or other words that make up most of what is said.

    `worth` is that of each word, `units` the number of words in the clause, `covered` of them the summary has. Where it
    has nearly all of a clause, one word more is mostly another wording.
    """
    if any(each >= 3 for each in worth):
        return True
    if not covered:
        return any(each == 2 for each in worth) or sum(worth) >= 3
    return 3 * sum(each == 2 for each in worth) > units


def _worth(unit: Unit, reading: Reading, today: date, *, phrased: bool) -> int:
    """Return 3 for a value or a name, 2 for a thing, 1 for another word, 0 for what is no word."""
    text = reading.text
    before = (_BEFORE.search(text[max(0, unit.start - 30) : unit.start]) or [""])[0].lower()
    if unit.value is not None:
        counted = text[unit.end : unit.end + 8].lstrip().lower()
        small = (
            unit.kind == "number"
            and not unit.value.unit
            and ((unit.value.amount or 0) in (0, 1, 2) or counted.startswith(("time", "one", "trip")))
        )
        ago = (today - unit.value.day).days if unit.value.relative and unit.value.day is not None else -1
        told = 0 <= ago <= 1
        return 1 if small or told else 3  # what happened yesterday is a story
    if unit.kind == "name":
        if not text[unit.start : unit.end].isupper() or unit.end - unit.start > 3 or _names_city(unit):
            return 3
        return 2 if before in _NOUN_AFTER else 1
    concept = bool(unit.keys & fact_concepts())
    if unit.kind == "phrase" or _is_part_of_day(unit, text) or _denial(text, unit.start):
        return 2
    if before in (_VERB_AFTER if reading.language == "en" else _FOREIGN_VERB_AFTER):
        return 1
    if reading.language == "de":
        return 2 if text[unit.start].isupper() or (concept and before not in ("ich", "wir", "er", "sie")) else 1
    if reading.language != "en":
        return 2 if concept or before in _NOUN_AFTER else 1
    stems = [key[2:] for key in unit.keys if key[:2] == "s:"]
    if unit.weight == 1:
        return 2 if phrased else 1
    word = text[unit.start : unit.end].lower()
    known = any(map(wordnet.is_word, stems))
    if not known:
        return 2 if concept else 0 if len(word) < 4 else 1
    if (
        word.endswith(("ed", "ing", "ly"))
        and not concept
        and before not in _NOUN_AFTER
        and any(map(wordnet.is_verb, stems))
    ):
        return 1
    if concept:
        return 2
    clause = reading.clauses[unit.clause]
    told = _PAST.search(text, *clause) is not None
    return 2 if any(map(wordnet.is_concrete, stems)) and not told else 1


def _names_city(unit: Unit) -> bool:
    return any(key[:5] == "=city" for key in unit.keys)


def _is_part_of_day(unit: Unit, text: str) -> bool:
    """Whether a word says when something is done: every evening."""
    return (
        not _PARTS_OF_DAY.isdisjoint(unit.keys) and _EVERY.search(text, max(0, unit.start - 12), unit.start) is not None
    )


def _denial(text: str, start: int) -> re.Match[str] | None:
    """Return the word that denies the thing behind it, which starts there: no laces."""
    return _NO.search(text, max(0, start - 12), start)


def _is_thing(unit: Unit) -> bool:
    return any(wordnet.is_concrete(key[2:]) for key in unit.keys if key[:2] == "s:")


def _beside(units: Sequence[Unit], at: int, absent: Sequence[bool]) -> bool:
    """Whether a word of many meanings makes a phrase with an absent word next to it: front seat."""
    after = at + 1 < len(units) and units[at + 1].joined and absent[at + 1]
    return after or (at > 0 and units[at].joined and absent[at - 1])


def _addressed(unit: Unit, reading: Reading) -> bool:
    """Whether a word asks for something (Renew my permit) or is a function word with a slip of the pen."""
    text = reading.text
    if unit.kind == "phrase" and _REQUEST.search(text, max(0, unit.start - 24), unit.start):
        return True
    if unit.value is not None or unit.kind != "word":
        return False
    start, _ = reading.sentence(unit)
    first = not text[start : unit.start].strip(" \n\t>-*•\"'")
    if first and re.match(
        r"\s+(?:me|my|the|an?|it|us|for|to|that|this|these|those|in|on|our|him|her|them|with|up|down|"
        r"something|mir|meine?n?|moi|mon|ma|me|mi|un[ae]?)\b",
        text[unit.end : unit.end + 12],
        re.I,
    ):
        return True
    word = fold(text[unit.start : unit.end])
    return (
        unit.weight == 2
        and reading.language == "en"
        and len(word) >= 5
        and misspelled(word, _common_words())
        and not any(key[0] == "=" for key in unit.keys)
    )


@cache
def _common_words() -> tuple[str, ...]:
    known = lexicon()
    return tuple(sorted({word for word, languages in known.function.items() if "en" in languages and len(word) >= 5}))


def _span(units: Sequence[Unit], first: int, last: int, reading: Reading) -> tuple[int, int]:
    """Return the offsets from the first to the last lacking unit with the words joined to them, of at most 12 words.

    What is denied is told with the word that denies it: no laces.
    """
    text = reading.text
    while first and units[first].joined and last - first < _MOST_WORDS:
        first -= 1
    while last + 1 < len(units) and units[last + 1].joined and last - first < _MOST_WORDS:
        last += 1
    while last > first and len(text[units[first].start : units[last].end].split()) > _MOST_WORDS:
        last -= 1
    start = units[first].start
    denied = _denial(text, start)
    return (denied.start() if denied else start), units[last].end
