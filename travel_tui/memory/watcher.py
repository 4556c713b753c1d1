"""Memory watcher: polls a memory as often as useful, and tracks the sessions whose summaries are awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import is_

from travel_tui.agent import AgentError, MemoryRecord, Problem
from travel_tui.clock import Clock
from travel_tui.memory.polling_policy import PollingPolicy, overdue_after_s

MANY = 500
"""Records from which on two listings are compared in a thread; a thousand take some milliseconds."""


@dataclass(frozen=True, slots=True)
class PendingSummary:
    """A session that was ended and has no summary yet."""

    session_id: str
    ended_at: datetime
    since_s: float
    """Seconds since its end, when the snapshot was taken."""
    overdue: bool


@dataclass(frozen=True, slots=True)
class MemorySnapshot:
    """State of a memory at one moment."""

    records: tuple[MemoryRecord, ...] = ()
    """Newest first."""
    known: bool = False
    """Whether there was any answer yet: without one, no records does not mean an empty memory."""
    confirmed: bool = True
    """Whether `records` are the service's answer, rather than the rest of one after a local deletion."""
    polling: bool = False
    polled_at: datetime | None = None
    """Arrival time of the answer that `records` come from."""
    next_at: float | None = None
    """Time of the next poll, in the event loop's time; None during a poll or if none is planned."""
    calls: int = 0
    paused: bool = False
    problem: Problem | None = None
    """Error of the last poll; None once a poll succeeds."""
    awaited: tuple[PendingSummary, ...] = ()
    new: frozenset[str] = frozenset()
    """Ids of records that arrived since the user last acknowledged them."""
    deleting: frozenset[str] = frozenset()
    """Ids of records that were deleted here and are still in `records`, since the service still lists them."""
    latency: Mapping[str, float] = field(default_factory=dict)
    """Seconds from end to summary of the sessions awaited by this watcher."""
    _wait: tuple[float, float] | None = None

    def age_s(self, clock: Clock) -> float | None:
        """Return the age of `records` in seconds; None if nothing is known."""
        return None if self.polled_at is None else max(0.0, (clock.now() - self.polled_at).total_seconds())

    def next_in_s(self, clock: Clock) -> float | None:
        """Return the seconds to the next poll; None if `next_at` is None."""
        if self._wait is None:
            return None
        began, delay = self._wait
        return max(0.0, delay - (clock.counter() - began))


@dataclass(slots=True)
class _Wait:
    """A session whose summary is awaited. `before` has its records when the wait began."""

    ended_at: datetime
    began: float  # in the loop's time, used for decisions
    counter: float  # in the clock's time, used for display
    before: frozenset[MemoryRecord]
    overdue: bool = False
    covers: datetime | None = None
    any_record: bool = False
    listed: bool = True
    """Whether the memory had been listed when the wait began; else `before` says nothing."""

    def is_answered_by(self, session_id: str, record: MemoryRecord) -> bool:
        """Whether a record is what the session's wait is for."""
        if record.session_id != session_id and not (self.any_record and record.session_id is None):
            return False
        if self.covers is not None and record.started_at is not None and record.started_at >= self.covers:
            return True
        return (self.covers is None or self.listed) and record not in self.before


