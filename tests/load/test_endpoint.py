"""The endpoint goes on answering, whatever it is sent: no callback holds its loop."""

from __future__ import annotations

import http.client
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest

from tests.callbacks import Callbacks, measured_callbacks
from tests.endpoint import AGENT, RunningEndpoint, running_endpoint
from tests.load.hard_texts import SOAK, UNITS, repeated
from tests.local.agents import changed, returning_control
from tests.local.services.clients import Aws, refused
from travel_tui.local.state.memories import SummaryJob

BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"
SOME = UNITS if SOAK else ("Boston to Rome, ", "漢")


@pytest.fixture(scope="module")
def measured() -> Iterator[tuple[RunningEndpoint, Callbacks]]:
    """An endpoint that has served each kind of request once: imports are no callback's fault."""
    with running_endpoint() as endpoint, measured_callbacks("endpoint") as callbacks:
        user = endpoint.user()
        user.say(BOOKING, "warm", "warm", enableTrace=True)
        user.say("yes", "warm", "warm", enableTrace=True)
        user.end("warm", "warm")
        user.await_summary("warm", "warm")
        aws = Aws(endpoint)
        aws.dynamodb.create_table(
            TableName="items",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        aws.dynamodb.put_item(TableName="items", Item={"id": {"S": "a"}, "nested": _nested(30)})
        aws.dynamodb.get_item(TableName="items", Key={"id": {"S": "a"}})
        aws.close()
        yield endpoint, callbacks


@pytest.mark.parametrize("unit", SOME)
def test_a_message_of_a_megabyte_holds_nobody_up(measured: tuple[RunningEndpoint, Callbacks], unit: str) -> None:
    endpoint, callbacks = measured
    user, session = endpoint.user(), f"said-{UNITS.index(unit)}"
    callbacks.clear()
    assert user.say(repeated(unit), session, session, enableTrace=True)
    assert user.say("What do you know about me?", session, session, enableTrace=True)
    user.end(session, session)
    assert user.await_summary(session, session)
    callbacks.check(unit)


STATES: dict[str, dict[str, Any]] = {
    "attributes": {"sessionAttributes": {"a": '"' * 1_000_000}, "promptSessionAttributes": {"b": "x " * 500_000}},
    "many attributes": {"promptSessionAttributes": {f"k{n}": "v" for n in range(20_000)}},
    "a long history": {
        "conversationHistory": {
            "messages": [
                {"role": ("user", "assistant")[n % 2], "content": [{"text": "I like tea. " * 20}]} for n in range(4_000)
            ]
        }
    },
}


@pytest.mark.parametrize("name", STATES)
def test_what_a_caller_brings_along_holds_nobody_up(measured: tuple[RunningEndpoint, Callbacks], name: str) -> None:
    endpoint, callbacks = measured
    user, session = endpoint.user(), name.replace(" ", "-")
    callbacks.clear()
    assert user.say("Hello", session, enableTrace=True, sessionState=STATES[name])
    callbacks.check(name)


@pytest.mark.slow
def test_an_answer_of_a_megabyte_streams_past_others(measured: tuple[RunningEndpoint, Callbacks]) -> None:
    endpoint, callbacks = measured
    user = endpoint.user()
    endpoint.do(changed(returning_control))
    found = user.events(BOOKING, "returned", "returned") + user.events("yes", "returned", "returned")
    *_, control = [event["returnControl"] for event in found if "returnControl" in event]
    call = control["invocationInputs"][0]["functionInvocationInput"]
    body = {"TEXT": {"body": repeated("No seats in Rome. ", 200_000)}}
    result = {"actionGroup": call["actionGroup"], "function": call["function"], "responseBody": body}
    callbacks.clear()
    answer = user.say(
        "",
        "returned",
        "returned",
        enableTrace=True,
        streamingConfigurations={"streamFinalResponse": True},
        sessionState={
            "invocationId": control["invocationId"],
            "returnControlInvocationResults": [{"functionResult": {**result, "responseState": "REPROMPT"}}],
        },
    )
    assert "No seats in Rome." in answer
    callbacks.check("a result")


def test_large_items_hold_nobody_up(measured: tuple[RunningEndpoint, Callbacks]) -> None:
    endpoint, callbacks = measured
    aws = Aws(endpoint)
    callbacks.clear()
    item = {"id": {"S": "large"}, "list": {"L": [{"N": "1"}] * 20_000}, "text": {"S": "x" * 100_000}}
    aws.dynamodb.put_item(TableName="items", Item=item)
    assert aws.dynamodb.get_item(TableName="items", Key={"id": {"S": "large"}})["Item"] == item
    with refused("ValidationException", "Item size"):
        aws.dynamodb.put_item(TableName="items", Item={"id": {"S": "larger"}, "list": {"L": [{"N": "1"}] * 60_000}})
    aws.close()
    callbacks.check("an item")


@pytest.mark.parametrize("depth", [300, 480, 100_000])
def test_what_is_nested_too_deep_is_refused_in_words(measured: tuple[RunningEndpoint, Callbacks], depth: int) -> None:
    value = '{"L":[' * depth + '{"S":"x"}' + "]}" * depth
    status, answer = _post(measured[0], "PutItem", f'{{"TableName":"items","Item":{{"id":{{"S":"n"}},"x":{value}}}}}')
    assert status == 400
    assert answer["__type"] == "SerializationException"
    assert "nested too deep" in answer["message"] or "not JSON" in answer["message"]


def test_what_does_not_fit_in_very_many_ways_is_refused_with_some_of_them(
    measured: tuple[RunningEndpoint, Callbacks],
) -> None:
    endpoint, callbacks = measured
    callbacks.clear()
    keys = [{"wrong": 1}] * 50_000
    status, answer = _post(endpoint, "CreateTable", json.dumps({"TableName": "wrong", "KeySchema": keys}))
    assert status == 400
    assert answer["message"].startswith("100 or more validation errors detected: ")
    callbacks.check("faults")


def test_a_memory_that_is_deleted_while_it_is_written_stays_deleted() -> None:
    with running_endpoint(summary_delay=3600.0) as endpoint:
        user = endpoint.user()

        def ended(session: str) -> SummaryJob:
            """The summary of a session that was ended, as whoever writes it takes it up."""
            user.say("I like tea", session, "anna")
            user.end(session, "anna")
            pending = endpoint.do(lambda of: of.memories.first_due(math.inf))
            assert pending is not None
            return pending

        taken_up = ended("s-1")
        user.client.delete_agent_memory(**AGENT, memoryId="anna")
        endpoint.do(lambda of: of.memories.store(taken_up, "Anna likes tea.", None))
        assert user.memories("anna") == []
        again = ended("s-1")
        endpoint.do(lambda of: of.memories.store(taken_up, "Anna likes tea.", None))
        assert user.memories("anna") == [], "nor is it taken for the next session of that id"
        endpoint.do(lambda of: of.memories.store(again, "Anna likes tea, again.", None))
        assert [found["summaryText"] for found in user.memories("anna")] == ["Anna likes tea, again."]


def _nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(depth):
        value = {"L": [value]}
    return value


def _post(endpoint: RunningEndpoint, operation: str, body: str) -> tuple[int, dict[str, Any]]:
    """What DynamoDB's operation answers to a body that boto3 would not send."""
    scope = "Credential=any/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
    headers = {
        "x-amz-target": f"DynamoDB_20120810.{operation}",
        "content-type": "application/x-amz-json-1.0",
        "authorization": f"AWS4-HMAC-SHA256 {scope}",
    }
    connection = http.client.HTTPConnection(endpoint.url.removeprefix("http://"))
    try:
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
