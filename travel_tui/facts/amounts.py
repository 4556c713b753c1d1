"""Amounts: money, and counts of nights, people and similar units."""

from __future__ import annotations

import re
from dataclasses import dataclass

from travel_tui.facts.numbers import CARDINAL, to_int

_CURRENCY = (
    r"euros?|eur|dollars?|bucks|usd|pounds?|gbp|francs?|chf|yen|jpy|kr|sek|nok|dkk|pesos?|rupees?|inr|cad|aud|cents?"
)
_FIGURE = r"\d{1,3}(?:[ ,.'’]\d{3}){1,6}(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(
    rf"(?:(?P<sign>[€$£¥₹])\s?(?P<a>{_FIGURE})(?P<ka>\s?k\b)?|"
    rf"(?<![\w.,-])(?P<b>{_FIGURE})(?P<kb>\s?k)?\s?(?P<unit>[€$£¥₹]|(?:{_CURRENCY})\b))",
    re.I,
)
_COUNT = re.compile(
    rf"(?<![\w.,-])(?P<n>{CARDINAL})\s+(?P<unit>nights?|days?|weeks?|months?|hours?|minutes?|people|persons?|"
    rf"adults?|children|kids|passengers?|travell?ers?|tickets?|seats?|bags?|rooms?|km|kilomet(?:er|re)s?|miles|"
    rf"kg)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a text: its value, and its unit as written, in lower case."""

    start: int
    end: int
    text: str
    value: float
    unit: str


def _figure(text: str) -> float:
    plain = re.sub(r"[ '’]", "", text)
    if re.search(r"[.,]\d{1,2}$", plain):
        whole, cents = (
            plain[: plain.rindex(max(plain[-3], plain[-2], key=lambda c: c in ".,"))],
            re.split(r"[.,]", plain)[-1],
        )
        return float(re.sub(r"[.,]", "", whole) + "." + cents)
    return float(re.sub(r"[.,]", "", plain))


def find_amounts(text: str) -> list[Amount]:
    """Return every amount of money and every counted unit of the text, in order."""
    found = []
    taken = bytearray(len(text))
    for match in _MONEY.finditer(text):
        value = _figure(match["a"] or match["b"]) * (1000 if match["ka"] or match["kb"] else 1)
        found.append(Amount(match.start(), match.end(), match.group(), value, (match["sign"] or match["unit"]).lower()))
        taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    for match in _COUNT.finditer(text):
        count = to_int(match["n"])
        if count is not None and not any(taken[match.start() : match.end()]):
            found.append(Amount(match.start(), match.end(), match.group(), float(count), match["unit"].lower()))
    return sorted(found, key=lambda a: a.start)
