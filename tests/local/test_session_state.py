"""What a caller hands to a session: attributes of the session and of one turn, and a conversation from before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.endpoint import AGENT, RunningEndpoint, User, running_endpoint, text_of
from tests.local.agents import changed
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.runtime.functions import FunctionCode

NewId = Callable[[str], str]

BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"
ECHO = """
import json
def lambda_handler(event, context):
    print("called for", event["sessionId"])
    told = {name: event[name] for name in ("sessionAttributes", "promptSessionAttributes")}
    body = {"TEXT": {"body": "ECHO " + json.dumps(told)}}
    answer = {"actionGroup": event["actionGroup"], "function": event["function"],
              "functionResponse": {"responseState": "REPROMPT", "responseBody": body}}
    attributes = {**event["sessionAttributes"], "calls": str(1 + int(event["sessionAttributes"].get("calls", "0")))}
    return {"response": answer, "sessionAttributes": attributes}
"""


def echoing(folder: Path, printed: list[str]) -> Any:
    """Puts code behind the built-in agent's action group that answers with the attributes it got."""
    (folder / "lambda_function.py").write_text(ECHO)

    def change(endpoint: Endpoint) -> None:
        endpoint.functions.find = lambda arn: FunctionCode(arn, "echo", folder)
        endpoint.functions.log = lambda _, text: printed.append(text)

    return change


def echoed(answer: str) -> dict[str, dict[str, str]]:
    """The attributes that an answer repeats."""
    start = answer.index("ECHO ") + 5
    found: dict[str, dict[str, str]] = json.JSONDecoder().raw_decode(answer[start:])[0]
    return found


def test_attributes_of_a_session_stay_and_those_of_a_turn_go(tmp_path: Path) -> None:
    printed: list[str] = []
    with running_endpoint() as endpoint:
        endpoint.do(echoing(tmp_path, printed))
        user = endpoint.user()
        first = echoed(
            user.say(
                BOOKING,
                "s-1",
                sessionState={"sessionAttributes": {"tier": "gold"}, "promptSessionAttributes": {"tone": "kind"}},
            )
        )
        assert first == {"sessionAttributes": {"tier": "gold"}, "promptSessionAttributes": {"tone": "kind"}}
        second = echoed(user.say(BOOKING, "s-1"))
        assert second == {"sessionAttributes": {"tier": "gold", "calls": "1"}, "promptSessionAttributes": {}}
        other = echoed(user.say(BOOKING, "s-2"))
        assert other["sessionAttributes"] == {}
        user.end("s-1")
        assert echoed(user.say(BOOKING, "s-1"))["sessionAttributes"] == {}
    assert "called for s-2\n" in "".join(printed)


def prompt_of(event: dict[str, Any]) -> str:
    return str(event["trace"]["trace"]["orchestrationTrace"]["modelInvocationInput"]["text"])


def test_attributes_of_a_turn_stand_in_its_prompt(user: User, new_id: NewId) -> None:
    session = new_id("session")
    state = {"promptSessionAttributes": {"tone": "very kind"}, "sessionAttributes": {"secret": "token"}}
    asked = prompt_of(user.events("hello", session, enableTrace=True, sessionState=state)[0])
    assert "very kind" in asked
    assert "token" not in asked
    assert "very kind" not in prompt_of(user.events("hello", session, enableTrace=True)[0])


def message(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": [{"text": text}]}


HISTORY = [
    message("user", "Hi, my name is Edda."),
    message("assistant", "Hello Edda!"),
    message("user", "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"),
    message("assistant", "Booked, your booking id is 12ab34cd."),
]


def test_a_conversation_from_before_is_known(endpoint: RunningEndpoint, user: User, new_id: NewId) -> None:
    session, memory = new_id("session"), new_id("memory")
    state = {"conversationHistory": {"messages": HISTORY}}
    events = user.events("What is my name?", session, memory, sessionState=state, enableTrace=True)
    assert "Edda" in text_of(events)
    said = json.loads(prompt_of(events[0]))["messages"]
    assert [m["content"] for m in said[:2]] == ["Hi, my name is Edda.", "Hello Edda!"]
    assert "12ab34cd" in user.say("Which trips do I have?", session, memory)
    user.end(session, memory)
    assert "12ab34cd" in user.await_summary(session, memory)


def test_a_conversation_from_before_calls_nothing(user: User, new_id: NewId) -> None:
    events = user.events(
        "thanks!", new_id("session"), sessionState={"conversationHistory": {"messages": HISTORY}}, enableTrace=True
    )
    assert "invocationInput'" not in str(events)


def test_a_session_that_runs_takes_no_other_past(user: User, new_id: NewId) -> None:
    session = new_id("session")
    user.say("hello", session)
    assert "Edda" not in user.say(
        "What is my name?", session, sessionState={"conversationHistory": {"messages": HISTORY}}
    )


@pytest.mark.parametrize(
    "messages", [[], [message("assistant", "Hello!")], [message("user", "a"), message("user", "b")]]
)
def test_a_strange_past_is_taken_as_it_is(user: User, new_id: NewId, messages: list[dict[str, Any]]) -> None:
    assert user.say("hello", new_id("session"), sessionState={"conversationHistory": {"messages": messages}})


def test_without_memory_nothing_is_remembered() -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(lambda _: None, lambda agent: agent.pop("memoryConfiguration")))
        user = endpoint.user()
        events = user.events("My name is Edda.", "s-1", "memory", enableTrace=True)
        assert "memory_synopsis" not in prompt_of(events[0])
        user.end("s-1", "memory")
        endpoint.advance(seconds=60)
        assert user.memories("memory") == []
        assert "Edda" not in user.say("What is my name?", "s-2", "memory")


def test_an_agent_that_was_never_prepared_does_not_answer() -> None:
    with running_endpoint() as endpoint:

        def create(running: Endpoint) -> None:
            agents = running.at("us-east-1").agents
            agent = agents.agent(AGENT["agentId"])
            assert agent
            agents.save_agent({**agent, "agentId": "UNPREPARED", "agentName": "new", "agentStatus": "NOT_PREPARED"})

        endpoint.do(create)
        with pytest.raises(ClientError, match="not prepared") as error:
            endpoint.user().say("hello", "s-1", agentId="UNPREPARED")
        assert error.value.response["Error"]["Code"] == "ValidationException"


def test_a_lambda_that_does_not_let_the_agent_in_fails_the_turn() -> None:
    with running_endpoint() as endpoint:
        group = "arn:aws:lambda:us-east-1:123456789012:function:closed"
        endpoint.do(changed(lambda g: g.update(actionGroupExecutor={"lambda": group})))
        with pytest.raises(ClientError, match=f"Access denied while invoking Lambda function {group}") as error:
            endpoint.user().say(BOOKING, "s-1")
        assert error.value.response["Error"]["Code"] == "dependencyFailedException"
