"""The uploaded zip files of Lambda functions, by the SHA-256 of their bytes in hexadecimal."""

from __future__ import annotations

from travel_tui.local.state.database import Database


class CodeStore:
    """The code in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, sha256: str, content: bytes) -> None:
        """Store a zip file."""
        self._db.execute("INSERT OR IGNORE INTO function_code VALUES (?, ?)", sha256, content)

    def get(self, sha256: str) -> bytes | None:
        """Return a zip file's bytes; None if there is none."""
        row = self._db.row("SELECT zip FROM function_code WHERE sha256 = ?", sha256)
        return bytes(row["zip"]) if row else None

    def delete(self, sha256: str) -> None:
        """Delete a zip file."""
        self._db.execute("DELETE FROM function_code WHERE sha256 = ?", sha256)
