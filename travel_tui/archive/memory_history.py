"""History of every observed change of a memory, readable after the service has deleted it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from travel_tui.agent import MemoryRecord
from travel_tui.archive.connection import ArchiveConnection
from travel_tui.archive.deleted_by import DELETED_BY
from travel_tui.archive.records import Change, DeletedBy, MemoryHistoryEntry, to_deleted_by, to_memory_kind
from travel_tui.archive.values import from_optional_time, from_time, to_text, to_time

_COLUMNS = "memory_id, session_id, text, started_at, ended_at, record_id, kind, namespace"
"""Columns of a MemoryRecord, in the order of its fields; a score belongs to a query and is not kept."""


class MemoryHistory(ArchiveConnection):
    """Observed changes of memories. All methods raise ArchiveError."""

    def record_memory(self, agent: str, memory_id: str, records: Sequence[MemoryRecord], at: datetime) -> bool:
        """Store a listing of a memory, newest first, and return whether it differs from the previous one."""
        with self.transaction() as connection:
            known = {entry.record.record_id: entry for entry in self._latest_memories(agent, memory_id)}
            changes: list[tuple[Change, MemoryRecord]] = []
            for record in _as_read_back(records):
                last = known.pop(record.record_id, None)
                if last is None or last.change is Change.GONE:
                    changes.append((Change.SEEN, record))
                elif last.record != record:
                    changes.append((Change.CHANGED, record))
            changes += [(Change.GONE, last.record) for last in known.values() if last.change is not Change.GONE]
            _insert(connection, agent, memory_id, changes, at)
        return bool(changes)

    def memory_history(self, agent: str, memory_id: str) -> list[MemoryHistoryEntry]:
        """Return every observed change of a memory, oldest first, including deleted records."""
        return self._memories("agent = ? AND memory_id = ?", agent, memory_id)

    def last_deleted_by(self, agent: str, memory_id: str) -> DeletedBy | None:
        """Return who deleted the record that disappeared last; None if none ever did."""
        newest = "SELECT max(id) FROM memories WHERE agent = ? AND memory_id = ? AND change = 'gone'"
        found = self._memories(f"id = ({newest})", agent, memory_id)
        return found[0].deleted_by if found else None

    def _latest_memories(self, agent: str, memory_id: str) -> list[MemoryHistoryEntry]:
        newest = "SELECT max(id) FROM memories WHERE agent = ? AND memory_id = ? GROUP BY record_id"
        return self._memories(f"id IN ({newest})", agent, memory_id)

    def _memories(self, condition: str, agent: str, memory_id: str) -> list[MemoryHistoryEntry]:
        rows = self.rows(
            f"SELECT at, change, {DELETED_BY}, {_COLUMNS} FROM memories WHERE {condition} ORDER BY id",
            (agent, memory_id),
        )
        return [
            MemoryHistoryEntry(from_time(at), Change(change), _record(record), to_deleted_by(by))
            for at, change, by, *record in rows
        ]


def _as_read_back(records: Sequence[MemoryRecord]) -> list[MemoryRecord]:
    """Return the records as they will be read back, oldest first; of records with the same id, the newest."""
    return list(
        {
            found.record_id: replace(
                found,
                text=to_text(found.text),
                record_id=to_text(found.record_id),
                namespace=to_text(found.namespace),
                score=None,
                stored_at=None,
            )
            for found in reversed(records)
        }.values()
    )


def _insert(
    connection: sqlite3.Connection,
    agent: str,
    memory_id: str,
    changes: Sequence[tuple[Change, MemoryRecord]],
    at: datetime,
) -> None:
    connection.executemany(
        f"INSERT INTO memories (agent, at, change, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                agent,
                to_time(at),
                change,
                memory_id,
                found.session_id,
                found.text,
                to_time(found.started_at),
                to_time(found.ended_at),
                found.record_id,
                found.kind,
                found.namespace,
            )
            for change, found in changes
        ],
    )


def _record(row: Sequence[Any]) -> MemoryRecord:
    memory_id, session_id, text, started_at, ended_at, record_id, kind, namespace = row
    return MemoryRecord(
        memory_id,
        session_id,
        text,
        from_optional_time(started_at),
        from_optional_time(ended_at),
        record_id=record_id,
        kind=to_memory_kind(kind),
        namespace=namespace,
    )
