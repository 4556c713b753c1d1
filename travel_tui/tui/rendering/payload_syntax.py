"""Parts of a formatted trace payload that are coloured: names, strings, numbers and literals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Part = Literal["name", "string", "number", "literal"]
PARTS: tuple[Part, ...] = ("name", "string", "number", "literal")

_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_JSON_LINE = re.compile(r'[ {}\[\]"]')
"""How a line of indented JSON begins; the lines between the parts of a step begin with a word."""
_JSON = re.compile(
    rf'(?P<name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*"?)'
    rf"|(?P<number>{_NUMBER})|(?P<literal>true|false|null)"
)
_READABLE = re.compile(
    rf"\s*(?:- )*(?:(?P<name>[\w$.-]+):(?=\s|$)\s?)?(?:(?P<number>{_NUMBER})|(?P<literal>true|false|null))?(?P<end>$)?"
)


def json_parts(line: str) -> Iterator[tuple[Part, int, int]]:
    """Yield the parts of a line of indented JSON, with where each begins and ends; a string may be cut off."""
    if _JSON_LINE.match(line):
        for found in _JSON.finditer(line):
            for part in PARTS:
                if found[part] is not None:
                    yield part, found.start(), found.end()


def readable_parts(line: str) -> Iterator[tuple[Part, int, int]]:
    """Yield the name in a line `name: value`, and the value if it is a number or a literal."""
    if (found := _READABLE.match(line)) is None:
        return
    if found["name"] is not None:
        yield "name", *found.span("name")
    for part in ("number", "literal"):
        if found[part] is not None and found["end"] is not None:
            yield part, *found.span(part)
