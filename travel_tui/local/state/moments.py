"""Wall time as the database keeps it: ISO text in UTC, always of the same length, so that text sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """An aware datetime as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """The aware datetime that `to_text` wrote."""
    return datetime.fromisoformat(text)
