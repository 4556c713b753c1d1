"""The story of agent memory, with the backend on the local endpoint's built-in harness."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest

from tests.agentcore.harness import MEMORY, SESSION, agent_of, events_of, text_of
from tests.endpoint import RunningEndpoint, running_endpoint
from travel_tui.agent import AgentError, MemoryKind, ReturnControl, ReturnedResult, TurnCompleted, TurnFailed
from travel_tui.agentcore_config import AgentCoreConfig
from travel_tui.backends.agentcore.runtime import AgentCoreAgent
from travel_tui.local.faults import read_fault
from travel_tui.memory_store import RecordQuery, Role, memory_store

T = TypeVar("T")
BOOK = "Hi, my name is Anna. Please book a trip from Boston to NYC from 2031-07-11 to 2031-07-22, by air."


@pytest.fixture(scope="module")
def endpoint() -> Iterator[RunningEndpoint]:
    with running_endpoint(extraction_delay=0.02) as found:
        yield found


@pytest.fixture
def agent(endpoint: RunningEndpoint) -> AgentCoreAgent:
    return agent_of(endpoint)


async def eventually(look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool]) -> T:
    """Look until it is as wanted."""
    async with asyncio.timeout(60):
        while not wanted(found := await look()):  # noqa: ASYNC110 - the service notifies nobody
            await asyncio.sleep(0.02)
    return found


async def test_a_trip_is_booked_stored_recalled_and_deleted(agent: AgentCoreAgent) -> None:
    assert memory_store(agent) is agent
    control = (await events_of(agent, BOOK))[-1]
    assert isinstance(control, ReturnControl)
    assert [call.function for call in control.calls] == ["book_trip"]
    booked = ReturnedResult("", "book_trip", "Successfully booked. Your booking_id is 7f3a90c1")
    events = await events_of(agent, "", invocation_id=control.invocation_id, returned=(booked,))
    assert events[-1] == TurnCompleted()
    assert "7f3a90c1" in text_of(events)
    await events_of(agent, "I always prefer an aisle seat, and I am allergic to nuts.")

    kinds = {MemoryKind.SESSION_SUMMARY, MemoryKind.FACT, MemoryKind.PREFERENCE}
    records = await eventually(
        lambda: agent.list_memories("anna"),
        lambda found: {each.kind for each in found} == kinds and "nut" in str(found),
    )
    summaries = [each for each in records if each.kind is MemoryKind.SESSION_SUMMARY]
    assert {each.session_id for each in summaries} == {SESSION}
    assert {each.session_id for each in records if each not in summaries} == {None}
    assert {each.namespace for each in records if each.kind is MemoryKind.FACT} == {"/facts/anna/"}
    assert [each.started_at for each in records if each.started_at is None] == []

    found = await agent.retrieve("anna", "Which food is the user allergic to?", RecordQuery(MemoryKind.FACT), 1)
    assert "nut" in found[0].text.lower()
    assert found[0].score
    previewed = await agent.preview_recall("anna", f"other-{SESSION}", "Which food am I allergic to?")
    assert previewed is not None
    assert (previewed[1], any("nut" in each.text.lower() for each in previewed[0])) == (3, True)
    listed = await agent.list_records("anna", RecordQuery(namespace="/preferences/anna/"))
    assert {each.kind for each in listed} == {MemoryKind.PREFERENCE}

    await agent.delete_memory("anna", SESSION)
    kept = await eventually(
        lambda: agent.list_memories("anna"), lambda found: not any(each.session_id for each in found)
    )
    assert await agent.list_events("anna", SESSION) == []
    assert kept
    await agent.delete_memory("anna")
    assert await eventually(lambda: agent.list_memories("anna"), lambda found: not found) == []


async def test_events_are_what_was_said_and_users_and_sessions_are_listed(agent: AgentCoreAgent) -> None:
    await events_of(agent, "Hello, my name is Ben. I live in Oslo.", memory_id="ben")
    assert "ben" in await agent.list_users()
    assert SESSION in [each.session_id for each in await agent.list_sessions("ben")]
    newest, *_ = await agent.list_events("ben", SESSION)
    said = [part for event in await agent.list_events("ben", SESSION) for part in event.parts]
    assert newest.parts[-1].role is Role.AGENT
    assert any(part.role is Role.USER and "Oslo" in part.text for part in said)
    assert len(await agent.list_events("ben", SESSION, most=1)) == 1


async def test_a_record_is_added_edited_and_deleted(agent: AgentCoreAgent) -> None:
    facts = next(each for each in await agent.strategies() if each.kind is MemoryKind.FACT)
    added = await agent.add_record("carl", facts, "Carl has a dog called Rex.")
    (record,) = await eventually(lambda: agent.list_memories("carl"), lambda found: len(found) == 1)
    assert (record.record_id, record.kind, record.text) == (added, MemoryKind.FACT, "Carl has a dog called Rex.")
    await agent.edit_record(record, "Carl has a cat.")
    (edited,) = await eventually(lambda: agent.list_memories("carl"), lambda found: found[0].text == "Carl has a cat.")
    await agent.delete_record(edited)
    assert await eventually(lambda: agent.list_memories("carl"), lambda found: not found) == []
    with pytest.raises(AgentError, match="was not deleted"):
        await agent.delete_record(edited)


async def test_a_failed_extraction_is_listed_with_its_reason_and_starts_again() -> None:
    with running_endpoint(extraction_delay=0.02) as endpoint:
        agent = agent_of(endpoint)
        endpoint.do(lambda running: running.faults.add([read_fault("CreateEvent=extraction-fails")]))
        await events_of(agent, "I am allergic to nuts.")
        failed = await eventually(lambda: agent.failed_extractions("anna"), bool)
        assert failed[0].reason
        assert failed[0].session_id == SESSION
        endpoint.do(lambda running: running.faults.clear())
        for each in failed:
            await agent.restart_extraction(each.job_id)
        assert await eventually(lambda: agent.list_memories("anna"), lambda found: "nut" in str(found))
        assert await eventually(lambda: agent.failed_extractions("anna"), lambda found: not found) == []


async def test_a_memory_alone_has_records_and_events_but_no_turns(
    endpoint: RunningEndpoint, agent: AgentCoreAgent
) -> None:
    alone = agent_of(
        endpoint,
        AgentCoreConfig(agentcore_memory_id=f"arn:aws:bedrock-agentcore:us-east-1:123456789012:memory/{MEMORY}"),
    )
    await events_of(agent, "Hello, my name is Dora. I live in Rome.", memory_id="dora")
    assert await eventually(lambda: alone.list_memories("dora"), lambda found: "Rome" in str(found))
    assert await alone.list_events("dora", SESSION)
    assert await alone.preview_recall("dora", SESSION, "Where do I live?") is None
    (refused,) = await events_of(alone)
    assert isinstance(refused, TurnFailed)


async def test_what_does_not_exist_is_said_to_be_missing(endpoint: RunningEndpoint) -> None:
    missing = AgentCoreConfig(agentcore_memory_id="nothing-0123456789")
    with pytest.raises(AgentError, match="not found"):
        await agent_of(endpoint, missing).list_memories("anna")
