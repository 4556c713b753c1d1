"""Deleted memories, whose events and records are deleted some at a time: there can be very many."""

from __future__ import annotations

from travel_tui.local.state.database import Database

_TABLES = ("memory_records", "memory_events")
_MAX_AT_ONCE = 500


class DroppedMemories:
    """What is left of deleted memories in the database. Nobody can reach it: the memory itself is gone."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, memory_arn: str) -> None:
        """Let everything in a memory be deleted."""
        self._db.execute("DELETE FROM memory_sessions WHERE memory_arn = ?", memory_arn)
        self._db.execute("INSERT OR IGNORE INTO dropped_memories VALUES (?)", memory_arn)

    def delete_some(self) -> bool:
        """Delete a part of what is left; return whether there may be more."""
        dropped = self._db.row("SELECT memory_arn FROM dropped_memories LIMIT 1")
        if dropped is None:
            return False
        arn = dropped["memory_arn"]
        with self._db.transaction():
            for table in _TABLES:
                some = f"SELECT id FROM {table} WHERE memory_arn = ? LIMIT ?"
                if self._db.execute(f"DELETE FROM {table} WHERE id IN ({some})", arn, _MAX_AT_ONCE).rowcount:
                    return True
            self._db.execute("DELETE FROM dropped_memories WHERE memory_arn = ?", arn)
        return True
