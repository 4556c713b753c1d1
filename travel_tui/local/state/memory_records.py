"""Records of AgentCore memories: stored, listed by namespace, and looked up by the words in them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from travel_tui.ids import Ids
from travel_tui.local.state.database import Database
from travel_tui.local.state.timestamps import from_text, to_text
from travel_tui.local.state.word_index import index_words

RECORD_TYPE = "x-amz-agentcore-memory-recordType"
"""Metadata key of a record's type."""
MAX_RECORDS = 2_000_000
"""Records that an endpoint keeps."""
_LAST = "\U0010ffff"
"""Sorts after every character that a namespace can have."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record to store or as stored; `row` is 0 until then. Records without a namespace have an empty one."""

    memory_arn: str
    record_id: str
    strategy_id: str
    namespace: str
    text: str
    metadata: dict[str, Any]
    created_at: datetime
    origin_at: datetime
    subject: str = ""
    expires_at: datetime | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class RecordScope:
    """Where to look: a namespace, or with `tree` everything under it, of one strategy or of all."""

    memory_arn: str
    namespace: str
    tree: bool
    strategy_id: str | None = None

    @property
    def place(self) -> str:
        """The token that the search index has of every record in this namespace or tree."""
        return _place(self.memory_arn, under(self.namespace) if self.tree else self.namespace, tree=self.tree)


def new_record_id(ids: Ids) -> str:
    """Return an id for a new record."""
    return f"mem-{ids.uuid()}"


class MemoryRecords:
    """The records in the database. Those that have expired or are gone are never returned."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, record: StoredRecord) -> None:
        """Store a record."""
        self._db.execute(
            "INSERT INTO memory_records (memory_arn, record_id, strategy_id, namespace, subject, text, metadata, "
            "created_at, origin_at, expires_at, places, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            record.memory_arn,
            record.record_id,
            record.strategy_id,
            record.namespace,
            record.subject,
            record.text,
            json.dumps(record.metadata),
            to_text(record.created_at),
            to_text(record.origin_at),
            to_text(record.expires_at) if record.expires_at else None,
            " ".join(_places(record.memory_arn, record.namespace)),
            " ".join(sorted(index_words(record.text))),
        )

    def get(self, memory_arn: str, record_id: str, now: datetime) -> StoredRecord | None:
        """Return a record that was not deleted; None if there is none."""
        row = self._db.row(
            "SELECT * FROM memory_records WHERE memory_arn = ? AND record_id = ? AND gone_s IS NULL "
            "AND (expires_at IS NULL OR expires_at > ?)",
            memory_arn,
            record_id,
            to_text(now),
        )
        return _record(row) if row else None

    def delete(self, record: StoredRecord, gone_s: float | None = None) -> None:
        """Delete a record; with `gone_s` it is listed until the endpoint's running seconds reach that."""
        if gone_s is None:
            self._db.execute("DELETE FROM memory_records WHERE id = ?", record.row)
        else:
            self._db.execute("UPDATE memory_records SET gone_s = ? WHERE id = ?", gone_s, record.row)

    def on_subject(self, record: StoredRecord, now: datetime) -> list[StoredRecord]:
        """Return the records on the same subject, of the same namespace and strategy, that are still to be seen."""
        if not record.subject:
            return []
        rows = self._db.rows(
            "SELECT * FROM memory_records WHERE memory_arn = ? AND namespace = ? AND subject = ? AND subject <> '' "
            "AND strategy_id = ? AND gone_s IS NULL AND (expires_at IS NULL OR expires_at > ?)",
            record.memory_arn,
            record.namespace,
            record.subject,
            record.strategy_id,
            to_text(now),
        )
        return [_record(row) for row in rows]

    def listed(self, scope: RecordScope, now: datetime, after: tuple[str, str, int] | None) -> Iterator[StoredRecord]:
        """Yield the records of a scope by namespace, newest first in each, after the position of a record."""
        first, *start = after or ("", "~", 0)  # "~" sorts after every date
        for listed in self._namespace_rows(scope):
            namespace = listed["namespace"]
            if namespace < first:
                continue
            cursor = self._db.execute(
                "SELECT * FROM memory_records WHERE memory_arn = ? AND namespace = ? AND (created_at, id) < (?, ?) "
                "AND (? IS NULL OR strategy_id = ?) AND (expires_at IS NULL OR expires_at > ?) "
                "ORDER BY created_at DESC, id DESC",
                scope.memory_arn,
                namespace,
                *(start if namespace == first else ("~", 0)),
                scope.strategy_id,
                scope.strategy_id,
                to_text(now),
            )
            for row in cursor:
                yield _record(row)

    def _namespace_rows(self, scope: RecordScope) -> list[sqlite3.Row]:
        """Return the namespaces of a scope with their number of records, sorted."""
        sql = "SELECT namespace, records FROM memory_namespaces WHERE memory_arn = ? AND "
        start = under(scope.namespace)
        if not scope.tree:
            return self._db.rows(sql + "namespace = ?", scope.memory_arn, scope.namespace)
        if start == "/":
            return self._db.rows(sql + "TRUE ORDER BY namespace", scope.memory_arn)
        within = "(namespace = ? OR (namespace >= ? AND namespace < ?)) ORDER BY namespace"
        return self._db.rows(sql + within, scope.memory_arn, start[:-1], start, start + _LAST)

    def newest(self, scope: RecordScope, limit: int) -> list[int]:
        """Return the row ids of the records of a scope that were stored last, of all strategies."""
        rows = self._db.rows(
            "SELECT rowid FROM memory_record_words WHERE memory_record_words MATCH ? ORDER BY rowid DESC LIMIT ?",
            f"places : {scope.place}",
            limit,
        )
        return [row["rowid"] for row in rows]

    def count(self, scope: RecordScope) -> int:
        """Return the number of records in a scope's namespace or tree, of all strategies."""
        return sum(row["records"] for row in self._namespace_rows(scope))

    def rows_with(self, scope: RecordScope, word: str, limit: int) -> list[int]:
        """Return the row ids of the last records of a scope that have a word, at most `limit`."""
        rows = self._db.rows(
            "SELECT rowid FROM memory_record_words WHERE memory_record_words MATCH ? ORDER BY rowid DESC LIMIT ?",
            _match(scope, word),
            limit,
        )
        return [row["rowid"] for row in rows]

    def some_with(self, scope: RecordScope, word: str, limit: int) -> list[int]:
        """Return the row ids of any records of a scope that have a word, at most `limit`; faster than in order."""
        sql = "SELECT rowid FROM memory_record_words WHERE memory_record_words MATCH ? LIMIT ?"
        return [row["rowid"] for row in self._db.rows(sql, _match(scope, word), limit)]

    def count_all(self) -> int:
        """Return the number of all records."""
        row = self._db.row("SELECT SUM(records) AS number FROM memory_namespaces")
        return int(row["number"] or 0) if row else 0

    def are_more_than(self, number: int, scope: RecordScope, word: str) -> bool:
        """Whether more than `number` records of a scope have a word."""
        sql = "SELECT 1 FROM memory_record_words WHERE memory_record_words MATCH ? LIMIT 1 OFFSET ?"
        return self._db.row(sql, _match(scope, word), number) is not None

    def by_rows(self, rows: Iterable[int], scope: RecordScope, now: datetime) -> list[StoredRecord]:
        """Return the records with these row ids that are of the scope's strategy and have not expired."""
        wanted = list(rows)
        found = self._db.rows(
            f"SELECT * FROM memory_records WHERE id IN ({', '.join('?' * len(wanted))}) "
            "AND (expires_at IS NULL OR expires_at > ?)",
            *wanted,
            to_text(now),
        )
        return [_record(row) for row in found if scope.strategy_id in {None, row["strategy_id"]}]

    def words_of(self, rows: Iterable[int], scope: RecordScope, now: datetime) -> dict[int, frozenset[str]]:
        """Return the index words of the records that `by_rows` returns."""
        wanted = list(rows)
        found = self._db.rows(
            f"SELECT id, words FROM memory_records WHERE id IN ({', '.join('?' * len(wanted))}) "
            "AND (expires_at IS NULL OR expires_at > ?) AND (? IS NULL OR strategy_id = ?)",
            *wanted,
            to_text(now),
            scope.strategy_id,
            scope.strategy_id,
        )
        return {row["id"]: frozenset(row["words"].split()) for row in found}

    def purge(self, seconds: float, now: datetime) -> None:
        """Delete the records that are gone by `seconds`, and those that have expired."""
        self._db.execute("DELETE FROM memory_records WHERE gone_s IS NOT NULL AND gone_s <= ?", seconds)
        self._db.execute("DELETE FROM memory_records WHERE expires_at IS NOT NULL AND expires_at <= ?", to_text(now))

    def next_gone(self) -> float | None:
        """Return the running seconds at which a deleted record is next gone."""
        row = self._db.row("SELECT MIN(gone_s) AS next FROM memory_records WHERE gone_s IS NOT NULL")
        return row["next"] if row else None

    def delete_strategy(self, memory_arn: str, strategy_id: str) -> None:
        """Delete all records of a strategy."""
        sql = "DELETE FROM memory_records WHERE memory_arn = ? AND strategy_id = ?"
        self._db.execute(sql, memory_arn, strategy_id)


