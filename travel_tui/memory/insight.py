"""Analysis of one summary: facts missing from it, and suspicious content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from travel_tui.attribution.lost import find_lost
from travel_tui.attribution.types import LostItem, Turn
from travel_tui.memory.diff import sentences
from travel_tui.memory.injection_flags import Flag, find_injections
from travel_tui.memory.record_text import readable
from travel_tui.memory.text_limits import MAX_TEXT, limited_turns


@dataclass(frozen=True, slots=True)
class SummaryAnalysis:
    """Findings about a record. `lost` is None if the session is not known here, or the summary too long to compare."""

    lost: tuple[LostItem, ...] | None
    flags: tuple[Flag, ...]
    came: tuple[str, ...] = ()
    """Sentences that were not in the summary when it was first seen."""


def analyse_summary(
    summary: str, turns: Sequence[Turn] | None, today: date, first: str | None = None
) -> SummaryAnalysis:
    """Analyse a summary against the turns of its session and its first seen text; no turns means they are unknown.

    None for turns means that there is nothing to compare: the record is no summary of a whole session.
    """
    before = set(sentences(first)) if first is not None else set()
    came = tuple(each for each in sentences(summary) if each not in before) if before else ()
    lost: tuple[LostItem, ...] | None = () if turns is None else None
    if turns and len(summary) <= MAX_TEXT:
        lost = tuple(find_lost(limited_turns(turns), summary, today))
    return SummaryAnalysis(lost, tuple(find_injections(readable(summary))), came)
