"""Run of a single test without a journal, for callers that keep the result themselves."""

from __future__ import annotations

from dataclasses import replace

from travel_tui.clock import Clock
from travel_tui.recall.cleanup import clean
from travel_tui.recall.executor import Environment, TestExecutor
from travel_tui.recall.identity import Identity
from travel_tui.recall.rate_limiter import RateLimiter
from travel_tui.recall.results import TestResult
from travel_tui.recall.runner import clean_timeout_s
from travel_tui.recall.target import Target


async def run_single(identity: Identity, target: Target, pace: RateLimiter, clock: Clock) -> TestResult:
    """Run one test to its end and clean up after it. A failing call makes it undecided, and raises nothing."""

    async def nothing(*_: object) -> None:
        """Keep nothing: what was begun here is never resumed."""

    environment = Environment(
        target=target,
        pace=pace,
        clock=clock,
        done=(),
        cut_off=None,
        sending=nothing,
        finished=nothing,
        tell=lambda _: None,
    )
    executor = TestExecutor(identity, environment)
    result = await executor.run()
    waits = [session.waited_s for session in result.sessions if session.waited_s is not None]
    cleaned = await clean(
        target,
        pace,
        executor.leftover,
        first_s=max(waits, default=0.0),
        timeout_s=clean_timeout_s(session.wait_memory for session in identity.test.sessions),
        tell=lambda _: None,
    )
    return replace(result, after=cleaned.after, uncleaned=cleaned.uncleaned)