def _match(scope: RecordScope, word: str) -> str:
    return f'places : {scope.place} AND words : "{word}"'


def position(record: StoredRecord) -> tuple[str, str, int]:
    """Return a record's sort position in `MemoryRecords.listed`."""
    return record.namespace, to_text(record.created_at), record.row


def under(namespace: str) -> str:
    """Return a namespace as a folder, with one slash at its end."""
    return namespace.rstrip("/") + "/"


def _places(memory_arn: str, namespace: str) -> list[str]:
    """Return the tokens of a namespace and of every tree that it is in."""
    parts = [part for part in namespace.split("/") if part]
    start = "/" if namespace.startswith("/") else ""
    trees = {"/", *(start + "/".join(parts[:number]) + "/" for number in range(1, len(parts) + 1))}
    return [
        _place(memory_arn, namespace, tree=False),
        *(_place(memory_arn, tree, tree=True) for tree in sorted(trees)),
    ]


def _place(memory_arn: str, namespace: str, *, tree: bool) -> str:
    name = f"{memory_arn} {'t' if tree else 'n'} {namespace}"
    return ("t" if tree else "n") + blake2b(name.encode(), digest_size=10).hexdigest()


def _record(row: sqlite3.Row) -> StoredRecord:
    return StoredRecord(
        memory_arn=row["memory_arn"],
        record_id=row["record_id"],
        strategy_id=row["strategy_id"],
        namespace=row["namespace"],
        text=row["text"],
        metadata=json.loads(row["metadata"]),
        created_at=from_text(row["created_at"]),
        origin_at=from_text(row["origin_at"]),
        subject=row["subject"],
        expires_at=from_text(row["expires_at"]) if row["expires_at"] else None,
        row=row["id"],
    )
