"""The tokens of a session in its panel: totals as far as they were told, nothing where nothing was."""

from __future__ import annotations

from pathlib import Path

from tests.fakes import FakeAgent, answer
from tests.tui.client import client, sitting_at
from travel_tui.agent import ModelUsage, TurnEvent


def used(read: int | None, written: int | None) -> tuple[TurnEvent, ...]:
    """A turn that tells its tokens."""
    return (ModelUsage(read, written), *answer("Yes."))


async def test_tokens_are_summed_over_the_session_and_its_resumption(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    script = [answer("Hello."), used(2000, 40), (ModelUsage(1, 1), *used(300, 2)), answer("Bye.")]
    async with sitting_at(client(FakeAgent(script), archive=archive)) as anna:
        await anna.say("One")
        await anna.sees("Hello.", "enter send", "1 turn")
        assert "tokens " not in anna.flat()
        await anna.say("Two")
        await anna.sees("tokens 2,000+ in · 40+ out")
        await anna.say("Three")
        await anna.sees("tokens 2,301+ in · 43+ out")
        await anna.press("f3")
        await anna.sees("This session is still open")
        await anna.press("right", "enter")
        await anna.sees("New session", "No messages yet")
        await anna.sees_no("tokens 2,301+")
    async with sitting_at(client(FakeAgent([used(9, None)]), archive=archive, seed=8)) as anna:
        await anna.sees("1 open session: /resume")
        await anna.say("/resume")
        await anna.sees("Resume which session?")
        await anna.press("enter")
        await anna.sees("tokens 2,301+ in · 43+ out")
        await anna.say("Four")
        await anna.sees("tokens 2,310+ in · 43+ out")


async def test_a_total_that_every_turn_has_told_is_a_total() -> None:
    async with sitting_at(client(FakeAgent([used(2000, None), used(10, None)]))) as anna:
        await anna.say("One")
        await anna.sees("tokens 2,000 in")
        await anna.say("Two")
        await anna.sees("tokens 2,010 in", "enter send")
        assert "out" not in anna.flat().partition("tokens 2,010 in")[2][:10]
