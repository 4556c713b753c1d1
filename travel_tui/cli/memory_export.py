"""A memory with all that the archive ever saw of it, as one text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from travel_tui.agent import SessionSummary
from travel_tui.archive import Change, MemoryRecord
from travel_tui.cli.headless import iso, seated
from travel_tui.cli.memory_text import as_data, span
from travel_tui.clock import Clock
from travel_tui.memory.topics import topics
from travel_tui.tui.text import one_line, safe

if TYPE_CHECKING:
    from travel_tui.tui.setting import Setting


@dataclass(frozen=True, slots=True)
class Kept:
    """A summary as it was last seen; `gone_at` is when it was first missed, None while the service has it."""

    summary: SessionSummary
    seen_at: datetime
    gone_at: datetime | None = None


async def exported(setting: Setting, *, as_json: bool) -> str:
    """The memory as Markdown or as JSON lines, newest session first. Raises AgentError, ArchiveError."""
    from travel_tui.cli.memory import look

    async with seated(setting) as seat:
        await look(seat)
        history = seat.archive.memory_history(setting.agent_key, setting.memory_id)
    kept = merged(history)
    if as_json:
        return "".join(
            json.dumps({**as_data(each.summary), "seen_at": iso(each.seen_at), "gone_at": iso(each.gone_at)}) + "\n"
            for each in kept
        )
    return markdown(setting.memory_id, kept, setting.clock)


def merged(history: Iterable[MemoryRecord]) -> list[Kept]:
    """The last that is known of each session's summary, newest session first."""
    kept: dict[str, Kept] = {}
    for record in history:
        before = kept.get(record.summary.session_id)
        if record.change is Change.GONE and before:
            kept[record.summary.session_id] = replace(before, gone_at=record.at)
        else:
            seen_at = before.seen_at if before else record.at
            kept[record.summary.session_id] = Kept(record.summary, seen_at)
    return sorted(kept.values(), key=lambda each: each.summary.started_at or each.seen_at, reverse=True)


def markdown(memory_id: str, kept: Iterable[Kept], clock: Clock) -> str:
    """The summaries as Markdown; what they say is quoted as text."""
    lines = [f"# Memory {one_line(memory_id)}", ""]
    for each in kept:
        lines += [f"## Session {one_line(each.summary.session_id)}", ""]
        when = span(each.summary, clock)
        gone = f"forgotten by {clock.shown(each.gone_at):%Y-%m-%d %H:%M}" if each.gone_at else ""
        lines += [*([", ".join(part for part in (when, gone) if part), ""] if when or gone else [])]
        for topic in topics(each.summary.text):
            lines += [f"### {one_line(topic.name)}", ""] if topic.name else []
            lines += [*(f"> {line}" for line in safe(topic.text).splitlines()), ""]
    return "\n".join(lines).rstrip("\n") + "\n"
