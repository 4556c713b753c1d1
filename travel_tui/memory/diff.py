"""Changes of a memory between two listings, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from travel_tui.agent import MemoryRecord
from travel_tui.memory.summary_parser import topics

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d\"'(])|\n+")


class ChangeKind(StrEnum):
    """Kind of change of a record."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """Change of a record: the added and the removed sentences."""

    kind: ChangeKind
    record_id: str
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


def differences(before: Iterable[MemoryRecord], after: Iterable[MemoryRecord]) -> list[Difference]:
    """Return the changes, in the order of `after`, removed records last."""
    old = {each.record_id: each for each in before}
    found: list[Difference] = []
    for record in after:
        last = old.pop(record.record_id, None)
        if last is None or last.text != record.text:
            found.append(between(last, record))
    return found + [between(gone, None) for gone in old.values()]


def between(before: MemoryRecord | None, after: MemoryRecord | None) -> Difference:
    """Return the change of one record; at least one of the two must be given."""
    old = sentences(before.text) if before else ()
    new = sentences(after.text) if after else ()
    record_id = (after or before).record_id  # type: ignore[union-attr]
    kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else ChangeKind.CHANGED
    return Difference(kind, record_id, _beyond(new, old), _beyond(old, new))


def sentences(summary: str) -> tuple[str, ...]:
    """Return the sentences of a summary's text, whatever its form."""
    parts = (piece.strip() for topic in topics(summary) for piece in _SENTENCE.split(topic.text))
    return tuple(part for part in parts if part)


def _beyond(these: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    known = set(others)
    return tuple(each for each in these if each not in known)
