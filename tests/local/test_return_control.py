"""Control returned to the caller over HTTP with boto3: for results, for a confirmation, for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError

from tests.endpoint import AGENT, RunningEndpoint, User, running_endpoint, text_of
from tests.local.agents import changed, confirming, confirming_and_returning, returning_control

BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"
BOOKED = "Booked, the booking id is 12ab34cd."

NewId = Callable[[str], str]


@pytest.fixture(scope="module")
def returning() -> Iterator[RunningEndpoint]:
    """An endpoint whose agent returns control instead of calling its Lambda function."""
    with running_endpoint() as endpoint:
        endpoint.do(changed(returning_control))
        yield endpoint


@pytest.fixture(scope="module")
def asking() -> Iterator[RunningEndpoint]:
    """An endpoint whose agent has its user confirm every function, and then calls its Lambda function."""
    with running_endpoint() as endpoint:
        endpoint.do(changed(confirming))
        yield endpoint


def returned_control(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The event that returns control, which has to be the last and to come without an answer."""
    assert [next(iter(event)) for event in events if "trace" not in event] == ["returnControl"]
    content: dict[str, Any] = events[-1]["returnControl"]
    return content


def answer(
    user: User, session: str, control: dict[str, Any], body: str | None = BOOKED, **result: Any
) -> list[dict[str, Any]]:
    """The events of the turn that sends a result back."""
    wanted = control["invocationInputs"][0]["functionInvocationInput"]
    told: dict[str, Any] = {"actionGroup": wanted["actionGroup"], "function": wanted["function"], **result}
    if body is not None:
        told["responseBody"] = {"TEXT": {"body": body}}
    state = {"invocationId": control["invocationId"], "returnControlInvocationResults": [{"functionResult": told}]}
    asked = user.client.invoke_agent(**AGENT, sessionId=session, sessionState=state, enableTrace=True)
    with closing(asked["completion"]) as events:
        return list(events)


def test_the_caller_is_told_what_to_do(returning: RunningEndpoint, new_id: NewId) -> None:
    user = returning.user()
    events = user.events(BOOKING, new_id("session"), enableTrace=True)
    control = returned_control(events)
    (asked,) = control["invocationInputs"]
    wanted = asked["functionInvocationInput"]
    assert (wanted["actionGroup"], wanted["function"]) == ("BookingManagerActionGroup", "book_trip")
    assert wanted["actionInvocationType"] == "RESULT"
    assert wanted["agentId"] == AGENT["agentId"]
    assert {"name": "destination", "type": "string", "value": "Paris"} in wanted["parameters"]
    traced = events[-2]["trace"]["trace"]["orchestrationTrace"]["invocationInput"]["actionGroupInvocationInput"]
    assert (traced["executionType"], traced["invocationId"]) == ("RETURN_CONTROL", control["invocationId"])


def test_the_turn_goes_on_with_the_result(returning: RunningEndpoint, new_id: NewId) -> None:
    user, session, memory = returning.user(), new_id("session"), new_id("memory")
    control = returned_control(user.events(BOOKING, session, memory))
    events = answer(user, session, control)
    assert "12ab34cd" in text_of(events)
    first = events[0]["trace"]["trace"]["orchestrationTrace"]["observation"]
    assert first["actionGroupInvocationOutput"]["text"] == BOOKED
    assert "12ab34cd" in user.say("Which trips do I have?", session, memory)
    user.end(session, memory)
    assert "12ab34cd" in user.await_summary(session, memory)


def test_a_result_that_asks_again_reaches_the_user(returning: RunningEndpoint, new_id: NewId) -> None:
    user, session = returning.user(), new_id("session")
    control = returned_control(user.events(BOOKING, session))
    answered = text_of(answer(user, session, control, "That day is full.", responseState="REPROMPT"))
    assert "That day is full" in answered


def test_a_result_that_failed_fails_the_turn_and_can_be_sent_anew(returning: RunningEndpoint, new_id: NewId) -> None:
    user, session = returning.user(), new_id("session")
    control = returned_control(user.events(BOOKING, session))
    with pytest.raises(EventStreamError, match="out of order") as error:
        answer(user, session, control, "out of order", responseState="FAILURE")
    assert error.value.response["Error"]["Code"] == "dependencyFailedException"
    assert "12ab34cd" in text_of(answer(user, session, control))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: {**c, "invocationId": "another"},
        lambda c: {**c, "invocationInputs": [{"functionInvocationInput": {"actionGroup": "X", "function": "y"}}]},
    ],
)
def test_results_of_something_else_are_refused(returning: RunningEndpoint, new_id: NewId, spoil: Any) -> None:
    user, session = returning.user(), new_id("session")
    control = returned_control(user.events(BOOKING, session))
    with pytest.raises(ClientError) as error:
        answer(user, session, spoil(control))
    assert error.value.response["Error"]["Code"] == "ValidationException"
    assert "12ab34cd" in text_of(answer(user, session, control))


