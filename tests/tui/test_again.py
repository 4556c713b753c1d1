"""An open session that goes on, and one question asked with and without the memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import FakeAgent, answer, summary
from tests.tui.client import CLOCK, NARROW, WIDE, Person, client, sitting_at
from travel_tui.agent import MemoryInjected, TextDelta
from travel_tui.archive import Archive, TurnState
from travel_tui.tui.widgets.agent_turn import AgentTurn


async def turn(person: Person, text: str) -> None:
    await person.say(text)
    await person.sees(f"You said: {text}", "enter send")


async def test_an_open_session_goes_on_with_all_that_was_said_and_can_be_ended(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    first = FakeAgent()
    async with sitting_at(client(first, archive=archive)) as anna:
        await turn(anna, "I live in Oslo")
    agent = FakeAgent()
    async with sitting_at(client(agent, archive=archive, seed=8)) as anna:
        await anna.sees("Nothing is remembered yet")
        await anna.say("/resume")
        await anna.sees("Which session goes on?", "1 turn")
        await anna.press("enter")
        await anna.sees("You said: I live in Oslo", "1 turn")
        await turn(anna, "And I like trains")
        await anna.sees("2 turns")
        assert agent.requests[0].session_id == first.requests[0].session_id
        await anna.press("f2")
        await anna.sees("Summarising")
        assert agent.ended == [(first.requests[0].session_id, "anna")]
        await anna.say("/resume")
        await anna.sees("No session with this memory is open")


async def test_of_a_long_session_that_goes_on_the_end_is_shown_and_the_rest_by_scrolling_up(tmp_path: Path) -> None:
    path, many = tmp_path / "archive.sqlite3", 40
    async with sitting_at(client(FakeAgent(), archive=path)) as anna:
        await turn(anna, "Question 1.")
    archive = Archive(path, CLOCK)
    (session,) = archive.sessions()
    for number in range(2, many + 1):
        turn_id = archive.begin_turn(session.session_id, f"Question {number}.", CLOCK.now())
        archive.add_event(turn_id, TextDelta(f"Answer {number}."))
        archive.finish_turn(turn_id, TurnState.ANSWERED)
    archive.close()
    async with sitting_at(client(FakeAgent(), archive=path, seed=8)) as anna:
        await anna.sees("Nothing is remembered yet")
        await anna.say("/resume")
        await anna.sees("Which session goes on?", f"{many} turns")
        await anna.press("enter")
        seen = await anna.sees(f"Answer {many}.", f"{many} turns")
        assert len(anna.main.query(AgentTurn)) < many / 2
        while "Question 1." not in seen:
            await anna.press("pageup")
            await anna.settled()
            seen += anna.text()
        for number in range(2, many + 1):
            assert f"Question {number}." in seen, number
            assert f"Answer {number}." in seen, number
        await anna.sees("You said: Question 1.")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_one_question_is_answered_with_the_memory_and_without_it(size: tuple[int, int]) -> None:
    knows = (MemoryInjected("Anna lives in Oslo."), *answer("You live in Oslo."))
    agent = FakeAgent([knows, answer("I do not know.")], stored=[summary("one", "Anna lives in Oslo.")])
    async with sitting_at(client(agent), size) as anna:
        await anna.say("/twin Where do I live?")
        await anna.sees("Ask with and without the memory?", "it may act")
        await anna.press("right", "enter")
        headings = ("What memory is worth", "With the memory of anna", "With an empty memory")
        await anna.sees(*headings, "You live in Oslo.", "I do not know.")
        known, nothing = agent.requests
        assert known.memory_id == "anna"
        assert nothing.memory_id not in {None, "anna"}
        assert known.session_id != nothing.session_id
        await anna.press("escape")
        await anna.sees_no("What memory is worth")
        assert not agent.ended


async def test_a_twin_is_not_asked_where_the_person_leaves_it() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("/twin")
        await anna.sees("Nothing was sent yet.")
        await anna.say("/twin Who am I?")
        await anna.sees("Ask with and without")
        await anna.press("escape")
        await anna.sees_no("Ask with and without")
        assert not agent.requests
