"""Finds the line of a key in a TOML file, for error messages."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*""")


def line_of(lines: Sequence[str], where: tuple[str, ...], key: str) -> int | None:
    """Return the line of `key` in the table `where`; if it is missing or in an inline table, that of its parent."""
    wanted = (*where, key)
    table: tuple[str, ...] = ()
    holder = None
    for number, line in enumerate(lines, 1):
        text = line.lstrip()
        if text.startswith("["):
            here = table = _keys(text.lstrip("["))
        elif not text or text.startswith("#"):
            continue
        else:
            here = (*table, *_keys(text))
        if here == wanted:
            return number
        inside, around = here[: len(where)] == where, here and here == wanted[: len(here)]
        if inside or (around and not text.startswith("[")):
            holder = number if here == where else holder or number
    return holder


def _keys(text: str) -> tuple[str, ...]:
    """Return the parts of the dotted key at the start of a line."""
    parts: list[str] = []
    place = 0
    while found := _KEY.match(text, place):
        parts.append(next(part for part in found.groups() if part is not None))
        place = found.end()
        if text[place : place + 1] != ".":
            break
        place += 1
    return tuple(parts)
