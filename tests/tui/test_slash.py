"""Commands that are written in the prompt."""

from __future__ import annotations

from tests.fakes import FakeAgent
from tests.tui.client import client, sitting_at
from travel_tui.tui.commands import COMMANDS
from travel_tui.tui.widgets.prompt import Prompt


async def test_a_slash_command_does_what_its_key_does() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.say("/end")
        await anna.sees("Summarising the session that ended")
        assert len(agent.requests) == 1


async def test_a_name_that_is_none_is_not_sent_and_stays() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("/edn")
        await anna.sees("There is no /edn. Did you mean /end?")
        assert anna.main.query_one(Prompt).text == "/edn"
        assert agent.requests == []


async def test_two_slashes_send_one() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("//end is what I say")
        await anna.sees("You said: /end is what I say")


async def test_f1_lists_every_command() -> None:
    async with sitting_at(client(FakeAgent()), size=(120, 80)) as anna:
        await anna.press("f1")
        await anna.sees(*(f"/{each.slash}" for each in COMMANDS if each.slash))


async def test_every_command_can_be_done() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.until(lambda: anna.main._desk, "the desk")
        assert anna.main._desk is not None
        assert set(anna.main._desk.verbs) == {each.id for each in COMMANDS}


async def test_the_palette_finds_and_does_every_command() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press("ctrl+p", *"end session")
        await anna.sees("End the session, so that its memory is made")
        await anna.press("down", "enter")
        await anna.sees("Summarising the session that ended")
