"""What changed in a memory between two looks at it, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from travel_tui.agent import SessionSummary
from travel_tui.memory.topics import topics

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d\"'(])|\n+")


class Kind(StrEnum):
    """How a summary differs from the look before."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A session's summary that differs: the sentences that came, and those that went."""

    kind: Kind
    session_id: str
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


def differences(before: Iterable[SessionSummary], after: Iterable[SessionSummary]) -> list[Difference]:
    """What differs, in the order of `after`, what is gone last."""
    old = {each.session_id: each for each in before}
    found: list[Difference] = []
    for summary in after:
        last = old.pop(summary.session_id, None)
        if last is None or last.text != summary.text:
            found.append(between(last, summary))
    return found + [between(gone, None) for gone in old.values()]


def between(before: SessionSummary | None, after: SessionSummary | None) -> Difference:
    """How one session's summary differs; at least one of the two is there."""
    old = sentences(before.text) if before else ()
    new = sentences(after.text) if after else ()
    session_id = (after or before).session_id  # type: ignore[union-attr]
    kind = Kind.ADDED if before is None else Kind.REMOVED if after is None else Kind.CHANGED
    return Difference(kind, session_id, _beyond(new, old), _beyond(old, new))


def sentences(summary: str) -> tuple[str, ...]:
    """The sentences of a summary's text, whatever its form."""
    parts = (piece.strip() for topic in topics(summary) for piece in _SENTENCE.split(topic.text))
    return tuple(part for part in parts if part)


def _beyond(these: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in these if each not in others)
