"""Words are found in the conversation, from its end back, also where their turns are not mounted."""

from __future__ import annotations

import pytest

from tests.fakes import FakeAgent, answer
from tests.tui.client import PilotUser, client, sitting_at
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.chat import Chat

TURNS = 14


def marked(person: PilotUser) -> list[str]:
    """The words that are marked on the screen."""
    found = [segment for strip in person.strips() for segment in strip if segment.style and segment.style.reverse]
    return [segment.text for segment in found if "harbour" in segment.text]


async def test_words_are_found_one_place_before_the_other() -> None:
    agent = FakeAgent(
        [answer(f"Answer {n}:\n\nthe **blue** harbour." if n % 6 == 0 else f"Answer {n}.") for n in range(TURNS)]
    )
    async with sitting_at(client(agent), size=(120, 24)) as anna:
        await anna.sees("No memories yet")
        for number in range(TURNS):
            await anna.say(f"Question {number}")
            await anna.sees(f"Answer {number}", "enter send")
        assert len(anna.main.query(AgentTurn)) < TURNS
        for place, number in enumerate((12, 6, 0), 1):
            await anna.say("/find Blue harbour" if number == 12 else "/find")
            await anna.sees(f"Answer {number}:", "the blue harbour.", f"“Blue harbour” {place} of 3 ·")
            await anna.sees_no(f"Answer {number + 6}:")
            assert marked(anna), anna.text()
        await anna.say("/find")
        await anna.sees("“Blue harbour” is not found before this")
        await anna.say("And now?")
        await anna.sees("You said: And now?", "enter send")
        await anna.sees_no("of 3 ·")
        assert anna.main.query_one(Chat).max_scroll_y == anna.main.query_one(Chat).scroll_y


@pytest.mark.parametrize(
    ("words", "said"), [("/find", "Usage: /find WORDS"), ("/find zebra", "“zebra” is not found here")]
)
async def test_what_is_not_found_is_said(words: str, said: str) -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.sees("No memories yet")
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.say(words)
        await anna.sees(said)


@pytest.mark.parametrize("leaving", ["escape", "f5", "/note quiet", "Hello again"])
async def test_the_count_goes_with_whatever_is_done_next(leaving: str) -> None:
    async with sitting_at(client(FakeAgent([answer("The blue harbour.")] * 2))) as anna:
        await anna.say("Where to?")
        await anna.sees("The blue harbour.", "enter send")
        await anna.say("/find harbour")
        await anna.sees("“harbour” 1 of 1 ·")
        await anna.until(lambda: marked(anna), "a mark")
        if leaving in ("escape", "f5"):
            await anna.press(leaving)
        else:
            await anna.say(leaving)
        await anna.sees_no("1 of 1 ·")
        await anna.until(lambda: not marked(anna), "no mark")


async def test_the_count_goes_where_the_place_does_and_other_words_are_found_nowhere() -> None:
    agent = FakeAgent([answer("The blue harbour.")])
    async with sitting_at(client(agent)) as anna:
        await anna.say("Where to?")
        await anna.sees("The blue harbour.", "enter send")
        await anna.say("/find harbour")
        await anna.sees("“harbour” 1 of 1 ·")
        await anna.say("/find zebra")
        await anna.sees("“zebra” is not found here")
        await anna.sees_no("1 of 1 ·")
        await anna.say("/find harbour")
        await anna.sees("“harbour” 1 of 1 ·")
        await anna.main.query(AgentTurn).remove()
        await anna.sees_no("1 of 1 ·")
