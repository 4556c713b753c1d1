"""A turn's steps as a timeline: times where the trace has them, else from when the events came."""

from __future__ import annotations

from travel_tui.agent import (
    ErrorKind,
    Parameter,
    Problem,
    ReturnControl,
    ReturnedResult,
    TextDelta,
    ToolCall,
    TraceStep,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from travel_tui.archive.records import event_from_json
from travel_tui.timeline import answered, timeline


def begins(span: str, at_s: float | None = None) -> TraceStep:
    return TraceStep("in", {"n": span}, title="Model", span=span, phase="begins", at_s=at_s)


def ends(span: str, at_s: float | None = None) -> TraceStep:
    return TraceStep("out", {"n": span}, title="Model", span=span, phase="ends", at_s=at_s)


def test_times_are_the_traces_own() -> None:
    first, second = timeline([begins("1", 10.0), ends("1", 10.5), begins("2", 11.0), ends("2", 13.0)], (0, 9, 9, 9))
    assert (first.began_s, first.took_s, second.began_s, second.took_s) == (0.0, 0.5, 1.0, 2.0)


def test_without_them_they_are_those_at_which_the_events_came() -> None:
    events: list[TurnEvent] = [begins("1"), TextDelta("Hi"), ends("1"), TurnCompleted()]
    (found,) = timeline(events, (5.0, 5.2, 5.5, 5.6))
    assert (found.began_s, found.took_s) == (0.0, 0.5)
    (untimed,) = timeline(events)
    assert (untimed.began_s, untimed.took_s) == (None, None)


def test_what_has_not_ended_is_open_and_an_end_without_a_beginning_stands_alone() -> None:
    lonely, running = timeline([ends("1"), begins("2")])
    assert (lonely.open, running.open) == (False, True)


def test_control_that_was_returned_has_the_call_and_then_the_answer() -> None:
    call = ToolCall("travel", "book_trip", (Parameter("origin", "Boston"),))
    (found,) = timeline([ReturnControl("i-1", (call,))])
    assert (found.title, found.note) == ("Control returned", "book_trip")
    assert found.parts[0].body["calls"][0]["parameters"] == [{"name": "origin", "value": "Boston", "type": "string"}]
    told = answered(found, [ReturnedResult("travel", "book_trip", "Booked")])
    assert told.parts[1].body == [{"action_group": "travel", "function": "book_trip", "text": "Booked"}]


def test_a_turn_that_failed_says_so_last() -> None:
    problem = Problem(ErrorKind.DROPPED, "The connection broke.", "reset")
    *_, last = timeline([begins("1"), TurnFailed(problem)])
    assert (last.failed, last.note) == (True, "The connection broke.")


def test_steps_of_an_older_archive_are_shown_by_their_kind() -> None:
    old = event_from_json('{"event":"TraceStep","kind":"orchestrationTrace.rationale","payload":{"trace":{}}}')
    assert old is not None
    (found,) = timeline([old])
    assert (found.title, found.parts[0].raw) == ("orchestrationTrace.rationale", {"trace": {}})
