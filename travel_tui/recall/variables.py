"""`{{name}}` variables in the texts of a test, with promptfoo's syntax."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*\}\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Replace each known variable with its value; values are not expanded again."""
    return _REFERENCE.sub(lambda found: values.get(found[1], found[0]), text)


def filled_pattern(text: str, values: Mapping[str, str]) -> str:
    """Like `filled`, for a regular expression: values are escaped."""
    return _REFERENCE.sub(lambda found: re.escape(values[found[1]]) if found[1] in values else found[0], text)


def all_filled(texts: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Like `filled`, for the values of a mapping."""
    return {name: filled(text, values) for name, text in texts.items()}


def names_in(text: str) -> Iterator[str]:
    """Yield the variables used in a text."""
    for found in _REFERENCE.finditer(text):
        yield found[1]


def unknown_in(text: str, known: Callable[[str], bool]) -> str | None:
    """Return the first variable used in a text that is not defined."""
    return next((name for name in names_in(text) if not known(name)), None)
