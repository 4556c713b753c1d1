"""The record browser of the client, on the local endpoint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.agentcore.client import client_of
from tests.agentcore.harness import MEMORY
from tests.endpoint import RunningEndpoint, running_endpoint
from tests.fakes import FakeAgent
from tests.tui.client import client, running_client
from travel_tui.agentcore_config import AgentCoreConfig
from travel_tui.local.faults import read_fault

ALONE = AgentCoreConfig(agentcore_memory_id=MEMORY)


@pytest.fixture(scope="module")
def running() -> Iterator[RunningEndpoint]:
    with running_endpoint(extraction_delay=0.05) as found:
        yield found


@pytest.fixture
def endpoint(running: RunningEndpoint) -> Iterator[RunningEndpoint]:
    yield running
    running.do(lambda each: each.faults.clear())


async def test_records_are_added_edited_and_deleted_after_a_question(endpoint: RunningEndpoint) -> None:
    async with client_of(endpoint, ALONE, memory_id="eva") as eva:
        await eva.say("/records")
        await eva.sees("Memory of eva", "Nothing is stored yet")
        await eva.press("a")
        await eva.sees("Add a record to which strategy?", "facts", "/facts/{actorId}/")
        await eva.press("down", "enter")
        await eva.sees("Add record", "fact in /facts/{actorId}/")
        await eva.press("ctrl+s")
        await eva.sees("A record needs a text.")
        await eva.press(*"Eva has a dog.", "ctrl+s")
        await eva.sees("Add this record to the memory of eva?")
        await eva.press("right", "enter")
        await eva.sees("Facts /facts/eva/ 1 record")
        await eva.press("e")
        await eva.sees("Edit record", "Eva has a dog.")
        await eva.press("ctrl+end", *" And a cat.", "ctrl+s")
        await eva.sees("Replace the text of this record?")
        await eva.press("right", "enter")
        await eva.sees("Eva has a dog. And a cat.")
        await eva.press("s")
        await eva.sees("This needs a failed extraction")
        endpoint.do(lambda each: each.faults.add([read_fault("BatchDeleteMemoryRecords=deletion-lags:1")]))
        await eva.press("delete")
        await eva.sees("Delete this record?", "some minutes")
        await eva.press("right", "enter")
        await eva.sees("Memory of eva")
        await eva.press("escape", "f5")
        await eva.sees("deleted, still listed")


async def test_a_session_shows_its_events_and_a_failed_extraction_starts_again(endpoint: RunningEndpoint) -> None:
    endpoint.do(lambda each: each.faults.add([read_fault("CreateEvent=extraction-fails")]))
    async with client_of(endpoint, memory_id="finn") as finn:
        await finn.say("I am allergic to nuts.")
        await finn.sees("1 turn", "enter send")
        await finn.press("f2")
        await finn.sees("extraction failed:")
        endpoint.do(lambda each: each.faults.clear())
        await finn.say("/records")
        await finn.sees("Failed extractions", "Short-term memory 1 session")
        await finn.press("s")
        await finn.sees("Start this extraction again?")
        await finn.press("right", "enter")
        await finn.sees("Extraction started again.")
        await finn.press("end", "enter")
        await finn.sees("Events of session", "User", "I am allergic to nuts.", "Agent")
        await finn.press("escape")
        await finn.sees("Memory of finn")
        await finn.press("escape")
        await finn.sees("The user is allergic to nuts.")


async def test_a_service_without_a_store_says_so() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.say("/records")
        await user.sees("no events and no single records")
