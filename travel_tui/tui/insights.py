"""The memory looked into: each summary beside its session, each answer beside what stood in its prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from travel_tui.agent import SessionSummary

if TYPE_CHECKING:
    from textual.content import Content

    from travel_tui.archive import Archive, MemoryRecord
    from travel_tui.clock import Clock
    from travel_tui.memory.insight import Insight
    from travel_tui.tui.widgets.memory_line import MemoryUse


class Insights:
    """What was found in the summaries of one memory, by session. Looking is done in threads, once a text."""

    def __init__(self, agent_key: str, memory_id: str, clock: Clock, on_change: Callable[[], None]) -> None:
        self._agent_key, self._memory_id, self._clock = agent_key, memory_id, clock
        self._on_change = on_change
        self._seen: dict[str, str] = {}
        self.by_session: dict[str, Insight] = {}

    def fresh(self, summaries: Iterable[SessionSummary]) -> list[SessionSummary]:
        """Those whose text was not given out here before."""
        fresh = [each for each in summaries if self._seen.get(each.session_id) != each.text]
        self._seen.update((each.session_id, each.text) for each in fresh)
        return fresh

    async def look(self, archive: Archive, summaries: Sequence[SessionSummary]) -> None:
        """Look into these summaries."""
        found = await asyncio.to_thread(self._look, archive, summaries)
        texts = {each.session_id: each.text for each in summaries}
        # Of a text that has changed meanwhile another look tells, which may have been the faster one.
        current = {each: insight for each, insight in found.items() if self._seen[each] == texts[each]}
        self.by_session = {**self.by_session, **current}
        self._on_change()

    def _look(self, archive: Archive, summaries: Sequence[SessionSummary]) -> dict[str, Insight]:
        from travel_tui.archive import ArchiveError
        from travel_tui.memory.insight import insight
        from travel_tui.memory.lost import Exchange

        found: dict[str, Insight] = {}
        try:
            first: dict[str, str] = {}
            for record in archive.memory_history(self._agent_key, self._memory_id):
                first.setdefault(record.summary.session_id, record.summary.text)
            for each in summaries:
                turns = [Exchange(turn.text, turn.answer) for turn in archive.turns(each.session_id)]
                day = (each.started_at or self._clock.now()).date()
                found[each.session_id] = insight(each.text, turns, day, first.get(each.session_id))
        except ArchiveError:
            return found  # what was found so far; the archive's trouble is told where it is written to
        return found


def memory_use(
    answer: str, said: Sequence[str], synopsis: str | None, summaries: Sequence[SessionSummary], today: date
) -> MemoryUse:
    """What memory did for an answer; `synopsis` is what of it stood in the prompt, None where the trace has none."""
    from travel_tui.memory.attribution import attribute, injected
    from travel_tui.tui.widgets.memory_line import MemoryUse, Shown

    texts = {each.session_id: each.text for each in summaries}
    used = {session_id: texts[session_id] for session_id in injected(synopsis, summaries)} if synopsis else {}
    if synopsis and not used:
        used = {"": synopsis}
    facts = [Shown(each.fact.text, str(each.origin), each.session_id) for each in attribute(answer, said, used, today)]
    return MemoryUse(None if synopsis is None else tuple(used.items()), tuple(facts))


def as_it_came(summary: SessionSummary) -> tuple[list[Content], str]:
    """A summary's text and the record as JSON, to read and to copy."""
    import json
    from dataclasses import asdict

    from textual.content import Content

    from travel_tui.tui.text import safe

    raw = json.dumps(asdict(summary), indent=2, ensure_ascii=False, default=str)
    return [Content(safe(summary.text)), Content.styled(safe(raw), "$foreground-muted")], raw


def history(records: Sequence[MemoryRecord], clock: Clock) -> tuple[list[Content], str]:
    """Every change of a memory that was seen, newest first, also of what the service has forgotten."""
    from textual.content import Content

    from travel_tui.memory.diff import between
    from travel_tui.tui.text import moment, safe, short_id

    last: dict[str, SessionSummary] = {}
    paragraphs: list[Content] = []
    now = clock.shown(clock.now())
    for record in records:
        session_id = record.summary.session_id
        gone = record.change == "gone"
        told = between(last.pop(session_id, None), None if gone else record.summary)
        if not gone:
            last[session_id] = record.summary
        mark = {"added": "+", "changed": "~", "removed": "−"}[told.kind]
        words = "forgotten by the service, kept here" if gone else str(told.kind)
        head = f"{mark} {short_id(session_id)}  {moment(clock.shown(record.at), now)}  {words}"
        lines = [Content.styled(safe(head), "bold")]
        lines += [Content(f"  + {safe(each)}") for each in told.came]
        lines += [Content.styled(f"  − {safe(each)}", "$foreground-muted") for each in told.went]
        paragraphs.insert(0, Content("\n").join(lines))
    return paragraphs, "\n\n".join(each.plain for each in paragraphs)
