"""What people note on turns, and the search over everything that was said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from travel_tui.archive.file import ArchiveError

if TYPE_CHECKING:
    from travel_tui.archive.store import Archive


class Kind(StrEnum):
    """What a note is for. A recall check that is made of the conversation asks for facts and expectations."""

    NOTE = "note"
    FACT = "fact"
    """Words of the turn that the memory has to keep."""
    EXPECT = "expect"
    """Words that the answer has to have."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a turn, by the turn's number in its session."""

    session_id: str
    number: int
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn in which the words that were looked for stand."""

    session_id: str
    number: int
    sent_at: datetime
    text: str


class Notes:
    """Notes on the turns of one agent. All methods raise ArchiveError."""

    def __init__(self, archive: Archive, agent: str) -> None:
        self._archive = archive
        self._agent = agent

    def add(self, session_id: str, kind: Kind, text: str, at: datetime) -> int:
        """Keep a note on the newest turn of a session, and return that turn's number."""
        with self._archive.transaction() as connection:
            row = connection.execute(
                "SELECT turns.id, number FROM turns JOIN sessions ON sessions.id = turns.session "
                "WHERE agent = ? AND session_id = ? ORDER BY number DESC LIMIT 1",
                (self._agent, session_id),
            ).fetchone()
            if row is None:
                raise ArchiveError(f"The archive has no turn of session {session_id!r} to note something on.")
            connection.execute(
                "INSERT INTO notes (turn, kind, text, at) VALUES (?, ?, ?, ?)",
                (row[0], kind, text.encode("utf-8", "replace").decode("utf-8"), at.astimezone(UTC).isoformat()),
            )
        return int(row[1])

    def of(self, session_ids: Iterable[str]) -> list[Note]:
        """The notes on the turns of these sessions, as they were made."""
        wanted = list(session_ids)
        rows = self._archive.rows(
            "SELECT session_id, number, kind, notes.text FROM notes JOIN turns ON turns.id = notes.turn "
            "JOIN sessions ON sessions.id = turns.session "
            f"WHERE agent = ? AND session_id IN ({', '.join('?' * len(wanted))}) ORDER BY notes.id",
            (self._agent, *wanted),
        )
        return [Note(session_id, number, Kind(kind), text) for session_id, number, kind, text in rows]

    def search(self, memory_id: str, words: str, most: int) -> list[Hit]:
        """Turns of a memory with these words in the message, the answer or a note, newest first.

        Upper and lower case of ASCII letters are one.
        """
        said, answered = (f"%{_literal(form)}%" for form in (words, json.dumps(words)[1:-1]))
        rows = self._archive.rows(
            "SELECT session_id, number, sent_at, turns.text FROM turns JOIN sessions ON sessions.id = turns.session "
            "WHERE agent = ?1 AND memory_id = ?2 AND (turns.text LIKE ?3 ESCAPE '!' "
            "OR EXISTS (SELECT 1 FROM notes WHERE turn = turns.id AND notes.text LIKE ?3 ESCAPE '!') "
            "OR EXISTS (SELECT 1 FROM events WHERE turn = turns.id "
            "AND event LIKE '{\"event\":\"TextDelta\"%' AND substr(event, 20) LIKE ?4 ESCAPE '!')) "
            "ORDER BY turns.id DESC LIMIT ?5",
            (self._agent, memory_id, said, answered, most),
        )
        return [Hit(session_id, number, datetime.fromisoformat(at), text) for session_id, number, at, text in rows]


def _literal(words: str) -> str:
    """Words for LIKE, in which nothing but they themselves counts."""
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
