"""Users and attributes: whose memory is talked with, and what goes with the turns."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeAgent
from tests.tui.client import NARROW, Person, client, sitting_at
from travel_tui.agent import SessionSummary
from travel_tui.tui.screens.attributes import attributes


async def turn(person: Person, text: str) -> None:
    await person.say(text)
    await person.sees(f"You said: {text}", "enter send")


async def test_another_user_has_another_memory_and_sessions_of_their_own(tmp_path: Path) -> None:
    agent = FakeAgent(stored=[SessionSummary("anna", "session-one", "Anna likes trains.")])
    async with sitting_at(client(agent, archive=tmp_path / "archive.sqlite3")) as person:
        await turn(person, "I am Anna")
        await person.press("f2")
        await person.sees("Summarising the session that ended")
        agent.stored.clear()
        await person.say("/user bert Bert the first")
        await person.sees("user bert", "Nothing said yet", "Nothing is remembered yet")
        await turn(person, "I am Bert")
        assert [each.memory_id for each in agent.requests] == ["anna", "bert"]
        await person.press("f9")
        await person.sees("Whose memory?", "● bert", "Bert the first", "anna")
        await person.press("escape")
        await person.sees_no("Whose memory?")


async def test_an_open_session_is_asked_about_before_the_switch() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as person:
        await turn(person, "I am Anna")
        await person.say("/user bert")
        await person.sees("This session is still open")
        await person.press("right", "right", "enter")
        await person.sees("user bert")
        assert len(agent.ended) == 1


async def test_a_user_is_chosen_from_the_list_or_written_below_it(tmp_path: Path) -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent, archive=tmp_path / "archive.sqlite3"), size=NARROW) as person:
        await person.press("f9")
        await person.sees("Whose memory?")
        await person.press("tab", *"no/pe", "enter")
        await person.sees("cannot be used")
        await person.press("ctrl+u", *"carl", "enter")
        await person.sees("user carl")


async def test_attributes_go_with_every_turn_until_they_are_changed() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as person:
        await person.say("/attributes")
        await person.sees("Session attributes", "Prompt attributes")
        await person.press(*"plan", "ctrl+s")
        await person.sees("Line 1 is no attribute")
        await person.press(*" = gold", "tab", *"mood=calm", "ctrl+s")
        await person.sees("1 session, 1 prompt attributes")
        await turn(person, "Hello")
        await turn(person, "Hello again")
        for request in agent.requests:
            assert (request.session_attributes, request.prompt_attributes) == ({"plan": "gold"}, {"mood": "calm"})


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1)


@given(st.dictionaries(NAMES, st.text(st.characters(categories=["L", "N", "P"], exclude_characters=""))))
def test_attributes_are_read_as_they_are_written(values: dict[str, str]) -> None:
    assert attributes("\n\n".join(f"  {name} =  {value} " for name, value in values.items())) == values
