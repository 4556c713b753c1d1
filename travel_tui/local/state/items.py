"""The items of DynamoDB tables: JSON by key."""

from __future__ import annotations

import json
from typing import Any

from travel_tui.local.state.database import Database
from travel_tui.local.state.scope import Scope

Item = dict[str, Any]
"""An item in wire format: attribute values by name, each {type: value}."""


class Items:
    """The items of one scope's tables in the database."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._db = database
        self._scope = scope.key

    def get(self, table: str, key: str) -> Item | None:
        """Return an item; None if there is none."""
        row = self._db.row(
            "SELECT item FROM items WHERE (scope, table_name, item_key) = (?, ?, ?)", self._scope, table, key
        )
        return json.loads(row["item"]) if row else None

    def put(self, table: str, key: str, item: Item) -> None:
        """Create or replace an item."""
        self._db.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?)", self._scope, table, key, json.dumps(item))

    def delete(self, table: str, key: str) -> None:
        """Delete an item, if it exists."""
        self._db.execute("DELETE FROM items WHERE (scope, table_name, item_key) = (?, ?, ?)", self._scope, table, key)

    def all(self, table: str) -> list[Item]:
        """Return all items of a table, in no order."""
        rows = self._db.rows("SELECT item FROM items WHERE (scope, table_name) = (?, ?)", self._scope, table)
        return [json.loads(row["item"]) for row in rows]

    def clear(self, table: str) -> None:
        """Delete all items of a table."""
        self._db.execute("DELETE FROM items WHERE (scope, table_name) = (?, ?)", self._scope, table)

    def size(self, table: str) -> tuple[int, int]:
        """Return the number of items of a table, and their total bytes of JSON."""
        row = self._db.row(
            "SELECT COUNT(*) AS number, COALESCE(SUM(LENGTH(item)), 0) AS bytes FROM items "
            "WHERE (scope, table_name) = (?, ?)",
            self._scope,
            table,
        )
        return (row["number"], row["bytes"]) if row else (0, 0)
