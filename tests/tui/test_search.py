"""Words are found in the conversation, from its end back, also where their turns are not mounted."""

from __future__ import annotations

import pytest

from tests.fakes import FakeAgent, answer
from tests.tui.client import PilotUser, client, running_client
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.chat import Chat

TURNS = 14


def marked(user: PilotUser) -> list[str]:
    """The words that are marked on the screen."""
    found = [segment for strip in user.strips() for segment in strip if segment.style and segment.style.reverse]
    return [segment.text for segment in found if "harbour" in segment.text]


@pytest.mark.slow
async def test_words_are_found_one_place_before_the_other() -> None:
    agent = FakeAgent(
        [answer(f"Answer {n}:\n\nthe **blue** harbour." if n % 6 == 0 else f"Answer {n}.") for n in range(TURNS)]
    )
    async with running_client(client(agent), size=(120, 24)) as user:
        await user.sees("No memories yet")
        for number in range(TURNS):
            await user.say(f"Question {number}")
            await user.sees(f"Answer {number}", "enter send")
        assert len(user.main.query(AgentTurn)) < TURNS
        for place, number in enumerate((12, 6, 0), 1):
            await user.say("/find Blue harbour" if number == 12 else "/find")
            await user.sees(f"Answer {number}:", "the blue harbour.", f"“Blue harbour” {place} of 3 ·")
            await user.sees_no(f"Answer {number + 6}:")
            assert marked(user), user.text()
        await user.say("/find")
        await user.sees("“Blue harbour” is not found before this")
        await user.say("And now?")
        await user.sees("You said: And now?", "enter send")
        await user.sees_no("of 3 ·")
        assert user.main.query_one(Chat).max_scroll_y == user.main.query_one(Chat).scroll_y


@pytest.mark.parametrize(
    ("words", "said"), [("/find", "Usage: /find WORDS"), ("/find zebra", "“zebra” is not found here")]
)
async def test_what_is_not_found_is_said(words: str, said: str) -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.sees("No memories yet")
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.say(words)
        await user.sees(said)


@pytest.mark.parametrize("leaving", ["escape", "f5", "/note quiet", "Hello again"])
async def test_the_count_goes_with_whatever_is_done_next(leaving: str) -> None:
    async with running_client(client(FakeAgent([answer("The blue harbour.")] * 2))) as user:
        await user.say("Where to?")
        await user.sees("The blue harbour.", "enter send")
        await user.say("/find harbour")
        await user.sees("“harbour” 1 of 1 ·")
        await user.until(lambda: marked(user), "a mark")
        if leaving in ("escape", "f5"):
            await user.press(leaving)
        else:
            await user.say(leaving)
        await user.sees_no("1 of 1 ·")
        await user.until(lambda: not marked(user), "no mark")


async def test_the_count_goes_where_the_place_does_and_other_words_are_found_nowhere() -> None:
    agent = FakeAgent([answer("The blue harbour.")])
    async with running_client(client(agent)) as user:
        await user.say("Where to?")
        await user.sees("The blue harbour.", "enter send")
        await user.say("/find harbour")
        await user.sees("“harbour” 1 of 1 ·")
        await user.say("/find zebra")
        await user.sees("“zebra” is not found here")
        await user.sees_no("1 of 1 ·")
        await user.say("/find harbour")
        await user.sees("“harbour” 1 of 1 ·")
        await user.main.query(AgentTurn).remove()
        await user.sees_no("1 of 1 ·")
