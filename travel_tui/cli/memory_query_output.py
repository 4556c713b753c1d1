"""Terminal output of events and found records; text from the service is sanitized."""

from __future__ import annotations

from collections.abc import Sequence

from travel_tui.agent import MemoryRecord
from travel_tui.clock import Clock
from travel_tui.memory.summary_parser import topics
from travel_tui.memory_store import Role, StoredEvent
from travel_tui.text import count, one_line, safe

_LONGEST_LINE = 2_000


def session_line(session_id: str, events: Sequence[StoredEvent]) -> str:
    """Format the heading of a session."""
    return f"{one_line(session_id)}  {count(len(events), 'event') if events else 'no events'}"


def event_lines(event: StoredEvent, clock: Clock) -> list[str]:
    """Format an event: its time, and what each part says; a document is shown as one."""
    at = clock.shown(event.at)
    lines = []
    for part in event.parts:
        role = "document" if part.role is Role.BLOB else str(part.role)
        lines.append(f"  {at:%Y-%m-%d %H:%M:%S}  {role:<8}  {one_line(part.text, _LONGEST_LINE)}")
    return lines or [f"  {at:%Y-%m-%d %H:%M:%S}  no payload"]


def found_lines(record: MemoryRecord) -> list[str]:
    """Format a found record: score, kind, namespace, and its text by topic."""
    score = "    ?" if record.score is None else f"{record.score:.3f}"
    lines = [f"{score}  {record.kind:<10}  {one_line(record.namespace)}".rstrip()]
    for topic in topics(record.text):
        name = f"{one_line(topic.name)}: " if topic.name else ""
        lines += [
            f"       {name if number == 0 else ''}{line}" for number, line in enumerate(safe(topic.text).splitlines())
        ]
    return lines
