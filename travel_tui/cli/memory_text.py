"""A summary as it is printed: for people, and as data (docs/headless.md has its shape)."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import Any

from travel_tui.agent import SessionSummary
from travel_tui.cli.headless import iso
from travel_tui.clock import Clock
from travel_tui.memory.topics import topics
from travel_tui.tui.text import one_line, safe

WIDEST = 100
"""Columns that a line of prose takes at most."""


def as_data(summary: SessionSummary) -> dict[str, Any]:
    """A summary as JSON has it: the text as the service wrote it, and the same by topic."""
    return {
        "session_id": summary.session_id,
        "memory_id": summary.memory_id,
        "started_at": iso(summary.started_at),
        "ended_at": iso(summary.ended_at),
        "text": summary.text,
        "topics": [{"name": topic.name, "text": topic.text} for topic in topics(summary.text)],
    }


def paragraphs(summary: SessionSummary, clock: Clock) -> list[str]:
    """A summary in lines, and an empty one after it; wrapped where they go to a terminal."""
    lines = [f"{one_line(summary.session_id)}  {span(summary, clock)}".rstrip()]
    for topic in topics(summary.text):
        if topic.name:
            lines.append(f"  {one_line(topic.name)}")
        for line in safe(topic.text).splitlines():
            lines += _wrapped(line, "    " if topic.name else "  ")
    return [*lines, ""]


def span(summary: SessionSummary, clock: Clock) -> str:
    """When the session was, in the zone to show."""
    if summary.started_at is None:
        return ""
    began = clock.shown(summary.started_at)
    if summary.ended_at is None:
        return f"{began:%Y-%m-%d %H:%M}"
    ended = clock.shown(summary.ended_at)
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
