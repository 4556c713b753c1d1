"""Extent of a claim in an answer: the small words that belong to it, and the neighbours that it is one with."""

from __future__ import annotations

import re
from collections.abc import Iterable

from travel_tui.attribution.matching import MONEY, NEUTRAL_LABELS
from travel_tui.attribution.roles import has_no_digits
from travel_tui.attribution.types import Claim
from travel_tui.attribution.units import Reading

MOST_WORDS = 12
"""Most words of a claim."""
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre|tra|fra|tussen)\b", re.I)

_TAILS = re.compile(r"\s+(?:each|per \w+|an? (?:day|night|week|month|year|hour|person|piece))\b", re.I)

MONEY_TAILS = re.compile(r"\s+(?:each|(?:per|an?|pro|par|por|al|alla|am|im|le|la|par) \w+)\b", re.I)
"""What an amount is for: 130 a night."""

_LEADS = re.compile(
    r"\b(?:before|after|until|till|from|above|below|under|over|since|by|at most|up to|between)\s+(?:the\s+)?$", re.I
)
ATTITUDE = frozenset({"=like", "=dislike"})
Explained = tuple[Claim, tuple[int, int] | None]
"""A claim, and the numbers of the text and the sentence it is from."""


def extent(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """Return the offsets of a run of units with the small words that belong to it: before 9, turns 70, 74 each."""
    text, units = reading.text, reading.units
    start, end = units[first].start, units[last].end
    before = units[first - 1] if first else None
    label = (
        before is not None
        and before.clause == units[first].clause
        and before.weight == 0
        and text[before.end : start] == " "
    )
    value = units[first].value
    if value is not None:
        if (lead := _LEADS.search(text, max(0, start - 16), start)) is not None:
            start = lead.start()
        elif (label and before is not None and before.kind == "word" and not value.unit) or (
            before is not None and before.kind == "word" and text[before.end : start] in (" of ", " de ")
        ):
            start = before.start
    elif (
        label
        and before is not None
        and first == last
        and (units[first].weight == 1 or units[first].end - units[first].start == 1)
    ):
        start = before.start
    ends = units[last].value
    tails = _TAILS if ends is None or ends.unit not in MONEY else MONEY_TAILS
    after = units[last + 1] if last + 1 < len(units) else None
    if ends is not None and ends.kind == "number" and after is not None and after.joined and not ends.unit:
        end = after.end if after.weight == 0 and after.kind == "word" and after.keys & NEUTRAL_LABELS else end
    if ends is not None and ends.kind == "number" and (tail := tails.match(text, end)) is not None:
        end = tail.end()
    for place in (first - 1, last + 1):
        if place > last and units[last].kind == "name":  # who likes something is another fact than what
            continue
        if 0 <= place < len(units) and units[place].keys & ATTITUDE and units[place].clause == units[first].clause:
            gap = text[units[place].end : start] if place < first else text[end : units[place].start]
            if len(gap.split()) <= 2 and not re.search(r"[.,;:!?()\n]", gap):
                start, end = min(start, units[place].start), max(end, units[place].end)
    return start, end


def _is_range(text: str, before: Claim, claim: Claim, gap: str) -> bool:
    """Whether two values of one source are the ends of a range: 9-12 July, between 8 and 12."""
    if before.source is not claim.source or before.record_id != claim.record_id or has_no_digits(before):
        return False
    start = text[max(0, before.start - 10) : before.end]
    return not has_no_digits(claim) and (
        gap.strip() in ("-", "–", "to", "until", "till", "bis", "à", "al", "a", "tot")
        or (gap.strip() in ("and", "und", "et", "y", "e", "en") and _BETWEEN.search(start) is not None)
    )


def merged(text: str, found: list[Explained]) -> list[Explained]:
    """Join neighbouring claims of one clause that come from one sentence."""
    merged: list[Explained] = []
    for claim, origin in found:
        if merged:
            before, its = merged[-1]
            gap = text[before.end : claim.start]
            if (
                its == origin
                and before.source is claim.source
                and before.record_id == claim.record_id
                and len(text[before.start : claim.end].split()) <= MOST_WORDS
                and len(gap.split()) <= (3 if origin else 2)
                and not re.search(r"[.,;:!?()\n|•\"“”–—*]", gap)
                and not re.search(r"\b(?:and|or|und|oder|et|ou|y|o|e|och|but)\b", gap)
                and has_no_digits(before) and has_no_digits(claim)
            ) or _is_range(text, before, claim, gap):  # fmt: skip
                merged[-1] = (
                    Claim(text[before.start : claim.end], before.start, claim.end, before.source, before.evidence),
                    its,
                )
                continue
        merged.append((claim, origin))
    return merged


def without_overlaps(claims: Iterable[Claim]) -> list[Claim]:
    """Leave out what an earlier claim has already: an hour, in £12 an hour."""
    found: list[Claim] = []
    for claim in claims:
        if not found or claim.start >= found[-1].end:
            found.append(claim)
        elif claim.end > found[-1].end:  # a word that both took: loves, in her girl loves horses
            rest = claim.text[found[-1].end - claim.start :]
            text = rest.lstrip()
            start = claim.end - len(text)
            found.append(Claim(text, start, claim.end, claim.source, claim.evidence))
    return found
