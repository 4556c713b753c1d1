"""The uploaded zip files of Lambda functions, by the SHA-256 of their bytes in hexadecimal."""

from __future__ import annotations

from travel_tui.local.state.database import Database


class CodeStore:
    """The code in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, sha256: str, content: bytes) -> None:
        """Keep a zip file."""
        self._db.execute("INSERT OR IGNORE INTO function_code VALUES (?, ?)", sha256, content)

    def get(self, sha256: str) -> bytes | None:
        """A zip file's bytes."""
        row = self._db.row("SELECT zip FROM function_code WHERE sha256 = ?", sha256)
        return bytes(row["zip"]) if row else None

    def delete(self, sha256: str) -> None:
        """Forget one."""
        self._db.execute("DELETE FROM function_code WHERE sha256 = ?", sha256)
