"""Turns that a language model answers: calls, streams, reasoning, usage, and everything that it can do wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EventStreamError

from tests.endpoint import RunningEndpoint, User, text_of, until
from tests.local.models.model_server import DIALECTS, IN, OUT, ModelServer, Raw, Refused, Said, chunk, sse

TRIP = {
    "origin": "Boston",
    "destination": "Paris",
    "start_date": "2027-09-01",
    "end_date": "2027-09-08",
    "transportation_mode": "AIR",
}
BOOK = ("book_trip", TRIP)
STREAMED: dict[str, Any] = {"streamingConfigurations": {"streamFinalResponse": True}, "enableTrace": True}


def steps(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The steps of a kind in a turn's orchestration trace."""
    traces = [event["trace"]["trace"].get("orchestrationTrace", {}) for event in events if "trace" in event]
    return [trace[kind] for trace in traces if kind in trace]


def collect(user: User, session: str, events: list[dict[str, Any]]) -> None:
    """Add the events of a turn as they come, also those before an error."""
    with user.stream("Hello", session, **STREAMED) as stream:
        for event in stream:
            events.append(event)  # noqa: PERF402 `extend` loses what came before the error


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_function_is_called_and_its_result_told(
    server: ModelServer, user: User, dialect: str, new_id: Callable[[str], str]
) -> None:
    server.dialect = DIALECTS[dialect]
    server.says(Said(calls=(BOOK,), reasoning="A trip is wanted."), Said("Your trip is booked. Enjoy Paris!"))
    events = user.events("A trip to Paris, please", new_id("session"), **STREAMED)

    assert text_of(events) == "Your trip is booked. Enjoy Paris!"
    assert sum("chunk" in event for event in events) > 1
    (made,) = [s["actionGroupInvocationInput"] for s in steps(events, "invocationInput")]
    assert {p["name"]: p["value"] for p in made["parameters"]} == TRIP
    booked = steps(events, "observation")[0]["actionGroupInvocationOutput"]["text"]
    assert server.asked[1]["messages"][-1] == {
        "role": "tool",
        "tool_call_id": server.asked[1]["messages"][-2]["tool_calls"][0]["id"],
        "content": booked,
    }
    usage = [output["metadata"].get("usage") for output in steps(events, "modelInvocationOutput")]
    expected = None if dialect == "old Ollama" else {"inputTokens": IN, "outputTokens": OUT}
    assert usage == [expected, expected]
    assert steps(events, "rationale")[0]["text"] == "A trip is wanted."


def test_the_trace_shows_what_the_model_was_given(
    server: ModelServer, user: User, new_id: Callable[[str], str]
) -> None:
    session = new_id("session")
    server.says(Said("Hello Anna."))
    user.say("I am Anna", session, "anna")
    server.says(Said("You are Anna."))
    events = user.events("Who am I?", session, "anna", **STREAMED)
    (shown,) = [json.loads(step["text"]) for step in steps(events, "modelInvocationInput")]
    system, *said = server.asked[0]["messages"]
    assert system == {"role": "system", "content": shown["system"]}
    assert said == shown["messages"]
    assert [message["content"] for message in said] == ["I am Anna", "Hello Anna.", "Who am I?"]
    assert "<memory_synopsis>" in shown["system"]
    assert "Today is " in shown["system"]
    assert {tool["function"]["name"] for tool in server.asked[0]["tools"]} >= {"book_trip"}


def test_several_calls_of_one_answer_are_made_in_order(
    server: ModelServer, user: User, new_id: Callable[[str], str]
) -> None:
    there = {**TRIP, "destination": "Rome"}
    server.says(Said(calls=(BOOK, ("book_trip", there))), Said("Both are booked."))
    events = user.events("Two trips", new_id("session"), **STREAMED)
    made = [step["actionGroupInvocationInput"]["parameters"] for step in steps(events, "invocationInput")]
    assert [next(p["value"] for p in each if p["name"] == "destination") for each in made] == ["Paris", "Rome"]
    assert len(server.asked) == len(steps(events, "modelInvocationInput")) == 2
    assert [m["role"] for m in server.asked[1]["messages"][-4:]] == ["assistant", "tool", "assistant", "tool"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("book_trip", {"origin": "Boston"}), "destination is missing"),
        (("book_trip", {**TRIP, "hotel": "Ritz"}), "hotel is not a parameter"),
        (("book_trip", '{"origin": "Bos'), "not a JSON object"),
        (("book_trip", {**TRIP, "origin": ["Boston"]}), "origin must be of type string"),
        (("rm_rf", {}), "no function 'rm_rf'"),
    ],
    ids=["missing", "unknown", "broken JSON", "type", "undeclared"],
)
def test_a_wrong_call_is_not_made_and_gets_one_repair(
    server: ModelServer, user: User, wrong: Any, told: str, new_id: Callable[[str], str]
) -> None:
    server.says(Said(calls=(wrong,)), Said(calls=(BOOK,)), Said("Done."))
    events = user.events("A trip", new_id("session"), **STREAMED)
    assert text_of(events) == "Done."
    assert told in server.asked[1]["messages"][-1]["content"]
    assert len(steps(events, "invocationInput")) == 1
    assert len(steps(events, "modelInvocationInput")) == len(steps(events, "modelInvocationOutput")) == 3

    server.says(Said(calls=(wrong,)), Said(calls=(wrong,)))
    with pytest.raises(EventStreamError, match=r"dependencyFailedException.*also when told so") as caught:
        user.events("A trip", new_id("session"))
    assert told in str(caught.value)
    assert len(server.asked) == 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_reasoning_is_traced_and_not_answered(
    server: ModelServer, user: User, dialect: str, new_id: Callable[[str], str]
) -> None:
    server.dialect = DIALECTS[dialect]
    server.says(Said("Forty-two.", reasoning="Let me think: six times seven."))
    events = user.events("What is it?", new_id("session"), **STREAMED)
    assert text_of(events) == "Forty-two."
    (output,) = steps(events, "modelInvocationOutput")
    assert output["reasoningContent"]["reasoningText"]["text"] == "Let me think: six times seven."


