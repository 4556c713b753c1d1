"""`{{name}}` in the texts of a test, as promptfoo writes variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*\}\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each known variable's value in its place; what a value holds is not read again."""
    return _REFERENCE.sub(lambda found: values.get(found[1], found[0]), text)


def filled_pattern(text: str, values: Mapping[str, str]) -> str:
    """As `filled`, for a regular expression: a value stands for itself, whatever characters it has."""
    return _REFERENCE.sub(lambda found: re.escape(values[found[1]]) if found[1] in values else found[0], text)


def all_filled(texts: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """As `filled`, for the values of a mapping."""
    return {name: filled(text, values) for name, text in texts.items()}


def names_in(text: str) -> Iterator[str]:
    """The variables that a text uses."""
    for found in _REFERENCE.finditer(text):
        yield found[1]


def unknown_in(text: str, known: Callable[[str], bool]) -> str | None:
    """The first variable that a text uses and nobody sets."""
    return next((name for name in names_in(text) if not known(name)), None)
