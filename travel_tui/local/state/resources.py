"""Resources of the control plane: documents in AWS's shapes, by kind and name."""

from __future__ import annotations

import json
from typing import Any

from travel_tui.local.state.database import Database

Document = dict[str, Any]


class Resources:
    """The resources in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, kind: str, name: str) -> Document | None:
        """One resource."""
        row = self._db.row("SELECT document FROM resources WHERE kind = ? AND name = ?", kind, name)
        return json.loads(row["document"]) if row else None

    def put(self, kind: str, name: str, document: Document) -> None:
        """Create or replace one."""
        self._db.execute("INSERT OR REPLACE INTO resources VALUES (?, ?, ?)", kind, name, json.dumps(document))

    def delete(self, kind: str, name: str) -> None:
        """Delete one, where it is there."""
        self._db.execute("DELETE FROM resources WHERE kind = ? AND name = ?", kind, name)

    def delete_under(self, kind: str, prefix: str) -> None:
        """Delete all of a kind whose names begin with `prefix`."""
        self._db.execute("DELETE FROM resources WHERE kind = ? AND substr(name, 1, ?) = ?", kind, len(prefix), prefix)

    def all(self, kind: str) -> list[Document]:
        """All of a kind, by name."""
        rows = self._db.rows("SELECT document FROM resources WHERE kind = ? ORDER BY name", kind)
        return [json.loads(row["document"]) for row in rows]
