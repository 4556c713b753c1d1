"""Words are found in the conversation, from its end back, also where their turns are not mounted."""

from __future__ import annotations

import pytest

from tests.fakes import FakeAgent, answer
from tests.tui.client import client, sitting_at
from travel_tui.tui.widgets.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat import Chat

TURNS = 14


async def test_words_are_found_one_place_before_the_other() -> None:
    agent = FakeAgent(
        [answer(f"Answer {n}:\n\nthe **blue** harbour." if n % 6 == 0 else f"Answer {n}.") for n in range(TURNS)]
    )
    async with sitting_at(client(agent), size=(120, 24)) as anna:
        await anna.sees("Nothing is remembered yet")
        for number in range(TURNS):
            await anna.say(f"Question {number}")
            await anna.sees(f"Answer {number}", "enter send")
        assert len(anna.main.query(AgentTurn)) < TURNS
        for number in (12, 6, 0):
            await anna.say("/find Blue harbour" if number == 12 else "/find")
            await anna.sees(f"Answer {number}:", "the blue harbour.")
            await anna.sees_no(f"Answer {number + 6}:")
            marked = [
                segment.text
                for strip in anna.strips()
                for segment in strip
                if segment.style and segment.style.reverse and "harbour" in segment.text
            ]
            assert marked, anna.text()
        await anna.say("/find")
        await anna.sees("“Blue harbour” is not found before this")
        await anna.say("And now?")
        await anna.sees("You said: And now?", "enter send")
        assert anna.main.query_one(Chat).max_scroll_y == anna.main.query_one(Chat).scroll_y


@pytest.mark.parametrize(
    ("words", "said"), [("/find", "Say what to find"), ("/find zebra", "“zebra” is not found here")]
)
async def test_what_is_not_found_is_said(words: str, said: str) -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.sees("Nothing is remembered yet")
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.say(words)
        await anna.sees(said)
