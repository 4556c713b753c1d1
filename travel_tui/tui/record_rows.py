"""Rows of the record browser: records by kind and namespace, sessions of the short-term memory, failed extractions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from travel_tui.memory.extraction_progress import NAMES
from travel_tui.memory.summary_parser import topics
from travel_tui.text import beginning, count, moment, one_line, short_id

if TYPE_CHECKING:
    from datetime import datetime

    from travel_tui.agent import MemoryRecord
    from travel_tui.clock import Clock
    from travel_tui.memory_store import FailedExtraction, StoredSession, Strategy

LONGEST = 160
"""Most characters of a record in its row."""


@dataclass(frozen=True, slots=True)
class MemoryContents:
    """Everything that the browser shows of a memory, newest first."""

    records: Sequence[MemoryRecord] = ()
    deleting: frozenset[str] = frozenset()
    sessions: Sequence[StoredSession] = ()
    failed: Sequence[FailedExtraction] = ()
    strategies: Sequence[Strategy] = ()


@dataclass(frozen=True, slots=True)
class BrowserRow:
    """A row's text, made when it is drawn since there can be thousands, and its target; None for a heading."""

    text: Callable[[], Content]
    target: MemoryRecord | StoredSession | FailedExtraction | None = None

    @property
    def can_be_chosen(self) -> bool:
        """Whether it stands for something."""
        return self.target is not None

    @property
    def id(self) -> str:
        """The id of what it stands for, the same when the memory is read again; empty for a heading."""
        for name in ("record_id", "job_id", "session_id"):
            if found := getattr(self.target, name, ""):
                return str(found)
        return ""


def rows(contents: MemoryContents, clock: Clock) -> list[BrowserRow]:
    """Return the rows: failed extractions first, then records by kind and namespace, then sessions."""
    return [*_failed(contents), *_records(contents, clock), *_sessions(contents, clock)]


def _failed(contents: MemoryContents) -> Iterator[BrowserRow]:
    if not contents.failed:
        return
    names = {each.strategy_id: each.name for each in contents.strategies}
    yield _heading("Failed extractions", count(len(contents.failed), "job"))
    for each in contents.failed:
        about = [names.get(each.strategy_id, each.strategy_id), f"session {short_id(each.session_id)}"]
        told = "  ".join(one_line(part) for part in about if part)
        messages = count(each.events, "message")
        text = Content.assemble(
            (f"✗ {one_line(each.reason, LONGEST)}", "$text-error"), (f"  {told}  {messages}", "$foreground-muted")
        )
        yield BrowserRow(partial(_same, text), each)


def _records(contents: MemoryContents, clock: Clock) -> Iterator[BrowserRow]:
    groups: dict[tuple[str, str], list[MemoryRecord]] = {}
    for each in contents.records:
        groups.setdefault((NAMES[each.kind], each.namespace), []).append(each)
    now = clock.shown(clock.now())
    for (name, namespace), records in sorted(groups.items()):
        yield _heading(name.capitalize(), one_line(namespace), count(len(records), "record"))
        for each in records:
            deleting = each.record_id in contents.deleting
            yield BrowserRow(partial(_record, each, clock, now, deleting=deleting), each)


def _record(record: MemoryRecord, clock: Clock, now: datetime, *, deleting: bool) -> Content:
    when = moment(clock.shown(record.started_at), now) if record.started_at else ""
    mark = "deleted, still listed  " if deleting else ""
    return Content.assemble((f"{when}  ", "$foreground-muted"), (mark, "bold"), _excerpt(record.text))


def _sessions(contents: MemoryContents, clock: Clock) -> Iterator[BrowserRow]:
    if not contents.sessions:
        return
    now = clock.shown(clock.now())
    yield _heading("Short-term memory", count(len(contents.sessions), "session"))
    for each in contents.sessions:
        when = moment(clock.shown(each.created_at), now) if each.created_at else ""
        text = Content.assemble((f"{when}  ", "$foreground-muted"), one_line(each.session_id))
        yield BrowserRow(partial(_same, text), each)


def _heading(*parts: str) -> BrowserRow:
    text = Content.assemble((parts[0], "bold"), ("  " + "  ".join(parts[1:]), "$foreground-muted"))
    return BrowserRow(partial(_same, text))


def _same(text: Content) -> Content:
    return text


def _excerpt(text: str) -> str:
    found = topics(beginning(text))
    return one_line(" ".join(f"{topic.name}: {topic.text}" if topic.name else topic.text for topic in found), LONGEST)
