"""Conversion of values for the archive's tables: text, times in UTC as ISO 8601, and session keys."""

from __future__ import annotations

from datetime import UTC, datetime

from travel_tui.archive.records import SessionKey

SESSION = "SELECT id FROM sessions WHERE agent = ? AND session_id = ? AND ifnull(memory_id, '') = ?"
"""Query for a session's row; its parameters come from `identity`."""


def to_text(value: str) -> str:
    """Make text storable in SQLite: unpaired surrogates become question marks."""
    return value.encode("utf-8", "replace").decode("utf-8")


def identity(session: SessionKey) -> tuple[str, str, str]:
    """Return the parameters of `SESSION`; a session without a memory id is distinct from all others."""
    return to_text(session.agent), to_text(session.session_id), to_text(session.memory_id or "")


def to_time(moment: datetime | None) -> str | None:
    """Convert a time to its stored form."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_time(text: str) -> datetime:
    """Parse a stored time."""
    return datetime.fromisoformat(text)


def from_optional_time(text: str | None) -> datetime | None:
    """Like `from_time`; None stays None."""
    return None if text is None else from_time(text)
