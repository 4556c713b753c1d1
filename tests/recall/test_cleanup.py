"""Clean-up after a test waits for summaries that may come, and for no others."""

from __future__ import annotations

from tests.fakes import FakeAgent
from travel_tui.recall.cleanup import Cleaned, clean
from travel_tui.recall.executor import Leftover
from travel_tui.recall.rate_limiter import RateLimiter
from travel_tui.recall.target import Target
from travel_tui.screenshots.scripted_agent import CAPABILITIES


async def cleaned(leftover: Leftover, *, ends_with_run: bool = False) -> tuple[Cleaned, list[str]]:
    told: list[str] = []
    target = Target("fake", FakeAgent(), CAPABILITIES, ends_with_run=ends_with_run)
    return await clean(target, RateLimiter(None), leftover, first_s=0, timeout_s=0.01, tell=told.append), told


async def test_a_summary_that_does_not_come_is_waited_for_and_told() -> None:
    found, told = await cleaned(Leftover(open={"s": "alice"}, memories=["alice"]))
    assert found.uncleaned == "a summary may still come to memory alice"
    assert told == ["cleaning up: waiting for 1 summary (up to 0.01 s)"]


async def test_a_session_that_was_never_answered_has_no_summary_to_wait_for() -> None:
    assert await cleaned(Leftover(open={"s": "alice"}, unanswered=["s"], memories=["alice"])) == (Cleaned((), ""), [])


async def test_nothing_can_still_come_to_an_endpoint_that_ends_with_the_run() -> None:
    found, told = await cleaned(Leftover(ended={"s": "alice", "t": "alice"}, memories=["alice"]), ends_with_run=True)
    assert (found.uncleaned, told) == ("", ["cleaning up: waiting for 2 summaries (up to 0.01 s)"])
