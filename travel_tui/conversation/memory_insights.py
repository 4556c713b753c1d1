"""Memory analysis: compares each record with its session, and each answer with the memories in its prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from travel_tui.agent import MemoryInjected, MemoryKind, MemoryRecord, ToolResult
from travel_tui.attribution.types import Source, Turn
from travel_tui.conversation.memory_labels import Quote
from travel_tui.text import safe

if TYPE_CHECKING:
    from travel_tui.archive import Archive, MemoryHistoryEntry, TurnRecord
    from travel_tui.clock import Clock
    from travel_tui.conversation.memory_labels import Quotes
    from travel_tui.conversation.memory_use import MemoryUse
    from travel_tui.memory.insight import SummaryAnalysis


class MemoryInsights:
    """Findings about the records of one memory, by record id. Each text is analysed once, in a thread."""

    def __init__(self, agent_key: str, memory_id: str, clock: Clock, on_change: Callable[[], None]) -> None:
        self._agent_key, self._memory_id, self._clock = agent_key, memory_id, clock
        self._on_change = on_change
        self._seen: dict[str, MemoryRecord] = {}
        self.by_record: dict[str, SummaryAnalysis] = {}

    def fresh(self, records: Iterable[MemoryRecord]) -> list[MemoryRecord]:
        """Return the records whose text was not returned before."""
        found = [each for each in records if (seen := self._seen.get(each.record_id)) is None or seen.text != each.text]
        self._seen.update((each.record_id, each) for each in found)
        return found

    async def analyse(self, archive: Archive, records: Sequence[MemoryRecord]) -> None:
        """Analyse these records."""
        found = await asyncio.to_thread(self._analyse, archive, records)
        # A text that has changed meanwhile has its own analysis, which may have finished first.
        current = {each.record_id: found[each.record_id] for each in records if self._is_current(each, found)}
        for each in records:
            if each.record_id not in found:  # the archive could not be read: the next analysis retries
                self._seen.pop(each.record_id, None)
        self.by_record = {**self.by_record, **current}
        self._on_change()

    def _is_current(self, record: MemoryRecord, found: Mapping[str, SummaryAnalysis]) -> bool:
        seen = self._seen.get(record.record_id)
        return record.record_id in found and seen is not None and seen.text == record.text

    def _analyse(self, archive: Archive, records: Sequence[MemoryRecord]) -> dict[str, SummaryAnalysis]:
        from travel_tui.archive import ArchiveError, SessionKey
        from travel_tui.memory.insight import analyse_summary

        found: dict[str, SummaryAnalysis] = {}
        try:
            first: dict[str, MemoryRecord] = {}
            last: dict[str, MemoryRecord] = {}
            for entry in archive.memory_history(self._agent_key, self._memory_id):
                first.setdefault(entry.record.record_id, entry.record)
                last[entry.record.record_id] = entry.record
            of_session: dict[str | None, set[str]] = {}
            for known in last.values():
                of_session.setdefault(known.session_id, set()).add(known.record_id)
            for each in records:
                turns: list[Turn] | None = None
                if each.session_id is not None and _has_all_turns(each, of_session.get(each.session_id, set())):
                    key = SessionKey(self._agent_key, each.session_id, self._memory_id)
                    turns = [said_turn(turn, self._clock) for turn in archive.turns(key)]
                day = self._clock.day(each.started_at or self._clock.now())
                before = first.get(each.record_id)
                found[each.record_id] = analyse_summary(each.text, turns, day, before.text if before else None)
        except ArchiveError:
            return found  # keep the findings so far; archive errors are reported where the archive is written
        return found


def _has_all_turns(record: MemoryRecord, of_session: Collection[str]) -> bool:
    """Whether a record is the whole memory of its session, which has the records `of_session`.

    One of several need not have what was said for another.
    """
    return record.kind is MemoryKind.SESSION_SUMMARY and all(each == record.record_id for each in of_session)


def prompted(synopsis: str | None, *known: Sequence[MemoryRecord]) -> Quotes | None:
    """Return the records whose text is in a prompt's `synopsis`; None if the trace has no synopsis.

    `known` are lists of records; a later list is used only for records that no earlier list matches. If no record
    matches, the whole synopsis is returned, without a record id.
    """
    from travel_tui.memory.prompt_texts import injected

    if not synopsis:
        return None if synopsis is None else ()
    found: dict[str, Quote] = {}
    for records in known:
        for each in injected(synopsis, records):
            found.setdefault(each.record_id, Quote(each.text, each.record_id, each.session_id))
    return tuple(found.values()) or (Quote(synopsis),)


def explained(turns: Sequence[Turn], quotes: Quotes | None, stored: Sequence[MemoryRecord], today: date) -> MemoryUse:
    """Attribute the claims of the last turn's answer, which has the text that is shown.

    `turns` are those of the session so far; `quotes` the memories in the prompt, `stored` the records that the memory
    had then, newest first. Takes milliseconds.
    """
    from travel_tui.attribution.attribute import explain_answer
    from travel_tui.conversation.memory_use import MemoryUse
    from travel_tui.memory.record_text import readable
    from travel_tui.memory.text_limits import MAX_ANSWER, limited_memory, limited_turns

    in_prompt = {each.record_id: readable(each.text) for each in quotes or ()}
    memory = {
        **in_prompt,
        **{each.record_id: readable(each.text) for each in stored if each.record_id not in in_prompt},
    }
    injected = None if quotes is None else [each.record_id for each in quotes]
    answer = turns[-1].agent
    said = [replace(turn, agent="") for turn in turns]  # what the agent said before is no source
    read, compared = limited_turns(said), limited_memory(memory)
    claims = explain_answer([*read[:-1], replace(read[-1], agent=answer[:MAX_ANSWER])], compared, injected, today)
    if read != said or compared != memory:  # the source of the rest may be in what was not read
        claims = [claim for claim in claims if claim.source is not Source.UNKNOWN]
    return MemoryUse(quotes, tuple(claims), partly=len(answer) > MAX_ANSWER)


def memory_use(
    turn: TurnRecord,
    before: Sequence[Turn],
    records: Sequence[MemoryRecord],
    clock: Clock,
    history: Sequence[MemoryHistoryEntry] = (),
) -> MemoryUse:
    """Return how memory contributed to the complete answer of an archived turn; `before` are the turns before it.

    `records` are those that may have been in a prompt, `history` the observed changes of the memory, oldest first.
    Takes milliseconds, a tenth of a second in a long session.
    """
    its = replace(said_turn(turn, clock), agent=safe(turn.answer))
    quotes, stored = prompted(synopsis_of(turn), records), stored_at(history, turn.sent_at, turn.session_id)
    use = explained([*before, its], quotes, stored, clock.day(turn.sent_at))
    return replace(use, derived=is_derived(turn))


def more_complete(held: Quotes | None, found: Quotes | None) -> Quotes | None:
    """Return the match that identifies more memories; a later poll may miss records deleted since."""
    named = [sum(bool(each.record_id) for each in quotes or ()) for quotes in (held, found)]
    return held if named[0] > named[1] else found


def stored_at(history: Iterable[MemoryHistoryEntry], at: datetime, session_id: str) -> list[MemoryRecord]:
    """Return the records that a memory had at a time, newest first, without those of the session itself."""
    from travel_tui.conversation.stored_texts import stored_since

    found: dict[str, MemoryRecord] = {}
    for entry in history:
        if stored_since(entry) > at:
            continue
        if entry.change == "gone":
            found.pop(entry.record.record_id, None)
        else:
            found[entry.record.record_id] = entry.record
    return [each for each in reversed(found.values()) if each.session_id != session_id]


def said_turn(turn: TurnRecord, clock: Clock) -> Turn:
    """Return what was said in an archived turn."""
    results = tuple(each.text for each in turn.events if isinstance(each, ToolResult) and each.text)
    return Turn(turn.text, turn.answer, results, clock.day(turn.sent_at))


def synopsis_of(turn: TurnRecord) -> str | None:
    """Return the last synopsis in a turn's prompts; None if the trace does not report one."""
    found = [each.synopsis for each in turn.events if isinstance(each, MemoryInjected)]
    return found[-1] if found else None


def is_derived(turn: TurnRecord) -> bool:
    """Whether a turn's synopsis was retrieved after it, rather than told by the service."""
    return any(each.derived for each in turn.events if isinstance(each, MemoryInjected))
