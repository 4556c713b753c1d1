"""Users and attributes: whose memory is talked with, and what goes with the turns."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeAgent
from tests.tui.client import NARROW, PilotUser, client, sitting_at
from travel_tui.agent import session_summary
from travel_tui.tui.screens.attributes import parse_attributes


async def turn(person: PilotUser, text: str) -> None:
    await person.say(text)
    await person.sees(f"You said: {text}", "enter send")


async def test_another_user_has_another_memory_and_sessions_of_their_own(tmp_path: Path) -> None:
    agent = FakeAgent(stored=[session_summary("anna", "session-one", "Anna likes trains.")])
    async with sitting_at(client(agent, archive=tmp_path / "archive.sqlite3")) as person:
        await turn(person, "I am Anna")
        await person.press("f2")
        await person.sees("Summarising the last session")
        agent.stored.clear()
        await person.say("/user bert Bert the first")
        await person.sees("user Bert the first", "of Bert the first", "No messages yet", "No memories yet")
        await turn(person, "I am Bert")
        assert [each.memory_id for each in agent.requests] == ["anna", "bert"]
        await person.press("f9")
        await person.sees("Switch user", "● bert", "Bert the first", "anna")
        await person.press("escape")
        await person.sees_no("Switch user")


async def test_the_current_user_is_renamed_at_once_and_has_the_name_in_the_next_run(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with sitting_at(client(FakeAgent(), archive=archive)) as person:
        await person.sees("user anna")
        await person.say("/user anna Anna K.")
        await person.sees("user Anna K.", "Memory of Anna K.", "memory anna")
    async with sitting_at(client(FakeAgent(), archive=archive)) as person:
        await person.sees("user Anna K.", "Memory of Anna K.", "memory anna")


async def test_an_open_session_is_asked_about_before_the_switch() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as person:
        await turn(person, "I am Anna")
        await person.say("/user bert")
        await person.sees("This session is still open")
        await person.press("right", "right", "enter")
        await person.sees("user bert")
        assert len(agent.ended) == 1


async def test_the_picker_says_its_keys_in_the_smallest_window() -> None:
    async with sitting_at(client(FakeAgent()), size=(40, 12)) as person:
        await person.press("f9")
        await person.sees("Switch user", "enter switch · esc cancel")


@pytest.mark.parametrize("key", ["f1", "f9", "ctrl+p"])
async def test_a_window_that_is_too_small_shows_nothing_but_that(key: str) -> None:
    async with sitting_at(client(FakeAgent()), size=(20, 5)) as person:
        await person.sees("too small")
        await person.press(key)
        await person.settled()
        assert person.app.screen is person.main
        await person.sees("too small")


async def test_a_user_is_chosen_from_the_list_or_written_below_it(tmp_path: Path) -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent, archive=tmp_path / "archive.sqlite3"), size=NARROW) as person:
        await person.press("f9")
        await person.sees("Switch user")
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
        await person.sees("Session attributes, line 1: missing “=” in “plan”", "Cancel", "Save")
        await person.press(*" = gold", "tab", *"mood=calm", "enter", *"mood=sad", "ctrl+s")
        await person.sees("Prompt attributes, line 2: “mood” is set twice")
        await person.press("home", "shift+end", "delete", *"=x", "ctrl+s")
        await person.sees("Prompt attributes, line 2: missing name in “=x”")
        await person.press("ctrl+u", "tab", "tab", "enter")
        await person.sees("1 session, 1 prompt attributes")
        await turn(person, "Hello")
        await turn(person, "Hello again")
        for request in agent.requests:
            assert (request.session_attributes, request.prompt_attributes) == ({"plan": "gold"}, {"mood": "calm"})


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1)


@given(st.dictionaries(NAMES, st.text(st.characters(categories=["L", "N", "P"], exclude_characters=""))))
def test_attributes_are_read_as_they_are_written(values: dict[str, str]) -> None:
    assert parse_attributes("\n\n".join(f"  {name} =  {value} " for name, value in values.items())) == values
