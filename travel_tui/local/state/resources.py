"""Resources of the control plane: documents in AWS's shapes, by scope, kind and name."""

from __future__ import annotations

import json
from typing import Any

from travel_tui.local.state.database import Database
from travel_tui.local.state.scope import Scope

Document = dict[str, Any]


class Resources:
    """The resources of one scope in the database."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._db = database
        self._scope = scope.key

    def get(self, kind: str, name: str) -> Document | None:
        """Return a resource; None if there is none."""
        row = self._db.row(
            "SELECT document FROM resources WHERE (scope, kind, name) = (?, ?, ?)", self._scope, kind, name
        )
        return json.loads(row["document"]) if row else None

    def put(self, kind: str, name: str, document: Document) -> None:
        """Create or replace a resource."""
        self._db.execute(
            "INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?)", self._scope, kind, name, json.dumps(document)
        )

    def delete(self, kind: str, name: str) -> None:
        """Delete a resource, if it exists."""
        self._db.execute("DELETE FROM resources WHERE (scope, kind, name) = (?, ?, ?)", self._scope, kind, name)

    def delete_under(self, kind: str, prefix: str) -> None:
        """Delete all resources of a kind whose names start with `prefix`."""
        self._db.execute(
            "DELETE FROM resources WHERE (scope, kind) = (?, ?) AND substr(name, 1, ?) = ?",
            self._scope,
            kind,
            len(prefix),
            prefix,
        )

    def all(self, kind: str) -> list[Document]:
        """Return all resources of a kind, sorted by name."""
        rows = self._db.rows(
            "SELECT document FROM resources WHERE (scope, kind) = (?, ?) ORDER BY name", self._scope, kind
        )
        return [json.loads(row["document"]) for row in rows]


def resources_everywhere(database: Database, kind: str) -> list[Document]:
    """Return the resources of a kind in all scopes."""
    rows = database.rows("SELECT document FROM resources WHERE kind = ?", kind)
    return [json.loads(row["document"]) for row in rows]
