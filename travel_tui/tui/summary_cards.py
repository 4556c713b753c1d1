"""Cards of a memory, one per record; recomputed only if something they show has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from travel_tui.conversation.memory_labels import title
from travel_tui.memory.record_text import readable
from travel_tui.text import moment, seconds
from travel_tui.tui.view_models import Cards, SummaryView

if TYPE_CHECKING:
    from travel_tui.agent import MemoryRecord
    from travel_tui.attribution.types import LostItem
    from travel_tui.clock import Clock
    from travel_tui.memory.insight import SummaryAnalysis
    from travel_tui.memory.watcher import MemorySnapshot


class SummaryCards:
    """Caches the last result: it is requested every second, with up to a thousand records.

    `used_label` says of a record that it was in the prompt, or would be recalled.
    """

    def __init__(self, used_label: str = "in prompt") -> None:
        self._used_label = used_label
        self._asked: object = None
        self._cards = Cards()

    def of(
        self,
        watch: MemorySnapshot,
        clock: Clock,
        used: frozenset[str],
        insights: Mapping[str, SummaryAnalysis],
        wanted: str = "",
    ) -> Cards:
        """Return the cards of the memory's records, newest first.

        `used` are the ids of the records in the last answer's prompt; `insights` are the analyses by record id;
        `wanted` filters by text or session id.
        """
        today = clock.shown(clock.now()).date()
        asked = (watch.records, watch.latency, watch.new, watch.deleting, used, insights, wanted, today)
        if asked != self._asked:
            self._cards = _cards(watch, clock, used, insights, wanted, self._used_label)
        self._asked = asked  # set even if only equal: comparing identical objects is faster next time
        return self._cards


def _cards(
    watch: MemorySnapshot,
    clock: Clock,
    used: frozenset[str],
    insights: Mapping[str, SummaryAnalysis],
    wanted: str,
    used_label: str,
) -> Cards:
    now = clock.shown(clock.now())
    records = [each for each in watch.records if _matches(each, wanted.casefold())] if wanted else watch.records

    def make(place: int) -> SummaryView:
        each = records[place]
        return SummaryView(
            each.record_id,
            title(each),
            each.session_id,
            each.text,
            moment(clock.shown(each.started_at), now) if each.started_at else "",
            _latency(each.session_id, watch.latency),
            each.record_id in watch.new,
            each.record_id in used,
            *_found(each.record_id, insights),
            used_label=used_label,
            deleting=each.record_id in watch.deleting,
        )

    ids = [each.record_id for each in records]
    return Cards(ids, make, sum(each in watch.new for each in ids))


def _matches(record: MemoryRecord, wanted: str) -> bool:
    """Whether a record has the words in its text, its session, or where it has a namespace in that or its kind."""
    place = f"{record.kind} {record.namespace}" if record.namespace else ""
    if any(wanted in text.casefold() for text in (record.text, record.session_id or "", place)):
        return True
    return "\\" in record.text and wanted in readable(record.text).casefold()  # JSON escapes some letters


def _latency(session_id: str | None, latency: Mapping[str, float]) -> str:
    return seconds(latency[session_id]) if session_id is not None and session_id in latency else ""


def _found(
    record_id: str, insights: Mapping[str, SummaryAnalysis]
) -> tuple[tuple[LostItem, ...], bool, tuple[str, ...], tuple[str, ...]]:
    """Return the missing facts, whether they are unknown, findings and new sentences as a card shows them."""
    if (found := insights.get(record_id)) is None:
        return (), False, (), ()
    return found.lost or (), found.lost is None, tuple(f"{flag.what} “{flag.text}”" for flag in found.flags), found.came
