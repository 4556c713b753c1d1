"""What the panels show, worked out from the conversation and the memory's watcher; no widgets here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from travel_tui.tui.text import calm, count, countdown, one_line, rough, seconds
from travel_tui.tui.widgets.summary_card import SummaryView

if TYPE_CHECKING:
    from travel_tui.clock import Clock
    from travel_tui.conversation import Conversation
    from travel_tui.memory.watcher import WatchView
    from travel_tui.tui.setting import Setting

LOOKING = "Looking for memories…"
OVERDUE = "The summary is overdue. A summary that failed is reported to nobody, so the client looks on."


@dataclass(frozen=True, slots=True)
class LifeView:
    """Where a session is in its life, in the terms of LifeLine, and a line that says more."""

    station: int = -1
    progress: float = 0.0
    overdue: bool = False
    line: str = "Nothing said yet"
    can_end: bool = False


@dataclass(frozen=True, slots=True)
class MemoryView:
    """What the memory panel shows."""

    status: str
    note: str
    """Why there is nothing to show, or what is awaited; empty where the cards say it all."""
    cards: tuple[SummaryView, ...]
    trouble: bool = False


def life_view(
    conversation: Conversation, watch: WatchView, setting: Setting, last_at: datetime | None, usual_s: float
) -> LifeView:
    """The life of the conversation's session as it is now.

    `last_at` is when the service last heard of it, `usual_s` how long its summary may be expected to take.
    """
    turns = count(conversation.turns, "turn")
    if not conversation.turns:
        return LifeView()
    if conversation.ended_at is None:
        now = setting.clock.now()
        parts = [turns, countdown(now - conversation.opened_at)]
        if conversation.state == "ending":
            return LifeView(0, 1.0, line=f"{turns} · ending…")
        if setting.idle_limit_s is not None and last_at is not None:
            left = timedelta(seconds=setting.idle_limit_s) - (now - last_at)
            parts.append(f"idle limit in {countdown(left)}")
        return LifeView(0, line=" · ".join(parts), can_end=not conversation.busy)
    if conversation.memory_id is None:
        return LifeView(1, line=f"{turns} · ended; without a memory id nothing is kept")
    latency = watch.latency.get(conversation.session_id)
    if any(s.session_id == conversation.session_id for s in watch.summaries):
        return LifeView(3, line=f"{turns} · remembered" + (f" after {seconds(latency)}" if latency is not None else ""))
    waited = next((a for a in watch.awaited if a.session_id == conversation.session_id), None)
    if waited is None and (latency is not None or conversation.state == "forgotten"):
        return LifeView(1, line=f"{turns} · ended; its memory was deleted")
    since = waited.since_s if waited else (setting.clock.now() - conversation.ended_at).total_seconds()
    if waited and waited.overdue:
        return LifeView(2, 0.95, overdue=True, line=f"no summary after {rough(since)}; still looking")
    return LifeView(2, min(0.95, since / usual_s), line=f"summarising for {rough(since)} · usually {rough(usual_s)}")


def memory_view(watch: WatchView, clock: Clock, cards: tuple[SummaryView, ...] = (), wanted: str = "") -> MemoryView:
    """The memory panel as it is now; `cards` are those of the summaries that have the words `wanted`."""
    age_s, next_s = watch.age_s(clock), watch.next_in_s(clock)
    parts = []
    if age_s is not None:
        parts.append(f"{calm(age_s)} old" if age_s >= 1 else "just now")
    if watch.paused:
        parts.append("paused")
    elif watch.polling:
        parts.append("looking…")
    elif next_s is not None:
        parts.append(f"next {calm(next_s)}")
    if watch.calls:
        parts.append(count(watch.calls, "call"))
    if wanted:
        parts.insert(0, f"“{one_line(wanted, 20)}” in {len(cards)} of {len(watch.summaries)}")
    if watch.trouble is not None:
        note = str(watch.trouble)
    elif watch.awaited:
        note = OVERDUE if any(a.overdue for a in watch.awaited) else "Summarising the session that ended…"
    elif not watch.known:
        note = LOOKING
    elif not cards and wanted:
        note = "No memory has these words. /memory alone shows all."
    elif not cards:
        note = "Nothing is remembered yet. A memory is made when a session ends."
    else:
        note = ""
    return MemoryView(" · ".join(parts), note, cards, watch.trouble is not None)
