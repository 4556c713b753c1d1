"""View models of the panels, computed from the conversation and the memory watcher; no widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, overload

from travel_tui.conversation.lifecycle import SessionState, session_state
from travel_tui.conversation.memory_labels import deleted
from travel_tui.text import calm, count, countdown, one_line, rough, seconds

if TYPE_CHECKING:
    from travel_tui.agent import Problem
    from travel_tui.archive import DeletedBy
    from travel_tui.attribution.types import LostItem
    from travel_tui.clock import Clock
    from travel_tui.conversation.session import Conversation
    from travel_tui.memory.watcher import MemorySnapshot
    from travel_tui.tui.context import AppContext

LOADING = "Loading…"
NOT_LOADED = "Not loaded: the archive cannot be opened. F5 tries again."
RETRYING = "Retrying automatically; F5 retries now."
SUMMARISING, EXTRACTING = "Summarising the last session…", "Extracting records from the last session…"
NO_RECORDS = "No new records yet. The client keeps polling; /records lists extractions that failed."
MOST_WAITED = 0.95
"""Progress of a wait that has taken as long as usual, or longer."""
OVERDUE = "The summary is overdue. Bedrock does not report failed summaries, so the client keeps polling."


@dataclass(frozen=True, slots=True)
class SummaryView:
    """Contents of a record's card."""

    record_id: str
    title: str
    """Session of the record, shortened, or what kind of record it is."""
    session_id: str | None
    text: str
    when: str
    """Start of the session in the display time zone."""
    latency: str = ""
    """Time from the session's end to its summary; empty if not measured."""
    new: bool = False
    used: bool = False
    """Whether the record was in the prompt of the last answer."""
    missing_facts: tuple[LostItem, ...] = ()
    """Facts of the session that its summary lacks."""
    uncompared: bool = False
    """Whether they are unknown, because the session's turns are not in the archive."""
    flags: tuple[str, ...] = ()
    """Suspicious content in the record."""
    changed: tuple[str, ...] = ()
    """Sentences added since the record was first seen here."""
    used_label: str = "in prompt"
    """What `used` is called: where the service does not tell it, the record would be recalled."""
    deleting: bool = False
    """Whether it was deleted here, and the service still lists it."""


class Cards(Sequence[SummaryView]):
    """Cards of records, each made when it is looked at: a memory can have thousands, and few are shown."""

    def __init__(self, ids: Sequence[str] = (), make: Callable[[int], SummaryView] | None = None, new: int = 0) -> None:
        """`ids` are those of the records, `make` makes the card of a number, and `new` is how many are new."""
        self.ids, self.new = ids, new
        self._make, self._made = make, dict[int, SummaryView]()

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> SummaryView: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[SummaryView, ...]: ...

    def __getitem__(self, index: int | slice) -> SummaryView | tuple[SummaryView, ...]:
        places = range(len(self.ids))[index]
        if isinstance(places, range):
            return tuple(self._card(place) for place in places)
        return self._card(places)

    def _card(self, place: int) -> SummaryView:
        if place not in self._made and self._make is not None:
            self._made[place] = self._make(place)
        return self._made[place]


@dataclass(frozen=True, slots=True)
class SessionLifeView:
    """State of a session's life for LifeLine, and a line of details."""

    stage: int = -1
    progress: float = 0.0
    overdue: bool = False
    line: str = "No messages yet"
    can_end: bool = False
    stations: tuple[str, ...] = ("open", "ended", "summarising", "stored")
    """Names of the four stages."""


@dataclass(frozen=True, slots=True)
class MemoryView:
    """Contents of the memory panel."""

    status: tuple[str, ...]
    """Age of the data, next poll and so on, the most important first."""
    note: str
    """Why there is nothing to show, or what is pending; empty if the cards are enough."""
    cards: Cards
    problem: bool = False


