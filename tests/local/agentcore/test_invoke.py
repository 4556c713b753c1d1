"""InvokeHarness: the stream of a turn, inline functions, memory, and what is refused."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from tests.endpoint import running_endpoint, until
from tests.local.agentcore.clients import (
    DEMO,
    WEATHER_TOOL,
    AgentCore,
    call_in,
    result,
    said,
    session_id,
    stop_reason,
)
from tests.local.services.clients import refused

BOOKING = "Book a flight from Boston to Paris, 2031-09-01 to 2031-09-08"


def test_an_answer_is_a_message_with_usage(core: AgentCore, demo: str) -> None:
    events = core.invoke(demo, session_id(), "What can you do?")
    kinds = [kind for event in events for kind in event]
    assert kinds[0] == "messageStart"
    assert kinds[-3:] == ["contentBlockStop", "messageStop", "metadata"]
    assert set(kinds[1:-3]) == {"contentBlockDelta"}
    assert stop_reason(events) == "end_turn"
    usage = events[-1]["metadata"]["usage"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"] > 0


def test_a_function_is_called_with_the_types_of_its_schema(core: AgentCore) -> None:
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "description": "number of days"}},
        "required": ["city", "days"],
    }
    config = {"inlineFunction": {"description": "get the weather forecast of a city", "inputSchema": schema}}
    tool = {"type": "inline_function", "name": "get_forecast", "config": config}
    harness = core.harness(tools=[tool])
    session = session_id()
    asked = core.invoke(harness, session, "What is the weather forecast of Lisbon for 5 days?")
    while stop_reason(asked) != "tool_use":
        asked = core.invoke(harness, session, "5" if "days" in said(asked) else "Lisbon")
    _, name, given = call_in(asked)
    assert (name, given) == ("get_forecast", {"city": "Lisbon", "days": 5})


def test_a_call_waits_for_its_one_result(core: AgentCore) -> None:
    harness = core.harness(tools=[WEATHER_TOOL])
    session = session_id()
    events = core.invoke(harness, session, "What is the weather in Lisbon?")
    assert stop_reason(events) == "tool_use"
    tool_use_id, name, given = call_in(events)
    assert (name, given) == ("get_weather", {"city": "Lisbon"})
    for wrong in (result("tooluse_other", "x"), result(tool_use_id, "x") + result(tool_use_id, "y")):
        with refused("ValidationException"):
            core.invoke(harness, session, wrong)
    echoed: Any = [
        {"role": "assistant", "content": [{"toolUse": {"name": name, "toolUseId": tool_use_id, "input": given}}]},
        {"role": "user", "content": result(tool_use_id, "It rains in Lisbon.")},
    ]
    answer = core.invoke(harness, session, "", messages=echoed)
    assert "rains" in said(answer)
    assert stop_reason(answer) == "end_turn"
    with refused("ValidationException", "answers no pending call"):
        core.invoke(harness, session, result(tool_use_id, "again"))


def test_a_call_can_be_talked_past(core: AgentCore) -> None:
    harness = core.harness(tools=[WEATHER_TOOL])
    session = session_id()
    tool_use_id, *_ = call_in(core.invoke(harness, session, "What is the weather in Lisbon?"))
    assert stop_reason(core.invoke(harness, session, "Never mind, thanks.")) == "end_turn"
    with refused("ValidationException", "answers no pending call"):
        core.invoke(harness, session, result(tool_use_id, "It rains."))


def test_a_session_reloads_its_history_and_another_recalls_by_memory(core: AgentCore, demo: str) -> None:
    actor, session = session_id(), session_id()
    core.invoke(demo, session, "My name is Edda. I am allergic to penicillin.", actorId=actor)
    assert "Edda" in said(core.invoke(demo, session, "What is my name?", actorId=actor))
    core.await_text(DEMO, f"/facts/{actor}/", "penicillin")
    assert "penicillin" in said(core.invoke(demo, session_id(), "What am I allergic to?", actorId=actor))
    assert "penicillin" not in said(core.invoke(demo, session_id(), "What am I allergic to?", actorId=f"{actor}x"))
    events = core.data.list_events(memoryId=DEMO, actorId=actor, sessionId=session)["events"]
    texts = [p["conversational"]["content"]["text"] for event in events for p in event["payload"]]
    assert texts[0] == "What is my name?"


def test_calls_and_results_are_events_that_nobody_takes_for_words(core: AgentCore, demo: str) -> None:
    actor, session = session_id(), session_id()
    tool_use_id, name, _ = call_in(core.invoke(demo, session, BOOKING, actorId=actor))
    core.invoke(demo, session, result(tool_use_id, "Successfully booked. Your booking_id is 1a2b3c4d"), actorId=actor)
    second, first = core.data.list_events(memoryId=DEMO, actorId=actor, sessionId=session)["events"]
    assert first["payload"][1]["blob"]["message"]["content"][0]["toolUse"]["name"] == name == "book_trip"
    assert second["payload"][0]["blob"]["message"]["content"][0]["toolResult"]["toolUseId"] == tool_use_id
    core.await_text(DEMO, f"/summaries/{actor}/", "1a2b3c4d")
    assert not any("1a2b3c4d" in text for text in core.texts(DEMO, f"/facts/{actor}/"))
    assert "Paris" in said(core.invoke(demo, session_id(), "Which trips do I have?", actorId=actor))


def test_a_call_overrides_settings_for_itself(core: AgentCore) -> None:
    harness = core.harness()
    asked = "What is the weather in Lisbon?"
    assert stop_reason(core.invoke(harness, session_id(), asked)) == "end_turn"
    assert stop_reason(core.invoke(harness, session_id(), asked, tools=[WEATHER_TOOL])) == "tool_use"
    limited = core.harness(tools=[WEATHER_TOOL], allowedTools=["other"])
    assert stop_reason(core.invoke(limited, session_id(), asked)) == "end_turn"
    short = core.invoke(harness, session_id(), "What can you do?", maxTokens=3)
    assert (stop_reason(short), len(said(short))) == ("max_output_tokens_exceeded", 12)
    small = {"bedrockModelConfig": {"modelId": "m", "maxTokens": 2}}
    short = core.invoke(harness, session_id(), "What can you do?", maxTokens=3, model=small)
    assert (stop_reason(short), len(said(short))) == ("max_tokens", 8)
    thinking = {"bedrockModelConfig": {"modelId": "m", "additionalParams": {"thinking": {"type": "enabled"}}}}
    events = core.invoke(harness, session_id(), "hello", model=thinking)
    assert "reasoningContent" in events[1]["contentBlockDelta"]["delta"]


def test_a_call_ends_when_its_time_is_over() -> None:
    with running_endpoint(pace=40) as own, closing(AgentCore(own)) as core:
        harness = core.harness(timeoutSeconds=1)
        events = core.invoke(harness, session_id(), "What can you do?")
        assert stop_reason(events) == "timeout_exceeded"
        assert 0 < len(said(events)) <= 160


def test_a_conversation_that_is_brought_along_counts_in_a_new_session(core: AgentCore) -> None:
    harness = core.harness()
    history = [
        {"role": "user", "content": [{"text": "My name is Edda."}]},
        {"role": "assistant", "content": [{"text": "Hello Edda."}]},
        {"role": "user", "content": [{"text": "What is my name?"}]},
    ]
    assert "Edda" in said(core.invoke(harness, session_id(), "", messages=history))


def test_only_a_harness_with_memory_says_that_it_remembers(core: AgentCore, demo: str) -> None:
    assert "I remember what you tell me." in said(core.invoke(demo, session_id(), "What can you do?"))
    arn = core.control.get_memory(memoryId=core.memory(strategies=[]))["memory"]["arn"]
    without: list[dict[str, Any]] = [{"disabled": {}}, {"agentCoreMemoryConfiguration": {"arn": arn}}]
    for memory in without:
        answer = said(core.invoke(core.harness(memory=memory), session_id(), "What can you do?"))
        assert "I remember what you tell me in this session." in answer


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"runtimeSessionId": "s" * 101}, "less than or equal to 100"),
    ({"runtimeSessionId": "-" + "s" * 40}, "regular expression"),
    ({"actorId": "anna@example.com"}, "actorId"),
    ({"messages": []}, "role user"),
    ({"messages": [{"role": "assistant", "content": [{"text": "x"}]}]}, "role user"),
    ({"messages": [{"role": "system", "content": [{"text": "x"}]}]}, "enum"),
    ({"messages": [{"role": "user", "content": []}]}, "no text"),
    ({"messages": [{"role": "user", "content": [{"text": " "}]}]}, "no text"),
    (
        {"messages": [{"role": "user", "content": [{"toolUse": {"name": "a", "toolUseId": "b", "input": {}}}]}]},
        "must not contain toolUse",
    ),
    ({"maxIterations": -1}, "maxIterations"),
    (
        {"harnessArn": "arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/has-hyphen-x-0123456789"},
        "regular expression",
    ),
]


def test_what_is_refused_leaves_no_event(core: AgentCore, demo: str) -> None:
    actor = session_id()
    for changed, words in REFUSED:
        asked = {
            "harnessArn": demo,
            "runtimeSessionId": session_id(),
            "actorId": actor,
            "messages": [{"role": "user", "content": [{"text": "hello"}]}],
        }
        with refused("ValidationException", words):
            core.data.invoke_harness(**{**asked, **changed})
    assert core.data.list_sessions(memoryId=DEMO, actorId=actor)["sessionSummaries"] == []


def test_a_harness_whose_memory_is_gone_fails(core: AgentCore) -> None:
    memory_id = core.memory()
    arn = core.control.get_memory(memoryId=memory_id)["memory"]["arn"]
    harness = core.harness(memory={"agentCoreMemoryConfiguration": {"arn": arn}})
    core.control.delete_memory(memoryId=memory_id)
    until(lambda: memory_id not in json.dumps(core.control.list_memories(maxResults=100), default=str))
    with pytest.raises(core.data.exceptions.RuntimeClientError) as failure:
        core.invoke(harness, session_id(), "hello")
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 424
