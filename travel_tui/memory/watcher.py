"""Watches a memory: looks at it as often as it is worth, and knows which sessions' summaries are awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from travel_tui.agent import AgentError, SessionSummary, Trouble
from travel_tui.clock import Clock
from travel_tui.memory.schedule import Schedule, overdue_after_s


@dataclass(frozen=True, slots=True)
class Awaited:
    """A session that was ended and whose summary is not there yet."""

    session_id: str
    ended_at: datetime
    since_s: float
    """Seconds since its end, when the view was made."""
    overdue: bool


@dataclass(frozen=True, slots=True)
class WatchView:
    """What is known of a memory at one moment."""

    summaries: tuple[SessionSummary, ...] = ()
    """Newest first."""
    known: bool = False
    """Whether there was an answer at all: without one, no summaries does not mean an empty memory."""
    polling: bool = False
    polled_at: datetime | None = None
    """When the answer that `summaries` come from arrived."""
    next_at: float | None = None
    """When the next look is due, in the loop's time; None while one is under way or none is planned."""
    calls: int = 0
    paused: bool = False
    trouble: Trouble | None = None
    """Why the last look failed; None as soon as one works."""
    awaited: tuple[Awaited, ...] = ()
    new: frozenset[str] = frozenset()
    """Ids of sessions whose summaries arrived since the person last acknowledged them."""
    latency: Mapping[str, float] = field(default_factory=dict)
    """Seconds from end to summary of the sessions that were awaited here."""
    _wait: tuple[float, float] | None = None

    def age_s(self, clock: Clock) -> float | None:
        """How old `summaries` are; None while nothing is known."""
        return None if self.polled_at is None else max(0.0, (clock.now() - self.polled_at).total_seconds())

    def next_in_s(self, clock: Clock) -> float | None:
        """Seconds to the next look; None where `next_at` is."""
        if self._wait is None:
            return None
        began, delay = self._wait
        return max(0.0, delay - (clock.counter() - began))


@dataclass(slots=True)
class _Wait:
    """A session whose summary is awaited. `before` is what stood there when the wait began."""

    ended_at: datetime
    began: float  # in the loop's time, by which waits are decided
    counter: float  # the clock's, by which they are shown
    before: frozenset[SessionSummary]
    overdue: bool = False


