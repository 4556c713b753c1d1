"""The cards of a memory, one a summary: worked out anew only where something that they show has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from travel_tui.tui.text import moment, seconds
from travel_tui.tui.widgets.summary_card import SummaryView

if TYPE_CHECKING:
    from travel_tui.clock import Clock
    from travel_tui.memory.insight import Insight
    from travel_tui.memory.watcher import WatchView


class Cards:
    """Those of the last question, kept: it is put every second, of a thousand summaries."""

    def __init__(self) -> None:
        self._asked: object = None
        self._cards: tuple[SummaryView, ...] = ()

    def of(
        self, watch: WatchView, clock: Clock, used: frozenset[str], insights: Mapping[str, Insight], wanted: str = ""
    ) -> tuple[SummaryView, ...]:
        """The memory's summaries, newest first.

        `used` are the sessions whose summaries stood in the last answer's prompt, `insights` what was found in
        summaries, by session; with `wanted` only summaries with these words are shown.
        """
        today = clock.shown(clock.now()).date()
        asked = (watch.summaries, watch.latency, watch.new, used, insights, wanted, today)
        if asked != self._asked:
            self._cards = _cards(watch, clock, used, insights, wanted)
        self._asked = asked  # also where it is only equal: the same objects are compared faster the next time
        return self._cards


def _cards(
    watch: WatchView, clock: Clock, used: frozenset[str], insights: Mapping[str, Insight], wanted: str
) -> tuple[SummaryView, ...]:
    now = clock.shown(clock.now())
    return tuple(
        SummaryView(
            s.session_id,
            s.text,
            moment(clock.shown(s.started_at), now) if s.started_at else "",
            seconds(watch.latency[s.session_id]) if s.session_id in watch.latency else "",
            s.session_id in watch.new,
            s.session_id in used,
            *_found(s.session_id, insights),
        )
        for s in watch.summaries
        if not wanted or wanted.casefold() in s.text.casefold() or wanted.casefold() in s.session_id
    )


def _found(
    session_id: str, insights: Mapping[str, Insight]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What was lost, what is flagged and what has changed, as a card shows them."""
    if (found := insights.get(session_id)) is None:
        return (), (), ()
    lost = tuple(each.fact.text for each in found.lost or ())
    return lost, tuple(f"{flag.what} “{flag.text}”" for flag in found.flags), found.came
