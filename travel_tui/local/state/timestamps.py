"""Wall time in the database: ISO text in UTC, of fixed length, so that it sorts chronologically."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """Format an aware datetime."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Parse the text written by `to_text` into an aware datetime."""
    return datetime.fromisoformat(text)
