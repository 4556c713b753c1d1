"""Users and attributes: whose memory is talked with, and what goes with the turns."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeAgent
from tests.tui.client import NARROW, PilotUser, client, running_client
from travel_tui.agent import session_summary
from travel_tui.tui.screens.attributes import parse_attributes


async def turn(user: PilotUser, text: str) -> None:
    await user.say(text)
    await user.sees(f"You said: {text}", "enter send")


async def test_another_user_has_another_memory_and_sessions_of_their_own(tmp_path: Path) -> None:
    agent = FakeAgent(stored=[session_summary("anna", "session-one", "Anna likes trains.")])
    async with running_client(client(agent, archive=tmp_path / "archive.sqlite3")) as user:
        await turn(user, "I am Anna")
        await user.press("f2")
        await user.sees("Summarising the last session")
        agent.stored.clear()
        await user.say("/user bert Bert the first")
        await user.sees("user Bert the first", "of Bert the first", "No messages yet", "No memories yet")
        await turn(user, "I am Bert")
        assert [each.memory_id for each in agent.requests] == ["anna", "bert"]
        await user.press("f9")
        await user.sees("Switch user", "● bert", "Bert the first", "anna")
        await user.press("escape")
        await user.sees_no("Switch user")


async def test_the_current_user_is_renamed_at_once_and_has_the_name_in_the_next_run(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await user.sees("user anna")
        await user.say("/user anna Anna K.")
        await user.sees("user Anna K.", "Memory of Anna K.", "memory anna")
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await user.sees("user Anna K.", "Memory of Anna K.", "memory anna")


async def test_an_open_session_is_asked_about_before_the_switch() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await turn(user, "I am Anna")
        await user.say("/user bert")
        await user.sees("This session is still open")
        await user.press("right", "right", "enter")
        await user.sees("user bert")
        assert len(agent.ended) == 1


async def test_the_picker_says_its_keys_in_the_smallest_window() -> None:
    async with running_client(client(FakeAgent()), size=(40, 12)) as user:
        await user.press("f9")
        await user.sees("Switch user", "enter switch · esc cancel")


@pytest.mark.parametrize("key", ["f1", "f9", "ctrl+p"])
async def test_a_window_that_is_too_small_shows_nothing_but_that(key: str) -> None:
    async with running_client(client(FakeAgent()), size=(20, 5)) as user:
        await user.sees("too small")
        await user.press(key)
        await user.settled()
        assert user.app.screen is user.main
        await user.sees("too small")


async def test_a_user_is_chosen_from_the_list_or_written_below_it(tmp_path: Path) -> None:
    agent = FakeAgent()
    async with running_client(client(agent, archive=tmp_path / "archive.sqlite3"), size=NARROW) as user:
        await user.press("f9")
        await user.sees("Switch user")
        await user.press("tab", *"no/pe", "enter")
        await user.sees("cannot be used")
        await user.press("ctrl+u", *"carl", "enter")
        await user.sees("user carl")


async def test_attributes_go_with_every_turn_until_they_are_changed() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("/attributes")
        await user.sees("Session attributes", "Prompt attributes")
        await user.press(*"plan", "ctrl+s")
        await user.sees("Session attributes, line 1: missing “=” in “plan”", "Cancel", "Save")
        await user.press(*" = gold", "tab", *"mood=calm", "enter", *"mood=sad", "ctrl+s")
        await user.sees("Prompt attributes, line 2: “mood” is set twice")
        await user.press("home", "shift+end", "delete", *"=x", "ctrl+s")
        await user.sees("Prompt attributes, line 2: missing name in “=x”")
        await user.press("ctrl+u", "tab", "tab", "enter")
        await user.sees("1 session, 1 prompt attributes")
        await turn(user, "Hello")
        await turn(user, "Hello again")
        for request in agent.requests:
            assert (request.session_attributes, request.prompt_attributes) == ({"plan": "gold"}, {"mood": "calm"})


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1)


@given(st.dictionaries(NAMES, st.text(st.characters(categories=["L", "N", "P"], exclude_characters=""))))
def test_attributes_are_read_as_they_are_written(values: dict[str, str]) -> None:
    assert parse_attributes("\n\n".join(f"  {name} =  {value} " for name, value in values.items())) == values
