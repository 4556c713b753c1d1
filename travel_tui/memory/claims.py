"""Facts by what they say: two wordings of one day, city or amount are one claim."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from travel_tui.facts import Fact, find
from travel_tui.facts.dates import find_dates

_UNITS = {
    "$": "dollar", "usd": "dollar", "buck": "dollar", "€": "euro", "eur": "euro", "£": "pound", "gbp": "pound",
    "¥": "yen", "jpy": "yen", "chf": "franc", "inr": "rupee", "kid": "children", "person": "people", "adult": "people",
    "passenger": "people", "traveller": "people", "traveler": "people",
}  # fmt: skip
"""Units that mean the same."""
Claim = tuple[str, str]
"""Kind and value, as `facts.Fact` has them."""


def claims(text: str, today: date, names: Iterable[str] = ()) -> list[Fact]:
    """The facts of a text in order; `names` are looked for as words too, since only introduced ones are found."""
    found = find(text, today)
    taken = [(fact.start, fact.end) for fact in found]
    for name in sorted(set(names), key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                found.append(Fact("name", match.start(), match.end(), match.group(), name))
                taken.append((match.start(), match.end()))
    return sorted(found, key=lambda fact: fact.start)


def claim(fact: Fact) -> Claim:
    """What a fact says, to be compared."""
    value = fact.value.casefold()
    if fact.kind == "amount":
        figure, _, unit = value.partition(" ")
        unit = re.sub(r"(?<=[a-z])s$", "", unit)
        value = f"{figure} {_UNITS.get(unit, unit)}"
    return fact.kind, value


def lengths(facts: Iterable[Fact]) -> set[Claim]:
    """How long it is from each date of a text to the one after it: nobody said so, and yet it is known."""
    days = [date.fromisoformat(fact.value) for fact in facts if fact.kind == "date"]
    found = set()
    for start, end in pairwise(days):
        if (apart := (end - start).days) > 0:
            found |= {("amount", f"{apart} night"), ("amount", f"{apart} day")}
            if apart % 7 == 0:
                found.add(("amount", f"{apart // 7} week"))
    return found


def bare_days(text: str, today: date) -> dict[tuple[int, int], Claim]:
    """Days that a text names by their number alone (the 23rd), by where they stand."""
    return {
        (mention.start, mention.end): ("day", str(mention.value.day))
        for mention in find_dates(text, today)
        if mention.value and mention.day and mention.month is None
    }


def day_of(mine: Claim) -> Claim | None:
    """The number of the day that a date's claim names; None of other claims."""
    return ("day", str(date.fromisoformat(mine[1]).day)) if mine[0] == "date" else None


def named(texts: Iterable[str], today: date) -> set[str]:
    """The names that texts introduce."""
    return {fact.value for text in texts for fact in find(text, today) if fact.kind == "name"}
