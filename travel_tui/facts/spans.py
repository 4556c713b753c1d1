"""Durations: five nights, two days later, an extra day, for a week."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from travel_tui.facts.numbers import CARDINAL, to_int
from travel_tui.facts.text import even

Sense = Literal["stay", "later", "earlier", "longer", "shorter"]

_DAYS = {"day": 1, "night": 1, "week": 7, "fortnight": 14, "weekend": 2, "month": 30}
_COUNT = rf"(?:{CARDINAL}|an?(?:\s+couple\s+of)?|another|one|couple\s+of|the)"
_MORE = r"extra|more|additional|further|other"
_LESS = r"fewer|less"
_SPAN = re.compile(
    rf"\b(?P<lead>(?:an?\s+)?(?:extra|additional|another|further)\s+)?(?P<count>{_COUNT})[\s-]+(?P<kind>{_MORE}|"
    rf"{_LESS}|full|whole|entire)?\s*"
    rf"\b(?P<unit>day|night|week|fortnight|weekend|month)s?(?:['’]s?)?\b"
    r"(?:[\s-]+(?P<tail>longer|shorter|later|earlier|sooner|before|after|afterwards?|more|less|extra|early|late|"
    r"ago|from|fewer|ahead))?",
    re.I,
)
_LABELLED = re.compile(r"\b(?P<unit>nights|days|weeks)\s*[:=]\s*(?P<count>\d{1,3})\b", re.I)
_NEXT = re.compile(
    r"\b(?:(?P<next>the\s+(?:next|following)\s+(?P<unit>day|week|morning|evening))|"
    r"(?P<same>(?:on\s+)?the\s+same\s+day|same[- ]day)"
    r"|(?P<overnight>overnight)|(?P<before>the\s+day\s+before|a\s+day\s+before)|"
    r"(?P<after>the\s+day\s+after)(?!\s+tomorrow))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class SpanMention:
    """A duration in a text: its number of days, and its role according to the surrounding words."""

    start: int
    end: int
    text: str
    days: int
    sense: Sense


def _sense(match: re.Match[str]) -> Sense | None:
    tail = (match["tail"] or "").lower()
    count, kind, lead = match["count"].lower(), (match["kind"] or "").lower(), match["lead"]
    if tail in ("ago", "from") or (count == "the" and not kind):
        return None
    if tail in ("later", "after", "afterwards", "afterward", "late"):
        return "later"
    if tail in ("earlier", "sooner", "before", "early", "ahead"):
        return "earlier"
    if tail in ("shorter", "less", "fewer") or kind in ("fewer", "less"):
        return "shorter"
    if (
        tail in ("longer", "more", "extra")
        or kind in ("extra", "more", "additional", "further", "other")
        or lead
        or count == "another"
    ):
        return "longer"
    return "stay"


def find_spans(text: str) -> list[SpanMention]:
    """Return every duration of the text, in order and without overlaps; "a week ago" and "a week from" are dates."""
    text = even(text)
    found: list[SpanMention] = []
    for match in _SPAN.finditer(text):
        sense = _sense(match)
        count = 1 if match["count"].lower() in ("another", "the") else to_int(re.sub(r"\s+", " ", match["count"]))
        if sense is None or count is None:
            continue
        days = count * _DAYS[match["unit"].lower()]
        found.append(SpanMention(match.start(), match.end(), match.group(), days, sense))
    for match in _LABELLED.finditer(text):
        days = int(match["count"]) * _DAYS[match["unit"].lower().removesuffix("s")]
        found.append(SpanMention(match.start(), match.end(), match.group(), days, "stay"))
    taken = bytearray(len(text))
    for mention in found:
        taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
    for match in _NEXT.finditer(text):
        if any(taken[match.start() : match.end()]):
            continue
        days, sense = 1, "later"
        if match["same"]:
            days = 0
        elif match["before"]:
            sense = "earlier"
        elif match["overnight"]:
            sense = "stay"
        elif (match["unit"] or "").lower() == "week":
            days = 7
        found.append(SpanMention(match.start(), match.end(), match.group(), days, sense))
    return sorted(found, key=lambda mention: mention.start)
