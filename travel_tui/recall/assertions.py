"""Evaluation of assertions on an answer, and search for their values in a memory. No model is used as judge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import unescape

from travel_tui.memory.record_text import readable
from travel_tui.recall.json_schema import conforms, filled_schema, is_json
from travel_tui.recall.patterns import search
from travel_tui.recall.scenario import Assertion
from travel_tui.recall.variables import filled, filled_pattern

_TAG = re.compile(r"</?(?:summary|topic)\b[^>]{0,200}>")


def with_values(assertion: Assertion, values: Mapping[str, str]) -> Assertion:
    """Fill in the assertion's variables; in a regular expression, that of a schema too, a value is escaped."""
    match assertion.type.removeprefix("not-"):
        case "regex":
            value = filled_pattern(assertion.value, values)
        case "is-json":
            value = filled_schema(assertion.value, values)
        case _:
            value = filled(assertion.value, values)
    return Assertion(assertion.type, value, filled(assertion.stored_as, values))


def holds(assertion: Assertion, text: str) -> bool:
    """Whether the assertion holds for the text. Raises PatternTimeoutError."""
    return found_in(assertion, text) != assertion.negative


def found_in(assertion: Assertion, text: str) -> bool:
    """Whether the text matches the assertion's value, wanted or not. Raises PatternTimeoutError."""
    value = assertion.value
    match assertion.type.removeprefix("not-"):
        case "contains":
            return value in text
        case "icontains":
            return value.casefold() in text.casefold()
        case "regex":
            return search(value, text) is not None
        case "equals":
            return text.strip() == value.strip()
        case _:
            return conforms(text, value) if value else is_json(text)


def traced_in(assertion: Assertion, plain: str, today: date) -> bool | None:
    """Whether a memory or a prompt, as plain text, contains the assertion's value; None if it cannot be determined.

    Matching is more lenient than in an answer, since a summary uses its own wording. A date or a place counts in any
    notation, and `stored_as` if the file has one. Raises PatternTimeoutError.
    """
    if assertion.type.endswith("is-json"):
        return None
    if assertion.stored_as:
        return assertion.stored_as.casefold() in plain.casefold()
    if assertion.type.endswith("regex"):
        return search(assertion.value, plain) is not None
    value = assertion.value.strip()
    if value.casefold() in plain.casefold():
        return True
    wanted = _facts(value, today)
    return bool(wanted) and wanted <= _facts(plain, today)


def plain_memory(memory: str) -> str:
    """Return a record without its markup, one that is a document as sentences."""
    plain = readable(memory)
    return plain if plain != memory else unescape(_TAG.sub("\n", memory))


def _facts(text: str, today: date) -> set[tuple[str, str]]:
    from travel_tui.facts import find

    return {(fact.kind, fact.value) for fact in find(text, today) if fact.kind in ("date", "place", "amount")}
