"""An open session that is resumed: its turns, age, sources and notes are there again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import FakeAgent, Gate, answer, summary
from tests.tui.client import CLOCK, PilotUser, client, running_client
from travel_tui.agent import MemoryInjected, ReturnControl, ReturnControlKind, TextDelta, ToolCall, ToolResult
from travel_tui.archive import Archive, TurnStatus
from travel_tui.screenshots.scene import ManualClock
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn


async def turn(user: PilotUser, text: str) -> None:
    await turn_of(user, text, f"You said: {text}")


async def turn_of(user: PilotUser, text: str, answered: str) -> None:
    await user.say(text)
    await user.sees(answered, "enter send")


async def test_an_open_session_goes_on_with_all_that_was_said_and_can_be_ended(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    first = FakeAgent()
    async with running_client(client(first, archive=archive)) as user:
        await turn(user, "I live in Oslo")
    agent = FakeAgent()
    async with running_client(client(agent, archive=archive, seed=8)) as user:
        await user.sees("No memories yet", "1 open session: /resume")
        await user.say("/resume")
        await user.sees("Resume which session?", "1 turn I live in Oslo")
        await user.press("enter")
        await user.sees("You said: I live in Oslo", "1 turn")
        await user.sees_no("1 open session: /resume")
        await turn(user, "And I like trains")
        await user.sees("2 turns")
        assert agent.requests[0].session_id == first.requests[0].session_id
        await user.press("f2")
        await user.sees("Summarising")
        assert agent.ended == [(first.requests[0].session_id, "anna")]
        await user.say("/resume")
        await user.sees("No open session to resume.")


@pytest.mark.slow
async def test_of_a_long_session_that_goes_on_the_end_is_shown_and_the_rest_by_scrolling_up(tmp_path: Path) -> None:
    path, many = tmp_path / "archive.sqlite3", 40
    async with running_client(client(FakeAgent(), archive=path)) as user:
        await turn(user, "Question 1.")
    archive = Archive(path, CLOCK)
    (session,) = archive.sessions()
    for number in range(2, many + 1):
        turn_id = archive.begin_turn(session.key, f"Question {number}.", CLOCK.now())
        archive.add_event(turn_id, TextDelta(f"Answer {number}."))
        archive.finish_turn(turn_id, TurnStatus.ANSWERED)
    archive.close()
    async with running_client(client(FakeAgent(), archive=path, seed=8)) as user:
        await user.sees("No memories yet")
        await user.say("/resume")
        await user.sees("Resume which session?", f"{many} turns")
        await user.press("enter")
        await user.sees(f"Answer {many}.", f"{many} turns")
        seen = user.flat()
        assert len(user.main.query(AgentTurn)) < many / 2
        while "Question 1." not in seen:
            await user.press("pageup")
            await user.settled()
            seen += user.flat()
        for number in range(2, many + 1):
            assert f"Question {number}." in seen, number
            assert f"Answer {number}." in seen, number
        await user.sees("You said: Question 1.")


async def resumed(user: PilotUser) -> None:
    await user.say("/resume")
    await user.sees("Resume which session?")
    await user.press("enter")
    await user.sees_no("Resume which session?")


async def test_a_session_that_goes_on_has_the_age_and_the_idle_limit_that_it_has(tmp_path: Path) -> None:
    archive, clock = tmp_path / "archive.sqlite3", ManualClock()
    async with running_client(client(FakeAgent(), archive=archive, clock=clock)) as user:
        await turn(user, "I live in Oslo")
        clock.move(60)
        await turn(user, "I like trains")
        clock.move(90)
    async with running_client(client(FakeAgent(), archive=archive, clock=clock, seed=8)) as user:
        await resumed(user)
        await user.sees("2 turns · 2:30 · expires in 28:30")
        clock.move(15)
        await turn(user, "And planes")
        await user.sees("3 turns · 2:45 · expires in 30:00")


async def test_what_memory_did_for_turns_and_what_was_noted_on_them_is_there_when_they_go_on(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    known = [summary("one", "Anna has booked a trip to Oslo.")]
    knows = (MemoryInjected(known[0].text), *answer("Your trip goes to Oslo."))
    async with running_client(client(FakeAgent([knows], stored=known), archive=archive)) as user:
        await user.sees("Anna has booked")
        await turn_of(user, "Where do I go?", "Your trip goes to Oslo.")
        await user.say("/note It knew.")
        await user.sees("✎ note", "1 memory in prompt", "◆ 1 from memory")
    corrected = [summary("one", "Anna has booked a trip to Rome.")]  # what stood in the prompt is what was seen then
    async with running_client(client(FakeAgent(stored=corrected), archive=archive, seed=8)) as user:
        await user.sees("trip to Rome")
        await resumed(user)
        await user.sees("Your trip goes to Oslo.", "✎ note", "1 memory in prompt", "◆ 1 from memory")
        assert [each.session_id for each in user.main.query(AgentTurn).last().turn_state.quotes or ()] == ["one"]


async def test_calls_that_failed_or_were_denied_are_shown_as_such_later(tmp_path: Path) -> None:
    archive, folder = tmp_path / "archive.sqlite3", tmp_path / "taken"
    calls = (ToolCall("Trips", "pay"), ToolCall("Trips", "cancel", wanted=ReturnControlKind.CONFIRMATION))
    agent = FakeAgent([(ReturnControl("inv-1", calls),), answer("Done.")])
    async with running_client(client(agent, archive=archive)) as user:
        await user.say("Pay or cancel")
        await user.sees("pay Trips", "Report failure")
        await user.press(*"no funds", "tab", "enter")
        await user.sees("cancel Trips", "Deny")
        await user.press("enter")
        await user.sees("Done.", "enter send")
        await user.say(f"/export {folder}")
        await user.sees("Written to")
    told = (folder / "conversation.md").read_text()
    assert "called pay() → failed: no funds" in told
    assert "called cancel() → denied" in told
    async with running_client(client(FakeAgent(), archive=archive, seed=8)) as user:
        await resumed(user)
        await user.sees("pay", "✗ failed", "cancel", "✗ denied", "Done.")
        await user.say(f"/open {folder}")
        await user.sees("read-only", "✗ failed", "✗ denied")


async def test_what_was_said_before_a_session_went_on_is_known_to_be_said(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    booked = (
        ToolCall("travel", "book_trip", (), "t-1"), ToolResult("Booked, the id is 9f0b135c.", "t-1"), *answer("Done."),
    )  # fmt: skip
    async with running_client(client(FakeAgent([booked]), archive=archive)) as user:
        await turn_of(user, "Book me a trip to Oslo on 2027-07-11.", "Done.")
    agent = FakeAgent([answer("Trip 9f0b135c goes to Oslo on 11 July 2027."), answer("And Rome costs 300 dollars.")])
    async with running_client(client(agent, archive=archive, seed=8)) as user:
        await resumed(user)
        await turn_of(user, "Where do I go?", "Trip 9f0b135c goes to Oslo")
        await turn_of(user, "And next?", "source unknown")
        assert "○ 2 said · ƒ 1 returned by a function" in user.flat()
        assert user.text().count("source unknown") == 1
        await user.say(f"/export {tmp_path / 'taken'}")
        await user.sees("Written to")
        await user.put_notices_away()
        await user.say(f"/open {tmp_path / 'taken'}")
        await user.sees("read-only", "○ 2 said · ƒ 1 function")
        assert user.text().count("source unknown") == 1


async def test_what_was_said_in_a_turn_that_was_stopped_was_said(tmp_path: Path) -> None:
    agent = FakeAgent([(Gate(), *answer("Noted.")), answer("You live in Oslo.")])
    async with running_client(client(agent)) as user:
        await user.say("I live in Oslo.")
        await user.sees("esc stop")
        await user.press("escape")
        await user.sees("stopped")
        await turn_of(user, "Where do I live?", "You live in Oslo.")
        assert "neither" not in user.flat()


@pytest.mark.parametrize("called", [True, False])
async def test_a_turn_that_was_killed_says_that_it_may_have_been_done(tmp_path: Path, called: bool) -> None:
    path = tmp_path / "archive.sqlite3"
    async with running_client(client(FakeAgent(), archive=path)) as user:
        await turn(user, "Hello")
    archive = Archive(path, CLOCK)
    (session,) = archive.sessions()
    number = archive.begin_turn(session.key, "Book a trip to Oslo.", CLOCK.now())
    events = [ToolCall("travel", "book_trip", (), "t-1")] if called else []
    archive.add_events(number, [*events, TextDelta("Boo")])
    archive.close()
    agent = FakeAgent()
    async with running_client(client(agent, archive=path, seed=8)) as user:
        await resumed(user)
        await user.sees("Boo", "cut off", "Actions may already have run")
        assert "0.0 s · cut off" not in user.flat(), "nobody knows how long it took"
        if called:
            await user.say(f"/export {tmp_path / 'taken'}")
            await user.sees("Written to")
            await user.say(f"/open {tmp_path / 'taken'}")
            await user.sees("read-only", "Actions may already have run")
            await user.press("escape")
            await user.sees_no("read-only")
        await user.say("/retry")
        await user.sees("Send the message again?" if called else "You said: Book a trip to Oslo.")
