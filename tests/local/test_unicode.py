"""Half of a surrogate pair, which JSON can spell, in every place that a text comes from: the endpoint goes on."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from botocore.exceptions import EventStreamError

from tests.endpoint import AGENT, RunningEndpoint, running_endpoint
from tests.local.agents import changed, returning_control
from tests.local.test_function_code import BOOKING, create, lambdas
from tests.local.test_return_control import answer, returned_control
from travel_tui.local.models.chat import ChatCall
from travel_tui.local.models.tools import read_call
from travel_tui.local.openapi import functions_of
from travel_tui.local.openapi_document import SchemaError
from travel_tui.local.scripted_agent.messages import Function, FunctionParameter
from travel_tui.local.services.agentcore.invoke.recall import readable_record
from travel_tui.local.unicode import well_formed

NewId = Callable[[str], str]

CUT = r'{"emoji":"\ud83d","t":"cut"}'
RESPONSE = """
    response = {"actionGroup": event["actionGroup"], "function": event["function"],
                "functionResponse": {"responseBody": {"TEXT": {"body": "Booked, the booking id is 12ab34cd."}}}}
    answer = {"response": response}
    class Named(type):
        __name__ = property(lambda _: "\\ud800")
    class wrong(Exception, metaclass=Named):
        pass
"""
TOLD = {
    "JSON in the body": f"response['functionResponse']['responseBody']['TEXT']['body'] = {CUT!r}",
    "the body": "response['functionResponse']['responseBody']['TEXT']['body'] = 'cut \\ud800'",
    "session attributes": "answer['sessionAttributes'] = {'a\\ud800': '\\ud800'}",
    "prompt attributes": "answer['promptSessionAttributes'] = {'a\\ud800': '\\ud800'}",
}
FAILS = {
    "the action group": "response['actionGroup'] = '\\ud800'",
    "an error": "raise ValueError('\\ud800')",
    "an error's name": "raise wrong",
    "the whole answer": "return '\\ud800'",
    "a state": "response['functionResponse']['responseState'] = '\\ud800'",
}


@pytest.fixture(scope="module")
def functions() -> Iterator[tuple[RunningEndpoint, Callable[[str, str], str]]]:
    """An endpoint, and what makes a function there that the agent calls."""
    with running_endpoint() as endpoint, lambdas(endpoint) as client:

        def make(name: str, body: str) -> str:
            arn = create(client, name, f"{RESPONSE}\n    {body}\n    return answer")
            client.add_permission(
                FunctionName=name, StatementId="a", Action="lambda:InvokeFunction", Principal="bedrock.amazonaws.com"
            )
            endpoint.do(changed(lambda group: group.update(actionGroupExecutor={"lambda": arn})))
            return arn

        yield endpoint, make


@pytest.mark.parametrize("trace", [True, False])
@pytest.mark.parametrize("where", TOLD)
def test_a_functions_answer_is_told_with_the_replacement_character(functions: Any, where: str, trace: bool) -> None:
    endpoint, make = functions
    name = f"tells-{list(TOLD).index(where)}-{trace}"
    make(name, TOLD[where])
    user = endpoint.user()
    events = user.events(BOOKING, name, enableTrace=trace)
    said = json.dumps(events, default=lambda found: found.decode() if isinstance(found, bytes) else str(found))
    assert "\\ufffd" in said or where == "session attributes" or (where == "prompt attributes" and not trace)
    assert user.say("hello", name)


@pytest.mark.parametrize("trace", [True, False])
@pytest.mark.parametrize("where", FAILS)
def test_a_functions_wrong_answer_fails_the_turn_as_any_other(functions: Any, where: str, trace: bool) -> None:
    endpoint, make = functions
    name = f"fails-{list(FAILS).index(where)}-{trace}"
    make(name, FAILS[where])
    user = endpoint.user()
    with pytest.raises(EventStreamError) as error:
        user.events(BOOKING, name, enableTrace=trace)
    assert error.value.response["Error"]["Code"] == "dependencyFailedException"
    assert "\N{REPLACEMENT CHARACTER}" in error.value.response["Error"]["Message"] or where == "an error's name"


def test_a_returned_result_is_told_with_the_replacement_character(new_id: NewId) -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(returning_control))
        user, session = endpoint.user(), new_id("session")
        control = returned_control(user.events(BOOKING, session))
        said = answer(user, session, control, CUT)
        assert b"\xef\xbf\xbd" in b"".join(event["chunk"]["bytes"] for event in said if "chunk" in event)


def refusal(endpoint: RunningEndpoint, method: str, path: str, body: str, **headers: str) -> tuple[int, Any]:
    """The status and the content of an error."""
    asked = urllib.request.Request(endpoint.url + path, body.encode(), headers, method=method)
    with pytest.raises(HTTPError) as caught:
        urllib.request.urlopen(asked)
    return caught.value.code, json.load(caught.value)


TURN = f"/agents/{AGENT['agentId']}/agentAliases/{AGENT['agentAliasId']}/sessions/session-1/text"


def signed_for(service: str, target: str = "") -> dict[str, str]:
    """The headers that choose a service."""
    scope = f"AWS4-HMAC-SHA256 Credential=a/20270101/us-east-1/{service}/aws4_request, SignedHeaders=a, Signature=b"
    return {"authorization": scope, **({"x-amz-target": f"DynamoDB_20120810.{target}"} if target else {})}


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("PUT", "/agents/", r'{"agentName":"zz","idleSessionTTLInSeconds":"\ud800"}', {}),
        ("PUT", "/agents/", r'{"agentName":"zz","tags":"\ud800"}', {}),
        ("PUT", "/agents/", r'{"agentName":"zz","tags":{"\ud800":5}}', {}),
        ("PUT", "/agents/", r'{"agentName":"zz","memoryConfiguration":["\ud800"]}', {}),
        ("POST", TURN, r'{"inputText":"x","endSession":"\ud800"}', {}),
        ("POST", TURN, r'{"inputText":"x","memoryId":"\ud800"}', {}),
        ("POST", TURN, r'{"inputText":"x","sessionState":{"sessionAttributes":{"a":"\ud800"}}}', {}),
        ("POST", TURN, r'{"inputText":"x","sessionState":{"promptSessionAttributes":{"a":"\ud800"}}}', {}),
        ("POST", "/", r'{"TableName":"t","Key":"\ud800"}', signed_for("dynamodb", "GetItem")),
        ("POST", "/", r'{"TableName":"t","Key":{"\ud800":{"S":"\ud800"}}}', signed_for("dynamodb", "GetItem")),
        ("POST", "/2015-03-31/functions", r'{"FunctionName":"f","Timeout":"\ud800"}', signed_for("lambda")),
        ("PUT", "/2015-03-31/functions/f/code", '{"ZipFile":"ü"}', signed_for("lambda")),
        ("PUT", "/2015-03-31/functions/f/code", r'{"ZipFile":"\ud800"}', signed_for("lambda")),
    ],
)
def test_input_is_refused(
    endpoint: RunningEndpoint, method: str, path: str, body: str, headers: dict[str, str]
) -> None:
    status, content = refusal(endpoint, method, path, body, **headers)
    assert status == 400
    assert "validation error" in content.get("message", content.get("Message", ""))


def test_a_schema_is_refused() -> None:
    get = {"description": "get \ud800", "responses": {}}
    schema = json.dumps({"openapi": "3.0.0", "paths": {"/a": {"get": get}}})
    with pytest.raises(SchemaError, match="surrogate"):
        functions_of(schema, "group")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (r'{"preference": "Likes \ud83d"}', "The user likes \N{REPLACEMENT CHARACTER}."),
        ('{"preference": 5}', '{"preference": 5}'),
        ('{"preference": null}', '{"preference": null}'),
    ],
)
def test_a_preference_that_somebody_else_wrote_is_read(record: str, words: str) -> None:
    assert readable_record(record) == words


def test_two_halves_are_a_character_and_one_is_replaced() -> None:
    assert (
        well_formed("a\ud83d\ude00b\ud83dc\ude00") == "a\U0001f600b\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}"
    )


def test_a_models_arguments_are_cleaned() -> None:
    function = Function("get_weather", (FunctionParameter("city"),), "tells the weather")
    call = read_call(ChatCall("c-1", "get_weather", r'{"city": "Oslo \ud83d"}'), {"get_weather": function})
    assert call.parameters == {"city": "Oslo \N{REPLACEMENT CHARACTER}"}
