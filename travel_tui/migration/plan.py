"""Plan of a migration: each summary as records of the target, and which of these are there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from travel_tui.agent import MemoryRecord
from travel_tui.memory_store import MAX_RECORD_TEXT, NewRecord
from travel_tui.migration.pieces import pieces_of
from travel_tui.migration.state_file import WrittenRecord

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Time of a record whose summary has none; it must be the same in every run."""


class RecordStatus(StrEnum):
    """What becomes of a summary's text, or of a part of it."""

    TO_WRITE = "to write"
    WRITTEN = "written"
    ALREADY_THERE = "already there"
    """The target lists a record with this text in this namespace."""
    WRITTEN_BEFORE = "written before"
    """An earlier run wrote it, and the target does not list it: not yet, or because it was deleted or rewritten."""
    FAILED = "failed"
    EMPTY = "empty"
    """The summary has no text, and a record needs one."""


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A record of the target, made of a summary or of a part of one."""

    session_id: str
    record: NewRecord
    sha256: str
    status: RecordStatus
    record_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UserPlan:
    """One user's summaries as records."""

    memory_id: str
    actor: str
    found: int
    """Summaries of the source."""
    records: tuple[PlannedRecord, ...]

    @property
    def sha256(self) -> str:
        """SHA-256 of the sorted SHA-256 digests of all texts, one a line in hexadecimal."""
        return _digest("\n".join(sorted(each.sha256 for each in self.records)))

    def count(self, status: RecordStatus) -> int:
        """Return the number of records with this status."""
        return sum(each.status is status for each in self.records)


def plan_user(
    memory_id: str,
    actor: str,
    summaries: Sequence[MemoryRecord],
    listed: Iterable[MemoryRecord],
    namespace_of: Callable[[str], str],
    written: Mapping[str, WrittenRecord],
) -> UserPlan:
    """Return one user's plan: `listed` are the target's records, `written` those of earlier runs by request id.

    `namespace_of` returns the namespace of a session's record.
    """
    there = {(each.namespace.strip("/"), _digest(each.text)): each.record_id for each in listed}
    planned: list[PlannedRecord] = []
    for summary in sorted(summaries, key=lambda each: (each.started_at or _UNDATED, each.record_id)):
        session_id = summary.session_id or summary.record_id
        namespace = namespace_of(session_id)
        for number, text in enumerate(pieces_of(summary.text, MAX_RECORD_TEXT)):
            digest = _digest(text)
            record = NewRecord(
                _request_id(memory_id, summary.record_id, number),
                namespace,
                text,
                summary.ended_at or summary.started_at or _UNDATED,
            )
            place = (namespace.strip("/"), digest)
            status, record_id = _status(record, digest, there.get(place), written.get(record.request_id))
            if status is RecordStatus.TO_WRITE:
                there[place] = ""  # the same text of the same session is written once
            planned.append(PlannedRecord(session_id, record, digest, status, record_id))
    return UserPlan(memory_id, actor, len(summaries), tuple(planned))


def _status(
    record: NewRecord, digest: str, there: str | None, written: WrittenRecord | None
) -> tuple[RecordStatus, str]:
    if not record.text.strip():
        return RecordStatus.EMPTY, ""
    if there is not None:
        return RecordStatus.ALREADY_THERE, there
    if written is not None and written.sha256 == digest:
        return RecordStatus.WRITTEN_BEFORE, written.record_id
    return RecordStatus.TO_WRITE, ""


def _request_id(memory_id: str, summary_id: str, number: int) -> str:
    """Return an id for a record that is the same in every run: at most 80 letters, digits and hyphens."""
    name = "\n".join((memory_id, summary_id, str(number)))
    return f"summary-{_digest(name)[:40]}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
