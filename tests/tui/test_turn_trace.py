"""The trace of a turn that is far out of view takes little memory, and is all there when it is opened."""

from __future__ import annotations

from tests.fakes import FakeAgent, answer
from tests.tui.client import client, running_client
from travel_tui.agent import Parameter, ReturnControl, ToolCall, TraceStep, TurnEvent
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.turn_header import TurnHeader
from travel_tui.tui.widgets.chat.turn_trace import TurnTrace

LONG = "It is said that the harbour is blue. " * 60


def test_packed_events_are_the_same_also_with_more_after_them() -> None:
    calls = (ToolCall("Trips", "pay", (Parameter("sum", "12"),)),)
    events: list[TurnEvent] = [
        TraceStep("newTrace", {"text": "漢\x00 " * 1000, "list": [1, None, {"a": 1.5}]}, title="Model", at_s=1.5),
        ReturnControl("inv-1", calls),
        TraceStep("other", {}, failed=True),
    ]
    trace = TurnTrace()
    for number, event in enumerate(events):
        trace.add(event, float(number))
        if number < 2:
            trace.pack()
    assert trace.events() == [(event, float(number)) for number, event in enumerate(events)]


async def test_the_trace_of_a_turn_that_was_far_out_of_view_opens() -> None:
    step = TraceStep("newTrace", {"said": "the first of all"})
    script = [(step, *answer("First it is.")), *(answer(LONG) for _ in range(3))]
    async with running_client(client(FakeAgent(script))) as user:
        for number in range(1, 5):
            await user.say(f"Message {number}")
            await user.sees(f"{number} turn", "enter send")
        assert "First it is." not in [each.text for each in user.main.query(AgentTurn)]
        await user.say("/find First it is")
        await user.sees("First it is.")
        first = next(each for each in user.main.query(AgentTurn) if each.text == "First it is.")
        first.query_one(TurnHeader).focus()
        await user.press("enter")
        await user.sees("of “Message 1”", "said: the first of all")
