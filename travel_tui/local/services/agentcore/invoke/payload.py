"""Payloads of the events that a turn leaves in the harness's memory."""

from __future__ import annotations

from typing import Any

_MAX_TEXT = 100_000
"""Characters of a text (CreateEvent)."""
_MAX_TEXTS = 90
"""Texts of one side that are kept; CreateEvent takes 100 parts."""


def texts(role: str, text: str) -> list[dict[str, Any]]:
    """Return what a side said, in as many parts as it needs, none for ""; what is beyond the most is left out."""
    starts = range(0, len(text), _MAX_TEXT)
    parts = [text[at : at + _MAX_TEXT] for at in starts][:_MAX_TEXTS]
    return [{"conversational": {"role": role, "content": {"text": part}}} for part in parts]


def block(role: str, content: dict[str, Any]) -> dict[str, Any]:
    """Return a call or a result as a message, as SDKs store it."""
    return {"blob": {"message": {"role": role, "content": [content]}}}
