"""When the memory is looked at, and what is told of it. Time leaps here: a wait of minutes takes none."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

import pytest

from tests.fakes import NOON, REFUSED, FakeAgent, Gate, record, summary
from travel_tui.agent import AgentError, ErrorKind, MemoryRecord, Problem, session_summary
from travel_tui.clock import Clock
from travel_tui.memory.polling_policy import PollingPolicy, overdue_after_s
from travel_tui.memory.watcher import MemorySnapshot, MemoryWatcher

THROTTLED = Problem(ErrorKind.THROTTLED, "Too many requests.")
EXPIRED = Problem(ErrorKind.CREDENTIALS, "Expired.")
UNREACHABLE = Problem(ErrorKind.UNREACHABLE, "Nobody there.")


class LeapingSelector(selectors.DefaultSelector):
    """Instead of waiting, it moves the time on."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "nothing would ever happen again"
            self.now += timeout
        return ready


class LeapingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = LeapingSelector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now


def leap(main: Coroutine[None, None, None]) -> None:
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        runner.run(main)


class LoopClock(Clock):
    """The loop's time as a clock."""

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.counter())

    def counter(self) -> float:
        return asyncio.get_running_loop().time()


@dataclass
class FakeMemory:
    """What is watched: answers with `stored`, or fails with `problem`, and notes when it was asked."""

    stored: list[MemoryRecord] = field(default_factory=list)
    problem: Problem | None = None
    gate: Gate | None = None
    asked: list[float] = field(default_factory=list)
    views: list[MemorySnapshot] = field(default_factory=list)
    at_once: int = 0

    async def fetch(self) -> list[MemoryRecord]:
        self.at_once += 1
        assert self.at_once == 1, "two looks at once"
        self.asked.append(round(asyncio.get_running_loop().time(), 3))
        found, problem = list(self.stored), self.problem
        try:
            if self.gate:
                await self.gate.wait()
        finally:
            self.at_once -= 1
        if problem:
            raise AgentError(problem)
        return found

    def watcher(self, *past: float) -> MemoryWatcher:
        return MemoryWatcher(self.fetch, clock=LoopClock(), past_latencies=past, on_view=self.views.append)


def watched(
    scene: Callable[[FakeMemory, MemoryWatcher], Coroutine[None, None, None]], memory: FakeMemory, *past: float
) -> FakeMemory:
    """Play `scene` while the watcher runs."""

    async def main() -> None:
        watcher = memory.watcher(*past)
        running = asyncio.create_task(watcher.run())
        try:
            await scene(memory, watcher)
            assert not running.done()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    leap(main())
    return memory


def test_an_idle_memory_is_looked_at_at_once_and_then_every_half_minute() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        await asyncio.sleep(95)
        assert watcher.view.calls == 4
        assert watcher.view.age_s(LoopClock()) == pytest.approx(5)
        assert watcher.view.next_in_s(LoopClock()) == pytest.approx(25)

    memory = watched(scene, FakeMemory())
    assert memory.asked == [0, 30, 60, 90]
    assert len(memory.views) == 1, "looks that find nothing new redraw nothing"
    assert memory.views[0].known
    assert memory.views[0].records == ()


def test_an_awaited_summary_is_looked_for_quickly_and_then_every_five_seconds() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        await asyncio.sleep(10)
        watcher.await_session("session-1", LoopClock().now())
        await asyncio.sleep(15)

    steps = [0, 0.1, 0.25, 0.5, 1, 2, 5, 5]
    assert watched(scene, FakeMemory()).asked == [0, *(round(10 + at, 3) for at in accumulate(steps))]


def test_only_the_awaited_sessions_own_summary_ends_the_wait() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        await asyncio.sleep(1)
        watcher.await_session("session-2", LoopClock().now())
        await asyncio.sleep(0.05)
        memory.stored.insert(0, summary("session-x"))
        await asyncio.sleep(10)
        assert [waited.session_id for waited in watcher.view.awaited] == ["session-2"]
        assert watcher.view.awaited[0].since_s == pytest.approx(10.05)
        memory.stored.insert(0, summary("session-2"))
        await asyncio.sleep(5)
        view = watcher.view
        assert view.awaited == ()
        assert view.new == {summary("session-x").record_id, summary("session-2").record_id}
        assert view.latency["session-2"] == pytest.approx(13.85)
        watcher.acknowledge()
        assert watcher.view.new == frozenset()
        assert [found.session_id for found in watcher.view.records] == ["session-2", "session-x", "session-1"]

    memory = watched(scene, FakeMemory([summary("session-1")]))
    assert memory.asked[-1] == pytest.approx(14.85)
    assert [len(view.records) for view in memory.views] == [1, 1, 2, 3, 3]


