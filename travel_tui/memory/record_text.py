"""Text of a record as sentences, for what compares or quotes it: some kinds of records are JSON documents."""

from __future__ import annotations

from travel_tui.memory.document_parser import document_parts


def readable(text: str) -> str:
    """Return a document's parts as lines, `Name: text` where a part has a name; any other text as it is."""
    if (parts := document_parts(text)) is None:
        return text
    return "\n".join(f"{name}: {told}" if name else told for name, told in parts if name or told)