LOST = sse(chunk({"content": "Half an ans"}))


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([Refused(400, "The request exceeds the available context size.")], "exceeds the available context size"),
        ([Refused(404, "model 'm' not found")], "model 'm' not found"),
        ([Refused(429, "Too many requests", {"retry-after-ms": "1"})] * 3, "Too many requests"),
        ([Raw(LOST, "break")], "cannot be reached, or broke off"),
        ([Raw(LOST + sse("[DONE]"))], "ended in the middle"),
        ([Raw(LOST + sse('{"choices": [{"del'))], "cannot be read"),
        ([Raw(LOST + sse({"error": {"message": "CUDA out of memory", "code": 500}}))], "CUDA out of memory"),
        ([Raw(LOST, "keep")], "said nothing for 1 s"),
        ([Said("")], "answered nothing"),
        ([Said("", finish="length")], "within its limit of tokens"),
    ],
    ids=[
        "context", "unknown model", "rate", "lost", "cut off", "broken JSON", "error in stream", "slow",
        "empty", "limit",
    ],
)  # fmt: skip
def test_a_model_that_fails_ends_the_turn_with_its_words(
    server: ModelServer, user: User, answers: list[Any], words: str, new_id: Callable[[str], str]
) -> None:
    session = new_id("session")
    server.says(*answers)
    events: list[dict[str, Any]] = []
    with pytest.raises(EventStreamError, match="dependencyFailedException") as caught:
        collect(user, session, events)
    assert words in events[-1]["trace"]["trace"]["failureTrace"]["failureReason"]
    assert words in str(caught.value)
    server.says(Said("Here I am."))
    assert user.say("Still there?", session) == "Here I am."


def test_a_model_that_is_busy_once_is_asked_again(
    server: ModelServer, user: User, new_id: Callable[[str], str]
) -> None:
    server.says(Refused(429, "Too many requests", {"retry-after-ms": "1"}), Said("Now."))
    assert user.say("Hello", new_id("session")) == "Now."


def test_a_client_that_leaves_stops_the_model_and_what_was_said_is_kept(
    server: ModelServer, endpoint: RunningEndpoint, user: User, new_id: Callable[[str], str]
) -> None:
    session = new_id("session")
    server.says(Raw(sse(chunk({"content": "Once upon a time"})), "keep"))
    with user.stream("Tell me a story", session, **STREAMED) as events:
        until(lambda: "chunk" in next(events))
    assert server.gone.wait(30)
    server.says(Said("A time."))
    assert user.say("Upon what?", session) == "A time."
    assert [m["content"] for m in server.asked[0]["messages"][1:]] == [
        "Tell me a story",
        "Once upon a time",
        "Upon what?",
    ]


def test_text_before_a_call_is_part_of_the_answer(
    server: ModelServer, user: User, new_id: Callable[[str], str]
) -> None:
    server.says(Said("One moment.", calls=(BOOK,)), Said("Booked."))
    assert user.say("A trip", new_id("session")) == "One moment.\n\nBooked."


def test_a_session_is_summarised_by_the_model_and_recalled(
    server: ModelServer, user: User, new_id: Callable[[str], str]
) -> None:
    session, memory = new_id("session"), new_id("memory")
    server.says(Said("Nice to meet you, Anna."), Said("<summary><topic name='user profile'>Anna &<eats> no meat."))
    user.say("I am Anna & I eat no meat", session, memory)
    user.end(session, memory)
    found = user.await_summary(session, memory)
    assert found == "<summary><topic name='user profile'>\nAnna &amp;&lt;eats&gt; no meat.\n</topic></summary>"
    assert "User: I am Anna & I eat no meat" in server.asked[1]["messages"][1]["content"]
    server.says(Said("No meat."))
    user.say("What do I eat?", new_id("session"), memory)
    assert found in server.asked[0]["messages"][0]["content"]
