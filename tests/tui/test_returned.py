"""An agent that asks whether it may call its function, and one that has the person call it too."""

from __future__ import annotations

import re

import pytest
from textual.widgets import Input

from tests.endpoint import AGENT, RunningEndpoint, running_endpoint
from tests.local.agents import changed, confirming, confirming_and_returning, returning_control
from tests.tui.client import Person, sitting_at
from travel_tui.cli.chat import setting
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.tui.app import TravelApp

BOOKING = "Book a trip from Boston to Oslo by AIR, 2027-07-11 to 2027-07-22."


def app(endpoint: RunningEndpoint) -> TravelApp:
    agent = AgentConfig(
        "travel", AGENT["agentId"], AGENT["agentAliasId"], "us-east-1", endpoint_url=endpoint.url, memory_id="anna"
    )
    return TravelApp(setting(agent, Clock(), Ids(1), None))


async def asked(anna: Person, *keys: str) -> None:
    await anna.say(BOOKING)
    await anna.sees("book_trip", "it may be done", "What is not marked as allowed is refused.")
    await anna.press(*keys)


@pytest.mark.parametrize(("keys", "said"), [(("space",), "allowed"), ((), "refused")])
async def test_a_function_is_called_if_the_person_allows_it(keys: tuple[str, ...], said: str) -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(confirming))
        async with sitting_at(app(endpoint)) as anna:
            await anna.say(BOOKING)
            await anna.sees("The agent asks whether it may do this", "book_trip", "it may be done")
            await anna.press(*keys)
            await anna.sees("▐✓▌ it may be done" if keys else "▐ ▌ it may be done")
            await anna.press("tab", "tab", "enter")
            await anna.sees("enter send", "all")
            await anna.until(lambda: anna.main.query("ToolLine"), "the call")
            assert ("booking id" in anna.flat()) is (said == "allowed")
            await anna.sees_no("it may be done")


@pytest.mark.parametrize("agreed", [True, False])
async def test_a_result_is_sent_with_the_agreement(agreed: bool) -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(confirming_and_returning))
        async with sitting_at(app(endpoint)) as anna:
            await asked(anna, *(["space"] if agreed else []), "tab", *"booked", "enter")
            await anna.sees("enter send", "all")
            inputs = [call["input"] for call in endpoint.do(lambda its: list(its.calls))]
            (state,) = [each["sessionState"] for each in inputs if each.get("sessionState")]
            result = state["returnControlInvocationResults"][0]["functionResult"]
            assert result["confirmationState"] == ("CONFIRM" if agreed else "DENY")
            assert ("responseBody" in result) is agreed


async def test_the_function_here_answers_a_call_that_was_handed_back() -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(returning_control))
        async with sitting_at(app(endpoint)) as anna:
            await anna.say(BOOKING)
            await anna.sees("The agent hands control back to you", "Call it here")
            assert "▐ ▌ it failed" in anna.text()
            await anna.press("tab", "tab", "enter")
            await anna.until(lambda: anna.app.screen.query_one("#result-0", Input).value, "the function's answer")
            await anna.press("enter")
            await anna.sees("enter send", "all", "book_trip")
            (state,) = [
                call["input"]["sessionState"]
                for call in endpoint.do(lambda its: list(its.calls))
                if call["input"].get("sessionState")
            ]
            result = state["returnControlInvocationResults"][0]["functionResult"]
            booking = re.search(r"\b[0-9a-f]{8}\b", result["responseBody"]["TEXT"]["body"])
            assert booking
            assert booking[0] in anna.flat()
