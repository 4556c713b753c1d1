"""History of a memory as the attribution engine reads it: every text that was stored, and how it disappeared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from travel_tui.archive import Change, DeletedBy, MemoryHistoryEntry
from travel_tui.attribution.types import Removal, StoredText
from travel_tui.conversation.memory_labels import deleted
from travel_tui.memory.record_text import readable

_ELSEWHERE = (None, DeletedBy.ELSEWHERE, DeletedBy.UNKNOWN)
EDITED = "edited out of the memory"
EXPIRED = "expired, unless it was deleted elsewhere before"


def stored_texts(history: Iterable[MemoryHistoryEntry], memory_days: int | None = None) -> list[StoredText]:
    """Return every version of every record in the order they were seen.

    A version that was replaced counts as removed elsewhere at that time. A record that nobody here deleted counts as
    expired if it was gone only after `memory_days`, the days that the service keeps it; None means unknown.
    """
    found: list[StoredText] = []
    newest: dict[str, int] = {}
    for entry in history:
        its, last = entry.record, newest.pop(entry.record.record_id, None)
        if last is not None:
            removal, by = _removal(entry, memory_days)
            found[last] = replace(found[last], removal=removal, removed_at=entry.at, removed_by=by)
        elif entry.change is Change.GONE:
            removal, by = _removal(entry, memory_days)
            found.append(
                StoredText(its.record_id, readable(its.text), None, removal, entry.at, its.session_id or "", by)
            )
        if entry.change is not Change.GONE:
            newest[its.record_id] = len(found)
            text, since = readable(its.text), stored_since(entry)
            found.append(StoredText(its.record_id, text, since, session_id=its.session_id or ""))
    return found


def stored_since(entry: MemoryHistoryEntry) -> datetime:
    """Return since when a version is stored: the end of its session if known, or else when it was first seen."""
    ended = entry.record.ended_at
    return min(entry.at, ended) if entry.change is Change.SEEN and ended is not None else entry.at


def _removal(entry: MemoryHistoryEntry, memory_days: int | None) -> tuple[Removal, str]:
    """Return how the version before an entry disappeared, and who removed it in words."""
    if entry.change is not Change.GONE:
        return Removal.ELSEWHERE, EDITED
    if entry.deleted_by not in _ELSEWHERE:
        return Removal.HERE, deleted(entry.deleted_by)
    kept = timedelta(days=memory_days) if memory_days is not None else timedelta.max
    since = entry.record.ended_at or entry.record.started_at
    if entry.deleted_by is DeletedBy.ELSEWHERE and since is not None and entry.at - since >= kept:
        return Removal.EXPIRED, EXPIRED
    return Removal.ELSEWHERE, deleted(entry.deleted_by)
