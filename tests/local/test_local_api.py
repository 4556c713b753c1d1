"""The endpoint's own API under /_local/, as curl would use it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from tests.endpoint import WAIT_S, RunningEndpoint, running_endpoint, text_of

BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"


@pytest.fixture
def fresh() -> Iterator[RunningEndpoint]:
    """An endpoint of the test's own."""
    with running_endpoint(summary_delay=30.0) as endpoint:
        yield endpoint


def local(
    endpoint: RunningEndpoint, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """A request to /_local/."""
    connection = http.client.HTTPConnection(urlsplit(endpoint.url).netloc, timeout=WAIT_S)
    try:
        connection.request(method, f"/_local/{path}", json.dumps(body) if body is not None else None, headers or {})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_advancing_the_clock_ends_idle_sessions_and_brings_their_summaries(fresh: RunningEndpoint) -> None:
    user = fresh.user()
    user.say("My name is Edda.", "s-1", "anna")
    (running,) = local(fresh, "GET", "state")[1]["sessions"]
    assert (running["sessionId"], running["turns"]) == ("s-1", 1)
    assert local(fresh, "POST", "advance", {"seconds": 1810})[0] == 200
    state = local(fresh, "GET", "state")[1]
    assert state["sessions"] == []
    assert 0 < state["pendingSummaries"][0]["inSeconds"] <= 30
    assert user.memories("anna") == []
    local(fresh, "POST", "advance", {"seconds": 30})
    assert "Edda" in user.memories("anna")[0]["summaryText"]
    local(fresh, "POST", "advance", {"seconds": 31 * 24 * 3600})
    assert user.memories("anna") == []


def test_a_clock_that_leaps_over_the_idle_limit_and_the_delay_brings_the_summary_at_once(
    fresh: RunningEndpoint,
) -> None:
    user = fresh.user()
    user.say("My name is Edda.", "s-1", "anna")
    local(fresh, "POST", "advance", {"seconds": 7200})
    (stored,) = user.memories("anna")
    assert (stored["sessionExpiryTime"] - stored["sessionStartTime"]).total_seconds() < 1801


def test_faults_are_added_counted_and_cleared(fresh: RunningEndpoint) -> None:
    user = fresh.user()
    status, told = local(fresh, "POST", "faults", {"faults": ["InvokeAgent=ThrottlingException"]})
    assert (status, told["faults"]) == (200, [{"fault": "InvokeAgent=ThrottlingException", "met": 0}])
    with pytest.raises(ClientError, match="Throttling"):
        user.say("hello", "s-1")
    assert local(fresh, "GET", "faults")[1]["faults"][0]["met"] == 1
    assert local(fresh, "DELETE", "faults")[1] == {"faults": []}
    assert user.say("hello", "s-1")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("POST", "faults", {"faults": ["InvokeAgent=Nonsense"]}, 400, "It has: "),
        ("POST", "faults", {"fault": "InvokeAgent=stall"}, 400, "Send"),
        ("POST", "faults", {"faults": [7]}, 400, "Send"),
        ("POST", "advance", {"seconds": -1}, 400, "above 0"),
        ("POST", "advance", {"seconds": "60"}, 400, "above 0"),
        ("POST", "advance", {"seconds": True}, 400, "above 0"),
        ("POST", "advance", {"seconds": 1e30}, 400, "at most"),
        ("POST", "advance", [], 400, "not an object"),
        ("GET", "advance", None, 405, "POST /_local/advance"),
        ("GET", "nothing", None, 404, "GET /_local/state"),
        ("GET", "", None, 200, "POST /_local/reset"),
    ],
)
def test_what_is_not_understood_is_told_what_there_is(
    endpoint: RunningEndpoint, method: str, path: str, body: Any, status: int, words: str
) -> None:
    answered, told = local(endpoint, method, path, body)
    assert answered == status
    assert words in told["message"]


def test_a_body_that_is_no_json_is_refused(endpoint: RunningEndpoint) -> None:
    connection = http.client.HTTPConnection(urlsplit(endpoint.url).netloc, timeout=WAIT_S)
    connection.request("POST", "/_local/advance", b'{"seconds": 1,}')
    answer = connection.getresponse()
    assert answer.status == 400
    assert json.loads(answer.read())["message"] == "The body is not JSON: see line 1, column 15."
    connection.close()


def test_the_calls_that_were_made_are_listed(fresh: RunningEndpoint) -> None:
    user = fresh.user()
    user.say("hello " * 100, "s-1", "anna")
    user.memories("anna")
    with pytest.raises(ClientError):
        user.say("hello", "s-1", agentId="NOSUCHONE1")
    calls = local(fresh, "GET", "calls")[1]["calls"]
    assert [(c["operation"], c["status"], c["error"]) for c in calls] == [
        ("InvokeAgent", 200, None),
        ("GetAgentMemory", 200, None),
        ("InvokeAgent", 404, "ResourceNotFoundException"),
    ]
    assert calls[0]["input"]["sessionId"] == "s-1"
    assert len(calls[0]["input"]["inputText"]) < 300
    assert local(fresh, "DELETE", "calls")[1] == {"calls": []}
    assert local(fresh, "GET", "calls")[1] == {"calls": []}


def test_a_reset_makes_all_as_at_the_start() -> None:
    with running_endpoint(seed=7) as endpoint:
        user = endpoint.user()
        first = user.say(BOOKING, "s-1", "anna")
        user.end("s-1", "anna")
        user.await_summary("s-1", "anna")
        user.say("hello", "s-2")
        local(endpoint, "POST", "faults", {"faults": ["DeleteAgentMemory=stall"]})
        local(endpoint, "POST", "advance", {"seconds": 60})
        assert local(endpoint, "POST", "reset")[0] == 200
        state = local(endpoint, "GET", "state")[1]
        assert (state["sessions"], state["memories"], state["faults"], state["advancedSeconds"]) == ([], [], [], 0)
        assert local(endpoint, "GET", "calls")[1] == {"calls": []}
        assert user.memories("anna") == []
        assert user.say(BOOKING, "s-1", "anna") == first


def test_it_wants_the_key_where_all_else_does() -> None:
    with running_endpoint(require_key=True) as endpoint:
        assert local(endpoint, "GET", "state")[0] == 403
        assert local(endpoint, "POST", "reset")[0] == 403
        assert text_of(endpoint.user().events("hello", "s-1"))


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_no_page_from_elsewhere_speaks_to_it(endpoint: RunningEndpoint, headers: dict[str, str]) -> None:
    assert local(endpoint, "POST", "reset", None, headers)[0] == 403
