"""Whose memories there are, and what each was writing: no call of the service lists memory ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from travel_tui.archive.store import Archive


@dataclass(frozen=True, slots=True)
class User:
    """A memory id of an agent. `name` is what people call it; of its `sessions` the last was begun at `last_at`."""

    memory_id: str
    name: str = ""
    sessions: int = 0
    last_at: datetime | None = None


class People:
    """The users of one agent, as the archive knows them. All methods raise ArchiveError."""

    def __init__(self, archive: Archive, agent: str) -> None:
        self._archive = archive
        self._agent = agent

    def users(self) -> list[User]:
        """Every memory id that was added or talked with, the one that was talked with last first."""
        rows = self._archive.rows(
            "SELECT memory_id, max(name), sum(sessions), max(last_at) FROM ("
            "SELECT memory_id, name, 0 AS sessions, NULL AS last_at FROM users WHERE agent = ?1 "
            "UNION ALL SELECT memory_id, '', count(*), max(opened_at) FROM sessions "
            "WHERE agent = ?1 AND memory_id IS NOT NULL GROUP BY memory_id) "
            "GROUP BY memory_id ORDER BY max(last_at) IS NULL, max(last_at) DESC, memory_id",
            (self._agent,),
        )
        return [
            User(memory_id, name, sessions, datetime.fromisoformat(last) if last else None)
            for memory_id, name, sessions, last in rows
        ]

    def name(self, memory_id: str, name: str = "") -> None:
        """Add a memory id, or give it another name."""
        self._set(memory_id, "name", name)

    def draft(self, memory_id: str) -> str:
        """What was being written when the client was closed; empty where nothing was."""
        rows = self._archive.rows("SELECT draft FROM users WHERE agent = ? AND memory_id = ?", (self._agent, memory_id))
        return str(rows[0][0]) if rows else ""

    def keep_draft(self, memory_id: str, text: str) -> None:
        """Keep what is being written."""
        self._set(memory_id, "draft", text)

    def written(self, memory_id: str, most: int) -> list[str]:
        """What was written to the agent with that memory, oldest first: at most so many, none twice in a row."""
        rows = self._archive.rows(
            "SELECT text FROM turns JOIN sessions ON sessions.id = turns.session "
            "WHERE agent = ? AND memory_id = ? AND text <> '' ORDER BY turns.id DESC LIMIT ?",
            (self._agent, memory_id, most),
        )
        texts = [str(text) for (text,) in reversed(rows)]
        return [text for number, text in enumerate(texts) if number == 0 or text != texts[number - 1]]

    def _set(self, memory_id: str, column: str, value: str) -> None:
        value = value.encode("utf-8", "replace").decode("utf-8")
        with self._archive.transaction() as connection:
            connection.execute(
                f"INSERT INTO users (agent, memory_id, {column}) VALUES (?, ?, ?) "
                f"ON CONFLICT (agent, memory_id) DO UPDATE SET {column} = excluded.{column}",
                (self._agent, memory_id, value),
            )
