"""State of a session's life where the service has no end of a session: saved, extracting, stored, by kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from travel_tui.conversation.lifecycle import SessionState
from travel_tui.text import count, one_line, rough, seconds
from travel_tui.tui.view_models import SessionLifeView

if TYPE_CHECKING:
    from travel_tui.conversation.extraction import SavedSession
    from travel_tui.conversation.session import Conversation
    from travel_tui.memory.extraction_progress import KindProgress
    from travel_tui.memory.watcher import MemorySnapshot
    from travel_tui.memory_store import FailedExtraction

STATIONS = ("open", "saved", "extracting", "stored")


def extraction_view(
    view: SessionLifeView,
    conversation: Conversation,
    watch: MemorySnapshot,
    saved: SavedSession | None,
    progress: Sequence[KindProgress],
    failed: Iterable[FailedExtraction],
) -> SessionLifeView:
    """Return `view`, that of a service whose sessions end, in the words and with the stages of extraction."""
    view = replace(view, stations=STATIONS)
    if conversation.ended_at is None or conversation.state in {SessionState.FORGOTTEN, SessionState.ENDED}:
        return view
    turns = count(conversation.turns, "turn")
    ours = saved if saved and saved.session_id == conversation.session_id else None
    if ours is not None and ours.last_at is None:
        return replace(view, stage=1, line=f"{turns} · closed; the memory has no events of it")
    waited = next((each for each in watch.awaited if each.session_id == conversation.session_id), None)
    kinds = kinds_line(progress) if ours else ""
    reasons = [one_line(each.reason, 60) for each in failed if each.session_id == conversation.session_id]
    failure = f"extraction failed: {reasons[0]} · /records starts it again" if reasons else ""
    if waited is None:
        latency = watch.latency.get(conversation.session_id)
        own = any(each.session_id == conversation.session_id for each in watch.records)
        if latency is None and not own and not (ours and any(each.records for each in progress)):
            line = f"{turns} · closed; what the memory has of it is not known"
            return replace(view, stage=1, line=_lines(line, failure))
        after = f" after {seconds(latency)}" if latency is not None else ""
        return replace(view, stage=3, progress=0.0, line=_lines(f"{turns} · stored{after}", kinds, failure))
    since = rough(waited.since_s)
    if failure:
        return replace(view, stage=2, progress=0.95, overdue=True, line=_lines(failure, kinds))
    if waited.overdue:
        return replace(view, stage=2, line=_lines(f"no records after {since} · still polling", kinds))
    return replace(view, stage=2, line=_lines(f"extracting for {since}", kinds))


def kinds_line(progress: Iterable[KindProgress]) -> str:
    """Say what came of a session: `summaries 1 (1.3 s) · facts 2 (1.3 s) · preferences none`."""
    parts = []
    for each in progress:
        took = f" ({seconds(each.took_s)})" if each.took_s is not None else ""
        parts.append(f"{each.name} {each.records}{took}" if each.records else f"{each.name} none yet")
    return " · ".join(parts)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
