"""Export of a memory with everything that the archive has recorded of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, MemoryRecord, Problem
from travel_tui.archive import Change, DeletedBy, MemoryHistoryEntry
from travel_tui.cli.command_context import iso, open_context
from travel_tui.cli.memory_output import as_data, span
from travel_tui.clock import Clock
from travel_tui.conversation.memory_labels import deleted
from travel_tui.memory.summary_parser import topics
from travel_tui.text import one_line, safe

if TYPE_CHECKING:
    from travel_tui.tui.context import AppContext


@dataclass(frozen=True, slots=True)
class ArchivedRecord:
    """A record as last seen; `gone_at` is when it was first missing, None while the service has it."""

    record: MemoryRecord
    seen_at: datetime
    gone_at: datetime | None = None
    deleted_by: DeletedBy | None = None


async def export_memory(context: AppContext, *, as_json: bool) -> tuple[str, Problem | None]:
    """Return the memory as Markdown or as JSON lines, newest session first.

    Where the service cannot be read, it is what the archive last saw, with the problem. Raises ArchiveError, and
    AgentError where the archive has nothing of the memory either.
    """
    from travel_tui.cli.command_context import fetch_memories

    problem = None
    async with open_context(context) as opened:
        try:
            await fetch_memories(opened)
        except AgentError as error:
            problem = error.problem
        history = opened.archive.memory_history(context.agent_key, context.memory_id)
    if problem is not None and not history:
        raise AgentError(problem)
    kept = latest_records(history)
    if as_json:
        text = "".join(json.dumps({**as_data(each.record), **_history_fields(each)}) + "\n" for each in kept)
    else:
        text = markdown(context.memory_id, kept, context.clock)
    return text, problem


def latest_records(history: Iterable[MemoryHistoryEntry]) -> list[ArchivedRecord]:
    """Return the latest known version of each record, newest session first."""
    kept: dict[str, ArchivedRecord] = {}
    for entry in history:
        record_id = entry.record.record_id
        before = kept.get(record_id)
        if entry.change is Change.GONE and before:
            kept[record_id] = replace(before, gone_at=entry.at, deleted_by=entry.deleted_by)
        else:
            seen_at = before.seen_at if before else entry.at
            kept[record_id] = ArchivedRecord(entry.record, seen_at)
    return sorted(kept.values(), key=lambda each: each.record.started_at or each.seen_at, reverse=True)


def markdown(memory_id: str, kept: Iterable[ArchivedRecord], clock: Clock) -> str:
    """Format the records as Markdown; their content is escaped."""
    lines = [f"# Memory {one_line(memory_id)}", ""]
    for each in kept:
        session_id = each.record.session_id
        lines += [f"## Session {one_line(session_id)}" if session_id else f"## {each.record.kind.capitalize()}", ""]
        when = span(each.record, clock)
        gone = (
            f"{deleted(each.deleted_by)}, missed since {clock.shown(each.gone_at):%Y-%m-%d %H:%M}"
            if each.gone_at
            else ""
        )
        lines += [*([", ".join(part for part in (when, gone) if part), ""] if when or gone else [])]
        for topic in topics(each.record.text):
            lines += [f"### {one_line(topic.name)}", ""] if topic.name else []
            lines += [*(f"> {line}" for line in safe(topic.text).splitlines()), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _history_fields(kept: ArchivedRecord) -> dict[str, str | None]:
    """Return the first-seen, missing and deletion data of a record for JSON."""
    return {"seen_at": iso(kept.seen_at), "gone_at": iso(kept.gone_at), "deleted_by": kept.deleted_by}
