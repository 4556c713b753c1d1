"""An open session that goes on, and one question asked with and without the memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import FakeAgent, Gate, answer, summary
from tests.tui.client import CLOCK, NARROW, WIDE, PilotUser, client, sitting_at
from travel_tui.agent import MemoryInjected, ReturnControl, ReturnControlKind, TextDelta, ToolCall, ToolResult
from travel_tui.archive import Archive, TurnState
from travel_tui.screenshots.scene import ManualClock
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn


async def turn(person: PilotUser, text: str) -> None:
    await turn_of(person, text, f"You said: {text}")


async def turn_of(person: PilotUser, text: str, answered: str) -> None:
    await person.say(text)
    await person.sees(answered, "enter send")


async def test_an_open_session_goes_on_with_all_that_was_said_and_can_be_ended(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    first = FakeAgent()
    async with sitting_at(client(first, archive=archive)) as anna:
        await turn(anna, "I live in Oslo")
    agent = FakeAgent()
    async with sitting_at(client(agent, archive=archive, seed=8)) as anna:
        await anna.sees("No memories yet", "1 open session: /resume")
        await anna.say("/resume")
        await anna.sees("Resume which session?", "1 turn I live in Oslo")
        await anna.press("enter")
        await anna.sees("You said: I live in Oslo", "1 turn")
        await anna.sees_no("1 open session: /resume")
        await turn(anna, "And I like trains")
        await anna.sees("2 turns")
        assert agent.requests[0].session_id == first.requests[0].session_id
        await anna.press("f2")
        await anna.sees("Summarising")
        assert agent.ended == [(first.requests[0].session_id, "anna")]
        await anna.say("/resume")
        await anna.sees("No open session to resume.")


async def test_of_a_long_session_that_goes_on_the_end_is_shown_and_the_rest_by_scrolling_up(tmp_path: Path) -> None:
    path, many = tmp_path / "archive.sqlite3", 40
    async with sitting_at(client(FakeAgent(), archive=path)) as anna:
        await turn(anna, "Question 1.")
    archive = Archive(path, CLOCK)
    (session,) = archive.sessions()
    for number in range(2, many + 1):
        turn_id = archive.begin_turn(session.key, f"Question {number}.", CLOCK.now())
        archive.add_event(turn_id, TextDelta(f"Answer {number}."))
        archive.finish_turn(turn_id, TurnState.ANSWERED)
    archive.close()
    async with sitting_at(client(FakeAgent(), archive=path, seed=8)) as anna:
        await anna.sees("No memories yet")
        await anna.say("/resume")
        await anna.sees("Resume which session?", f"{many} turns")
        await anna.press("enter")
        await anna.sees(f"Answer {many}.", f"{many} turns")
        seen = anna.flat()
        assert len(anna.main.query(AgentTurn)) < many / 2
        while "Question 1." not in seen:
            await anna.press("pageup")
            await anna.settled()
            seen += anna.flat()
        for number in range(2, many + 1):
            assert f"Question {number}." in seen, number
            assert f"Answer {number}." in seen, number
        await anna.sees("You said: Question 1.")


async def resumed(anna: PilotUser) -> None:
    await anna.say("/resume")
    await anna.sees("Resume which session?")
    await anna.press("enter")
    await anna.sees_no("Resume which session?")


async def test_a_session_that_goes_on_has_the_age_and_the_idle_limit_that_it_has(tmp_path: Path) -> None:
    archive, clock = tmp_path / "archive.sqlite3", ManualClock()
    async with sitting_at(client(FakeAgent(), archive=archive, clock=clock)) as anna:
        await turn(anna, "I live in Oslo")
        clock.move(60)
        await turn(anna, "I like trains")
        clock.move(90)
    async with sitting_at(client(FakeAgent(), archive=archive, clock=clock, seed=8)) as anna:
        await resumed(anna)
        await anna.sees("2 turns · 2:30 · expires in 28:30")
        clock.move(15)
        await turn(anna, "And planes")
        await anna.sees("3 turns · 2:45 · expires in 30:00")


async def test_what_memory_did_for_turns_and_what_was_noted_on_them_is_there_when_they_go_on(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    known = [summary("one", "Anna has booked a trip to Oslo.")]
    knows = (MemoryInjected(known[0].text), *answer("Your trip goes to Oslo."))
    async with sitting_at(client(FakeAgent([knows], stored=known), archive=archive)) as anna:
        await anna.sees("Anna has booked")
        await turn_of(anna, "Where do I go?", "Your trip goes to Oslo.")
        await anna.say("/note It knew.")
        await anna.sees("✎ note", "1 memory in prompt", "◆ 1 from memory")
    corrected = [summary("one", "Anna has booked a trip to Rome.")]  # what stood in the prompt is what was seen then
    async with sitting_at(client(FakeAgent(stored=corrected), archive=archive, seed=8)) as anna:
        await anna.sees("trip to Rome")
        await resumed(anna)
        await anna.sees("Your trip goes to Oslo.", "✎ note", "1 memory in prompt", "◆ 1 from memory")
        assert [each.session_id for each in anna.main.query(AgentTurn).last().turn_state.quotes or ()] == ["one"]


async def test_calls_that_failed_or_were_denied_are_shown_as_such_later(tmp_path: Path) -> None:
    archive, folder = tmp_path / "archive.sqlite3", tmp_path / "taken"
    calls = (ToolCall("Trips", "pay"), ToolCall("Trips", "cancel", wanted=ReturnControlKind.CONFIRMATION))
    agent = FakeAgent([(ReturnControl("inv-1", calls),), answer("Done.")])
    async with sitting_at(client(agent, archive=archive)) as anna:
        await anna.say("Pay or cancel")
        await anna.sees("pay Trips", "Report failure")
        await anna.press(*"no funds", "tab", "enter")
        await anna.sees("cancel Trips", "Deny")
        await anna.press("enter")
        await anna.sees("Done.", "enter send")
        await anna.say(f"/export {folder}")
        await anna.sees("Written to")
    told = (folder / "conversation.md").read_text()
    assert "called pay() → failed: no funds" in told
    assert "called cancel() → denied" in told
    async with sitting_at(client(FakeAgent(), archive=archive, seed=8)) as anna:
        await resumed(anna)
        await anna.sees("pay", "✗ failed", "cancel", "✗ denied", "Done.")
        await anna.say(f"/open {folder}")
        await anna.sees("read-only", "✗ failed", "✗ denied")


async def test_what_was_said_before_a_session_went_on_is_known_to_be_said(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    booked = (
        ToolCall("travel", "book_trip", (), "t-1"), ToolResult("Booked, the id is 9f0b135c.", "t-1"), *answer("Done."),
    )  # fmt: skip
    async with sitting_at(client(FakeAgent([booked]), archive=archive)) as anna:
        await turn_of(anna, "Book me a trip to Oslo on 2027-07-11.", "Done.")
    agent = FakeAgent([answer("Trip 9f0b135c goes to Oslo on 11 July 2027."), answer("And Rome costs 300 dollars.")])
    async with sitting_at(client(agent, archive=archive, seed=8)) as anna:
        await resumed(anna)
        await turn_of(anna, "Where do I go?", "Trip 9f0b135c goes to Oslo")
        await turn_of(anna, "And next?", "source unknown")
        assert "○ 2 said · ƒ 1 returned by a function" in anna.flat()
        assert anna.text().count("source unknown") == 1
        await anna.say(f"/export {tmp_path / 'taken'}")
        await anna.sees("Written to")
        await anna.put_notices_away()
        await anna.say(f"/open {tmp_path / 'taken'}")
        await anna.sees("read-only", "○ 2 said · ƒ 1 function")
        assert anna.text().count("source unknown") == 1


async def test_what_was_said_in_a_turn_that_was_stopped_was_said(tmp_path: Path) -> None:
    agent = FakeAgent([(Gate(), *answer("Noted.")), answer("You live in Oslo.")])
    async with sitting_at(client(agent)) as anna:
        await anna.say("I live in Oslo.")
        await anna.sees("esc stop")
        await anna.press("escape")
        await anna.sees("stopped")
        await turn_of(anna, "Where do I live?", "You live in Oslo.")
        assert "neither" not in anna.flat()


@pytest.mark.parametrize("called", [True, False])
async def test_a_turn_that_was_killed_says_that_it_may_have_been_done(tmp_path: Path, called: bool) -> None:
    path = tmp_path / "archive.sqlite3"
    async with sitting_at(client(FakeAgent(), archive=path)) as anna:
        await turn(anna, "Hello")
    archive = Archive(path, CLOCK)
    (session,) = archive.sessions()
    number = archive.begin_turn(session.key, "Book a trip to Oslo.", CLOCK.now())
    events = [ToolCall("travel", "book_trip", (), "t-1")] if called else []
    archive.add_events(number, [*events, TextDelta("Boo")])
    archive.close()
    agent = FakeAgent()
    async with sitting_at(client(agent, archive=path, seed=8)) as anna:
        await resumed(anna)
        await anna.sees("Boo", "cut off", "Actions may already have run")
        assert "0.0 s · cut off" not in anna.flat(), "nobody knows how long it took"
        if called:
            await anna.say(f"/export {tmp_path / 'taken'}")
            await anna.sees("Written to")
            await anna.say(f"/open {tmp_path / 'taken'}")
            await anna.sees("read-only", "Actions may already have run")
            await anna.press("escape")
            await anna.sees_no("read-only")
        await anna.say("/retry")
        await anna.sees("Send the message again?" if called else "You said: Book a trip to Oslo.")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_one_question_is_answered_with_the_memory_and_without_it(size: tuple[int, int]) -> None:
    knows = (MemoryInjected("Anna lives in Oslo."), *answer("You live in Oslo."))
    agent = FakeAgent([knows, answer("I do not know.")], stored=[summary("one", "Anna lives in Oslo.")])
    async with sitting_at(client(agent), size) as anna:
        await anna.say("/twin Where do I live?")
        await anna.sees("Ask with and without the memory?", "twice.")
        await anna.press("right", "enter")
        headings = ("Compare with and without memory", "With the memory of anna", "With an empty memory")
        await anna.sees(*headings, "You live in Oslo.", "I do not know.")
        await anna.sees("Differs: 4 words only with the memory, 4 words only without, underlined.")
        known, nothing = agent.requests
        assert known.memory_id == "anna"
        assert nothing.memory_id not in {None, "anna"}
        assert known.session_id != nothing.session_id
        await anna.press("escape")
        await anna.sees_no("Compare with and without memory")
        assert not agent.ended


async def test_a_twin_is_not_asked_where_the_person_leaves_it() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("/twin")
        await anna.sees("No message sent yet.")
        await anna.say("/twin Who am I?")
        await anna.sees("Ask with and without")
        await anna.press("escape")
        await anna.sees_no("Ask with and without")
        assert not agent.requests
