"""Turns of a harness on the wire, seen through a real boto3: what is sent, and what comes of its streams."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.agentcore.harness import (
    ARN,
    SESSION,
    agent_at,
    answer,
    begun,
    called,
    delta,
    ended,
    events_of,
    started,
    stopped,
    text_of,
    usage,
)
from tests.bedrock_agents.wire import Close, Reset, Step, Wire, chunk, frame, head, plain, wire
from travel_tui.agent import (
    FAILED,
    ErrorKind,
    ModelUsage,
    Parameter,
    ReturnControl,
    ReturnedResult,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnCompleted,
    TurnFailed,
)
from travel_tui.agentcore_config import AgentCoreConfig
from travel_tui.backends.agentcore.runtime import AgentCoreAgent

HI = [started(), delta(text="Hi"), ended(), stopped()]
BROKEN = bytearray(delta(text="tampered"))
BROKEN[-6] ^= 0xFF


@pytest.fixture(scope="module")
def line() -> Iterator[tuple[Wire, AgentCoreAgent]]:
    with wire() as server:
        yield server, agent_at(server.url)


@pytest.fixture
def server(line: tuple[Wire, AgentCoreAgent]) -> Wire:
    line[0].requests.clear()
    return line[0]


@pytest.fixture
def agent(line: tuple[Wire, AgentCoreAgent]) -> AgentCoreAgent:
    return line[1]


async def test_a_turn_sends_its_session_its_actor_and_only_the_new_message(server: Wire, agent: AgentCoreAgent) -> None:
    server.answers[:] = [answer(*HI), answer(*HI)]
    for memory_id in ("anna", "anna.smith"):
        assert (await events_of(agent, memory_id=memory_id))[-1] == TurnCompleted()
    first, second = server.requests
    url = urlsplit(first.path)
    assert (url.path, parse_qs(url.query)) == ("/harnesses/invoke", {"harnessArn": [ARN], "qualifier": ["DEFAULT"]})
    assert first.headers["x-amzn-bedrock-agentcore-runtime-session-id"] == SESSION
    assert first.body == {"actorId": "anna", "messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
    assert second.body["actorId"].startswith("anna-smith_")


async def test_several_messages_are_read_to_the_end_and_the_last_decides(server: Wire, agent: AgentCoreAgent) -> None:
    server.answers[:] = [
        answer(
            started(),
            delta(0, reasoningContent={"text": "I should "}),
            delta(0, reasoningContent={"text": "look."}),
            ended(0),
            delta(1, text="Let me look."),
            ended(1),
            *called("search", '{"query": "Oslo", "most": 3}', index=2),
            stopped("tool_use"),
            usage(10, 5),
            started("user"),
            begun(0, toolResult={"toolUseId": "tool-1", "status": "success"}),
            delta(0, toolResult=[{"text": "Rain."}, {"json": {"degrees": 4}}]),
            ended(0),
            stopped("tool_result"),
            started(),
            delta(0, text="It rains "),
            delta(0, text="in Oslo."),
            ended(0),
            stopped(),
            usage(20, 6),
            frame(
                "hookEvent", {"hookEventId": "0" * 8, "name": "audit", "type": "after_invocation", "decision": "allow"}
            ),
        )
    ]
    events = await events_of(agent)
    assert text_of(events) == "Let me look.\n\nIt rains in Oslo."
    assert [each for each in events if isinstance(each, ToolCall | ToolResult | ModelUsage)] == [
        ModelUsage(10, 5),
        ToolCall("", "search", (Parameter("query", "Oslo"), Parameter("most", "3", "integer")), "tool-1"),
        ToolResult("Rain.", "tool-1"),
        ModelUsage(20, 6),
    ]
    steps = {each.kind: each for each in events if isinstance(each, TraceStep)}
    assert steps["reasoning"].note == "I should look."
    assert steps["message.assistant"].payload["message"]["stopReason"] == "end_turn"
    assert (steps["message.assistant"].took_s, steps["message.assistant"].output_tokens) == (1.5, 6)
    assert steps["toolResult"].payload["toolResult"]["content"][1] == {"json": {"degrees": 4}}
    assert steps["hookEvent"].title == "Hook audit"
    assert events[-1] == TurnCompleted()


async def test_a_tool_of_the_harness_that_failed_is_told_as_such(server: Wire, agent: AgentCoreAgent) -> None:
    server.answers[:] = [
        answer(
            started(), *called("weather", "{}"), stopped("tool_use"),
            started("user"), begun(0, toolResult={"toolUseId": "tool-1", "status": "error"}),
            delta(0, toolResult=[{"text": "No network."}]), ended(0), stopped("tool_result"), *HI,
        )
    ]  # fmt: skip
    assert ToolResult("No network.", "tool-1", FAILED) in await events_of(agent)


async def test_a_tool_use_at_the_end_is_returned_control_and_its_result_is_sent_once(
    server: Wire, agent: AgentCoreAgent
) -> None:
    given = json.dumps({"origin": "Boston", "days": 3})
    server.answers[:] = [answer(started(), *called("book_trip", given), stopped("tool_use")), answer(*HI)]
    control = (await events_of(agent))[-1]
    assert isinstance(control, ReturnControl)
    (call,) = control.calls
    assert (call.function, [each.value for each in call.parameters]) == ("book_trip", ["Boston", "3"])
    answered = {"invocation_id": control.invocation_id, "returned": (ReturnedResult("", "book_trip", "no", "FAILURE"),)}
    assert (await events_of(agent, "", **answered))[-1] == TurnCompleted()
    assert server.requests[-1].body["messages"] == [
        {
            "role": "user",
            "content": [{"toolResult": {"toolUseId": "tool-1", "content": [{"text": "no"}], "status": "error"}}],
        }
    ]
    stale = (await events_of(agent, "", **answered))[-1]
    assert isinstance(stale, TurnFailed)
    assert "no longer waits" in str(stale.problem)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("reason", "cause", "says"),
    [
        ("max_tokens", ErrorKind.CUT_OFF, "token limit"),
        ("max_iterations_exceeded", ErrorKind.CUT_OFF, "maxIterations"),
        ("timeout_exceeded", ErrorKind.CUT_OFF, "timeoutSeconds"),
        ("partial_turn", ErrorKind.CUT_OFF, "a part of the turn"),
        ("content_filtered", ErrorKind.DEPENDENCY, "content filter"),
        ("malformed_tool_use", ErrorKind.DEPENDENCY, "malformed_tool_use"),
        ("hook_stopped", ErrorKind.DENIED, "too dear"),
        ("new_reason", ErrorKind.UNKNOWN, "new_reason"),
    ],
)
async def test_a_message_that_stopped_early_is_no_answer(
    reason: str, cause: ErrorKind, says: str, server: Wire, agent: AgentCoreAgent
) -> None:
    hook = {
        "hookEventId": "0" * 8,
        "name": "audit",
        "type": "before_tool_call",
        "decision": "deny",
        "reason": "too dear",
    }
    server.answers[:] = [answer(started(), delta(text="Hi"), ended(), frame("hookEvent", hook), stopped(reason))]
    events = await events_of(agent)
    assert isinstance(last := events[-1], TurnFailed)
    assert last.problem.cause is cause
    assert says in str(last.problem)
    assert text_of(events) == "Hi"


FAULTS: dict[str, tuple[list[Step], ErrorKind, str]] = {
    "throttled before": (plain(429, {"message": "Slow"}, "ThrottlingException"), ErrorKind.THROTTLED, "Slow"),
    "quota": (plain(402, {"message": "Much"}, "ServiceQuotaExceededException"), ErrorKind.THROTTLED, "quota"),
    "denied": (plain(403, {"message": "no"}, "AccessDeniedException"), ErrorKind.DENIED, "InvokeAgentRuntime"),
    "no harness": (plain(404, {"message": "no"}, "ResourceNotFoundException"), ErrorKind.NOT_FOUND, "list-harnesses"),
    "invalid": (
        plain(400, {"message": "no", "fieldList": [{"name": "actorId", "message": "dot"}]}, "ValidationException"),
        ErrorKind.INVALID, "actorId: dot",
    ),
    "runtime": (plain(424, {"message": "image"}, "RuntimeClientError"), ErrorKind.DEPENDENCY, "image"),
    "service": (plain(500, {"message": "no"}, "InternalServerException"), ErrorKind.SERVICE, "check before retrying"),
    "dropped before": ([Reset()], ErrorKind.DROPPED, ""),
    "validation inside": (
        answer(*HI[:2], frame("validationException", {"message": "stale", "reason": "CannotParse"}, "exception")),
        ErrorKind.INVALID, "stale",
    ),
    "runtime inside": (
        answer(frame("runtimeClientError", {"message": "boom"}, "exception")), ErrorKind.DEPENDENCY, "boom",
    ),
    "service inside": (answer(frame("internalServerException", {"message": "x"}, "exception")), ErrorKind.SERVICE, "x"),
    "throttled inside, which the model does not list": (
        answer(*HI[:2], frame("throttlingException", {"message": "Slow"}, "exception")), ErrorKind.THROTTLED, "Slow",
    ),
    "no stop": (answer(*HI[:-1]), ErrorKind.CUT_OFF, "stop of its last message"),
    "a second message without a stop": (answer(*HI, started(), delta(text="?")), ErrorKind.CUT_OFF, "stop"),
    "nothing at all": (answer(), ErrorKind.CUT_OFF, ""),
    "a tool use that is none": (answer(started(), stopped("tool_use")), ErrorKind.CUT_OFF, "tool use"),
    "cut inside a frame": (answer(*HI[:2], HI[2][:-5]), ErrorKind.CUT_OFF, "inside a frame"),
    "corrupt": (answer(*HI[:2], bytes(BROKEN)), ErrorKind.CORRUPT, ""),
    "closed": ([head(), chunk(b"".join(HI[:2])), Close()], ErrorKind.DROPPED, ""),
    "shorter than announced": ([head(9_000), b"".join(HI), Close()], ErrorKind.DROPPED, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
async def test_a_broken_turn_fails_with_its_cause_and_is_not_sent_again(
    name: str, server: Wire, agent: AgentCoreAgent
) -> None:
    steps, cause, says = FAULTS[name]
    server.answers[:] = [steps, answer(*HI)]
    events = await events_of(agent)
    assert len(server.requests) == 1
    assert isinstance(last := events[-1], TurnFailed)
    expected = {cause, ErrorKind.CUT_OFF} if cause is ErrorKind.DROPPED else {cause}  # as urllib3's version has it
    assert last.problem.cause in expected
    assert says in str(last.problem)


async def test_an_event_of_a_later_service_is_kept_in_the_trace(server: Wire, agent: AgentCoreAgent) -> None:
    server.answers[:] = [answer(started(), frame("citation", {"url": "x"}), delta(0, audio={"seconds": 3}), *HI[1:])]
    events = await events_of(agent)
    assert TraceStep("citation", {"url": "x"}) in events
    assert events[-1] == TurnCompleted()


@pytest.mark.parametrize("session_id", ["short", "s" * 101, "-" + "s" * 40, "s.s" * 12])
async def test_a_session_id_that_the_service_does_not_take_is_refused_here(
    session_id: str, server: Wire, agent: AgentCoreAgent
) -> None:
    (failed,) = await events_of(agent, session_id=session_id)
    assert isinstance(failed, TurnFailed)
    assert "33 to 100" in str(failed.problem)
    assert server.requests == []


async def test_a_memory_without_a_harness_takes_no_turns(server: Wire) -> None:
    alone = agent_at(server.url, AgentCoreConfig(agentcore_memory_id="travel-a1B2c3D4e5"))
    (failed,) = await events_of(alone)
    assert isinstance(failed, TurnFailed)
    assert "without a harness" in str(failed.problem)
    assert server.requests == []
