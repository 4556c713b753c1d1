"""An agent that asks whether it may call its function, and one that has the user call it too."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

import pytest
from textual.widgets import Button, Input, TextArea

from tests.endpoint import AGENT, RunningEndpoint, running_endpoint
from tests.fakes import FakeAgent, Gate, answer
from tests.local.agents import changed, confirming, confirming_and_returning, returning_an_api, returning_control
from tests.parts import in_part
from tests.tui.client import NARROW, WIDE, PilotUser, client, running_client
from travel_tui.agent import Parameter, ReturnControl, ReturnControlKind, ReturnedResult, TextDelta, ToolCall
from travel_tui.cli.app_context import app_context
from travel_tui.cli.local_tool import FUNCTIONS, call_local_function
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.screenshots.scene import ManualClock
from travel_tui.tui.app import TravelApp
from travel_tui.tui.screens.dialog import TYPING
from travel_tui.tui.screens.return_control import ReturnControlDialog

BOOKING = "Book a trip from Boston to Oslo by AIR, 2027-07-11 to 2027-07-22."


def app(endpoint: RunningEndpoint) -> TravelApp:
    agent = AgentConfig(
        "travel", AGENT["agentId"], AGENT["agentAliasId"], "us-east-1", endpoint_url=endpoint.url, memory_id="anna"
    )
    return TravelApp(app_context(agent, Clock(), Ids(1), None))


@pytest.mark.parametrize(("keys", "said"), [(("right", "enter"), "allowed"), (("enter",), "refused")])
async def test_a_function_is_called_if_the_user_approves_it(keys: tuple[str, ...], said: str) -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(confirming))
        async with running_client(app(endpoint)) as user:
            await user.say(BOOKING)
            await user.sees("Confirm tool call", "book_trip", "Deny", "Approve")
            await user.press(*keys)
            await user.sees("enter send", "all")
            await user.until(lambda: user.main.query("ToolLine"), "the call")
            assert ("booking id" in user.flat()) is (said == "allowed")
            await user.sees_no("Confirm tool call")


@pytest.mark.parametrize(
    ("keys", "confirmed", "state"),
    [
        (["enter"], "DENY", None),
        (["right", "enter", *"booked", "enter"], "CONFIRM", None),
        (["right", "enter", *"no seats", "tab", "tab", "enter"], "CONFIRM", "FAILURE"),
    ],
)
async def test_a_result_is_sent_with_the_agreement(keys: list[str], confirmed: str, state: str | None) -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(confirming_and_returning))
        async with running_client(app(endpoint)) as user:
            await user.say(BOOKING)
            await user.sees("Confirm tool call", "book_trip")
            await user.press(*keys[:2])
            if confirmed == "CONFIRM":
                await user.sees("the agent needs a result", "Result", "Report failure", "Send result")
            await user.press(*keys[2:])
            await user.sees("enter send", "all")
            inputs = [call["input"] for call in endpoint.do(lambda its: list(its.calls))]
            (sent,) = [each["sessionState"] for each in inputs if each.get("sessionState")]
            result = sent["returnControlInvocationResults"][0]["functionResult"]
            assert result["confirmationState"] == confirmed
            assert ("responseBody" in result) is (confirmed == "CONFIRM")
            assert result.get("responseState") == state


def returning(*calls: ToolCall) -> FakeAgent:
    return FakeAgent([(ReturnControl("inv-1", calls),), answer("Done.")])


def trip(name: str, wanted: ReturnControlKind = ReturnControlKind.CONFIRMATION) -> ToolCall:
    return ToolCall("Trips", name, tuple(Parameter(f"p{n}", f"value {n}") for n in range(30)), wanted=wanted)


@pytest.mark.parametrize("size", [(40, 12), NARROW, WIDE])
async def test_several_calls_are_asked_about_one_by_one(size: tuple[int, int]) -> None:
    agent = returning(trip("book"), trip("cancel"), trip("pay", ReturnControlKind.RESULT))
    async with running_client(client(agent), size) as user:
        await user.say("Book it")
        await user.sees("Confirm tool call 1 of 3", "book", "Deny", "Approve")
        await user.press("tab", "enter")
        await user.sees("Confirm tool call 2 of 3", "cancel", "book: approved", "Deny", "Approve")
        assert isinstance(user.app.focused, Button)
        assert user.app.focused.id == "deny"
        await user.press("pagedown", "pagedown", "pagedown", "pagedown", "pagedown", "pagedown", "pagedown", "pagedown")
        await user.sees("value 29", "Deny", "Approve")
        await user.press("enter")
        await user.sees("Report failure", "Send result", *(["3 of 3", "cancel: denied"] if size[0] >= 80 else []))
        assert len(agent.requests) == 1
        await user.press(*"paid", "enter")
        await user.sees("Done.")
        returned = agent.requests[1].returned
        assert [(each.function, each.confirmed, each.text) for each in returned] == [
            ("book", True, ""),
            ("cancel", False, ""),
            ("pay", None, "paid"),
        ]


@pytest.mark.parametrize("wanted", in_part(ReturnControlKind, 3))
async def test_what_is_being_typed_when_the_agent_asks_answers_nothing(wanted: ReturnControlKind) -> None:
    gate = Gate()
    agent = FakeAgent([(TextDelta("Well"), gate, ReturnControl("inv-1", (trip("book", wanted),))), answer("Done.")])
    async with running_client(client(agent)) as user:
        await user.say("Book it")
        await user.sees("Well")
        await user.press(*"and then")
        gate.open()
        await user.sees("book Trips", TYPING)
        await user.press(*" approve d a y", "enter", "space", "enter")
        await user.settled()
        assert len(agent.requests) == 1
        await user.sees("book Trips", TYPING)
        assert user.main.query_one("#prompt", TextArea).text == "and then approve d a y "
        await user.press("tab")
        await user.sees_no(TYPING)
        await user.press("escape")
        await user.sees("stopped")


@pytest.mark.parametrize(
    ("wanted", "keys", "shown"),
    [
        (ReturnControlKind.CONFIRMATION, ("enter",), "✗ denied"),
        (ReturnControlKind.CONFIRMATION, ("tab", "enter"), "✓"),
        (ReturnControlKind.RESULT, ("n", "o", "tab", "enter"), "✗ failed"),
        (ReturnControlKind.RESULT, ("y", "enter"), "✓"),
    ],
)
async def test_what_became_of_a_call_is_shown_and_not_how_long_the_user_took(
    wanted: ReturnControlKind, keys: tuple[str, ...], shown: str
) -> None:
    time = ManualClock()
    agent = returning(ToolCall("Trips", "pay", wanted=wanted))
    async with running_client(client(agent, clock=time)) as user:
        await user.say("Pay it")
        await user.sees("pay Trips")
        time.move(9)
        await user.press(*keys)
        await user.sees("Done.", "first token 0.0 s · total 0.0 s")
        line = next(row for row in user.text().splitlines() if "▸ pay" in row)
        assert line.replace("▏", "").split() == ["▸", "pay", *shown.split()]


async def test_a_failure_that_the_user_reported_is_not_looked_for_in_a_log() -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(returning_control))
        async with running_client(app(endpoint)) as user:
            await user.say(BOOKING)
            await user.sees("the agent needs a result")
            await user.press(*"no seats", "tab", "tab", "enter")
            await user.sees("You reported that book_trip failed", "✗ failed")
            assert "aws logs" not in user.flat()


PAYS = trip("pay", ReturnControlKind.RESULT)


@asynccontextmanager
async def asked_for_a_result(
    call_here: Callable[[ToolCall], Awaitable[ReturnedResult]], functions: Collection[str] = ("pay",)
) -> AsyncIterator[tuple[PilotUser, list[tuple[ReturnedResult, ...] | None]]]:
    """A user before the dialog, and what the dialog returns."""
    answers: list[tuple[ReturnedResult, ...] | None] = []
    async with running_client(client(FakeAgent())) as user:
        user.app.push_screen(ReturnControlDialog([PAYS], call_here, functions), answers.append)
        await user.sees("the agent needs a result", "Send result")
        yield user, answers


@pytest.mark.parametrize("state", [None, "FAILURE", "REPROMPT"])
async def test_while_the_function_runs_here_the_focus_stays_in_the_dialog(state: str | None) -> None:
    gate = Gate()

    async def pay(call: ToolCall) -> ReturnedResult:
        await gate.wait()
        return ReturnedResult(call.action_group, call.function, "paid", state)

    async with asked_for_a_result(pay) as (user, answers):
        await user.press("tab", "enter")
        await gate.reached.wait()
        assert user.app.focused is user.app.screen.query_one("#result")
        gate.open()
        await user.until(lambda: user.app.focused and user.app.focused.id in ("send", "failure"), "a button to send it")
        await user.press("enter")
        await user.until(lambda: answers, "the answer")
        assert answers == [(ReturnedResult("Trips", "pay", "paid", state),)]
        assert user.main.query_one("#prompt", TextArea).text == ""


async def test_what_is_typed_while_the_function_runs_here_stays() -> None:
    gate = Gate()

    async def pay(call: ToolCall) -> ReturnedResult:
        await gate.wait()
        return ReturnedResult(call.action_group, call.function, "Declined.", "FAILURE")

    async with asked_for_a_result(pay) as (user, answers):
        here = user.app.screen.query_one("#here")
        await user.press("tab", "enter")
        await gate.reached.wait()
        await user.press(*"cash")
        gate.open()
        await user.until(lambda: not here.disabled, "the end of the function")
        await user.press("enter")
        await user.until(lambda: answers, "the answer")
        assert answers == [(ReturnedResult("Trips", "pay", "cash"),)]


async def test_a_failure_of_the_function_here_is_not_sent_as_a_success() -> None:
    async def pay(call: ToolCall) -> ReturnedResult:
        return ReturnedResult(call.action_group, call.function, "Declined.", "FAILURE")

    async with asked_for_a_result(pay) as (user, answers):
        await user.press("tab", "enter")
        await user.until(lambda: user.app.focused and user.app.focused.id == "failure", "Report failure")
        await user.press("shift+tab", "shift+tab", "enter")  # back in the field
        await user.until(lambda: answers, "the answer")
        assert answers == [(ReturnedResult("Trips", "pay", "Declined.", "FAILURE"),)]


async def test_a_function_that_this_machine_does_not_have_is_not_offered() -> None:
    async with asked_for_a_result(call_local_function, FUNCTIONS) as (user, _):
        assert "Run it here" not in user.flat()
    unknown = await call_local_function(PAYS)
    assert set(re.findall(r"\w+_\w+", unknown.text)) == FUNCTIONS


async def test_the_function_here_answers_a_call_that_was_handed_back() -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(returning_control))
        async with running_client(app(endpoint)) as user:
            await user.say(BOOKING)
            await user.sees("Return of control: the agent needs a result", "Run it here")
            await user.press("tab", "enter")
            await user.until(lambda: user.app.screen.query_one("#result", Input).value, "the function's answer")
            await user.until(lambda: user.app.focused and user.app.focused.id == "send", "the focus on Send result")
            await user.press("enter")
            await user.sees("enter send", "all", "book_trip")
            (state,) = [
                call["input"]["sessionState"]
                for call in endpoint.do(lambda its: list(its.calls))
                if call["input"].get("sessionState")
            ]
            result = state["returnControlInvocationResults"][0]["functionResult"]
            booking = re.search(r"\b[0-9a-f]{8}\b", result["responseBody"]["TEXT"]["body"])
            assert booking
            assert booking[0] in user.flat()


async def test_an_operation_of_an_api_is_answered_as_one() -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(returning_an_api))
        async with running_client(app(endpoint)) as user:
            await user.say("What is the status of claim c77?")
            await user.sees("Return of control", "GET /claims/{claim_id}/status", "c77", "Send result")
            await user.press(*"paid in full", "enter")
            await user.sees("enter send", "all", "GET /claims/{claim_id}/status", "paid in full")
            (state,) = [
                call["input"]["sessionState"]
                for call in endpoint.do(lambda its: list(its.calls))
                if call["input"].get("sessionState")
            ]
            result = state["returnControlInvocationResults"][0]["apiResult"]
            assert (result["httpMethod"], result["apiPath"]) == ("GET", "/claims/{claim_id}/status")
            assert result["responseBody"] == {"application/json": {"body": "paid in full"}}