def test_results_nobody_waits_for_are_refused(returning: RunningEndpoint, new_id: NewId) -> None:
    user, session = returning.user(), new_id("session")
    control = returned_control(user.events(BOOKING, session))
    assert text_of(answer(user, session, control))
    with pytest.raises(ClientError, match="waits for no results"):
        answer(user, session, control)
    with pytest.raises(ClientError, match="waits for no results"):
        answer(user, new_id("session"), control)


def test_results_without_an_id_are_refused(returning: RunningEndpoint, new_id: NewId) -> None:
    user, session = returning.user(), new_id("session")
    returned_control(user.events(BOOKING, session))
    results = [{"functionResult": {"actionGroup": "BookingManagerActionGroup", "function": "book_trip"}}]
    with pytest.raises(ClientError, match="need the invocationId") as error:
        user.client.invoke_agent(**AGENT, sessionId=session, sessionState={"returnControlInvocationResults": results})
    assert error.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"application/json": {"body": BOOKED}},
        {"text": {"body": BOOKED}},
        {"TEXT": {}},
        {"TEXT": {"body": " "}},
        None,
    ],
)
def test_a_result_without_text_is_refused(returning: RunningEndpoint, new_id: NewId, body: Any) -> None:
    user, session = returning.user(), new_id("session")
    control = returned_control(user.events(BOOKING, session))
    with pytest.raises(ClientError, match="responseBody needs a body") as error:
        answer(user, session, control, None, **({} if body is None else {"responseBody": body}))
    assert error.value.response["Error"]["Code"] == "ValidationException"
    assert "12ab34cd" in text_of(answer(user, session, control))


def test_who_goes_on_talking_gives_no_results(returning: RunningEndpoint, new_id: NewId) -> None:
    user, session = returning.user(), new_id("session")
    control = returned_control(user.events(BOOKING, session))
    assert user.say("What can you do?", session)
    with pytest.raises(ClientError, match="waits for no results"):
        answer(user, session, control)


def test_a_confirmed_function_is_called_by_the_agent(asking: RunningEndpoint, new_id: NewId) -> None:
    user, session = asking.user(), new_id("session")
    control = returned_control(user.events(BOOKING, session, enableTrace=True))
    wanted = control["invocationInputs"][0]["functionInvocationInput"]
    assert wanted["actionInvocationType"] == "USER_CONFIRMATION"
    events = answer(user, session, control, None, confirmationState="CONFIRM")
    called = events[0]["trace"]["trace"]["orchestrationTrace"]["invocationInput"]["actionGroupInvocationInput"]
    assert (called["function"], called["executionType"]) == ("book_trip", "LAMBDA")
    assert "booking id" in text_of(events)


def test_a_denied_function_is_not_called(asking: RunningEndpoint, new_id: NewId) -> None:
    user, session, memory = asking.user(), new_id("session"), new_id("memory")
    control = returned_control(user.events(BOOKING, session, memory))
    events = answer(user, session, control, None, confirmationState="DENY")
    assert not any("invocationInput" in str(event) for event in events)
    assert "booking id" not in text_of(events)
    assert "Paris" not in user.say("Which trips do I have booked?", new_id("session"), memory)


def test_a_confirmation_without_its_state_is_refused(asking: RunningEndpoint, new_id: NewId) -> None:
    user, session = asking.user(), new_id("session")
    control = returned_control(user.events(BOOKING, session))
    with pytest.raises(ClientError, match="confirmationState"):
        answer(user, session, control)


def test_both_are_asked_for_at_once() -> None:
    with running_endpoint() as endpoint:
        endpoint.do(changed(confirming_and_returning))
        user = endpoint.user()
        control = returned_control(user.events(BOOKING, "s-1"))
        wanted = control["invocationInputs"][0]["functionInvocationInput"]
        assert wanted["actionInvocationType"] == "USER_CONFIRMATION_AND_RESULT"
        assert "12ab34cd" in text_of(answer(user, "s-1", control, confirmationState="CONFIRM"))
