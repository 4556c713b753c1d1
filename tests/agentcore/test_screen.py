"""The client with a harness and its memory, as a user has it: real boto3 and the local endpoint behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.agentcore.client import RUN_HERE, client_of
from tests.agentcore.harness import HARNESS, MEMORY
from tests.endpoint import RunningEndpoint, running_endpoint
from travel_tui.agentcore_config import AgentCoreConfig
from travel_tui.local.faults import read_fault
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.memory.summary_card import SummaryCard

BOOK = "Please book a trip from Boston to NYC from 2031-07-11 to 2031-07-22, by air."


@pytest.fixture(scope="module")
def running() -> Iterator[RunningEndpoint]:
    with running_endpoint(extraction_delay=0.05) as found:
        yield found


@pytest.fixture
def endpoint(running: RunningEndpoint) -> Iterator[RunningEndpoint]:
    yield running
    running.do(lambda each: each.faults.clear())


async def test_a_trip_is_booked_closed_extracted_and_would_be_recalled(endpoint: RunningEndpoint) -> None:
    async with client_of(endpoint) as user:
        await user.sees("open", "saved", "extracting", "stored", "watch its messages become records")
        await user.say(BOOK)
        await user.sees("Your booking id is", "book_trip", "1 turn")
        await user.say("I always prefer an aisle seat.")
        await user.sees("2 turns", "enter send")
        await user.press("f2")
        await user.sees("stored after", "facts 1", "summaries 2", "preferences 1")
        await user.sees("preference", "Prefers aisle seats.", "Trip from Boston to NYC")
        await user.press("f3")
        await user.say("Which seat do I like?")
        await user.sees("would be recalled", "aisle")
        assert "in prompt" not in user.flat()
        await user.say("/why NYC")
        await user.sees("NYC: would be recalled, not used")
        await user.say("/why Prefers aisle")
        await user.sees("Prefers aisle: used.", "“Prefers aisle seats.”")
        assert "{" not in user.flat()
        assert "not compared" not in user.flat(), "a fact is no summary of a session"


async def test_a_card_deletes_its_record_and_no_other(endpoint: RunningEndpoint) -> None:
    async with client_of(endpoint, memory_id="hal") as user:
        await user.say("I am allergic to nuts. I live in Rome.")
        await user.sees("1 turn", "enter send")
        await user.press("f2")
        await user.sees("stored after", "The user is allergic to nuts.", "The user lives in Rome.")
        cards = user.main.query(SummaryCard)
        next(each for each in cards if each.view.text == "The user lives in Rome.").focus()
        await user.press("delete")
        await user.sees("Delete this record?", "“The user lives in Rome.”")
        await user.press("right", "enter")
        await user.until(
            lambda: "The user lives in Rome." not in [each.view.text for each in user.main.query(SummaryCard)],
            "no card",
        )
        assert "The user is allergic to nuts." in user.flat()


async def test_functions_are_answered_on_both_sides_of_a_comparison(endpoint: RunningEndpoint) -> None:
    async with client_of(endpoint, memory_id="ina") as user:
        await user.say(f"/twin {BOOK}")
        await user.sees("Ask with and without the memory?", "records too")
        await user.press("right", "enter")
        await user.sees("Differs:", "book_trip", "Your booking id is")
        answers = [each.text for each in user.app.screen.query(AgentTurn)]
        assert ["Your booking id is" in each for each in answers] == [True, True]


async def test_the_preview_can_be_switched_off(endpoint: RunningEndpoint) -> None:
    async with client_of(endpoint, replace(RUN_HERE, preview_recall=False), memory_id="ben") as ben:
        await ben.say("Hello, my name is Ben.")
        await ben.sees("1 turn", "enter send")
        await ben.press("f2")
        await ben.sees("stored after")
        assert "would be recalled" not in ben.flat()


async def test_a_returned_call_is_shown_and_answered_by_the_user(endpoint: RunningEndpoint) -> None:
    async with client_of(endpoint, HARNESS, memory_id="carl") as carl:
        await carl.say(BOOK)
        await carl.sees("Return of control", "book_trip", "Boston", "Run it here")
        await carl.press(*"booked: 1a2b3c4d", "enter")
        await carl.sees("1a2b3c4d", "1 turn")


async def test_a_failed_extraction_is_told_with_its_reason(endpoint: RunningEndpoint) -> None:
    endpoint.do(lambda each: each.faults.add([read_fault("CreateEvent=extraction-fails")]))
    async with client_of(endpoint, memory_id="dora") as dora:
        await dora.say("I am allergic to nuts.")
        await dora.sees("1 turn", "enter send")
        await dora.press("f2")
        await dora.sees("extraction failed:", "/records")


async def test_a_memory_alone_says_why_nobody_answers(endpoint: RunningEndpoint) -> None:
    async with client_of(endpoint, AgentCoreConfig(agentcore_memory_id=MEMORY)) as user:
        await user.sees("There is nobody to chat with.", "This is a memory without a harness.")
        await user.say("Hello")
        await user.sees("Hello", "nobody to chat with")


async def test_users_come_from_the_service_and_from_here(endpoint: RunningEndpoint) -> None:
    async with client_of(endpoint, memory_id="gus.smith") as gus:
        await gus.say("Hello, my name is Gus.")
        await gus.sees("1 turn", "enter send")
        await gus.press("f9")
        picker = await gus.sees("Switch user", "gus.smith", "at the service")
        assert "gus-smith_" not in picker
