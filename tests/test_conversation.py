"""A session's turns: kept before they are sent, sent once, and never lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import NOON, REFUSED, FakeAgent, Gate, answer
from travel_tui.agent import (
    Agent,
    AgentError,
    Cause,
    ReturnControl,
    ReturnedResult,
    TextDelta,
    TraceStep,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from travel_tui.archive import Archive, TurnRecord, TurnState
from travel_tui.clock import Clock
from travel_tui.conversation import Conversation, SessionState
from travel_tui.ids import Ids

CLOCK = Clock(NOON)
KEY = "TRAVELDEMO/TSTALIASID@local"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "archive.sqlite3", CLOCK)) as opened:
        yield opened


def conversation(agent: Agent, archive: Archive, **more: Any) -> Conversation:
    async def ready() -> Agent:
        return agent

    known: dict[str, Any] = {"memory_id": "anna", **more}
    return Conversation(ready, archive, agent_key=KEY, clock=CLOCK, ids=Ids(1), **known)


async def said(talk: Conversation, text: str = "Hello") -> list[TurnEvent]:
    return [event async for event in talk.send(text)]


def only_turn(archive: Archive, talk: Conversation) -> TurnRecord:
    (found,) = archive.turns(talk.session_id)
    return found


async def test_a_turn_is_answered_and_kept(archive: Archive) -> None:
    agent = FakeAgent([[TextDelta("Good "), TextDelta("day."), TurnCompleted()]])
    talk = conversation(agent, archive)
    assert await said(talk) == [TextDelta("Good "), TextDelta("day."), TurnCompleted()]
    request = agent.requests[0]
    assert (request.text, request.session_id, request.memory_id) == ("Hello", talk.session_id, "anna")
    kept = only_turn(archive, talk)
    assert (kept.text, kept.answer, kept.state) == ("Hello", "Good day.", TurnState.ANSWERED)
    assert (talk.turns, talk.busy, talk.unsaved) == (1, False, None)


async def test_a_session_without_a_turn_is_not_kept(archive: Archive) -> None:
    talk = conversation(FakeAgent(), archive)
    await talk.end()
    assert archive.sessions() == []
    assert talk.state is SessionState.ENDED


async def test_the_users_turn_is_on_disk_before_the_agent_is_there(archive: Archive) -> None:
    ready = Gate()
    agent = FakeAgent()

    async def later() -> Agent:
        await ready.wait()
        return agent

    talk = Conversation(later, archive, agent_key=KEY, memory_id=None, clock=CLOCK, ids=Ids(1))
    sending = asyncio.create_task(said(talk))
    await ready.reached.wait()
    assert only_turn(archive, talk).text == "Hello"
    assert only_turn(archive, talk).state is TurnState.SENT
    assert agent.requests == []
    ready.open()
    assert (await sending)[-1] == TurnCompleted()


async def test_what_is_on_the_screen_is_on_disk_while_the_answer_still_comes(archive: Archive, tmp_path: Path) -> None:
    gate = Gate()
    talk = conversation(FakeAgent([[TextDelta("Booked 9f0b135c"), gate, TurnCompleted()]]), archive)
    sending = asyncio.create_task(said(talk))
    await gate.reached.wait()
    await archive.run(lambda: None)  # what was handed to the archive's thread before is done
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3")) as other:
        (event,) = other.execute("SELECT event FROM events").fetchone()
    assert "Booked 9f0b135c" in event
    gate.open()
    await sending


async def test_closing_the_answer_cancels_it_and_keeps_what_had_arrived(archive: Archive) -> None:
    agent = FakeAgent([[TextDelta("Your trip"), Gate(), TurnCompleted()]])
    talk = conversation(agent, archive)
    async with aclosing(talk.send("Hello")) as events:
        assert await anext(events) == TextDelta("Your trip")
    assert agent.cancelled == 1
    kept = only_turn(archive, talk)
    assert (kept.state, kept.answer, kept.text) == (TurnState.CANCELLED, "Your trip", "Hello")
    assert not talk.busy


async def test_cancelling_the_reader_cancels_the_turn(archive: Archive) -> None:
    gate = Gate()
    agent = FakeAgent([[TextDelta("Your trip"), gate, TurnCompleted()]])
    talk = conversation(agent, archive)
    reading = asyncio.create_task(said(talk))
    await gate.reached.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert agent.cancelled == 1
    assert only_turn(archive, talk).state is TurnState.CANCELLED
    assert await said(talk, "Again") == list(answer("You said: Again"))


async def test_cancelling_at_the_very_first_moment_leaves_no_turn_that_looks_sent(archive: Archive) -> None:
    agent = FakeAgent()
    talk = conversation(agent, archive)
    reading = asyncio.create_task(said(talk))
    await asyncio.sleep(0)  # it waits for the archive now
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert agent.requests == []
    assert [kept.state for kept in archive.turns(talk.session_id)] in ([], [TurnState.CANCELLED])
    assert not talk.busy


async def test_a_failed_turn_keeps_its_text_its_part_of_the_answer_and_its_cause(archive: Archive) -> None:
    talk = conversation(FakeAgent([[TextDelta("Your"), TurnFailed(REFUSED)]]), archive)
    assert (await said(talk))[-1] == TurnFailed(REFUSED)
    kept = only_turn(archive, talk)
    assert (kept.state, kept.answer, kept.trouble) == (TurnState.FAILED, "Your", REFUSED)


async def test_an_agent_that_cannot_be_had_is_a_failed_turn(archive: Archive) -> None:
    async def never() -> Agent:
        raise AgentError(REFUSED)

    talk = Conversation(never, archive, agent_key=KEY, memory_id=None, clock=CLOCK, ids=Ids(1))
    assert await said(talk) == [TurnFailed(REFUSED)]
    assert only_turn(archive, talk).state is TurnState.FAILED


async def test_an_answer_that_just_stops_was_cut_off(archive: Archive) -> None:
    talk = conversation(FakeAgent([[TextDelta("Your")]]), archive)
    last = (await said(talk))[-1]
    assert isinstance(last, TurnFailed)
    assert last.trouble.cause is Cause.CUT_OFF


async def test_returned_control_is_answered_without_a_text(archive: Archive) -> None:
    agent = FakeAgent([[ReturnControl("inv-1", ())], answer("Done.")])
    talk = conversation(agent, archive)
    assert await said(talk) == [ReturnControl("inv-1", ())]
    assert only_turn(archive, talk).state is TurnState.RETURNED
    results = (ReturnedResult("travel", "book_trip", "booked"),)
    events = [event async for event in talk.send("", invocation_id="inv-1", returned=results)]
    assert events[-1] == TurnCompleted()
    assert (agent.requests[1].invocation_id, agent.requests[1].returned) == ("inv-1", results)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param(" \n\t", {}, id="blank"),
        pytest.param("half \ud83d", {}, id="half a character"),
        pytest.param("x" * 25_000_001, {}, id="too long"),
        pytest.param("Hello", {"session_id": "a b"}, id="space in the session id"),
        pytest.param("Hello", {"session_id": "x" * 101}, id="long session id"),
        pytest.param("Hello", {"memory_id": "ann\u00e4"}, id="umlaut in the memory id"),
        pytest.param("Hello", {"memory_id": "a"}, id="short memory id"),
    ],
)
async def test_what_cannot_be_sent_is_refused_before_the_call(
    text: str, ids: dict[str, str | None], archive: Archive
) -> None:
    agent = FakeAgent()
    (refused,) = await said(conversation(agent, archive, **ids), text)
    assert isinstance(refused, TurnFailed)
    assert refused.trouble.cause is Cause.INVALID
    assert refused.trouble.advice
    assert agent.requests == []
    assert archive.sessions() == []


async def test_a_message_of_a_megabyte_with_any_characters_is_sent_and_kept(archive: Archive) -> None:
    text = "[b]\x1b[31m\x00\u2708" * 130_000
    agent = FakeAgent([answer("Long.")])
    talk = conversation(agent, archive)
    await said(talk, text)
    assert agent.requests[0].text == text
    assert only_turn(archive, talk).text == text


async def test_a_second_turn_waits_for_the_first(archive: Archive) -> None:
    gate = Gate()
    talk = conversation(FakeAgent([[gate, *answer("One.")]]), archive)
    first = asyncio.create_task(said(talk))
    await gate.reached.wait()
    (refused,) = await said(talk, "Two")
    assert isinstance(refused, TurnFailed)
    assert refused.trouble.cause is Cause.CONFLICT
    with pytest.raises(AgentError, match="still coming"):
        await talk.end()
    gate.open()
    assert (await first)[-1] == TurnCompleted()
    assert talk.state is SessionState.OPEN


async def test_a_session_ends_and_its_summary_is_awaited_only_with_a_memory(archive: Archive) -> None:
    agent = FakeAgent()
    with_memory = conversation(agent, archive, session_id="with")
    without = conversation(agent, archive, session_id="without", memory_id=None)
    for talk in (with_memory, without):
        await said(talk)
        await talk.end()
    assert agent.ended == [("with", "anna"), ("without", None)]
    assert (with_memory.state, without.state) == (SessionState.SUMMARISING, SessionState.ENDED)
    assert [found.ended_at for found in archive.sessions()] == [NOON, NOON]
    (refused,) = await said(with_memory)
    assert isinstance(refused, TurnFailed)
    assert "Start a new session" in refused.trouble.advice


async def test_a_summary_that_comes_late_is_still_stored(archive: Archive) -> None:
    talk = conversation(FakeAgent(), archive)
    await said(talk)
    await talk.end()
    talk.overdue()
    lives = [talk.state]
    await talk.stored(400.0)
    lives.append(talk.state)
    assert lives == [SessionState.OVERDUE, SessionState.STORED]
    assert archive.latencies(KEY) == [400.0]


async def test_a_session_that_began_elsewhere_can_be_ended_at_once_and_is_then_in_the_archive(archive: Archive) -> None:
    agent = FakeAgent()
    talk = conversation(agent, archive, session_id="elsewhere", begun=True)
    await talk.end()
    assert (talk.state, agent.ended) == (SessionState.SUMMARISING, [("elsewhere", "anna")])
    (record,) = archive.sessions(KEY)
    assert (record.session_id, record.turns, record.ended_at) == ("elsewhere", 0, NOON)


async def test_a_session_that_goes_on_keeps_its_turns_and_its_beginning(archive: Archive) -> None:
    agent = FakeAgent()
    first = conversation(agent, archive)
    await said(first)
    again = conversation(agent, archive, session_id=first.session_id, begun=True)
    await said(again, "And now?")
    await again.end()
    (record,) = archive.sessions(KEY)
    assert (record.turns, record.ended_at) == (2, NOON)
    assert [turn.text for turn in archive.turns(first.session_id)] == ["Hello", "And now?"]


async def test_a_session_that_the_service_ended_by_itself_is_ended_here_too(archive: Archive) -> None:
    agent = FakeAgent()
    talk = conversation(agent, archive)
    await said(talk)
    await talk.expired(NOON)
    assert (talk.state, agent.ended) == (SessionState.SUMMARISING, [])
    assert archive.sessions()[0].ended_at == NOON


async def test_an_end_that_fails_leaves_the_session_open(archive: Archive) -> None:
    agent = FakeAgent()
    talk = conversation(agent, archive)
    await said(talk)
    agent.failing = REFUSED
    with pytest.raises(AgentError):
        await talk.end()
    lives = [talk.state]
    agent.failing = None
    await talk.end()
    assert [*lives, talk.state] == [SessionState.OPEN, SessionState.SUMMARISING]


async def test_a_locked_archive_sends_nothing_and_says_so(archive: Archive, tmp_path: Path) -> None:
    archive._connection.execute("PRAGMA busy_timeout = 10")
    agent = FakeAgent()
    talk = conversation(agent, archive)
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        (refused,) = await said(talk)
        assert isinstance(refused, TurnFailed)
        assert refused.trouble.cause is Cause.ARCHIVE
        assert "locked" in refused.trouble.why
        assert agent.requests == []
        other.execute("ROLLBACK")
    assert (await said(talk))[-1] == TurnCompleted()


async def test_an_archive_that_locks_up_mid_answer_loses_nothing(archive: Archive, tmp_path: Path) -> None:
    archive._connection.execute("PRAGMA busy_timeout = 10")
    gate = Gate()
    pieces: list[TurnEvent] = [TextDelta("Booked "), TraceStep("rationale", {}), TextDelta("9f0b135c")]
    talk = conversation(FakeAgent([[gate, *pieces, TurnCompleted()], answer("Yes.")]), archive)
    sending = asyncio.create_task(said(talk, "Book."))
    await gate.reached.wait()
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        gate.open()
        assert (await sending)[-1] == TurnCompleted(), "the answer is shown all the same"
        unsaved = [talk.unsaved and talk.unsaved.cause]
        other.execute("ROLLBACK")
    await said(talk, "Sure?")
    assert [*unsaved, talk.unsaved] == [Cause.ARCHIVE, None]
    first, second = archive.turns(talk.session_id)
    assert (first.state, first.answer) == (TurnState.ANSWERED, "Booked 9f0b135c")
    assert second.answer == "Yes."


async def test_ids_are_the_same_every_time_with_a_seed(archive: Archive) -> None:
    assert conversation(FakeAgent(), archive).session_id == conversation(FakeAgent(), archive).session_id
