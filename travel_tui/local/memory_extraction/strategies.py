"""The records that each kind of memory strategy makes by rules."""

from __future__ import annotations

from collections.abc import Sequence

from travel_tui.local.memory_extraction.drafts import Draft
from travel_tui.local.memory_extraction.episodes import episodes
from travel_tui.local.memory_extraction.facts import facts
from travel_tui.local.memory_extraction.messages import Message
from travel_tui.local.memory_extraction.preferences import preferences
from travel_tui.local.memory_extraction.strategy_kinds import FACTS, PREFERENCES, SUMMARIES
from travel_tui.local.memory_extraction.summaries import summaries


def draft_records(kind: str, messages: Sequence[Message], earlier: Sequence[Message]) -> list[Draft]:
    """Return the records that a strategy of a kind makes; `earlier` messages of the session give context."""
    if kind == FACTS:
        return facts(messages, earlier)
    if kind == PREFERENCES:
        return preferences(messages, earlier)
    if kind == SUMMARIES:
        return summaries(messages, earlier)
    return episodes(messages)
