"""A memory record as the service returned it, on a screen of its own."""

from __future__ import annotations

from collections.abc import Iterable

from travel_tui.agent import MemoryRecord
from travel_tui.text import one_line
from travel_tui.tui.rendering.memory_text import raw_record
from travel_tui.tui.screens.text_viewer import TextViewer


def record_viewer(records: Iterable[MemoryRecord], record_id: str) -> TextViewer | None:
    """Create the screen of the record with this id; None if it is not among `records`."""
    record = next((each for each in records if each.record_id == record_id), None)
    if record is None:
        return None
    title = f"Session {one_line(record.session_id)}" if record.session_id else record.kind.capitalize()
    return TextViewer(title, *raw_record(record), "record as JSON")
