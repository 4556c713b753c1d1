"""The tokens of a session in its panel: totals as far as they were told, nothing where nothing was."""

from __future__ import annotations

from pathlib import Path

from tests.fakes import FakeAgent, answer
from tests.tui.client import client, running_client
from travel_tui.agent import ModelUsage, TurnEvent


def used(read: int | None, written: int | None) -> tuple[TurnEvent, ...]:
    """A turn that tells its tokens."""
    return (ModelUsage(read, written), *answer("Yes."))


async def test_tokens_are_summed_over_the_session_and_its_resumption(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    script = [answer("Hello."), used(2000, 40), (ModelUsage(1, 1), *used(300, 2)), answer("Bye.")]
    async with running_client(client(FakeAgent(script), archive=archive)) as user:
        await user.say("One")
        await user.sees("Hello.", "enter send", "1 turn")
        assert "tokens " not in user.flat()
        await user.say("Two")
        await user.sees("tokens 2,000+ in · 40+ out")
        await user.say("Three")
        await user.sees("tokens 2,301+ in · 43+ out")
        await user.press("f3")
        await user.sees("This session is still open")
        await user.press("right", "enter")
        await user.sees("New session", "No messages yet")
        await user.sees_no("tokens 2,301+")
    async with running_client(client(FakeAgent([used(9, None)]), archive=archive, seed=8)) as user:
        await user.sees("1 open session: /resume")
        await user.say("/resume")
        await user.sees("Resume which session?")
        await user.press("enter")
        await user.sees("tokens 2,301+ in · 43+ out")
        await user.say("Four")
        await user.sees("tokens 2,310+ in · 43+ out")


async def test_a_total_that_every_turn_has_told_is_a_total() -> None:
    async with running_client(client(FakeAgent([used(2000, None), used(10, None)]))) as user:
        await user.say("One")
        await user.sees("tokens 2,000 in")
        await user.say("Two")
        await user.sees("tokens 2,010 in", "enter send")
        assert "out" not in user.flat().partition("tokens 2,010 in")[2][:10]
