"""Whether a text is as an assertion wants it, and whether a memory holds what one asks for. No model judges."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from html import unescape

from travel_tui.recall.scenario import Assertion
from travel_tui.recall.variables import filled, filled_pattern

_TAG = re.compile(r"</?(?:summary|topic)\b[^>]{0,200}>")


def with_values(assertion: Assertion, values: Mapping[str, str]) -> Assertion:
    """The assertion with its variables filled in; in a regular expression a value stands for itself."""
    fill = filled_pattern if assertion.type.endswith("regex") else filled
    return Assertion(assertion.type, fill(assertion.value, values), filled(assertion.stored_as, values))


def holds(assertion: Assertion, text: str) -> bool:
    """Whether the text is as it should be."""
    return found_in(assertion, text) != assertion.negative


def found_in(assertion: Assertion, text: str) -> bool:
    """Whether the text has what the assertion names, wanted or not."""
    value = assertion.value
    match assertion.type.removeprefix("not-"):
        case "contains":
            return value in text
        case "icontains":
            return value.casefold() in text.casefold()
        case "regex":
            return re.search(value, text) is not None
        case "equals":
            return text.strip() == value.strip()
        case _:
            return _is_json(text)


def traced_in(assertion: Assertion, memory: str, today: date) -> bool | None:
    """Whether a memory or a prompt holds what the assertion names; None where that cannot be told.

    More is taken for it than in an answer: a summary says in words of its own what was said. A date or a place
    counts in whatever form it is written, and `stored_as` where the file gives one.
    """
    if assertion.type == "is-json":
        return None
    plain = plain_memory(memory)
    if assertion.stored_as:
        return assertion.stored_as.casefold() in plain.casefold()
    if assertion.type.endswith("regex"):
        return re.search(assertion.value, plain) is not None
    value = assertion.value.strip()
    if value.casefold() in plain.casefold():
        return True
    wanted = _facts(value, today)
    return bool(wanted) and wanted <= _facts(plain, today)


def plain_memory(memory: str) -> str:
    """A summary without its markup."""
    return unescape(_TAG.sub("\n", memory))


def _facts(text: str, today: date) -> set[tuple[str, str]]:
    from travel_tui.facts import find

    return {(fact.kind, fact.value) for fact in find(text, today) if fact.kind in ("date", "place", "amount")}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
