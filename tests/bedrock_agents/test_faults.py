"""Turns that go wrong on the wire, seen through a real boto3."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pytest

from tests.bedrock_agents.wire import (
    END,
    Close,
    Reset,
    Step,
    Wire,
    chunk,
    frame,
    head,
    plain,
    said,
    traced,
    whole,
    wire,
)
from travel_tui.agent import (
    Agent,
    ErrorKind,
    TextDelta,
    TraceStep,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
    TurnRequest,
)
from travel_tui.backends.bedrock_agents.client import open_agent
from travel_tui.backends.bedrock_agents.runtime import BedrockAgent
from travel_tui.backends.shared import boto_clients
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.config import AgentConfig

REQUEST = TurnRequest("Hello", "session-1", "anna")
KEYS = Credentials("AKIDLOCAL", "secret")


def agent_at(server: Wire) -> BedrockAgent:
    return open_agent(AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", endpoint_url=server.url), isolated=KEYS)


async def turn(agent: Agent) -> list[TurnEvent]:
    return [event async for event in agent.invoke(REQUEST)]


def text_of(events: Sequence[TurnEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


HALF = said("never whole")[:-9]
BROKEN = bytearray(said("tampered"))
BROKEN[-6] ^= 0xFF

FAULTS: dict[str, tuple[list[Step], ErrorKind, str]] = {
    "throttled before": (plain(429, {"message": "Slow down"}, "ThrottlingException"), ErrorKind.THROTTLED, ""),
    "denied before": (plain(403, {"message": "no"}, "AccessDeniedException"), ErrorKind.DENIED, ""),
    "expired": (plain(403, {"message": "old"}, "ExpiredTokenException"), ErrorKind.CREDENTIALS, ""),
    "no such agent": (plain(404, {"message": "no"}, "ResourceNotFoundException"), ErrorKind.NOT_FOUND, ""),
    "service down": (plain(503, {"message": "later"}), ErrorKind.SERVICE, ""),
    "dropped before": ([Reset()], ErrorKind.DROPPED, ""),
    "throttled inside": (
        [head(), chunk(said("Hi")), chunk(frame("throttlingException", {"message": "Slow"}, "exception")), END],
        ErrorKind.THROTTLED,
        "Hi",
    ),
    "dependency inside": (
        [head(), chunk(frame("dependencyFailedException", {"message": "Lambda"}, "exception")), END],
        ErrorKind.DEPENDENCY,
        "",
    ),
    "closed without an end": ([head(), chunk(said("Hi")), Close()], ErrorKind.DROPPED, "Hi"),
    "closed inside a chunk": ([head(), chunk(said("Hi")), b"ff\r\nabc", Close()], ErrorKind.DROPPED, "Hi"),
    "corrupt": ([head(), chunk(said("Hi")), chunk(bytes(BROKEN)), END], ErrorKind.CORRUPT, "Hi"),
    "not JSON": ([head(), chunk(said("Hi")), chunk(b"\0" * 40), END], ErrorKind.CORRUPT, "Hi"),
    "cut-off frame": ([head(), chunk(said("Hi")), chunk(HALF), END], ErrorKind.CUT_OFF, "Hi"),
    "the last words missing": (
        whole(
            said("Hi, "),
            traced({"orchestrationTrace": {"observation": {"finalResponse": {"text": "Hi, Anna."}, "type": "FINISH"}}}),
        ),
        ErrorKind.CUT_OFF,
        "Hi, ",
    ),
    "trace alone": (whole(traced({"orchestrationTrace": {"rationale": {"text": "hm"}}})), ErrorKind.CUT_OFF, ""),
    "nothing at all": (whole(), ErrorKind.CUT_OFF, ""),
}


@pytest.fixture(scope="module")
def line() -> Iterator[tuple[Wire, BedrockAgent]]:
    """A server and an agent for many tests: making boto3's clients takes longer than a turn."""
    with wire() as server:
        yield server, agent_at(server)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_broken_answer_fails_with_its_cause_keeps_its_text_and_is_not_sent_again(
    name: str, line: tuple[Wire, BedrockAgent]
) -> None:
    server, agent = line
    steps, cause, text = FAULTS[name]
    server.answers[:] = [steps, whole(said("a second attempt"))]
    server.requests.clear()
    events = await turn(agent)
    assert len(server.requests) == 1
    last = events[-1]
    assert isinstance(last, TurnFailed)
    assert (last.problem.cause, text_of(events)) == (cause, text)
    assert last.problem.what
    assert last.problem.advice


