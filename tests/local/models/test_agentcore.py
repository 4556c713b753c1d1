"""AgentCore with a language model: InvokeHarness with inline functions, and records by the strategies' prompts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import EventStreamError

from tests.endpoint import RunningEndpoint, client_at, until
from tests.local.agentcore.clients import DEMO, said
from tests.local.models.model_server import ModelServer, Raw, Refused, Said, chunk, sse
from tests.local.models.test_turns import BOOK, TRIP
from travel_tui.local.agent_model import ModelError
from travel_tui.local.memory_extraction.drafts import REFLECTION
from travel_tui.local.memory_extraction.strategy_kinds import EPISODES, FACTS, PREFERENCES, SUMMARIES
from travel_tui.local.models.memory_prompts import read_records

ARN = f"arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/{DEMO}"
ACTOR = {"actorId": "anna", "runtimeSessionId": "a-session-of-anna-that-is-long-enough"}


def invoke(client: Any, content: list[dict[str, Any]], **more: Any) -> list[dict[str, Any]]:
    """The events of a call."""
    asked = {"harnessArn": ARN, "messages": [{"role": "user", "content": content}], **ACTOR, **more}
    answer = client.invoke_harness(**asked)
    with closing(answer["stream"]) as events:
        return list(events)


def settle(endpoint: RunningEndpoint) -> None:
    """Wait until nothing is to be extracted, which asks the model as well."""
    until(lambda: not endpoint.do(lambda e: list(e.agentcore.queue.pending_overview(e.clock.seconds()))))


@pytest.fixture(scope="module")
def client(endpoint: RunningEndpoint) -> Iterator[Any]:
    """A client of AgentCore."""
    with closing(client_at(endpoint.url, service="bedrock-agentcore")) as opened:
        yield opened


def test_a_harness_calls_and_tells_and_records_are_made_by_the_model(
    server: ModelServer, endpoint: RunningEndpoint, client: Any
) -> None:
    record_prompts = [
        Said('<topic name="Paris">Anna flies to Paris.</topic>'),
        Said('```json\n["The user is called Anna."]\n```'),
        Said('[{"context": "asked", "preference": "Flies", "categories": ["travel"]}]'),
    ]
    server.says(Said("One moment.", calls=(BOOK,)), *record_prompts * 3)
    called = invoke(client, [{"text": "I am Anna; a trip to Paris, please"}])
    assert said(called) == "One moment."
    (use,) = [e["contentBlockStart"]["start"]["toolUse"] for e in called if "contentBlockStart" in e]
    written = "".join(
        event["contentBlockDelta"]["delta"].get("toolUse", {}).get("input", "")
        for event in called
        if "contentBlockDelta" in event
    )
    assert json.loads(written) == TRIP
    settle(endpoint)
    server.says(Said("Booked as 0a1b2c3d."), *record_prompts * 3)
    result = {"toolUseId": use["toolUseId"], "content": [{"text": "booking 0a1b2c3d"}], "status": "success"}
    assert said(invoke(client, [{"toolResult": result}])) == "Booked as 0a1b2c3d."
    user, call, returned = server.asked[0]["messages"][1:]
    assert user["content"] == "I am Anna; a trip to Paris, please"
    assert json.loads(call["tool_calls"][0]["function"]["arguments"]) == TRIP
    assert returned["content"] == "booking 0a1b2c3d"
    settle(endpoint)
    facts = client.list_memory_records(memoryId=DEMO, namespace="/facts/anna/")["memoryRecordSummaries"]
    assert [fact["content"]["text"] for fact in facts] == ["The user is called Anna."]

    server.says(Said("Anna."))
    assert said(invoke(client, [{"text": "Who am I?"}], runtimeSessionId="b" * 40)) == "Anna."
    system = server.asked[0]["messages"][0]["content"]
    assert "The user is called Anna." in system
    assert '<topic name="Paris">\nAnna flies to Paris.\n</topic>' in system  # as it was written


def test_a_model_that_fails_ends_the_stream_with_its_words(
    server: ModelServer, endpoint: RunningEndpoint, client: Any
) -> None:
    settle(endpoint)
    server.says(Refused(400, "context size exceeded"))
    with pytest.raises(EventStreamError, match=r"runtimeClientError.*context size exceeded"):
        invoke(client, [{"text": "Hello"}], runtimeSessionId="c" * 40)
    server.says(Raw(sse(chunk({"content": "Half"})), "break"))
    with pytest.raises(EventStreamError, match="broke off"):
        invoke(client, [{"text": "Hello"}], runtimeSessionId="c" * 40)


def test_a_job_whose_records_cannot_be_read_tells_what_the_model_wrote(
    server: ModelServer, endpoint: RunningEndpoint, client: Any
) -> None:
    settle(endpoint)
    server.says(Said("Hello."), *[Said("<topic name='x'>I am glad to know it.</topic>")] * 3)
    session = "e" * 40
    assert said(invoke(client, [{"text": "I live in Oslo"}], runtimeSessionId=session)) == "Hello."
    settle(endpoint)
    jobs = client.list_memory_extraction_jobs(memoryId=DEMO, filter={"sessionId": session})["jobs"]
    reasons = {job["failureReason"] for job in jobs}
    assert len(jobs) == 2  # facts and preferences
    assert all("records cannot be read" in reason and "glad to know it" in reason for reason in reasons)


def test_a_client_that_leaves_stops_the_model_and_what_was_said_is_kept(
    server: ModelServer, endpoint: RunningEndpoint, client: Any
) -> None:
    settle(endpoint)
    session = "d" * 40
    server.says(Raw(sse(chunk({"content": "Once upon a time"})), "keep"))
    said_before = [{"role": "user", "content": [{"text": "Tell me a story"}]}]
    answer = client.invoke_harness(harnessArn=ARN, messages=said_before, **ACTOR | {"runtimeSessionId": session})
    with closing(answer["stream"]) as events:
        until(lambda: "contentBlockDelta" in next(iter(events)))
    assert server.gone.wait(30)
    # The records of what was said are made by the model, too: those calls come first.
    server.says(*[Said("[]")] * 3)
    settle(endpoint)
    server.says(Said("A time."), *[Said("[]")] * 3)
    assert said(invoke(client, [{"text": "Upon what?"}], runtimeSessionId=session)) == "A time."
    assert [m["content"] for m in server.asked[0]["messages"][1:]] == [
        "Tell me a story",
        "Once upon a time",
        "Upon what?",
    ]
    stored = client.list_events(memoryId=DEMO, actorId="anna", sessionId=session)["events"]
    texts = [part["conversational"]["content"]["text"] for event in stored for part in event["payload"]]
    assert texts == ["Upon what?", "A time.", "Tell me a story", "Once upon a time"]


def test_a_model_that_takes_too_long_is_stopped(server: ModelServer, endpoint: RunningEndpoint, client: Any) -> None:
    settle(endpoint)
    server.says(Raw(sse(chunk({"content": "Once"})), "keep"), *[Said("[]")] * 3)
    events = invoke(client, [{"text": "A story"}], runtimeSessionId="f" * 40, timeoutSeconds=1)
    stops = [event["messageStop"]["stopReason"] for event in events if "messageStop" in event]
    assert (said(events), stops) == ("Once", ["timeout_exceeded"])


def test_what_a_model_writes_for_a_strategy_is_read_with_care() -> None:
    assert [d.text for d in read_records(FACTS, 'Sure: ["The user skis.", 7, " "] Done.')] == ["The user skis."]
    assert read_records(PREFERENCES, '[{"preference": 1}, "x"]') == []
    (summary,) = read_records(SUMMARIES, "<topic name='A & B'>She <b>skis</b></topic><topic name=\"C\">No")
    assert summary.text == (
        '<topic name="A &amp; B">\nShe &lt;b&gt;skis&lt;/b&gt;\n</topic>\n<topic name="C">\nNo\n</topic>'
    )
    (echoed,) = read_records(SUMMARIES, "<conversation>She skis.</conversation>")  # around what the model is given
    assert echoed.text == '<topic name="conversation">\nShe skis.\n</topic>'
    learned = '{"intent": "ski", "reflection": {"title": "Skiing", "confidence": 0.9}}'
    episode, reflection = read_records(EPISODES, learned)
    assert json.loads(episode.text) == {"intent": "ski"}
    assert (reflection.record_type, json.loads(reflection.text)["confidence"]) == (REFLECTION, "0.9")
    for kind in (FACTS, PREFERENCES, EPISODES):
        with pytest.raises(ModelError, match="cannot be read"):
            read_records(kind, "I would rather [not.")