def test_after_the_wait_it_is_idle_again() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        watcher.await_session("session-1", NOON)
        memory.stored.append(summary("session-1"))
        await asyncio.sleep(65)

    assert watched(scene, FakeMemory()).asked == [0, 30, 60]


def test_a_session_that_was_ended_twice_waits_for_its_newer_summary() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        await asyncio.sleep(1)
        watcher.await_session("session-1", LoopClock().now())
        await asyncio.sleep(3)
        assert watcher.view.awaited
        memory.stored.insert(0, summary("session-1", "Newer."))
        await asyncio.sleep(6)
        assert watcher.view.awaited == ()
        assert watcher.view.new == {summary("session-1").record_id}

    watched(scene, FakeMemory([summary("session-1", "Older."), summary("session-1", "Oldest.")]))


def test_every_record_is_there_and_new_for_itself_whatever_its_session() -> None:
    first, second = record("r-1", "session-1"), record("r-2", "session-1")
    alone = record("r-3", None)

    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        await asyncio.sleep(1)
        memory.stored[:] = [alone, second, first]
        watcher.await_session("session-2", LoopClock().now())
        await asyncio.sleep(1)
        assert watcher.view.new == {"r-2", "r-3"}
        assert [each.record_id for each in watcher.view.records] == ["r-3", "r-2", "r-1"]
        assert watcher.view.awaited, "no record of that session"
        watcher.forgot("session-1")
        assert [each.record_id for each in watcher.view.records] == ["r-3"]
        assert watcher.view.new == {"r-3"}

    watched(scene, FakeMemory([first]))


@pytest.mark.parametrize(("past", "limit"), [((), 300), ((46.7,), 300), ((46.7, 200.0), 600)])
def test_a_summary_is_overdue_after_three_times_the_slowest_but_not_before_five_minutes(
    past: tuple[float, ...], limit: float
) -> None:
    assert overdue_after_s(past) == limit

    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        watcher.await_session("session-1", NOON)
        await asyncio.sleep(limit - 1)
        assert not watcher.view.awaited[0].overdue
        told = len(memory.views)
        await asyncio.sleep(2)
        assert memory.views[-1].awaited[0].overdue
        assert len(memory.views) == told + 1
        memory.stored.append(summary("session-1"))
        await asyncio.sleep(31)
        assert memory.views[-1].awaited == (), "late is not never"

    watched(scene, FakeMemory(), *past)


def test_a_session_that_ended_long_ago_is_overdue_at_once() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        watcher.await_session("session-1", NOON - timedelta(hours=1))
        await asyncio.sleep(1)
        assert watcher.view.awaited[0].overdue

    watched(scene, FakeMemory())


def test_throttling_backs_off_up_to_a_minute_and_comes_back() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        watcher.await_session("session-1", NOON)
        await asyncio.sleep(200)
        memory.problem = None
        await asyncio.sleep(80)
        assert watcher.view.problem is None

    memory = watched(scene, FakeMemory(problem=THROTTLED))
    waits = [later - earlier for earlier, later in pairwise(memory.asked)]
    assert waits[:6] == [2, 4, 8, 16, 32, 60]
    assert waits[-1] == 5
    assert [view.problem for view in memory.views] == [None, THROTTLED, None]


@pytest.mark.parametrize(("problem", "wait"), [(EXPIRED, 30), (REFUSED, 30), (UNREACHABLE, 5)])
def test_what_only_a_user_can_clear_is_tried_slowly(problem: Problem, wait: float) -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        watcher.await_session("session-1", NOON)
        await asyncio.sleep(61)
        assert not watcher.view.known

    memory = watched(scene, FakeMemory(problem=problem))
    assert {round(later - earlier, 3) for earlier, later in pairwise(memory.asked)} == {wait}
    assert memory.views[-1].problem == problem


def test_a_failing_look_keeps_what_was_known() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        await asyncio.sleep(1)
        memory.problem = UNREACHABLE
        await asyncio.sleep(30)
        view = watcher.view
        assert view.problem == UNREACHABLE
        assert len(view.records) == 1
        assert view.age_s(LoopClock()) == pytest.approx(31)

    watched(scene, FakeMemory([summary("session-1")]))