async def test_an_answer_shorter_than_announced_is_not_taken_for_whole() -> None:
    with wire([head(10_000) + said("Hi"), Close()]) as server:
        events = await turn(agent_at(server))
    assert text_of(events) == "Hi"
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].problem.cause in {ErrorKind.CUT_OFF, ErrorKind.DROPPED}  # as urllib3's version has it


async def test_an_endpoint_that_crashes_mid_answer_leaves_what_had_arrived() -> None:
    shown = threading.Event()
    events: list[TurnEvent] = []
    with wire([head(), chunk(said("Hi")), shown, Reset()]) as server:
        async for event in agent_at(server).invoke(REQUEST):
            events.append(event)
            shown.set()  # only now: a reset also discards what was not read yet
    assert text_of(events) == "Hi"
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].problem.cause is ErrorKind.DROPPED


async def test_a_stalled_answer_fails_after_the_read_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto_clients, "ANSWER_S", 0.2)
    never = threading.Event()
    with wire([head(), chunk(said("Hi")), never, END]) as server:
        events = await turn(agent_at(server))
        never.set()
    assert text_of(events) == "Hi"
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].problem.cause is ErrorKind.STALLED


async def test_nothing_at_the_endpoint_says_how_to_start_one() -> None:
    with wire() as server:
        agent = agent_at(server)
    events = await turn(agent)
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].problem.cause is ErrorKind.UNREACHABLE
    assert "travel-tui local" in events[-1].problem.advice


async def test_an_id_outside_the_pattern_is_refused_before_anything_is_sent() -> None:
    with wire() as server:
        events = [event async for event in agent_at(server).invoke(TurnRequest("Hi", "no spaces", "anna"))]
        assert server.requests == []
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].problem.cause is ErrorKind.INVALID


async def test_each_piece_is_handed_over_before_the_next_is_sent() -> None:
    gates = [threading.Event() for _ in range(3)]
    pieces = ["The ", "trip is ", "booked."]
    steps: list[Step] = [head()]
    for gate, piece in zip(gates, pieces, strict=True):
        steps += [chunk(said(piece)), gate]
    with wire([*steps, END]) as server:
        received = []
        async for event in agent_at(server).invoke(REQUEST):
            received.append(event)
            if isinstance(event, TextDelta):
                gates[len(received) - 1].set()  # the server goes on only when this piece was seen
    assert received == [*(TextDelta(piece) for piece in pieces), TurnCompleted()]


async def test_a_character_cut_between_two_frames_arrives_whole() -> None:
    zurich = "Zürich ✈".encode()
    with wire(whole(said(zurich[:2]), said(zurich[2:-1]), said(zurich[-1:]))) as server:
        events = await turn(agent_at(server))
    assert text_of(events) == "Zürich ✈"
    assert events[-1] == TurnCompleted()


async def test_frames_that_arrive_in_any_pieces_are_read() -> None:
    data = said("Boston ") + said("to NYC") + traced({"orchestrationTrace": {"rationale": {"text": "Book."}}})
    steps: list[Step] = [head(), *(chunk(data[at : at + 7]) for at in range(0, len(data), 7)), END]
    with wire(steps) as server:
        events = await turn(agent_at(server))
    assert text_of(events) == "Boston to NYC"
    assert [event.kind for event in events if isinstance(event, TraceStep)] == ["orchestrationTrace.rationale"]
    assert events[-1] == TurnCompleted()
