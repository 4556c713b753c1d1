"""Runner of recall checks: runs tests concurrently, writes the journal, and cleans up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from travel_tui.clock import Clock
from travel_tui.recall.budget import Budget
from travel_tui.recall.cleanup import clean
from travel_tui.recall.executor import Environment, Leftover, TestExecutor
from travel_tui.recall.identity import Identity
from travel_tui.recall.journal import Journal, TestProgress
from travel_tui.recall.rate_limiter import RateLimiter
from travel_tui.recall.results import Outcome, TestResult, to_json
from travel_tui.recall.scenario import Scenario, Test
from travel_tui.recall.target import Target

CLEAN_WAIT_S = 60.0
"""Maximum seconds a clean-up waits if its test itself has no wait."""
CLEAN_WAIT_MAX_S = 300.0


@dataclass(frozen=True, slots=True)
class Job:
    """One repetition of a test."""

    key: str
    number: int
    """Counted from 0 in its run; part of the ids of sessions and memories."""
    scenario: Scenario
    test: Test
    attempt: int


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """TestProgress event: a test's current step, or its outcome; with neither, its clean-up has finished."""

    job: Job
    doing: str = ""
    result: TestResult | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of a run."""

    run_id: str
    jobs: int = 1
    rate: float | None = None
    keep: bool = False
    anew: bool = False
    """Restart unfinished tests from the beginning, because their state at the agent is gone."""
    again: bool = False
    """Run undecided tests again, from the beginning."""
    max_turns: int | None = None
    max_tokens: int | None = None
    """Limits of this run; once one is reached, no further test begins."""


def jobs_of(scenarios: Sequence[Scenario], *, repeat: int | None = None, only: str = "") -> list[Job]:
    """Return every test as often as it is to be run; `only` filters by part of the name or category, ignoring case."""
    found: list[Job] = []
    for file_number, scenario in enumerate(scenarios, 1):
        for test in scenario.tests:
            if only.casefold() in test.name.casefold() or only.casefold() in test.category.casefold():
                for attempt in range(1, (repeat or test.repeat) + 1):
                    key = f"{file_number}/{test.name}#{attempt}"
                    found.append(Job(key, len(found), scenario, test, attempt))
    return found


def clean_timeout_s(waits: Iterable[float | None]) -> float:
    """Return the seconds that a clean-up may wait for summaries: as long as the test itself at most, within limits."""
    return min(max((wait for wait in waits if wait is not None), default=CLEAN_WAIT_S), CLEAN_WAIT_MAX_S)


class Runner:
    """One run; `run` may be called once."""

    def __init__(
        self,
        jobs: Sequence[Job],
        target_of: Callable[[Scenario], Target],
        journal: Journal,
        options: Options,
        clock: Clock,
        *,
        before: Mapping[str, TestProgress] | None = None,
        tell: Callable[[ProgressEvent], None],
    ) -> None:
        self._jobs = jobs
        self._target_of = target_of
        self._journal = journal
        self._options = options
        self._clock = clock
        self._before = before or {}
        self._tell = tell
        self._pace = RateLimiter(options.rate)
        self._slowest = 0.0
        self.budget = Budget(options.max_turns, options.max_tokens)
        self.results: dict[str, TestResult] = {}

    async def run(self) -> list[TestResult]:
        """Run the remaining tests; return the results in job order, including earlier ones.

        Tests that the budget did not reach have none.
        """
        apart = [job for job in self._jobs if job.test.moves_time]
        await self._side_by_side([job for job in self._jobs if not job.test.moves_time])
        for job in apart:  # advancing the clock expires the memories of other tests
            await self._side_by_side([job])
        return [self.results[job.key] for job in self._jobs if job.key in self.results]

    async def _side_by_side(self, jobs: Sequence[Job]) -> None:
        waiting = list(reversed(jobs))

        async def work(group: asyncio.TaskGroup) -> None:
            while waiting:
                job = waiting.pop()
                if self.budget.exhausted and not self._is_done(job):
                    continue
                leftover = await self._test(job)
                if leftover is not None:  # concurrent with the next tests, because summaries take time
                    group.create_task(self._clean(job, leftover))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._options.jobs, len(jobs))):
                    group.create_task(work(group))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    def _is_done(self, job: Job) -> bool:
        """Whether an earlier run has a result of the test that is kept."""
        result = self._before.get(job.key, TestProgress()).result
        return result is not None and not (self._options.again and result.outcome is Outcome.UNDECIDED)

    async def _test(self, job: Job) -> Leftover | None:
        """Run a test, or reuse its recorded result; return the state to be cleaned up."""
        progress = self._before.get(job.key, TestProgress())
        undecided = progress.result is not None and progress.result.outcome is Outcome.UNDECIDED
        if progress.result and self._is_done(job):
            self._keep(job, progress.result)
            clean = progress.cleaned or self._options.keep or self._options.anew
            return None if clean else _leftover(progress.leftover)
        begun = bool(progress.generation) and not (self._options.anew or undecided)
        generation = progress.generation if begun else progress.generation + 1
        if not begun:
            await self._write(job, "began")
        suffix = f"{self._options.run_id}.{job.number}" + (f".{generation}" if generation > 1 else "")
        stage = self._stage(job, progress if begun else TestProgress())
        capabilities = stage.target.capabilities
        play = TestExecutor(Identity(job.key, job.scenario.source, job.test, job.attempt, suffix, capabilities), stage)
        result = await play.run()
        waits = [s.waited_s for s in result.sessions if s.waited_s is not None]
        self._slowest = max([self._slowest, *waits])
        await self._write(job, "result", result=to_json(result), leftover=asdict(play.leftover))
        self._keep(job, result)
        return None if self._options.keep else play.leftover

    def _stage(self, job: Job, progress: TestProgress) -> Environment:
        return Environment(
            target=self._target_of(job.scenario),
            pace=self._pace,
            clock=self._clock,
            done=[dict(step) for step in progress.steps],
            cut_off=progress.sending,
            sending=lambda step: self._write(job, "sending", step=step),
            finished=lambda step, data: self._write(job, "step", step=step, data=data),
            tell=lambda doing: self._tell(ProgressEvent(job, doing)),
            budget=self.budget,
        )

    async def _clean(self, job: Job, leftover: Leftover) -> None:
        found = await clean(
            self._target_of(job.scenario),
            self._pace,
            leftover,
            first_s=self._slowest,
            timeout_s=clean_timeout_s(session.wait_memory for session in job.test.sessions),
            tell=lambda doing: self._tell(ProgressEvent(job, doing)),
        )
        self._tell(ProgressEvent(job))
        after = [asdict(memory) for memory in found.after]
        await self._write(job, "cleaned", after=after, uncleaned=found.uncleaned)
        self.results[job.key] = replace(self.results[job.key], after=found.after, uncleaned=found.uncleaned)

    def _keep(self, job: Job, result: TestResult) -> None:
        self.results[job.key] = result
        self._tell(ProgressEvent(job, result=result))

    async def _write(self, job: Job, kind: str, **values: Any) -> None:
        await self._journal.write({"type": kind, "test": job.key, **values})


def _leftover(values: Mapping[str, Any]) -> Leftover:
    """Parse the state to be cleaned up from a journal, ignoring fields of other versions."""
    return Leftover(**{name: values[name] for name in Leftover.__slots__ if name in values})
