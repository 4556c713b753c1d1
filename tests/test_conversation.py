"""A session's turns: kept before they are sent, sent once, and never lost."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import NOON, REFUSED, FakeAgent, Gate, answer
from travel_tui.agent import (
    DENIED,
    FAILED,
    Agent,
    AgentError,
    ErrorKind,
    ReturnControl,
    ReturnedResult,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from travel_tui.archive import Archive, SessionKey, TurnRecord, TurnStatus
from travel_tui.clock import Clock
from travel_tui.conversation.lifecycle import SessionState
from travel_tui.conversation.session import Conversation
from travel_tui.ids import Ids
from travel_tui.screenshots.scripted_agent import CAPABILITIES

CLOCK = Clock(NOON)
KEY = "TRAVELDEMO/TSTALIASID@local"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "archive.sqlite3", CLOCK)) as opened:
        yield opened


def conversation(agent: Agent, archive: Archive, **more: Any) -> Conversation:
    async def ready() -> Agent:
        return agent

    return unstarted(ready, archive, **{"memory_id": "anna", **more})


def unstarted(opening: Callable[[], Awaitable[Agent]], archive: Archive, **more: Any) -> Conversation:
    known: dict[str, Any] = {"memory_id": None, "capabilities": CAPABILITIES, **more}
    return Conversation(opening, archive, agent_key=KEY, clock=CLOCK, ids=Ids(1), **known)


async def said(service: Conversation, text: str = "Hello") -> list[TurnEvent]:
    return [event async for event in service.send(text)]


def key(service: Conversation) -> SessionKey:
    return SessionKey(KEY, service.session_id, service.memory_id)


def only_turn(archive: Archive, service: Conversation) -> TurnRecord:
    (found,) = archive.turns(key(service))
    return found


async def test_a_turn_is_answered_and_kept(archive: Archive) -> None:
    agent = FakeAgent([[TextDelta("Good "), TextDelta("day."), TurnCompleted()]])
    service = conversation(agent, archive)
    assert await said(service) == [TextDelta("Good "), TextDelta("day."), TurnCompleted()]
    request = agent.requests[0]
    assert (request.text, request.session_id, request.memory_id) == ("Hello", service.session_id, "anna")
    kept = only_turn(archive, service)
    assert (kept.text, kept.answer, kept.state) == ("Hello", "Good day.", TurnStatus.ANSWERED)
    assert (service.turns, service.busy, service.unsaved) == (1, False, None)


async def test_a_session_without_a_turn_is_not_kept(archive: Archive) -> None:
    service = conversation(FakeAgent(), archive)
    await service.end()
    assert archive.sessions() == []
    assert service.state is SessionState.ENDED


async def test_the_users_turn_is_on_disk_before_the_agent_is_there(archive: Archive) -> None:
    ready = Gate()
    agent = FakeAgent()

    async def later() -> Agent:
        await ready.wait()
        return agent

    service = unstarted(later, archive)
    sending = asyncio.create_task(said(service))
    await ready.reached.wait()
    assert only_turn(archive, service).text == "Hello"
    assert only_turn(archive, service).state is TurnStatus.SENT
    assert agent.requests == []
    ready.open()
    assert (await sending)[-1] == TurnCompleted()


async def test_what_is_on_the_screen_is_on_disk_while_the_answer_still_comes(archive: Archive, tmp_path: Path) -> None:
    gate = Gate()
    service = conversation(FakeAgent([[TextDelta("Booked 9f0b135c"), gate, TurnCompleted()]]), archive)
    sending = asyncio.create_task(said(service))
    await gate.reached.wait()
    await archive.run(lambda: None)  # what was handed to the archive's thread before is done
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3")) as other:
        (event,) = other.execute("SELECT event FROM events").fetchone()
    assert "Booked 9f0b135c" in event
    gate.open()
    await sending


async def test_closing_the_answer_cancels_it_and_keeps_what_had_arrived(archive: Archive) -> None:
    agent = FakeAgent([[TextDelta("Your trip"), Gate(), TurnCompleted()]])
    service = conversation(agent, archive)
    async with aclosing(service.send("Hello")) as events:
        assert await anext(events) == TextDelta("Your trip")
    assert agent.cancelled == 1
    kept = only_turn(archive, service)
    assert (kept.state, kept.answer, kept.text) == (TurnStatus.CANCELLED, "Your trip", "Hello")
    assert not service.busy


async def test_cancelling_the_reader_cancels_the_turn(archive: Archive) -> None:
    gate = Gate()
    agent = FakeAgent([[TextDelta("Your trip"), gate, TurnCompleted()]])
    service = conversation(agent, archive)
    reading = asyncio.create_task(said(service))
    await gate.reached.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert agent.cancelled == 1
    assert only_turn(archive, service).state is TurnStatus.CANCELLED
    assert await said(service, "Again") == list(answer("You said: Again"))


async def test_cancelling_at_the_very_first_moment_leaves_no_turn_that_looks_sent(archive: Archive) -> None:
    agent = FakeAgent()
    service = conversation(agent, archive)
    reading = asyncio.create_task(said(service))
    await asyncio.sleep(0)  # it waits for the archive now
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert agent.requests == []
    assert [kept.state for kept in archive.turns(key(service))] in ([], [TurnStatus.CANCELLED])
    assert not service.busy


async def test_a_failed_turn_keeps_its_text_its_part_of_the_answer_and_its_cause(archive: Archive) -> None:
    service = conversation(FakeAgent([[TextDelta("Your"), TurnFailed(REFUSED)]]), archive)
    assert (await said(service))[-1] == TurnFailed(REFUSED)
    kept = only_turn(archive, service)
    assert (kept.state, kept.answer, kept.problem) == (TurnStatus.FAILED, "Your", REFUSED)


async def test_an_agent_that_cannot_be_had_is_a_failed_turn(archive: Archive) -> None:
    async def never() -> Agent:
        raise AgentError(REFUSED)

    service = unstarted(never, archive)
    assert await said(service) == [TurnFailed(REFUSED)]
    assert only_turn(archive, service).state is TurnStatus.FAILED


async def test_an_answer_that_just_stops_was_cut_off(archive: Archive) -> None:
    service = conversation(FakeAgent([[TextDelta("Your")]]), archive)
    last = (await said(service))[-1]
    assert isinstance(last, TurnFailed)
    assert last.problem.cause is ErrorKind.CUT_OFF


async def test_returned_control_is_answered_without_a_text(archive: Archive) -> None:
    agent = FakeAgent([[ReturnControl("inv-1", ())], answer("Done.")])
    service = conversation(agent, archive)
    assert await said(service) == [ReturnControl("inv-1", ())]
    assert only_turn(archive, service).state is TurnStatus.RETURNED
    results = (ReturnedResult("travel", "book_trip", "booked"),)
    events = [event async for event in service.send("", invocation_id="inv-1", returned=results)]
    assert events[-1] == TurnCompleted()
    assert (agent.requests[1].invocation_id, agent.requests[1].returned) == ("inv-1", results)


async def test_the_results_of_returned_calls_go_on_with_their_turn(archive: Archive) -> None:
    control = ReturnControl("inv-1", (ToolCall("travel", "book_trip", ()),))
    service = conversation(FakeAgent([[TextDelta("One moment. "), control], answer("Done.")]), archive)
    await said(service)
    results = (ReturnedResult("travel", "book_trip", "booked"),)
    assert [event async for event in service.send("", invocation_id="inv-1", returned=results)][-1] == TurnCompleted()
    kept = only_turn(archive, service)
    assert (service.turns, kept.number, kept.state, kept.answer) == (1, 1, TurnStatus.ANSWERED, "One moment. Done.")
    assert ToolResult("booked", "inv-1/0") in kept.events
    await said(service, "Thanks")
    assert (service.turns, [turn.number for turn in archive.turns(key(service))]) == (
        2, [1, 2],
    )  # fmt: skip


async def test_a_call_that_was_denied_or_failed_is_kept_as_such(archive: Archive) -> None:
    calls = tuple(ToolCall("travel", name, ()) for name in ("book", "pay", "cancel"))
    agent = FakeAgent([[ReturnControl("inv-1", calls)], answer("Done.")])
    service = conversation(agent, archive)
    await said(service)
    results = (
        ReturnedResult("travel", "book", "booked"),
        ReturnedResult("travel", "pay", "Declined.", "FAILURE"),
        ReturnedResult("travel", "cancel", "", confirmed=False),
    )
    assert [event async for event in service.send("", invocation_id="inv-1", returned=results)][-1] == TurnCompleted()
    assert [each for each in only_turn(archive, service).events if isinstance(each, ToolResult)] == [
        ToolResult("booked", "inv-1/0"),
        ToolResult("Declined.", "inv-1/1", FAILED),
        ToolResult("", "inv-1/2", DENIED),
    ]
    assert [each.tools for each in archive.said(key(service), 2)] == [("booked", "Declined.")]


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
    assert refused.problem.cause is ErrorKind.INVALID
    assert refused.problem.advice
    assert agent.requests == []
    assert archive.sessions() == []


async def test_the_limits_are_those_of_the_backend(archive: Archive) -> None:
    agent = FakeAgent([answer("Hello.")])
    narrow = replace(CAPABILITIES, max_text=4, id_pattern=re.compile("[a-z]{33}"), id_rule="33 letters.")
    (refused,) = await said(conversation(agent, archive, session_id="short", capabilities=narrow))
    assert isinstance(refused, TurnFailed)
    assert refused.problem.why == "33 letters."
    known = {"session_id": "a" * 33, "memory_id": None}
    (refused,) = await said(conversation(agent, archive, capabilities=narrow, **known), "Hello")
    assert isinstance(refused, TurnFailed)
    assert refused.problem.why == "It has 5 characters; the service accepts 4."
    assert (await said(conversation(agent, archive, capabilities=narrow, **known), "Hey"))[-1] == TurnCompleted()


async def test_a_session_that_the_service_cannot_end_is_closed_here_and_its_memory_awaited(archive: Archive) -> None:
    agent = FakeAgent([answer("Hello.")])
    service = conversation(agent, archive, capabilities=replace(CAPABILITIES, ends_sessions=False))
    await said(service)
    await service.end()
    assert service.state is SessionState.SUMMARISING
    assert agent.ended == [], "the service was not asked"
    (refused,) = await said(service, "One more thing")
    assert isinstance(refused, TurnFailed)


async def test_a_message_of_a_megabyte_with_any_characters_is_sent_and_kept(archive: Archive) -> None:
    text = "[b]\x1b[31m\x00\u2708" * 130_000
    agent = FakeAgent([answer("Long.")])
    service = conversation(agent, archive)
    await said(service, text)
    assert agent.requests[0].text == text
    assert only_turn(archive, service).text == text


async def test_a_second_turn_waits_for_the_first(archive: Archive) -> None:
    gate = Gate()
    service = conversation(FakeAgent([[gate, *answer("One.")]]), archive)
    first = asyncio.create_task(said(service))
    await gate.reached.wait()
    (refused,) = await said(service, "Two")
    assert isinstance(refused, TurnFailed)
    assert refused.problem.cause is ErrorKind.CONFLICT
    with pytest.raises(AgentError, match="still arriving"):
        await service.end()
    gate.open()
    assert (await first)[-1] == TurnCompleted()
    assert service.state is SessionState.OPEN


async def test_a_session_ends_and_its_summary_is_awaited_only_with_a_memory(archive: Archive) -> None:
    agent = FakeAgent()
    with_memory = conversation(agent, archive, session_id="with")
    without = conversation(agent, archive, session_id="without", memory_id=None)
    for service in (with_memory, without):
        await said(service)
        await service.end()
    assert agent.ended == [("with", "anna"), ("without", None)]
    assert (with_memory.state, without.state) == (SessionState.SUMMARISING, SessionState.ENDED)
    assert [found.ended_at for found in archive.sessions()] == [NOON, NOON]
    (refused,) = await said(with_memory)
    assert isinstance(refused, TurnFailed)
    assert "Start a new session" in refused.problem.advice


async def test_a_session_that_began_elsewhere_can_be_ended_at_once_and_leaves_no_session_without_turns(
    archive: Archive,
) -> None:
    agent = FakeAgent()
    service = conversation(agent, archive, session_id="elsewhere", begun=True)
    await service.end()
    assert (service.state, agent.ended) == (SessionState.SUMMARISING, [("elsewhere", "anna")])
    assert (service.unsaved, archive.sessions(KEY)) == (None, [])


async def test_a_session_that_goes_on_keeps_its_turns_and_its_beginning(archive: Archive) -> None:
    agent = FakeAgent()
    first = conversation(agent, archive)
    await said(first)
    again = conversation(agent, archive, session_id=first.session_id, begun=True)
    await said(again, "And now?")
    await again.end()
    (record,) = archive.sessions(KEY)
    assert (record.turns, record.ended_at) == (2, NOON)
    assert [turn.text for turn in archive.turns(key(first))] == ["Hello", "And now?"]


async def test_a_session_that_the_service_ended_by_itself_is_ended_here_too(archive: Archive) -> None:
    agent = FakeAgent()
    service = conversation(agent, archive)
    await said(service)
    await service.expired(NOON)
    assert (service.state, agent.ended) == (SessionState.SUMMARISING, [])
    assert archive.sessions()[0].ended_at == NOON


async def test_an_end_that_fails_leaves_the_session_open(archive: Archive) -> None:
    agent = FakeAgent()
    service = conversation(agent, archive)
    await said(service)
    agent.failing = REFUSED
    with pytest.raises(AgentError):
        await service.end()
    lives = [service.state]
    agent.failing = None
    await service.end()
    assert [*lives, service.state] == [SessionState.OPEN, SessionState.SUMMARISING]


async def test_a_locked_archive_sends_nothing_and_says_so(archive: Archive, tmp_path: Path) -> None:
    archive._connection.execute("PRAGMA busy_timeout = 10")
    agent = FakeAgent()
    service = conversation(agent, archive)
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        (refused,) = await said(service)
        assert isinstance(refused, TurnFailed)
        assert refused.problem.cause is ErrorKind.ARCHIVE
        assert "locked" in refused.problem.why
        assert agent.requests == []
        other.execute("ROLLBACK")
    assert (await said(service))[-1] == TurnCompleted()


async def test_an_archive_that_locks_up_mid_answer_loses_nothing(archive: Archive, tmp_path: Path) -> None:
    archive._connection.execute("PRAGMA busy_timeout = 10")
    gate = Gate()
    pieces: list[TurnEvent] = [TextDelta("Booked "), TraceStep("rationale", {}), TextDelta("9f0b135c")]
    service = conversation(FakeAgent([[gate, *pieces, TurnCompleted()], answer("Yes.")]), archive)
    sending = asyncio.create_task(said(service, "Book."))
    await gate.reached.wait()
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        gate.open()
        assert (await sending)[-1] == TurnCompleted(), "the answer is shown all the same"
        unsaved = [service.unsaved and service.unsaved.cause]
        other.execute("ROLLBACK")
    await said(service, "Sure?")
    assert [*unsaved, service.unsaved] == [ErrorKind.ARCHIVE, None]
    first, second = archive.turns(key(service))
    assert (first.state, first.answer) == (TurnStatus.ANSWERED, "Booked 9f0b135c")
    assert second.answer == "Yes."


async def test_ids_are_the_same_every_time_with_a_seed(archive: Archive) -> None:
    assert conversation(FakeAgent(), archive).session_id == conversation(FakeAgent(), archive).session_id
