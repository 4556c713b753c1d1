"""Parts of the endpoint on their own: pace, calls of functions, time, locks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.local.runtime.functions import FunctionCode, Functions, packaged_code
from travel_tui.local.runtime.locks import KeyedLocks
from travel_tui.local.runtime.token_pacer import TokenPacer, pause_s, pieces, tokens
from travel_tui.local.scripted_agent.messages import Function, FunctionParameter, ToolCall
from travel_tui.local.services.bedrock_agent_runtime.actions import ActionContext, lambda_event, perform
from travel_tui.local.services.bedrock_agent_runtime.lambda_response import read_result
from travel_tui.local.state.agents import AgentVersion, AliasKey
from travel_tui.local.state.scope import Scope
from travel_tui.local.time import EndpointClock
from travel_tui.local.wire.errors import ServiceError

ARN = "arn:aws:lambda:us-east-1:123456789012:function:travel"
BOOK = Function("book_trip", (FunctionParameter("origin"), FunctionParameter("seats", "integer")), action_group="Group")
CALL = ToolCall(BOOK, {"origin": "Boston", "seats": "2", "extra": "x"})
AGENT = AgentVersion(
    key=AliasKey(Scope("123456789012", "us-east-1"), "A", "B"),
    agent_arn="arn",
    alias_arn="arn",
    version="DRAFT",
    name="travel",
    instruction="",
    foundation_model="m",
    idle_limit=60,
    memory=None,
    functions=(BOOK,),
    lambdas={"Group": ARN},
)
CONTEXT = ActionContext(AGENT, "s-1", "book it", {"user": "anna"}, {"tone": "kind"})


@given(st.text(max_size=300))
def test_pieces_make_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_pieces_are_small_and_break_at_spaces() -> None:
    text = "Your trip from Boston to New York is booked; the booking id is 12ab34cd."
    assert all(len(piece) <= 14 for piece in pieces(text))
    assert [piece.strip() for piece in pieces(text)] == text.split()


@given(st.text(max_size=300))
def test_tokens_grow_with_the_text(text: str) -> None:
    assert tokens(text) <= tokens(text + "more")
    assert (tokens(text) == 0) == (text == "")


async def test_a_hurried_pace_waits_no_longer() -> None:
    pacer = TokenPacer(0.001)
    waiting = asyncio.create_task(pacer.think())
    await asyncio.sleep(0)
    assert not waiting.done()
    pacer.hurry()
    await waiting
    await pacer.write("never waits again")


async def test_pace_0_never_waits() -> None:
    async with asyncio.timeout(5):
        await TokenPacer(0).think()
        await TokenPacer(0).write("x" * 1_000_000)


def test_no_pause_outlasts_a_clients_patience() -> None:
    assert pause_s(tokens("x" * 400), 80) == 1.25
    assert pause_s(tokens("x" * 30_000), 80) < 60


def test_a_function_is_told_what_the_contract_says() -> None:
    assert lambda_event(CONTEXT, CALL) == {
        "messageVersion": "1.0",
        "agent": {"name": "travel", "id": "A", "alias": "B", "version": "DRAFT"},
        "inputText": "book it",
        "sessionId": "s-1",
        "actionGroup": "Group",
        "function": "book_trip",
        "parameters": [
            {"name": "origin", "type": "string", "value": "Boston"},
            {"name": "seats", "type": "integer", "value": "2"},
            {"name": "extra", "type": "string", "value": "x"},
        ],
        "sessionAttributes": {"user": "anna"},
        "promptSessionAttributes": {"tone": "kind"},
    }


def answer(state: str | None = None, **changes: Any) -> dict[str, Any]:
    response = {"responseBody": {"TEXT": {"body": "Which day?"}}, **({"responseState": state} if state else {})}
    return {"response": {"actionGroup": "Group", "function": "book_trip", "functionResponse": response, **changes}}


def test_an_answer_is_read() -> None:
    assert read_result(answer(), CALL).text == "Which day?"
    assert read_result(answer("REPROMPT"), CALL).state == "REPROMPT"
    attributes = read_result({**answer(), "sessionAttributes": {"a": "b"}}, CALL).session_attributes
    assert attributes == {"a": "b"}


BODY = "response.functionResponse.responseBody"


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (answer("FAILURE"), "The function book_trip of Group failed: Which day?"),
        (answer("RETRY"), 'response.functionResponse.responseState is "RETRY", not FAILURE or REPROMPT.'),
        (answer(function="other"), 'response.function is "other", not "book_trip".'),
        (answer(actionGroup=None), 'response.actionGroup is missing, not "Group".'),
        (answer(functionResponse={"responseBody": {"TEXT": {"body": 7}}}), f"{BODY}.TEXT.body is 7, not a string."),
        (
            answer(functionResponse={"responseBody": {"TEXT": {"body": {"ok": True, "id": None}}}}),
            f'{BODY}.TEXT.body is {{"ok": true, "id": null}}, not a string.',
        ),
        (answer(functionResponse={"responseBody": {"TEXT": {"body": None}}}), f"{BODY}.TEXT.body is missing, not a"),
        (answer(functionResponse={"responseBody": {}}), f"{BODY}.TEXT is missing, not an object."),
        (answer(functionResponse="text"), 'response.functionResponse is "text", not an object.'),
        ({**answer(), "sessionAttributes": {"a": 1}}, "sessionAttributes.a is 1, not a string."),
        ({}, "response is missing, not an object."),
        (None, "The response is missing, not an object."),
        ("text", 'The response is "text", not an object.'),
        ([True], "The response is [true], not an object."),
    ],
)
def test_an_answer_that_fails_or_breaks_the_contract_is_told_in_its_terms(payload: Any, why: str) -> None:
    with pytest.raises(ServiceError) as error:
        read_result(payload, CALL)
    assert error.value.code == "DependencyFailedException"
    assert why in error.value.message


HANDLERS = {
    "raises": "raise ValueError('no seats')",
    "exits": "import os; os._exit(3)",
    "hangs": "import time; time.sleep(3600)",
    "answers": "return {'response': {'actionGroup': 'Group', 'function': 'book_trip', 'functionResponse': "
    "{'responseBody': {'TEXT': {'body': event['parameters'][0]['value']}}}}}",
}


async def called(tmp_path: Path, body: str) -> str:
    """The text of a call of a function whose handler is `body`."""
    (tmp_path / "lambda_function.py").write_text(f"def lambda_handler(event, context):\n    {body}\n")
    code = FunctionCode(ARN, "travel", tmp_path, timeout_s=1.0)
    functions = Functions(lambda arn: code if arn == ARN else None)
    try:
        return (await perform(functions, CONTEXT, CALL, "id")).text
    finally:
        await functions.close()


async def test_a_function_is_called(tmp_path: Path) -> None:
    assert await called(tmp_path, HANDLERS["answers"]) == "Boston"


@pytest.mark.parametrize("name", ["raises", "exits", "hangs"])
async def test_a_function_that_comes_to_nothing_is_a_failed_dependency(tmp_path: Path, name: str) -> None:
    with pytest.raises(ServiceError, match=ARN) as error:
        await called(tmp_path, HANDLERS[name])
    assert error.value.code == "DependencyFailedException"


async def test_a_function_that_is_not_there_is_named() -> None:
    with pytest.raises(ServiceError, match=ARN):
        await perform(Functions(lambda _: None), CONTEXT, CALL, "id")


def test_the_packaged_function_is_found() -> None:
    assert (packaged_code() / "lambda_function.py").is_file()


def test_a_clock_that_stands_still_moves_when_it_is_told_to() -> None:
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    clock = EndpointClock(moment)
    told: list[bool] = []
    clock.on_advance(lambda: told.append(True))
    before = clock.seconds()
    assert clock.now() == moment
    clock.advance(timedelta(hours=1))
    assert clock.now() == moment + timedelta(hours=1)
    assert clock.seconds() - before >= 3600
    assert told == [True]


async def test_waiting_ends_with_the_event_or_the_deadline() -> None:
    clock = EndpointClock()
    event = asyncio.Event()
    async with asyncio.timeout(5):
        await clock.wait(clock.seconds() - 1, event)
        event.set()
        await clock.wait(None, event)


async def test_a_lock_is_held_by_one_at_a_time_and_then_forgotten() -> None:
    locks = KeyedLocks()
    inside: list[int] = []

    async def enter(number: int) -> None:
        async with locks.hold("key"):
            inside.append(number)
            assert len(inside) == 1
            await asyncio.sleep(0)
            inside.remove(number)

    await asyncio.gather(*(enter(number) for number in range(5)))
    assert not locks.held("key")