class MemoryWatcher:
    """Looks at a memory with `fetch`, one call at a time, for as long as `run` runs.

    `on_view` is called when something changed that a person sees; `view` is fresh at any time. All but `run` may be
    called before it runs and return at once; all belong to the loop's thread.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[list[SessionSummary]]],
        *,
        clock: Clock,
        past_latencies: Sequence[float] = (),
        on_view: Callable[[WatchView], None],
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._past = list(past_latencies)
        self._on_view = on_view
        self._schedule = Schedule()
        self._summaries: tuple[SessionSummary, ...] = ()
        self._waits: dict[str, _Wait] = {}
        self._latency: dict[str, float] = {}
        self._new: frozenset[str] = frozenset()
        self._polled_at: datetime | None = None
        self._trouble: Trouble | None = None
        self._polling = False
        self._paused = False
        self._calls = 0
        self._last: tuple[float, float] | None = None  # end of the last look: the loop's time and the clock's counter
        self._asked = False
        self._stale = False
        self._wake = asyncio.Event()
        self._shown: object = None

    @property
    def view(self) -> WatchView:
        """What is known now."""
        waiting = self._waiting()
        return WatchView(
            summaries=self._summaries,
            known=self._polled_at is not None,
            polling=self._polling,
            polled_at=self._polled_at,
            next_at=self._due(),
            calls=self._calls,
            paused=self._paused,
            trouble=self._trouble,
            awaited=tuple(
                Awaited(session_id, wait.ended_at, max(0.0, self._clock.counter() - wait.counter), wait.overdue)
                for session_id, wait in self._waits.items()
            ),
            new=self._new,
            latency=dict(self._latency),
            _wait=(waiting[1], self._schedule.next_delay()) if waiting else None,
        )

    async def run(self) -> None:
        """Look and wait, until cancelled. What `fetch` raises beside AgentError comes out here."""
        self._last = (asyncio.get_running_loop().time(), self._clock.counter())
        while True:
            await self._wait_for_turn()
            await self._look()

    def await_session(self, session_id: str, ended_at: datetime) -> None:
        """From now on wait for that session's summary, or, where it has one already, for a newer one."""
        before = frozenset(found for found in self._summaries if found.session_id == session_id)
        since = max(0.0, (self._clock.now() - ended_at).total_seconds())
        began = asyncio.get_running_loop().time() - since
        self._waits[session_id] = _Wait(ended_at, began, self._clock.counter() - since, before)
        self._latency.pop(session_id, None)
        self._schedule.hurry()
        self.poll_now()
        self._tell()

    def poll_now(self) -> None:
        """Look at once, also while paused; a look that is under way is followed by another."""
        self._asked = True
        self._wake.set()

    def pause(self) -> None:
        """Look no more until `resume` or `poll_now`."""
        self._paused = True
        self._wake.set()
        self._tell()

    def resume(self) -> None:
        """Look again, the first time at once."""
        if self._paused:
            self._paused = False
            self.poll_now()
            self._tell()

    def acknowledge(self) -> None:
        """The person has seen what is new."""
        self._new = frozenset()
        self._tell()

    def forgot(self, session_id: str | None = None) -> None:
        """That session's summary, or with None all of them, was deleted: show it at once, and look."""
        gone = (
            {found.session_id for found in self._summaries} | set(self._waits) if session_id is None else {session_id}
        )
        self._summaries = tuple(found for found in self._summaries if found.session_id not in gone)
        self._new -= gone
        for waited in gone & set(self._waits):
            del self._waits[waited]
        self._stale = self._polling  # a look that began before the deletion may still show what was deleted
        self._note_awaiting()
        self.poll_now()
        self._tell()

    async def _wait_for_turn(self) -> None:
        """Return when the next look is due."""
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            self._note_overdue(loop.time())
            due = self._due()
            if self._asked or (due is not None and loop.time() >= due):
                self._asked = False
                return
            moments = [wait.began + overdue_after_s(self._past) for wait in self._waits.values() if not wait.overdue]
            if due is not None:
                moments.append(due)
            try:
                async with asyncio.timeout_at(min(moments, default=None)):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _waiting(self) -> tuple[float, float] | None:
        """Since when a planned look is waited for, in the loop's time and by the clock; None where none is planned."""
        return None if self._polling or self._paused else self._last

    def _due(self) -> float | None:
        waiting = self._waiting()
        return waiting[0] + self._schedule.next_delay() if waiting else None

    async def _look(self) -> None:
        self._polling, self._stale = True, False
        self._calls += 1
        try:
            found = await self._fetch()
        except AgentError as error:
            self._schedule.looked(error.trouble.cause)
            self._trouble = error.trouble
        else:
            self._schedule.looked()
            self._trouble = None
            if not self._stale:
                self._take(tuple(found))
        finally:
            self._polling = False
            self._last = (asyncio.get_running_loop().time(), self._clock.counter())
        self._tell()

    def _take(self, found: tuple[SessionSummary, ...]) -> None:
        """Take an answer: what is new in it, and whose wait is over."""
        first = self._polled_at is None
        self._polled_at = self._clock.now()
        before = {summary.session_id for summary in self._summaries}
        arrived = set() if first else {summary.session_id for summary in found} - before
        for summary in found:
            wait = self._waits.get(summary.session_id)
            if wait and summary not in wait.before:
                del self._waits[summary.session_id]
                latency = max(0.0, self._clock.counter() - wait.counter)
                self._latency[summary.session_id] = latency
                self._past.append(latency)
                arrived.add(summary.session_id)
        self._new = (self._new & {summary.session_id for summary in found}) | arrived
        self._summaries = found
        self._note_awaiting()

    def _note_overdue(self, now: float) -> None:
        limit = overdue_after_s(self._past)
        late = [wait for wait in self._waits.values() if not wait.overdue and now >= wait.began + limit]
        for wait in late:
            wait.overdue = True
        if late:
            self._note_awaiting()
            self._tell()

    def _note_awaiting(self) -> None:
        self._schedule.awaiting = any(not wait.overdue for wait in self._waits.values())

    def _tell(self) -> None:
        """Call `on_view` where something differs that a person sees; when and how often was looked is not that."""
        waits = tuple((session_id, wait.ended_at, wait.overdue) for session_id, wait in self._waits.items())
        known = self._polled_at is not None
        shown = (self._summaries, known, self._paused, self._trouble, waits, self._new)
        if shown != self._shown:
            self._shown = shown
            self._on_view(self.view)
