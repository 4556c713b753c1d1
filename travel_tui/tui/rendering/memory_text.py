"""Renders records and the changes of a memory as text to read and to copy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from textual.content import Content

from travel_tui.conversation.memory_labels import deleted, title
from travel_tui.memory.diff import between
from travel_tui.text import moment, safe

if TYPE_CHECKING:
    from travel_tui.agent import MemoryRecord
    from travel_tui.archive import MemoryHistoryEntry
    from travel_tui.clock import Clock

LISTED = 200
"""Most added, and most removed, sentences shown for one change of the history."""


def raw_record(record: MemoryRecord) -> tuple[list[Content], str]:
    """Return a record's text and all of it as JSON, to show and to copy."""
    fields = asdict(record)
    if record.stored_at is None:  # a service without it
        del fields["stored_at"]
    raw = json.dumps(fields, indent=2, ensure_ascii=False, default=str)
    return [Content(safe(record.text)), Content.styled(safe(raw), "$foreground-muted")], raw


def history(entries: Sequence[MemoryHistoryEntry], clock: Clock) -> tuple[list[Content], str]:
    """Return every recorded change of a memory, newest first, including deleted records, to show and to copy."""
    last: dict[str, MemoryRecord] = {}
    paragraphs: list[Content] = []
    plain: list[str] = []
    now = clock.shown(clock.now())
    for entry in entries:
        record = entry.record
        gone = entry.change == "gone"
        told = between(last.pop(record.record_id, None) or (record if gone else None), None if gone else record)
        if not gone:
            last[record.record_id] = record
        mark = {"added": "+", "changed": "~", "removed": "−"}[told.kind]
        words = f"{deleted(entry.deleted_by)}; copy kept" if gone else str(told.kind)
        head = f"{mark} {title(record)}  {moment(clock.shown(entry.at), now)}  {words}"
        came, went = [f"  + {safe(each)}" for each in told.came], [f"  − {safe(each)}" for each in told.went]
        lines = [Content.styled(safe(head), "bold")]
        lines += [Content(each) for each in came[:LISTED]]
        lines += [Content.styled(each, "$foreground-muted") for each in went[:LISTED]]
        if (more := len(came[LISTED:]) + len(went[LISTED:])) > 0:
            lines.append(Content(f"  … and {more:,} more sentences; c copies all of them"))
        paragraphs.append(Content("\n").join(lines))
        plain.append("\n".join([safe(head), *came, *went]))
    return paragraphs[::-1], "\n\n".join(reversed(plain))
