"""Parts of a formatted trace payload that are coloured: names, strings, and other values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Part = Literal["name", "string", "value"]
PARTS: tuple[Part, ...] = ("name", "string", "value")
"""A value is a number, true, false or null."""

_VALUE = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null"
_JSON_LINE = re.compile(r'[ {}\[\]"]')
"""How a line of indented JSON begins; the lines between the parts of a step begin with a word."""
_JSON = re.compile(
    rf'(?P<name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*"?)|(?P<value>{_VALUE})',
)
_READABLE = re.compile(rf"\s*(?:- )*(?:(?P<name>[\w$.-]+):(?=\s|$)\s?)?(?P<value>(?:{_VALUE})$)?")


def json_parts(line: str) -> Iterator[tuple[Part, int, int]]:
    """Yield the parts of a line of indented JSON, with where each begins and ends; a string may be cut off."""
    if _JSON_LINE.match(line):
        for match in _JSON.finditer(line):
            yield from _parts(match)


def readable_parts(line: str) -> Iterator[tuple[Part, int, int]]:
    """Yield the name in a line `name: value`, and the value unless it is text."""
    if (match := _READABLE.match(line)) is not None:
        yield from _parts(match)


def _parts(match: re.Match[str]) -> Iterator[tuple[Part, int, int]]:
    for part in PARTS:
        if match.groupdict().get(part) is not None:
            yield part, *match.span(part)
