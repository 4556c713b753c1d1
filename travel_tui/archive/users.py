"""Known memory ids and their drafts; needed because no call of the service lists memory ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from travel_tui.archive.values import to_text

if TYPE_CHECKING:
    from travel_tui.archive.store import Archive


@dataclass(frozen=True, slots=True)
class User:
    """A memory id of an agent. `name` is its display name; `last_at` is the time of the last turn in its `sessions`."""

    memory_id: str
    name: str = ""
    sessions: int = 0
    last_at: datetime | None = None


class UserStore:
    """The users of one agent known to the archive. All methods raise ArchiveError."""

    def __init__(self, archive: Archive, agent: str) -> None:
        self._archive = archive
        self._agent = agent

    def users(self) -> list[User]:
        """Return every memory id that was added or used, the most recently used first."""
        rows = self._archive.rows(
            "SELECT memory_id, max(name), sum(sessions), max(last_at) FROM ("
            "SELECT memory_id, name, 0 AS sessions, NULL AS last_at FROM users WHERE agent = ?1 "
            "UNION ALL SELECT memory_id, '', count(*), max(coalesce("
            "(SELECT sent_at FROM turns WHERE session = sessions.id ORDER BY number DESC LIMIT 1), opened_at)) "
            "FROM sessions WHERE agent = ?1 AND memory_id IS NOT NULL GROUP BY memory_id) "
            "GROUP BY memory_id ORDER BY max(last_at) IS NULL, max(last_at) DESC, memory_id",
            (self._agent,),
        )
        return [
            User(memory_id, name, sessions, datetime.fromisoformat(last) if last else None)
            for memory_id, name, sessions, last in rows
        ]

    def name(self, memory_id: str, name: str = "") -> None:
        """Add a memory id, or change its display name."""
        self._set(memory_id, "name", name)

    def draft(self, memory_id: str) -> str:
        """Return the unsent text from when the client was closed; empty if there was none."""
        rows = self._archive.rows("SELECT draft FROM users WHERE agent = ? AND memory_id = ?", (self._agent, memory_id))
        return str(rows[0][0]) if rows else ""

    def save_draft(self, memory_id: str, text: str) -> None:
        """Store the unsent text."""
        self._set(memory_id, "draft", text)

    def prompt_history(self, memory_id: str, most: int) -> list[str]:
        """Return the messages sent with that memory, oldest first: at most `most`, without consecutive duplicates."""
        rows = self._archive.rows(
            "SELECT text FROM turns JOIN sessions ON sessions.id = turns.session "
            "WHERE agent = ? AND memory_id = ? AND text <> '' ORDER BY turns.id DESC LIMIT ?",
            (self._agent, memory_id, most),
        )
        texts = [str(text) for (text,) in reversed(rows)]
        return [text for number, text in enumerate(texts) if number == 0 or text != texts[number - 1]]

    def _set(self, memory_id: str, column: str, value: str) -> None:
        value = to_text(value)
        with self._archive.transaction() as connection:
            connection.execute(
                f"INSERT INTO users (agent, memory_id, {column}) VALUES (?, ?, ?) "
                f"ON CONFLICT (agent, memory_id) DO UPDATE SET {column} = excluded.{column}",
                (self._agent, memory_id, value),
            )
