"""What is asked of AWS, byte for byte, and what comes of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.bedrock_agents.test_faults import KEYS, agent_at, turn
from tests.bedrock_agents.wire import Wire, frame, plain, said, traced, whole, wire
from travel_tui.agent import (
    Agent,
    AgentError,
    ErrorKind,
    MemoryKind,
    Parameter,
    ReturnControl,
    ReturnedResult,
    ToolCall,
    TurnCompleted,
    TurnRequest,
    session_summary,
)
from travel_tui.backends.factory import open_agent, open_agent_in_thread
from travel_tui.config import AgentConfig

TERMINATED = "Session is terminated as 'endSession' flag is set in request."


@pytest.fixture(scope="module")
def line() -> Iterator[tuple[Wire, Agent]]:
    with wire() as server:
        yield server, agent_at(server)


@pytest.fixture
def server(line: tuple[Wire, Agent]) -> Wire:
    line[0].requests.clear()
    return line[0]


@pytest.fixture
def agent(line: tuple[Wire, Agent]) -> Agent:
    return line[1]


def record(session_id: str, start: str, **more: str) -> dict[str, object]:
    values = {"memoryId": "anna", "sessionId": session_id, "summaryText": f"About {session_id}.", **more}
    return {"sessionSummary": {**values, "sessionStartTime": start, "sessionExpiryTime": start}}


async def test_a_turn_asks_for_pieces_and_leaves_out_what_is_not_wanted(server: Wire, agent: Agent) -> None:
    server.answers[:] = [whole(said("Hi"))]
    assert [event async for event in agent.invoke(TurnRequest("Hello", "session-1"))][-1] == TurnCompleted()
    (request,) = server.requests
    assert request.path == "/agents/TRAVELDEMO/agentAliases/TSTALIASID/sessions/session-1/text"
    assert request.body == {
        "inputText": "Hello",
        "enableTrace": True,
        "streamingConfigurations": {"streamFinalResponse": True},
    }


async def test_a_turn_carries_memory_attributes_and_returned_results(server: Wire, agent: Agent) -> None:
    server.answers[:] = [whole(said("Done"))]
    request = TurnRequest(
        "",
        "session-1",
        "anna",
        session_attributes={"user": "anna"},
        prompt_attributes={"today": "2027-07-01"},
        invocation_id="inv-1",
        returned=(
            ReturnedResult("travel", "book_trip", "booked"),
            ReturnedResult("travel", "GET /trips", "[]", state="REPROMPT"),
        ),
        trace=False,
    )
    assert [event async for event in agent.invoke(request)][-1] == TurnCompleted()
    assert server.requests[0].body == {
        "enableTrace": False,
        "memoryId": "anna",
        "streamingConfigurations": {"streamFinalResponse": True},
        "sessionState": {
            "sessionAttributes": {"user": "anna"},
            "promptSessionAttributes": {"today": "2027-07-01"},
            "invocationId": "inv-1",
            "returnControlInvocationResults": [
                {
                    "functionResult": {
                        "actionGroup": "travel",
                        "function": "book_trip",
                        "responseBody": {"TEXT": {"body": "booked"}},
                    }
                },
                {
                    "apiResult": {
                        "actionGroup": "travel",
                        "httpMethod": "GET",
                        "apiPath": "/trips",
                        "responseState": "REPROMPT",
                        "responseBody": {"application/json": {"body": "[]"}},
                    }
                },
            ],
        },
    }


async def test_returned_control_is_the_last_event_also_where_trace_follows_it(server: Wire, agent: Agent) -> None:
    call = {
        "actionGroup": "travel",
        "function": "book_trip",
        "parameters": [{"name": "origin", "type": "string", "value": "Boston"}],
    }
    control = {"invocationId": "inv-1", "invocationInputs": [{"functionInvocationInput": call}]}
    rationale = {"orchestrationTrace": {"rationale": {"text": "Ask the caller."}}}
    server.answers[:] = [whole(frame("returnControl", control), traced(rationale))]
    events = await turn(agent)
    expected = ToolCall("travel", "book_trip", (Parameter("origin", "Boston", "string"),))
    assert events[-1] == ReturnControl("inv-1", (expected,))
    assert len(events) == 2


async def test_ending_a_session_is_asked_once(server: Wire, agent: Agent) -> None:
    server.answers[:] = [whole(said(TERMINATED))]
    await agent.end_session("session-1", "anna")
    (request,) = server.requests
    assert request.body["endSession"] is True
    assert request.body["memoryId"] == "anna"


async def test_an_end_that_fails_says_why_and_is_not_repeated(server: Wire, agent: Agent) -> None:
    server.answers[:] = [plain(503, {"message": "later"}), whole(said(TERMINATED))]
    with pytest.raises(AgentError) as failure:
        await agent.end_session("session-1", "anna")
    assert failure.value.problem.cause is ErrorKind.SERVICE
    assert len(server.requests) == 1


async def test_memories_come_from_all_pages_newest_first(server: Wire, agent: Agent) -> None:
    server.answers[:] = [
        plain(200, {"memoryContents": [record("one", "2027-07-01T10:00:00Z")], "nextToken": "more"}),
        plain(200, {"memoryContents": [record("two", "2027-07-02T10:00:00Z"), {"unknownKind": {}}]}),
    ]
    found = await agent.list_memories("anna")
    moment = datetime(2027, 7, 2, 10, 0, tzinfo=UTC)
    assert found[0] == session_summary("anna", "two", "About two.", moment, moment)
    assert [summary.session_id for summary in found] == ["two", "one"]
    first, second = (parse_qs(urlsplit(request.path).query) for request in server.requests)
    assert first["memoryType"] == ["SESSION_SUMMARY"]
    assert second["nextToken"] == ["more"]


async def test_each_summary_of_a_session_is_a_record_whose_id_stays_when_another_comes(
    server: Wire, agent: Agent
) -> None:
    older, newer = record("one", "2027-07-01T10:00:00Z"), record("one", "2027-07-02T10:00:00Z")
    server.answers[:] = [
        plain(200, {"memoryContents": [older]}),
        plain(200, {"memoryContents": [newer, older, record("two", "2027-07-02T10:00:00Z")]}),
        plain(200, {"memoryContents": [newer, newer, older]}),
    ]
    (alone,) = await agent.list_memories("anna")
    three = await agent.list_memories("anna")
    assert len({each.record_id for each in three}) == 3
    assert [each for each in three if each.record_id == alone.record_id] == [alone]
    assert {each.kind for each in three} == {MemoryKind.SESSION_SUMMARY}
    alike = await agent.list_memories("anna")
    assert len({each.record_id for each in alike}) == 3, "also where the service tells two by nothing"


async def test_an_empty_memory_is_an_empty_list(server: Wire, agent: Agent) -> None:
    server.answers[:] = [plain(200, {"memoryContents": []})]
    assert await agent.list_memories("anna") == []


async def test_a_read_is_repeated(server: Wire, agent: Agent) -> None:
    server.answers[:] = [plain(500, {"message": "oops"}), plain(200, {"memoryContents": []})]
    assert await agent.list_memories("anna") == []
    assert len(server.requests) == 2


async def test_forgetting_always_names_the_memory(server: Wire, agent: Agent) -> None:
    server.answers[:] = [plain(202, {}), plain(202, {})]
    await agent.delete_memory("anna", "session-1")
    await agent.delete_memory("anna")
    one, every = (parse_qs(urlsplit(request.path).query) for request in server.requests)
    assert one == {"memoryId": ["anna"], "sessionId": ["session-1"]}
    assert every == {"memoryId": ["anna"]}
    for refused in ("", "a b"):
        with pytest.raises(AgentError):
            await agent.delete_memory(refused)
    assert len(server.requests) == 2


async def test_a_broken_aws_environment_does_not_reach_an_isolated_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "config"
    broken.write_text("[profile nobody\nthis is not a config\x00")
    for name, value in {
        "AWS_PROFILE": "nobody",
        "AWS_DEFAULT_PROFILE": "nobody",
        "AWS_CONFIG_FILE": str(broken),
        "AWS_SHARED_CREDENTIALS_FILE": str(broken),
        "AWS_ACCESS_KEY_ID": "AKIDREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_BEARER_TOKEN_BEDROCK": "real",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": "http://127.0.0.1:1",
        "AWS_REGION": "mars-1",
        "AWS_MAX_ATTEMPTS": "many",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_DEFAULTS_MODE": "nonsense",
        "AWS_DATA_PATH": str(tmp_path / "nowhere"),
        "AWS_CA_BUNDLE": str(tmp_path / "nowhere.pem"),
        "HTTP_PROXY": "http://127.0.0.1:1",
        "HTTPS_PROXY": "http://127.0.0.1:1",
        "ALL_PROXY": "http://127.0.0.1:1",
        "http_proxy": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    with wire(whole(said("Hi"))) as server:
        config = AgentConfig("demo", "TRAVELDEMO", "TSTALIASID", endpoint_url=server.url)
        agent = await open_agent_in_thread(config, isolated=KEYS)
        assert (await turn(agent))[-1] == TurnCompleted()
    headers = server.requests[0].headers
    assert headers["authorization"].startswith(f"AWS4-HMAC-SHA256 Credential={KEYS.access_key}/")
    assert "us-east-1" in headers["authorization"]
    assert "x-amz-security-token" not in headers


@pytest.mark.parametrize("by_variable", [False, True])
async def test_an_endpoint_on_this_machine_is_reached_past_any_proxy(
    by_variable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDMINE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with wire(whole(said("Hi"))) as server:
        if by_variable:
            monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        url = None if by_variable else server.url
        config = AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", region="eu-west-1", endpoint_url=url)
        assert (await turn(open_agent(config)))[-1] == TurnCompleted()
        assert "Credential=AKIDMINE/" in server.requests[0].headers["authorization"]


@pytest.mark.parametrize(
    ("profile", "region", "variables", "cause", "named"),
    [
        ("nobody", "us-east-1", {}, ErrorKind.CREDENTIALS, "aws configure list-profiles"),
        (None, None, {}, ErrorKind.INVALID, "AWS_REGION"),
        (None, "us-east-1", {"AWS_CONFIG_FILE": "broken"}, ErrorKind.CREDENTIALS, "AWS_CONFIG_FILE"),
    ],
)
def test_what_is_wrong_with_the_aws_set_up_is_said_when_the_agent_is_opened(
    profile: str | None,
    region: str | None,
    variables: dict[str, str],
    cause: ErrorKind,
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "broken").write_text("[profile x\nnot a config")
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    with pytest.raises(AgentError) as failure:
        open_agent(AgentConfig("travel", "AGENT", "ALIAS", region=region, profile=profile))
    assert failure.value.problem.cause is cause
    assert named in failure.value.problem.advice


async def test_missing_credentials_are_an_error_that_says_how_to_log_in() -> None:
    agent = open_agent(AgentConfig("travel", "AGENT", "ALIAS", region="us-east-1"))
    with pytest.raises(AgentError) as failure:
        await agent.list_memories("anna")
    assert failure.value.problem.cause is ErrorKind.CREDENTIALS
    assert "aws sso login" in failure.value.problem.advice
