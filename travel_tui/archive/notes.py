"""Notes on turns, and the search over all conversations."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from travel_tui.archive.file import ArchiveError
from travel_tui.archive.values import to_text

if TYPE_CHECKING:
    from travel_tui.archive.store import Archive


class NoteKind(StrEnum):
    """Kind of note. A recall check generated from the conversation uses facts and expectations."""

    NOTE = "note"
    FACT = "fact"
    """Text of the turn that the memory must keep."""
    EXPECT = "expect"
    """Text that the answer must contain."""
    WHY = "why"
    """Result of a diagnosis: the outcome, and a line for each piece of evidence."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a turn, identified by the turn's number in its session."""

    session_id: str
    number: int
    kind: NoteKind
    text: str


class MatchPart(StrEnum):
    """Part of a turn that matched a search."""

    MESSAGE = "message"
    ANSWER = "answer"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn that matched a search: `text` is that of the first matching part."""

    session_id: str
    number: int
    sent_at: datetime
    part: MatchPart
    text: str


class Notes:
    """Notes on the turns of one agent. All methods raise ArchiveError."""

    def __init__(self, archive: Archive, agent: str) -> None:
        self._archive = archive
        self._agent = agent

    def add(self, memory_id: str | None, session_id: str, kind: NoteKind, text: str, at: datetime) -> int:
        """Store a note on the newest turn of a session, and return that turn's number."""
        with self._archive.transaction() as connection:
            row = connection.execute(
                "SELECT turns.id, number FROM turns JOIN sessions ON sessions.id = turns.session "
                "WHERE agent = ? AND session_id = ? AND memory_id IS ? ORDER BY number DESC LIMIT 1",
                (self._agent, session_id, memory_id),
            ).fetchone()
            if row is None:
                raise ArchiveError(f"The archive has no turn of session {session_id!r} to note something on.")
            connection.execute(
                "INSERT INTO notes (turn, kind, text, at) VALUES (?, ?, ?, ?)",
                (row[0], kind, to_text(text), at.astimezone(UTC).isoformat()),
            )
        return int(row[1])

    def of(self, memory_id: str | None, session_ids: Iterable[str]) -> list[Note]:
        """Return the notes on the turns of these sessions with that memory, in the order they were added."""
        wanted = list(session_ids)
        rows = self._archive.rows(
            "SELECT session_id, number, kind, notes.text FROM notes JOIN turns ON turns.id = notes.turn "
            "JOIN sessions ON sessions.id = turns.session "
            f"WHERE agent = ? AND memory_id IS ? AND session_id IN ({', '.join('?' * len(wanted))}) ORDER BY notes.id",
            (self._agent, memory_id, *wanted),
        )
        return [Note(session_id, number, NoteKind(kind), text) for session_id, number, kind, text in rows]

    def search(self, memory_id: str, words: str, most: int) -> list[Hit]:
        """Find turns of a memory with these words in the message, the answer or a note, newest first.

        ASCII letters match regardless of case.
        """
        said, answered = (f"%{_literal(form)}%" for form in (words, json.dumps(words)[1:-1]))
        rows = self._archive.rows(
            "SELECT session_id, number, sent_at, message, note, event FROM ("
            "SELECT turns.id AS id, session_id, number, sent_at, "
            "CASE WHEN turns.text LIKE ?3 ESCAPE '!' THEN turns.text END AS message, "
            "(SELECT text FROM notes WHERE turn = turns.id AND notes.text LIKE ?3 ESCAPE '!') AS note, "
            "(SELECT event FROM events WHERE turn = turns.id "
            "AND event LIKE '{\"event\":\"TextDelta\"%' AND substr(event, 20) LIKE ?4 ESCAPE '!') AS event "
            "FROM turns JOIN sessions ON sessions.id = turns.session WHERE agent = ?1 AND memory_id = ?2) "
            "WHERE message IS NOT NULL OR note IS NOT NULL OR event IS NOT NULL ORDER BY id DESC LIMIT ?5",
            (self._agent, memory_id, said, answered, most),
        )
        return [
            Hit(session_id, number, datetime.fromisoformat(at), *_part(message, note, event))
            for session_id, number, at, message, note, event in rows
        ]


def _part(message: str | None, note: str | None, event: str | None) -> tuple[MatchPart, str]:
    """Return the first part of a turn that matched."""
    if message is not None:
        return MatchPart.MESSAGE, message
    if event is not None:
        return MatchPart.ANSWER, str(json.loads(event)["text"])
    return MatchPart.NOTE, note or ""


def _literal(words: str) -> str:
    """Escape the wildcards of LIKE."""
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
