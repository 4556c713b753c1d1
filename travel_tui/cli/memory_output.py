"""Output of memory records, as text and as data (docs/headless.md describes the fields)."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import Any

from travel_tui.agent import MemoryRecord
from travel_tui.cli.command_context import iso
from travel_tui.clock import Clock
from travel_tui.memory.summary_parser import topics
from travel_tui.text import one_line, safe

WIDEST = 100
"""Maximum columns of a line of prose."""


def as_data(record: MemoryRecord) -> dict[str, Any]:
    """Convert a record to JSON data: the service's text, and the same text by topic."""
    return {
        "session_id": record.session_id,
        "memory_id": record.memory_id,
        "started_at": iso(record.started_at),
        "ended_at": iso(record.ended_at),
        "text": record.text,
        "topics": [{"name": topic.name, "text": topic.text} for topic in topics(record.text)],
        "record_id": record.record_id,
        "kind": record.kind,
        "namespace": record.namespace,
    }


def paragraphs(record: MemoryRecord, clock: Clock) -> list[str]:
    """Format a record as lines followed by an empty one; wrapped if standard output is a terminal."""
    lines = [f"{one_line(record.session_id or record.kind)}  {span(record, clock)}".rstrip()]
    for topic in topics(record.text):
        if topic.name:
            lines.append(f"  {one_line(topic.name)}")
        for line in safe(topic.text).splitlines():
            lines += _wrapped(line, "    " if topic.name else "  ")
    return [*lines, ""]


def span(record: MemoryRecord, clock: Clock) -> str:
    """Format the session's time span in the display time zone."""
    if record.started_at is None:
        return ""
    began = clock.shown(record.started_at)
    if record.ended_at is None:
        return f"{began:%Y-%m-%d %H:%M}"
    ended = clock.shown(record.ended_at)
    return (
        f"{began:%Y-%m-%d %H:%M} to {ended:%H:%M}"
        if began.date() == ended.date()
        else (f"{began:%Y-%m-%d %H:%M} to {ended:%Y-%m-%d %H:%M}")
    )


def _wrapped(line: str, indent: str) -> list[str]:
    if not sys.stdout.isatty():
        return [indent + line]
    width = min(shutil.get_terminal_size().columns, WIDEST)
    return textwrap.wrap(line, width, initial_indent=indent, subsequent_indent=indent)