def life_view(
    conversation: Conversation,
    watch: MemorySnapshot,
    app_context: AppContext,
    last_at: datetime | None,
    usual_s: float | None,
    deleted_by: DeletedBy | None = None,
) -> SessionLifeView:
    """Return the current state of the conversation's session.

    `last_at` is when the service last received a request, `usual_s` the expected time in seconds until the summary is
    stored; `deleted_by` is set if the summary is gone and its deletion was recorded.
    """
    turns = count(conversation.turns, "turn")
    if not conversation.turns:
        return SessionLifeView()
    latency = watch.latency.get(conversation.session_id)
    waited = next((each for each in watch.awaited if each.session_id == conversation.session_id), None)
    by_user = conversation.state is SessionState.FORGOTTEN
    state = session_state(
        ended=conversation.ended_at is not None,
        ending=conversation.state is SessionState.ENDING,
        remembers=conversation.memory_id is not None,
        stored=any(each.session_id == conversation.session_id for each in watch.records),
        forgotten=by_user or (waited is None and (latency is not None or deleted_by is not None)),
        overdue=waited is not None and waited.overdue,
    )
    now = app_context.clock.now()
    since = waited.since_s if waited else (now - (conversation.ended_at or now)).total_seconds()
    match state:
        case SessionState.OPEN:
            parts = [turns, countdown(now - conversation.opened_at)]
            if app_context.idle_limit_s is not None and last_at is not None:
                left = timedelta(seconds=app_context.idle_limit_s) - (now - last_at)
                parts.append(f"expires in {countdown(left)}")
            return SessionLifeView(0, line=" · ".join(parts), can_end=not conversation.busy)
        case SessionState.ENDING:
            return SessionLifeView(0, 1.0, line=f"{turns} · ending…")
        case SessionState.ENDED:
            return SessionLifeView(1, line=f"{turns} · ended; no memory id, so nothing is stored")
        case SessionState.FORGOTTEN:
            how = "deleted by you" if by_user else deleted(deleted_by)
            return SessionLifeView(1, line=f"{turns} · ended; memory {how}")
        case SessionState.STORED:
            after = f" after {seconds(latency)}" if latency is not None else ""
            return SessionLifeView(3, line=f"{turns} · stored{after}")
        case SessionState.OVERDUE:
            return SessionLifeView(
                2, MOST_WAITED, overdue=True, line=f"no summary after {rough(since)} · still polling"
            )
        case SessionState.SUMMARISING:
            usually = f" · usually {rough(usual_s)}" if usual_s is not None else ""
            return SessionLifeView(2, _waited_part(since, usual_s), line=f"summarising for {rough(since)}{usually}")


def _waited_part(since_s: float, usual_s: float | None) -> float:
    """The part of the usual wait that has passed, less than 1, and half of one that is unknown.

    Measured by a frozen clock, both may be 0.
    """
    if usual_s is None:
        return 0.5
    return min(MOST_WAITED, since_s / usual_s) if usual_s > 0 else MOST_WAITED


def memory_view(
    watch: MemorySnapshot,
    clock: Clock,
    cards: Cards,
    wanted: str = "",
    empty: str = "",
    *,
    at_end: bool = True,
) -> MemoryView:
    """Return the current state of the memory panel; `cards` are those of the records that match `wanted`.

    `empty` is the note to show if there are no records; `at_end` tells whether the service summarises ended sessions,
    rather than extracting records from messages.
    """
    age_s, next_s = watch.age_s(clock), watch.next_in_s(clock)
    parts = []
    if age_s is not None:
        parts.append(f"updated {calm(age_s)} ago" if age_s >= 1 else "updated just now")
    if watch.paused:
        parts.append("paused")
    elif watch.polling:
        parts.append("loading…")
    elif next_s is not None:
        parts.append(f"next in {calm(next_s)}")
    if watch.calls:
        parts.append(count(watch.calls, "call"))
    if wanted:
        parts.insert(0, f"“{one_line(wanted, 20)}” in {len(cards)} of {len(watch.records)}")
    if watch.problem is not None:
        note = _problem_note(watch.problem, paused=watch.paused)
    elif watch.awaited:
        late = any(each.overdue for each in watch.awaited)
        note = (OVERDUE if late else SUMMARISING) if at_end else (NO_RECORDS if late else EXTRACTING)
    elif not watch.known:
        note = LOADING
    elif not cards and wanted:
        note = "No matching memories. /memory without words shows all."
    elif not cards:
        note = empty
    else:
        note = ""
    return MemoryView(tuple(parts), note, cards, watch.problem is not None)


def _problem_note(problem: Problem, *, paused: bool) -> str:
    """The text of a failed poll; throttled polls are retried without the user."""
    from travel_tui.agent import ErrorKind  # most polls succeed, and start-up imports little

    if problem.cause is ErrorKind.THROTTLED and not paused:
        problem = replace(problem, advice=RETRYING)
    return str(problem)
