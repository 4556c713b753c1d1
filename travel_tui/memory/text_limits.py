"""Limits on the texts that are compared: the time grows with them, and a pasted or generated one can be a megabyte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from travel_tui.attribution.types import SaidText, StoredText, Turn

SizedText = TypeVar("SizedText", SaidText, StoredText)

MAX_TEXT = 20_000
"""Maximum characters compared of one text, from its beginning."""
MAX_ANSWER = 8_000
"""Maximum characters of an answer whose facts are attributed, from its beginning."""
MAX_SESSION, MAX_MEMORY = 100_000, 400_000
"""Maximum characters compared of a session, from its end, and of a memory, in its order."""


def limited_turns(turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns with as much of their texts as is compared; turns keep their numbers, so some may be empty."""
    found: list[Turn] = []
    left = MAX_SESSION
    for turn in reversed(turns):
        cut = Turn(turn.user[:MAX_TEXT], turn.agent[:MAX_TEXT], tuple(each[:MAX_TEXT] for each in turn.tools), turn.day)
        size = len(cut.user) + len(cut.agent) + sum(map(len, cut.tools))
        found.append(cut if size <= left or not found else replace(cut, user="", agent="", tools=()))
        left -= size
    return found[::-1]


def limited_memory(memory: Mapping[str, str]) -> dict[str, str]:
    """Return the first texts of a memory that are within the limit, each as far as it is compared."""
    found: dict[str, str] = {}
    left = MAX_MEMORY
    for key, text in memory.items():
        left -= min(len(text), MAX_TEXT)
        if left < 0:
            break
        found[key] = text[:MAX_TEXT]
    return found


def limited_newest(texts: Sequence[SizedText]) -> list[SizedText]:
    """Return the newest of texts that are sorted by age, as many as are within the limit of a memory."""
    found: list[SizedText] = []
    left = MAX_MEMORY
    for each in reversed(texts):
        left -= min(len(each.text), MAX_TEXT)
        if left < 0:
            break
        found.append(replace(each, text=each.text[:MAX_TEXT]) if len(each.text) > MAX_TEXT else each)
    return found[::-1]
