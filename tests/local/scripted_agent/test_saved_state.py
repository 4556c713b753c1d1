"""States of sessions that earlier versions wrote to disk still load, with their open tasks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.scripted_agent.dialogues import TODAY, TRAVEL, AgentSession, BookingStore
from travel_tui.local.scripted_agent import decide
from travel_tui.local.scripted_agent.messages import Function, FunctionParameter, Reply, ToolResult, TurnContext

PARIS = {
    "id": "3d428d0d",
    "origin": "Boston",
    "destination": "Paris",
    "start": "2027-09-01",
    "end": "2027-09-08",
    "mode": "AIR",
    "cancelled": False,
    "before": "",
}
ROME = PARIS | {"id": "db7a06be", "destination": "Rome", "start": "2027-10-01", "end": "2027-10-03"}
SLOTS = {"origin": "Boston", "destination": "Rome", "start": "2027-09-03", "end": "2027-09-10", "mode": "AIR"}
BOOKING = {"kind": "booking", "slots": SLOTS, "asked": "", "nights": None, "last": "end", "say": ""}


def resumed(state: dict[str, Any]) -> AgentSession:
    store = BookingStore({"3d428d0d": {"start_date": "2027-09-01"}, "db7a06be": {}})
    return AgentSession(store, state=state)


@pytest.mark.parametrize(
    ("state", "text", "call"),
    [
        (
            {"task": BOOKING | {"unsure": {"start": True, "end": True}, "stage": "confirming", "dated": False}},
            "yes",
            ("book_trip", {"origin": "Boston", "start_date": "2027-09-03"}),
        ),
        (
            {
                "trips": [PARIS],
                "focus": "3d428d0d",
                "task": {
                    "kind": "change",
                    "trip": PARIS,
                    "start": "2027-09-01",
                    "end": "2027-09-10",
                    "stage": "confirming",
                    "asked": "",
                },
            },
            "yes",
            ("update_existing_trip_dates", {"booking_id": "3d428d0d", "new_end_date": "2027-09-10"}),
        ),
        (
            {"trips": [PARIS], "task": {"kind": "cancel", "trip": PARIS, "stage": "confirming"}},
            "yes",
            ("delete_existing_trip_reservation", {"booking_id": "3d428d0d"}),
        ),
    ],
)
def test_an_open_task_goes_on(state: dict[str, Any], text: str, call: tuple[str, dict[str, str]]) -> None:
    _, calls = resumed({**state, "turns": 2}).say(text)
    ((name, parameters),) = calls
    assert name == call[0]
    assert parameters.items() >= call[1].items()


def test_a_month_that_was_named_before_is_remembered() -> None:
    task = {
        "kind": "booking",
        "slots": {"origin": "Oslo", "destination": "Zurich", "mode": "AIR"},
        "unsure": {},
        "asked": "start",
        "stage": "asking",
        "nights": None,
        "month": [2027, 5],
        "say": "",
        "known": 3,
        "greeted": True,
    }
    answer, _ = resumed({"task": task, "turns": 1}).say("from the 3rd to the 8th")
    assert "3 May 2027" in answer


def test_the_trip_that_was_asked_for_is_chosen() -> None:
    task = {"kind": "which", "then": "cancel", "text": "Cancel one", "options": ["3d428d0d", "db7a06be"]}
    answer, _ = resumed({"trips": [PARIS, ROME], "task": {**task, "stage": "asking"}}).say("the one to Rome")
    assert "db7a06be" in answer


def test_another_function_is_filled_further() -> None:
    order = Function("order_pizza", (FunctionParameter("size", description="SMALL or LARGE"),))
    task = {"kind": "generic", "function": "order_pizza", "slots": {}, "asked": "size", "stage": "asking"}
    conversation = AgentSession(BookingStore(), functions=(order,), state={"task": task, "turns": 1})
    assert conversation.say("small")[1] == [("order_pizza", {"size": "SMALL"})]


def test_the_result_of_a_call_is_told() -> None:
    state = {"task": BOOKING | {"unsure": {}, "stage": "calling"}, "waiting": {"kind": "booking", "slots": SLOTS}}
    decision = decide(TurnContext(TODAY, TRAVEL), state, ToolResult("book_trip", "Your booking_id is 0a1b2c3d"))
    assert isinstance(decision.action, Reply)
    assert "0a1b2c3d" in decision.action.text
    assert "Boston" in decision.action.text


@pytest.mark.parametrize("task", [{"kind": "offer", "text": "x"}, {"slots": {}}, BOOKING | {"of a later version": 1}])
def test_a_task_of_another_version_does_no_harm(task: dict[str, Any]) -> None:
    answer, calls = resumed({"task": task, "turns": 1}).say("hello")
    assert answer
    assert calls == []