class MemoryWatcher:
    """Polls a memory with `fetch`, one call at a time, while `run` is running.

    `on_view` is called when a visible change occurred; `view` is current at any time. All methods except `run` may be
    called before it runs and return at once; all must be called in the event loop's thread.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[list[MemoryRecord]]],
        *,
        clock: Clock,
        past_latencies: Sequence[float] = (),
        on_view: Callable[[MemorySnapshot], None],
        deletions_lag: bool = False,
    ) -> None:
        """With `deletions_lag` a listing can have records that were deleted before it."""
        self._deletions_lag = deletions_lag
        self._deleting: frozenset[str] = frozenset()
        self._fetch = fetch
        self._clock = clock
        self._past = list(past_latencies)
        self._on_view = on_view
        self._schedule = PollingPolicy()
        self._records: tuple[MemoryRecord, ...] = ()
        self._waits: dict[str, _Wait] = {}
        self._latency: dict[str, float] = {}
        self._new: frozenset[str] = frozenset()
        self._polled_at: datetime | None = None
        self._problem: Problem | None = None
        self._polling = False
        self._paused = False
        self._calls = self._polls = 0
        self._waiting_for_polls: list[tuple[int, asyncio.Event]] = []
        """The number of the poll that a call of `next_poll` waits for, and what tells it."""
        self._last: tuple[float, float] | None = None  # end of the last poll: the loop's time and the clock's counter
        self._asked = False
        self._stale = False
        self._confirmed = True
        self._wake = asyncio.Event()
        self._shown: object = None

    @property
    def view(self) -> MemorySnapshot:
        """Current snapshot."""
        waiting = self._waiting()
        return MemorySnapshot(
            records=self._records,
            known=self._polled_at is not None,
            confirmed=self._confirmed,
            polling=self._polling,
            polled_at=self._polled_at,
            next_at=self._due(),
            calls=self._calls,
            paused=self._paused,
            problem=self._problem,
            awaited=tuple(
                PendingSummary(session_id, wait.ended_at, max(0.0, self._clock.counter() - wait.counter), wait.overdue)
                for session_id, wait in self._waits.items()
            ),
            new=self._new,
            deleting=self._deleting,
            latency=dict(self._latency),
            _wait=(waiting[1], self._schedule.next_delay()) if waiting else None,
        )

    async def run(self) -> None:
        """Poll and wait, until cancelled. Propagates errors of `fetch` other than AgentError."""
        self._last = (asyncio.get_running_loop().time(), self._clock.counter())
        while True:
            await self._wait_for_turn()
            await self._look()

    def await_session(
        self, session_id: str, ended_at: datetime, *, covers: datetime | None = None, any_record: bool = False
    ) -> None:
        """Start waiting for that session's summary, or, if it already has one, for a newer one.

        With `covers`, the time of its last event at the service, a record made of that event or a later one will do,
        also one that is there already. With `any_record` a record without a session will do too.
        """
        before = frozenset(each for each in self._records if any_record or each.session_id == session_id)
        since = max(0.0, (self._clock.now() - ended_at).total_seconds())
        began = asyncio.get_running_loop().time() - since
        self._waits[session_id] = _Wait(
            ended_at,
            began,
            self._clock.counter() - since,
            before,
            covers=covers,
            any_record=any_record,
            listed=self._polled_at is not None,
        )
        self._latency.pop(session_id, None)
        self._schedule.expect_summary()
        self.poll_now()
        self._tell()

    def add_calls(self, number: int) -> None:
        """Count calls about this memory that were made beside the polls."""
        self._calls += number

    def poll_now(self) -> None:
        """Poll at once, even while paused; a poll in progress is followed by another."""
        self._asked = True
        self._wake.set()

    async def next_poll(self) -> None:
        """Poll at once, and wait until that poll, which begins after this call, has an answer or an error."""
        done = asyncio.Event()
        self._waiting_for_polls.append((self._polls + 1, done))
        self.poll_now()
        await done.wait()

    def pause(self) -> None:
        """Stop polling until `resume` or `poll_now`."""
        self._paused = True
        self._wake.set()
        self._tell()

    def resume(self) -> None:
        """Resume polling, at once."""
        if self._paused:
            self._paused = False
            self.poll_now()
            self._tell()

    def acknowledge(self) -> None:
        """Mark new records as seen."""
        self._new = frozenset()
        self._tell()

    def forgot(self, session_id: str | None = None) -> None:
        """Remove that session's records, or all of them for None, after a deletion: show it at once, and poll."""
        self._remove(tuple(each for each in self._records if session_id in (None, each.session_id)))
        for waited in [each for each in self._waits if session_id in (None, each)]:
            del self._waits[waited]
        self._stale = self._polling  # a poll that began before the deletion may still return the deleted summary
        self._note_awaiting()
        self.poll_now()
        self._tell()

    def forgot_record(self, record_id: str) -> None:
        """Remove one record after its deletion: show it at once, and poll."""
        self._remove(tuple(each for each in self._records if each.record_id == record_id))
        self._stale = self._polling
        self.poll_now()
        self._tell()

    def _remove(self, gone: tuple[MemoryRecord, ...]) -> None:
        ids = frozenset(each.record_id for each in gone)
        self._records = tuple(each for each in self._records if each.record_id not in ids)
        self._new -= ids
        self._confirmed = False
        if self._deletions_lag:
            self._deleting |= ids

    async def _wait_for_turn(self) -> None:
        """Return when the next poll is due."""
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            self._note_overdue(loop.time())
            due = self._due() if self._clock.ends(self._schedule.next_delay()) else None
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
        """Return the start of the wait for the next poll, in the loop's and the clock's time; None if none is due."""
        return None if self._polling or self._paused else self._last

    def _due(self) -> float | None:
        waiting = self._waiting()
        return waiting[0] + self._schedule.next_delay() if waiting else None

    async def _look(self) -> None:
        self._polling, self._stale = True, False
        self._calls += 1
        self._polls += 1
        try:
            found = await self._fetch()
        except AgentError as error:
            self._schedule.record_poll(error.problem.cause)
            self._problem = error.problem
        else:
            self._schedule.record_poll(records=len(found))
            self._problem = None
            if len(found) >= MANY:
                records = await asyncio.to_thread(reused, self._records, found)
            else:
                records = reused(self._records, found)
            if not self._stale:
                self._take(records)
        finally:
            self._polling = False
            self._last = (asyncio.get_running_loop().time(), self._clock.counter())
        self._tell()
        for number, done in self._waiting_for_polls:
            if number <= self._polls:
                done.set()
        self._waiting_for_polls = [each for each in self._waiting_for_polls if not each[1].is_set()]

    def _take(self, found: tuple[MemoryRecord, ...]) -> None:
        """Process an answer: find new records, and finish waits."""
        first = self._polled_at is None
        self._confirmed = True
        self._polled_at = self._clock.now()
        ids = {record.record_id for record in found}
        self._deleting &= ids
        arrived = set() if first else ids - {record.record_id for record in self._records} - self._deleting
        for session_id, wait in list(self._waits.items()):
            came = {each.record_id for each in found if wait.is_answered_by(session_id, each)} - self._deleting
            if came:
                del self._waits[session_id]
                latency = max(0.0, self._clock.counter() - wait.counter)
                self._latency[session_id] = latency
                self._past.append(latency)
                arrived |= came
        self._new = (self._new & ids) | arrived
        self._records = found
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
        """Call `on_view` if something visible changed; the times and number of polls do not count."""
        waits = tuple((session_id, wait.ended_at, wait.overdue) for session_id, wait in self._waits.items())
        known = self._polled_at is not None
        shown = (self._records, self._deleting, known, self._confirmed, self._paused, self._problem, waits, self._new)
        if shown != self._shown:
            self._shown = shown
            self._on_view(self.view)


def reused(before: tuple[MemoryRecord, ...], found: Sequence[MemoryRecord]) -> tuple[MemoryRecord, ...]:
    """Return what was found, with the objects of `before` for what is unchanged, or `before` itself if all of it is.

    Whoever compares two listings then compares identical objects, which takes no time.
    """
    known = {each.record_id: each for each in before}
    same = ((known.get(each.record_id), each) for each in found)
    records = tuple(old if old is not None and old == new else new for old, new in same)
    unchanged = len(records) == len(before) and all(map(is_, records, before))
    return before if unchanged else records
