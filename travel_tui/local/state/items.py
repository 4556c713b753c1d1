"""The items of DynamoDB tables: JSON by key."""

from __future__ import annotations

import json
from typing import Any

from travel_tui.local.state.database import Database

Item = dict[str, Any]
"""An item as the wire has it: attribute values by name, each {type: value}."""


class Items:
    """The items in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, table: str, key: str) -> Item | None:
        """One item."""
        row = self._db.row("SELECT item FROM items WHERE table_name = ? AND item_key = ?", table, key)
        return json.loads(row["item"]) if row else None

    def put(self, table: str, key: str, item: Item) -> None:
        """Create or replace one."""
        self._db.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", table, key, json.dumps(item))

    def delete(self, table: str, key: str) -> None:
        """Delete one, where it is there."""
        self._db.execute("DELETE FROM items WHERE table_name = ? AND item_key = ?", table, key)

    def clear(self, table: str) -> None:
        """Delete all of a table."""
        self._db.execute("DELETE FROM items WHERE table_name = ?", table)

    def size(self, table: str) -> tuple[int, int]:
        """How many items a table has, and how many bytes of JSON."""
        row = self._db.row(
            "SELECT COUNT(*) AS number, COALESCE(SUM(LENGTH(item)), 0) AS bytes FROM items WHERE table_name = ?", table
        )
        return (row["number"], row["bytes"]) if row else (0, 0)
