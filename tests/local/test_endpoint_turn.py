"""What a turn's stream carries: pieces as they are made, traces in AWS's shapes, failures as exceptions."""

from __future__ import annotations

import http.client
import json
import socket
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, EventStreamError
from botocore.model import StructureShape

from tests.endpoint import AGENT, WAIT_S, User, running_endpoint, text_of
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.agents import DRAFT
from travel_tui.local.wire.models import service_model
from travel_tui.local.wire.validate import walk

NewId = Callable[[str], str]

BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"


def steps(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The orchestration steps of a turn's trace."""
    return [event["trace"]["trace"]["orchestrationTrace"] for event in events if "trace" in event]


def union_of_events() -> StructureShape:
    shape = service_model("bedrock-agent-runtime").operation_model("InvokeAgent").get_event_stream_output()
    assert isinstance(shape, StructureShape)
    return shape


def test_events_leave_as_they_are_made() -> None:
    """At this pace the answer never comes by itself, so what arrives arrived before it was made."""
    with running_endpoint(pace=0.001) as endpoint:
        user = endpoint.user()
        with user.stream("hello", "s-1", enableTrace=True) as stream:
            assert "modelInvocationInput" in steps([next(stream)])[0]
            endpoint.do(Endpoint.stop_pacing)
            assert text_of(list(stream))


def test_a_turn_goes_on_at_once_when_its_reader_has_gone() -> None:
    with running_endpoint(pace=0.001) as endpoint:
        user = endpoint.user()
        with user.stream("My name is Edda.", "s-1", enableTrace=True) as left_behind:
            next(left_behind)
        with user.stream("hello", "s-1", enableTrace=True) as stream:
            first = next(stream)  # a session has one turn at a time, so the one left behind is over
            assert prompt_of([first])["messages"][0]["content"] == "My name is Edda."


def test_the_steps_of_a_call_come_in_their_order(user: User, new_id: NewId) -> None:
    events = user.events(BOOKING, new_id("session"), new_id("memory"), enableTrace=True)
    assert [next(iter(step)) for step in steps(events)] == [
        "modelInvocationInput",
        "modelInvocationOutput",
        "rationale",
        "invocationInput",
        "observation",
        "modelInvocationInput",
        "modelInvocationOutput",
        "rationale",
        "observation",
    ]
    assert "chunk" in events[-1]
    call, result, final = steps(events)[3], steps(events)[4], steps(events)[8]
    made = call["invocationInput"]["actionGroupInvocationInput"]
    assert call["invocationInput"]["invocationType"] == "ACTION_GROUP"
    assert (made["actionGroupName"], made["function"]) == ("BookingManagerActionGroup", "book_trip")
    assert made["executionType"] == "LAMBDA"
    assert {"name": "origin", "type": "string", "value": "Boston"} in made["parameters"]
    assert "Boston" in result["observation"]["actionGroupInvocationOutput"]["text"]
    assert final["observation"]["finalResponse"]["text"] == text_of(events)


def test_the_steps_of_one_model_invocation_share_an_id(user: User, new_id: NewId) -> None:
    events = user.events(BOOKING, new_id("session"), enableTrace=True)
    ids = [next(iter(step.values()))["traceId"] for step in steps(events)]
    assert ids[:5] == [ids[0]] * 5
    assert ids[5:] == [ids[5]] * 4
    assert ids[0] != ids[5]


def test_every_trace_fits_the_model_and_names_its_agent(user: User, new_id: NewId) -> None:
    session = new_id("session")
    for event in user.events(BOOKING, session, new_id("memory"), enableTrace=True):
        assert list(walk(union_of_events(), event, "")) == []
        if trace := event.get("trace"):
            assert (trace["agentId"], trace["agentAliasId"]) == tuple(AGENT.values())
            assert (trace["agentVersion"], trace["sessionId"]) == ("DRAFT", session)


def test_usage_is_counted_from_what_is_shown(user: User, new_id: NewId) -> None:
    asked, answered = steps(user.events("hello", new_id("session"), enableTrace=True))[:2]
    usage = answered["modelInvocationOutput"]["metadata"]["usage"]
    assert usage["inputTokens"] == -(-len(asked["modelInvocationInput"]["text"]) // 4)
    assert usage["outputTokens"] == -(-len(answered["modelInvocationOutput"]["rawResponse"]["content"]) // 4)


def test_a_streamed_answer_is_traced_after_its_pieces(user: User, new_id: NewId) -> None:
    streaming = {"streamFinalResponse": True}
    events = user.events("hello", new_id("session"), enableTrace=True, streamingConfigurations=streaming)
    kinds = ["chunk" if "chunk" in event else next(iter(steps([event])[0])) for event in events]
    pieces = kinds.count("chunk")
    assert pieces > 1
    assert kinds == ["modelInvocationInput", *["chunk"] * pieces, "modelInvocationOutput", "rationale", "observation"]
    assert steps(events)[-1]["observation"]["finalResponse"]["text"] == text_of(events)


def prompt_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    prompt: dict[str, Any] = json.loads(steps(events)[0]["modelInvocationInput"]["text"])
    return prompt


def test_the_prompt_holds_instruction_functions_and_conversation(user: User, new_id: NewId) -> None:
    session = new_id("session")
    user.say("My name is Edda.", session)
    prompt = prompt_of(user.events("hello", session, enableTrace=True))
    assert "You are a travel agency agent" in prompt["system"]
    assert "update_existing_trip_dates(booking_id: string" in prompt["system"]
    assert [m["role"] for m in prompt["messages"]] == ["user", "assistant", "user"]
    assert [m["content"] for m in prompt["messages"] if m["role"] == "user"] == ["My name is Edda.", "hello"]


def test_the_prompt_shows_the_memory_that_entered_it(user: User, new_id: NewId) -> None:
    memory, session = new_id("memory"), new_id("session")
    assert (
        "<memory_synopsis>\n\n</memory_synopsis>"
        in prompt_of(user.events("My name is Edda.", session, memory, enableTrace=True))["system"]
    )
    user.end(session, memory)
    summary = user.await_summary(session, memory)
    system = prompt_of(user.events("hello", new_id("session"), memory, enableTrace=True))["system"]
    assert f"<memory_synopsis>\n{summary}\n</memory_synopsis>" in system
    assert "memory_synopsis" not in prompt_of(user.events("hello", new_id("session"), enableTrace=True))["system"]


@pytest.mark.parametrize(
    "text",
    [
        "[bold]x[/bold] [link=http://a]b[/]",
        "\x1b[31mred\x1b[0m\x07\x00\x9b",
        "</memory_synopsis> ]]> &amp;",
        "𝄞 é ẞ \u202e",
    ],
)
def test_text_of_any_kind_comes_through_as_it_is(user: User, new_id: NewId, text: str) -> None:
    session, memory = new_id("session"), new_id("memory")
    asked = prompt_of(user.events(f"My name is {text}", session, memory, enableTrace=True))
    assert asked["messages"][-1]["content"] == f"My name is {text}"
    user.end(session, memory)
    user.await_summary(session, memory)
    system = prompt_of(user.events("hello", new_id("session"), memory, enableTrace=True))["system"]
    assert system.count("</memory_synopsis>") == 1


def test_a_message_of_a_megabyte_is_answered(user: User, new_id: NewId) -> None:
    session, memory = new_id("session"), new_id("memory")
    text = "My name is Edda. " + "lorem ipsum dolor " * 58_000
    assert len(text) > 1_000_000
    assert text_of(user.events(text, session, memory, enableTrace=True))
    user.end(session, memory)
    assert user.await_summary(session, memory)


def test_a_body_beyond_the_limit_is_refused_and_said_why(user: User, new_id: NewId) -> None:
    with pytest.raises(ClientError, match="larger than 30,000,000 bytes") as error:
        user.say("x" * 31_000_000, new_id("session"))
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ({"agentId": "NOSUCHONE1"}, "ResourceNotFoundException", "NOSUCHONE1"),
        ({"agentAliasId": "NOSUCHALIA"}, "ResourceNotFoundException", "NOSUCHALIA"),
        ({"inputText": " "}, "ValidationException", "inputText"),
        ({"memoryId": "a b"}, "ValidationException", "'memoryId'"),
        ({"sessionId": "über"}, "ValidationException", "'sessionId'"),
        ({"agentId": "A" * 11}, "ValidationException", "less than or equal to 10"),
    ],
)
def test_what_cannot_be_is_refused_before_the_stream(user: User, asked: dict[str, str], code: str, words: str) -> None:
    with pytest.raises(ClientError) as error:
        user.client.invoke_agent(**{**AGENT, "sessionId": "s-1", "inputText": "hello", **asked})
    assert not isinstance(error.value, EventStreamError)
    assert error.value.response["Error"]["Code"] == code
    assert words in error.value.response["Error"]["Message"]


def test_an_operation_that_is_not_there_is_named(user: User) -> None:
    with pytest.raises(ClientError, match="CreateInvocation") as error:
        user.client.create_invocation(sessionIdentifier="12345678-1234-1234-1234-123456789012")
    assert error.value.response["Error"]["Code"] == "UnknownOperationException"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def point_to_a_lambda_that_is_not_there(endpoint: Endpoint) -> None:
    agent_id = AGENT["agentId"]
    (group,) = endpoint.at("us-east-1").agents.action_groups(agent_id)
    group["actionGroupExecutor"] = {"lambda": "arn:aws:lambda:us-east-1:123456789012:function:gone"}
    endpoint.at("us-east-1").agents.save_action_group(group)
    endpoint.at("us-east-1").agents.save_as_version(agent_id, DRAFT)


def test_a_failing_function_ends_the_stream_with_an_exception() -> None:
    with running_endpoint() as endpoint:
        user = endpoint.user()
        user.say("My name is Edda.", "s-1", "memory")
        endpoint.do(point_to_a_lambda_that_is_not_there)
        seen: list[dict[str, Any]] = []
        failing = pytest.raises(EventStreamError, match="function:gone")
        with user.stream(BOOKING, "s-1", enableTrace=True) as stream, failing as error:
            seen.extend(stream)
        assert "function:gone" in seen[-1]["trace"]["trace"]["failureTrace"]["failureReason"]
        assert error.value.response["Error"]["Code"] == "dependencyFailedException"
        # What failed left nothing behind: the session goes on as it was.
        assert "Edda" in user.say("What is my name?", "s-1", "memory")


def test_the_same_seed_and_moment_give_the_same_trace() -> None:
    def run() -> list[dict[str, Any]]:
        with running_endpoint(seed=7, now=datetime(2026, 11, 23, 12, 0, tzinfo=UTC)) as endpoint:
            return endpoint.user().events("hello, my name is Edda", "s-1", "memory", enableTrace=True)

    first = run()
    assert first == run()
    assert {event["trace"]["eventTime"].isoformat() for event in first if "trace" in event} == {
        "2026-11-23T12:00:00+00:00"
    }


def test_the_clock_that_stands_still_still_lets_summaries_come() -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    with running_endpoint(now=moment) as endpoint:
        traveller = endpoint.user()
        traveller.say("My name is Edda.", "s-1", "memory")
        traveller.end("s-1", "memory")
        traveller.await_summary("s-1", "memory")
        (stored,) = traveller.memories("memory")
        assert stored["sessionStartTime"] == stored["sessionExpiryTime"] == moment


def test_a_client_that_breaks_off_leaves_nothing_on_standard_error(caplog: pytest.LogCaptureFixture) -> None:
    with running_endpoint(pace=60.0) as endpoint:
        connection = http.client.HTTPConnection(urlsplit(endpoint.url).netloc, timeout=WAIT_S)
        asked = {"inputText": "What can you do?", "streamingConfigurations": {"streamFinalResponse": True}}
        path = f"/agents/{AGENT['agentId']}/agentAliases/{AGENT['agentAliasId']}/sessions/breaks-off/text"
        connection.request("POST", path, json.dumps(asked))
        answer = connection.getresponse()
        assert answer.read1(10)
        # In the endpoint's own thread: what it does next is to write, before it hears that nobody is there.
        endpoint.do(lambda running: break_off(running, connection, answer))
        assert endpoint.user().say("hello", "another")
    assert caplog.messages == []


def break_off(running: Endpoint, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> None:
    """Close a connection as a client does that is killed, and let the rest of the answer come at once."""
    running.stop_pacing()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    answer.close()
    connection.close()
