"""What a memory has made of a session so far, by strategy: pure, from the records that are listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from travel_tui.agent import MemoryKind, MemoryRecord

NAMES = {
    MemoryKind.SESSION_SUMMARY: "summaries",
    MemoryKind.FACT: "facts",
    MemoryKind.PREFERENCE: "preferences",
    MemoryKind.EPISODE: "episodes",
    MemoryKind.REFLECTION: "reflections",
    MemoryKind.OTHER: "others",
}


@dataclass(frozen=True, slots=True)
class KindProgress:
    """Records of one kind that came of a session; `took_s` is the time from the newest's source to the record."""

    kind: MemoryKind
    records: int
    took_s: float | None = None

    @property
    def name(self) -> str:
        """Plural of the kind."""
        return NAMES[self.kind]


def progress(
    kinds: Iterable[MemoryKind], records: Sequence[MemoryRecord], session_id: str, since: datetime
) -> tuple[KindProgress, ...]:
    """Return what came of a session, in the order of `kinds`; `since` is the time of its first event.

    A record without a session counts if what it was made of was said since then.
    """
    found: list[KindProgress] = []
    for kind in dict.fromkeys(kinds):
        own = [
            each
            for each in records
            if each.kind is kind
            and (each.session_id == session_id or (each.session_id is None and _is_since(each, since)))
        ]
        newest = max(own, key=lambda each: each.stored_at or since, default=None)
        found.append(KindProgress(kind, len(own), _took_s(newest)))
    return tuple(found)


def _is_since(record: MemoryRecord, since: datetime) -> bool:
    return record.started_at is not None and record.started_at >= since


def _took_s(record: MemoryRecord | None) -> float | None:
    if record is None or record.stored_at is None or record.started_at is None:
        return None
    return max(0.0, (record.stored_at - record.started_at).total_seconds())
