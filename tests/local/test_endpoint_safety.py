"""Who may speak to the endpoint: signatures, foreign hosts and origins; over HTTP."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from tests.endpoint import AGENT, WAIT_S, RunningEndpoint, User, client_at, running_endpoint
from travel_tui.local.origin_check import check_host_and_origin
from travel_tui.local.settings import Settings
from travel_tui.local.signature import AccessKey, verify
from travel_tui.local.state.folder import EndpointFile
from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.http import Request

MEMORIES = "/agents/TRAVELDEMO/agentAliases/TSTALIASID/memories?memoryId=anna&memoryType=SESSION_SUMMARY"
KEY = AccessKey("LOCALKEY", "secret/with+signs")


@pytest.fixture(scope="module")
def locked() -> Iterator[RunningEndpoint]:
    """An endpoint that takes its own key alone."""
    with running_endpoint(require_key=True) as endpoint:
        yield endpoint


def refused(endpoint: RunningEndpoint, access_key_id: str, secret: str) -> Any:
    key = EndpointFile(endpoint.url, 0, access_key_id, secret, "us-east-1")
    client = client_at(endpoint.url, key)
    try:
        with pytest.raises(ClientError) as error:
            User(client).memories("anna:1")
        return error.value.response
    finally:
        client.close()


def test_the_key_of_this_start_opens(locked: RunningEndpoint) -> None:
    user = locked.user()
    assert user.memories("anna:1", maxItems=3) == []
    assert user.say("hello", "s:1", "anna:1")


def test_a_wrong_secret_is_refused(locked: RunningEndpoint) -> None:
    answer = refused(locked, locked.key.access_key_id, "guessed")
    assert answer["Error"]["Code"] == "InvalidSignatureException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_unknown_key_is_refused(locked: RunningEndpoint) -> None:
    assert refused(locked, "SOMEBODY", "guessed")["Error"]["Code"] == "UnrecognizedClientException"


def ask(
    endpoint: RunningEndpoint, headers: dict[str, str], method: str = "GET", path: str = MEMORIES
) -> tuple[int, Any]:
    """A request as anything but an AWS client would send it."""
    connection = http.client.HTTPConnection(urlsplit(endpoint.url).netloc, timeout=WAIT_S)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_an_unsigned_request_is_refused_where_the_key_is_required(locked: RunningEndpoint) -> None:
    assert ask(locked, {}) == (403, {"message": "Missing Authentication Token"})


def test_without_that_an_unsigned_request_is_taken(endpoint: RunningEndpoint) -> None:
    assert ask(endpoint, {})[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "10.0.0.7", ""]
)
def test_a_foreign_host_is_refused(endpoint: RunningEndpoint, host: str) -> None:
    status, body = ask(endpoint, {"Host": host})
    assert status == 403
    assert "Host" in body["message"]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://evil.example:4571", "null", "file://"])
def test_a_foreign_origin_is_refused(endpoint: RunningEndpoint, origin: str) -> None:
    status, body = ask(endpoint, {"Origin": origin})
    assert status == 403
    assert "Origin" in body["message"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:4571", "127.0.0.1:1", "127.1.2.3", "[::1]:4571"])
def test_this_machines_names_are_taken(endpoint: RunningEndpoint, host: str) -> None:
    assert ask(endpoint, {"Host": host})[0] == 200


def test_a_host_that_serves_others_is_known_by_its_name_and_addresses() -> None:
    assert check_host_and_origin({"host": "travel.example:4571"}, "travel.example") is None
    assert check_host_and_origin({"host": "192.168.1.7:4571"}, "0.0.0.0") is None
    assert check_host_and_origin({"host": "evil.example"}, "0.0.0.0") is not None


@pytest.mark.parametrize(
    ("host", "required"), [("127.0.0.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True)]
)
def test_other_machines_always_need_the_key(host: str, required: bool) -> None:
    assert Settings(host=host).key_required is required


def test_a_path_that_is_none_gets_an_answer(endpoint: RunningEndpoint) -> None:
    assert ask(endpoint, {}, "GET", "/")[0] == 404
    assert ask(endpoint, {}, "BREW", "/%00%ff/../x?a=%")[0] == 404


def signed(method: str, url: str, body: bytes = b"", key: AccessKey = KEY, **headers: str) -> Request:
    """A request signed by botocore."""
    request = AWSRequest(method, url, headers=headers, data=body)
    request.context["payload_signing_enabled"] = True
    SigV4Auth(Credentials(key.access_key_id, key.secret_access_key), "bedrock", "us-east-1").add_auth(request)
    parts = urlsplit(url)
    sent = {name.lower(): value for name, value in request.headers.items()} | {"host": parts.netloc}
    return Request(method, parts.path, parts.query, sent, body)


PLAIN = st.text("abcABC019-._~:", min_size=1, max_size=12)
ENCODED = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@given(
    path=st.lists(PLAIN.filter(lambda part: part.strip(".")), min_size=1, max_size=4),
    query=st.dictionaries(ENCODED, ENCODED, max_size=4),
    body=st.binary(max_size=50),
)
def test_what_botocore_signs_is_verified(path: list[str], query: dict[str, str], body: bytes) -> None:
    from urllib.parse import quote

    text = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in query.items())
    url = f"http://127.0.0.1:4571/{'/'.join(quote(part, safe='') for part in path)}?{text}"
    verify(signed("POST", url, body), KEY, datetime.now(UTC))


URL = "http://127.0.0.1:4571/agents/A/text?a=1"


@pytest.mark.parametrize(
    "change",
    [
        {"method": "DELETE"},
        {"path": "/agents/B/text"},
        {"query": "a=2"},
        {"query": "a=1&b=2"},
        {"body": b"other"},
    ],
)
def test_a_changed_request_is_refused(change: dict[str, Any]) -> None:
    good = signed("POST", URL, b"body")
    parts = {"method": good.method, "path": good.path, "query": good.query, "headers": good.headers, "body": good.body}
    with pytest.raises(ServiceError) as error:
        verify(Request(**{**parts, **change}), KEY, datetime.now(UTC))
    assert error.value.code == "InvalidSignatureException"


@pytest.mark.parametrize("late", [timedelta(minutes=16), timedelta(minutes=-16)])
def test_a_signature_is_good_for_a_quarter_of_an_hour(late: timedelta) -> None:
    request = signed("POST", URL)
    verify(request, KEY, datetime.now(UTC) + late * 0.9)
    with pytest.raises(ServiceError, match="15 minutes"):
        verify(request, KEY, datetime.now(UTC) + late)


@given(st.text(max_size=200))
def test_a_strange_authorization_is_refused_cleanly(text: str) -> None:
    good = signed("POST", URL)
    with pytest.raises(ServiceError):
        verify(Request("POST", "/", "", {**good.headers, "authorization": text}), KEY, datetime.now(UTC))


def test_the_agents_of_a_locked_endpoint_are_not_even_named(locked: RunningEndpoint) -> None:
    assert AGENT["agentId"] not in str(ask(locked, {}, path="/agents/NOSUCHONE1/agentAliases/TSTALIASID/memories"))


def test_a_stranger_gets_no_further_than_the_key(locked: RunningEndpoint) -> None:
    """Not even the limit of a body is told, because its content is not kept to be looked at."""
    connection = http.client.HTTPConnection(urlsplit(locked.url).netloc, timeout=WAIT_S)
    connection.request("POST", "/agents/TRAVELDEMO/agentAliases/TSTALIASID/sessions/s-1/text", b"x" * 31_000_000)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())) == (403, {"message": "Missing Authentication Token"})
    connection.close()


def test_an_endpoint_for_other_machines_takes_its_key_alone() -> None:
    with running_endpoint(host="0.0.0.0") as endpoint:
        assert ask(endpoint, {})[0] == 403
        assert ask(endpoint, {"Host": "evil.example"})[0] == 403
        assert endpoint.user().say("hello", "s:1")


@pytest.mark.parametrize(
    ("flags", "taken"),
    [
        ({}, True),
        ({"require_key": True}, False),
        ({"host": "0.0.0.0"}, False),
        ({"host": "0.0.0.0", "allow_uploads": True}, True),
        ({"require_key": True, "allow_uploads": True}, True),
    ],
)
def test_code_is_taken_where_nobody_else_can_bring_it(flags: dict[str, Any], taken: bool) -> None:
    assert Settings(**flags).takes_uploads is taken


def test_a_session_has_a_longest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.local.runtime.session_manager._MAX_TURNS", 2)
    with running_endpoint() as endpoint:
        user = endpoint.user()
        for _ in range(2):
            user.say("hello", "s-1")
        with pytest.raises(ClientError, match="End it and go on in a new one") as error:
            user.say("hello", "s-1")
        assert error.value.response["Error"]["Code"] == "ServiceQuotaExceededException"
        user.end("s-1")
        assert user.say("hello", "s-1")


def test_so_many_sessions_run_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.local.runtime.session_manager._MAX_SESSIONS", 2)
    with running_endpoint() as endpoint:
        user = endpoint.user()
        for session in ("s-1", "s-2", "s-1"):
            user.say("hello", session)
        with pytest.raises(ClientError, match="2 sessions run already"):
            user.say("hello", "s-3")
        user.end("s-2")
        assert user.say("hello", "s-3")