def test_paused_it_looks_only_when_asked_and_resumed_at_once() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        await asyncio.sleep(1)
        watcher.pause()
        assert memory.views[-1].paused
        await asyncio.sleep(100)
        assert watcher.view.next_in_s(LoopClock()) is None
        watcher.poll_now()
        await asyncio.sleep(100)
        watcher.resume()
        await asyncio.sleep(1)

    assert watched(scene, FakeMemory()).asked == [0, 101, 201]


def test_asking_while_a_look_is_under_way_adds_one_look_after_it() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        memory.gate = gate = Gate()
        await gate.reached.wait()
        assert watcher.view.polling
        for _ in range(5):
            watcher.poll_now()
        memory.gate = None
        gate.open()
        await asyncio.sleep(1)
        assert not watcher.view.polling

    assert len(watched(scene, FakeMemory()).asked) == 2


def test_what_was_deleted_is_gone_at_once_and_a_look_from_before_does_not_bring_it_back() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        await asyncio.sleep(1)
        memory.gate = gate = Gate()
        watcher.poll_now()
        await gate.reached.wait()
        memory.stored.pop(0)
        memory.gate = None
        watcher.forgot("session-2")
        assert [found.session_id for found in memory.views[-1].records] == ["session-1"]
        gate.open()
        await asyncio.sleep(1)
        memory.stored.clear()
        watcher.forgot()
        await asyncio.sleep(1)

    memory = watched(scene, FakeMemory([summary("session-2"), summary("session-1")]))
    assert list(dict.fromkeys([len(view.records) for view in memory.views])) == [2, 1, 0]


def test_forgetting_all_ends_the_waits_too() -> None:
    async def scene(memory: FakeMemory, watcher: MemoryWatcher) -> None:
        watcher.await_session("session-1", NOON)
        watcher.forgot()
        assert watcher.view.awaited == ()

    watched(scene, FakeMemory())


def test_with_a_clock_that_stands_still_a_view_is_the_same_every_time() -> None:
    clock = Clock(NOON)
    views: list[MemorySnapshot] = []

    async def main() -> None:
        memory = FakeMemory()
        watcher = MemoryWatcher(memory.fetch, clock=clock, on_view=views.append)
        running = asyncio.create_task(watcher.run())
        await asyncio.sleep(1)
        watcher.await_session("session-1", NOON)
        await asyncio.sleep(12.3)
        view = watcher.view
        assert (view.age_s(clock), view.next_in_s(clock), view.awaited[0].since_s) == (0, 5, 0)
        running.cancel()

    leap(main())


def test_the_schedule_comes_back_from_throttling_to_where_it_was() -> None:
    schedule = PollingPolicy()
    schedule.expect_summary()
    delays = [schedule.next_delay()]
    for cause in (None, ErrorKind.THROTTLED, ErrorKind.THROTTLED, None, None):
        schedule.record_poll(cause)
        delays.append(schedule.next_delay())
    assert delays == [0, 0.1, 2, 4, 1, 2]


def test_an_error_of_the_programs_own_is_not_swallowed() -> None:
    async def fetch() -> list[MemoryRecord]:
        raise ZeroDivisionError

    async def main() -> None:
        watcher = MemoryWatcher(fetch, clock=Clock(NOON), on_view=lambda _: None)
        with pytest.raises(ZeroDivisionError):
            await watcher.run()

    leap(main())


async def test_what_is_left_after_a_deletion_is_confirmed_by_the_next_look() -> None:
    gate = Gate()
    agent = FakeAgent(stored=[session_summary("anna", "one", "x"), session_summary("anna", "two", "y")])
    views: list[MemorySnapshot] = []
    watcher = MemoryWatcher(lambda: agent.list_memories("anna"), clock=Clock(), past_latencies=(), on_view=views.append)
    running = asyncio.create_task(watcher.run())
    await soon(lambda: watcher.view.known)
    agent.holding = gate
    watcher.forgot("one")
    assert told(views[-1]) == (["two"], False)
    gate.open()
    await soon(lambda: watcher.view.confirmed)
    assert told(views[-1]) == (["one", "two"], True)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def soon(predicate: Callable[[], bool]) -> None:
    """Let everything else run until it is so."""
    for _ in range(10_000):
        if predicate():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not come about")


def told(view: MemorySnapshot) -> tuple[list[str | None], bool]:
    return [each.session_id for each in view.records], view.confirmed
