"""HTTP/2 with prior knowledge: turns, back-pressure and cancellation, beside HTTP/1.1 on the same port."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import ChecksumMismatch
from h2.errors import ErrorCodes

from tests.endpoint import WAIT_S, RunningEndpoint, endpoint_process, running_endpoint, until
from tests.http2_client import STREAMED, Http2Client, http2_client, text_of
from travel_tui.local.app import BODY_LIMIT
from travel_tui.local.faults import read_fault

MEMORIES = "/agents/TRAVELDEMO/agentAliases/TSTALIASID/memories?memoryId=anna&memoryType=SESSION_SUMMARY"
HELP = "What can you do?"


def turns_saved(endpoint: RunningEndpoint, session: str) -> int:
    """How many turns of a session the endpoint has saved."""
    overview: list[dict[str, Any]] = endpoint.do(lambda running: running.sessions.overview())
    return sum(int(each["turns"]) for each in overview if each["sessionId"] == session)


def test_a_streamed_turn_says_the_same_as_over_http_1(endpoint: RunningEndpoint) -> None:
    with http2_client(endpoint.url) as client:
        answer = client.answer(client.turn(HELP, "h2-1", enableTrace=True, **STREAMED))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/vnd.amazon.eventstream"
    assert "date" in answer.headers
    kinds = [kind for kind, _ in answer.events()]
    assert kinds.count("chunk") > 1
    assert kinds.count("trace") > 2
    assert text_of(answer) == endpoint.user().say(HELP, "h1-1")


def test_both_protocols_are_spoken_at_once_on_one_port(endpoint: RunningEndpoint) -> None:
    user = endpoint.user()
    with http2_client(endpoint.url) as client, user.stream(HELP, "h1-2", **STREAMED) as events:
        next(events)
        stream = client.turn("My name is Edda.", "h2-2")
        assert "Edda" in text_of(client.answer(stream))
        assert any("chunk" in event for event in events)
        assert "Edda" in user.say("What is my name?", "h2-2")


def test_a_connection_serves_many_requests_one_after_the_other(endpoint: RunningEndpoint) -> None:
    with http2_client(endpoint.url) as client:
        for _ in range(50):
            answer = client.answer(client.ask("GET", MEMORIES))
            assert (answer.status, json.loads(answer.body)["memoryContents"]) == (200, [])


def test_many_streams_of_a_connection_each_get_their_own_answer(endpoint: RunningEndpoint) -> None:
    names = {f"many-{number}": f"Zorro{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(100)}
    with http2_client(endpoint.url) as client:
        streams = {session: client.turn(f"My name is {name}.", session) for session, name in names.items()}
        for session, stream in streams.items():
            assert names[session] in text_of(client.answer(stream))


def test_no_more_comes_than_the_client_has_room_for(endpoint: RunningEndpoint) -> None:
    """h2 raises an error in the client for every byte beyond its window."""
    with http2_client(endpoint.url, window=100, acknowledges=False) as client:
        stream = client.turn(HELP, "h2-3", **STREAMED)
        answer = client.answers[stream]
        client.until(lambda: len(answer.body) == 100)
        other = client.ask("GET", "/_local/faults")
        assert client.answer(other).status == 200, "another stream has a window of its own"
        assert not answer.over
        for had in range(100, 100_000, 500):
            client.http2.increment_flow_control_window(500, stream)
            client.flush()
            client.until(lambda had=had: answer.ended or len(answer.body) == had + 500)  # type: ignore[misc]
            if answer.ended:
                break
    assert text_of(answer) == endpoint.user().say(HELP, "h1-3")


def test_settings_that_open_the_windows_let_an_answer_go_on(endpoint: RunningEndpoint) -> None:
    from h2.settings import SettingCodes

    with http2_client(endpoint.url, window=0, acknowledges=False) as client:
        stream = client.turn("My name is Edda.", "h2-4")
        client.until(lambda: client.answers[stream].status == 200)
        client.http2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 60_000})
        client.flush()
        assert "Edda" in text_of(client.answer(stream))


def test_a_client_that_reads_nothing_holds_up_nobody_else(endpoint: RunningEndpoint) -> None:
    with http2_client(endpoint.url, window=2**31 - 1) as client:
        client.http2.increment_flow_control_window(2**30)
        streams = [client.turn(HELP, f"unread-{number}", enableTrace=True, **STREAMED) for number in range(50)]
        assert endpoint.user().say("hello", "beside")
        for stream in streams:
            assert client.answer(stream).ended


def test_a_reset_stream_ends_the_pacing_of_its_turn_and_nothing_else() -> None:
    """At this pace no answer comes by itself, so that both turns wait until their client wants no more."""
    with running_endpoint(pace=0.001) as endpoint, http2_client(endpoint.url) as client:
        first, second = (client.turn("hello", session, enableTrace=True) for session in ("one", "two"))
        client.until(lambda: bool(client.answers[first].body and client.answers[second].body))
        client.http2.reset_stream(first, ErrorCodes.CANCEL)
        client.flush()
        until(lambda: turns_saved(endpoint, "one") == 1)
        assert turns_saved(endpoint, "two") == 0
        assert client.answer(client.ask("GET", MEMORIES)).status == 200


@pytest.mark.parametrize("closes", [True, False])
def test_a_client_that_goes_while_it_has_no_room_leaves_no_turn_open(closes: bool) -> None:
    with running_endpoint() as endpoint, http2_client(endpoint.url, window=100, acknowledges=False) as client:
        stream = client.turn(HELP, "one", **STREAMED)
        client.until(lambda: len(client.answers[stream].body) == 100)
        if closes:
            client.close()
        else:
            client.http2.reset_stream(stream)
            client.flush()
        assert endpoint.user().say("hello", "one"), "a session has one turn at a time, so the one left behind is over"


def test_a_closed_connection_ends_the_pacing_of_its_turns() -> None:
    with running_endpoint(pace=0.001) as endpoint:
        with http2_client(endpoint.url) as client:
            stream = client.turn("hello", "one", enableTrace=True)
            client.until(lambda: bool(client.answers[stream].body))
        until(lambda: turns_saved(endpoint, "one") == 1)


def test_who_sends_goaway_still_gets_the_answers_that_are_open() -> None:
    with running_endpoint(pace=2000) as endpoint, http2_client(endpoint.url) as client:
        stream = client.turn(HELP, "one", enableTrace=True)
        client.until(lambda: bool(client.answers[stream].body))
        client.socket.sendall(bytes.fromhex("000008 07 00 00000000 00000000 00000000"))  # h2 would end its own streams
        assert any(kind == "chunk" for kind, _ in client.answer(stream).events())
        client.until(lambda: client.closed)
        assert client.goaway == ErrorCodes.NO_ERROR


@pytest.mark.parametrize("moment", ["before", "2"])
def test_a_drop_resets_its_stream_alone(moment: str) -> None:
    faults = (read_fault(f"InvokeAgent=drop@{moment}:1"),)
    with running_endpoint(faults=faults) as endpoint, http2_client(endpoint.url) as client:
        answer = client.answer(client.turn(HELP, "s-1", **STREAMED))
        assert answer.reset == ErrorCodes.INTERNAL_ERROR
        assert len(answer.events()) == (0 if moment == "before" else 2)
        assert client.say("hello", "s-2")
        assert "hello" not in client.say(HELP, "s-1"), "the turn that was cut off is over"


@pytest.mark.parametrize("moment", ["before", "1"])
def test_a_stall_holds_its_stream_alone(moment: str) -> None:
    faults = (read_fault(f"InvokeAgent=stall@{moment}:1"),)
    with running_endpoint(faults=faults) as endpoint, http2_client(endpoint.url) as client:
        stream = client.turn(HELP, "s-1", **STREAMED)
        answer = client.answers[stream]
        if moment == "1":
            client.until(lambda: len(answer.events()) == 1)
        assert client.say("hello", "s-2")
        assert not answer.over
        client.http2.reset_stream(stream)
        client.flush()
        assert client.say("hello", "s-1")


def test_a_corrupt_event_and_a_cut_one() -> None:
    faults = tuple(read_fault(text) for text in ("InvokeAgent=corrupt:1", "InvokeAgent=truncate@1:1"))
    with running_endpoint(faults=faults) as endpoint, http2_client(endpoint.url) as client:
        corrupt = client.answer(client.turn(HELP, "s-1", **STREAMED))
        assert corrupt.ended
        with pytest.raises(ChecksumMismatch):
            corrupt.events()
        cut = client.answer(client.turn(HELP, "s-2", **STREAMED))
        whole = client.answer(client.turn(HELP, "s-3", **STREAMED))
        assert cut.ended
        assert cut.events() == whole.events()[:1]


def test_a_modelled_error_before_the_stream_and_inside_it() -> None:
    faults = tuple(read_fault(f"InvokeAgent=ThrottlingException{moment}:1") for moment in ("", "@stream"))
    with running_endpoint(faults=faults) as endpoint, http2_client(endpoint.url) as client:
        assert client.answer(client.turn(HELP, "s-1")).status == 429
        inside = client.answer(client.turn(HELP, "s-1"))
        assert inside.status == 200
        assert b"throttlingException" in inside.body


def test_a_body_up_to_the_limit_is_taken_and_a_larger_one_refused(endpoint: RunningEndpoint) -> None:
    with http2_client(endpoint.url) as client:
        stream = client.ask("POST", "/agents/TRAVELDEMO/agentAliases/TSTALIASID/sessions/h2-5/text", ends=False)
        client.upload(stream, b" " * (BODY_LIMIT + 1))
        answer = client.answer(stream)
        assert "larger than 30,000,000 bytes" in json.loads(answer.body)["message"]
        stream = client.ask("POST", "/_local/faults", ends=False)
        client.upload(stream, b'{"faults": [], "padding": "' + b"x" * 1_000_000 + b'"}')
        assert "OPERATION=ERROR" in json.loads(client.answer(stream).body)["message"]


def test_a_request_that_is_reset_before_its_end_does_nothing() -> None:
    with running_endpoint() as endpoint, http2_client(endpoint.url) as client:
        stream = client.ask("POST", "/agents/TRAVELDEMO/agentAliases/TSTALIASID/sessions/s-1/text", ends=False)
        client.http2.send_data(stream, b'{"inputText": "hel')
        client.http2.reset_stream(stream)
        client.flush()
        assert client.say("hello", "s-1")
        assert turns_saved(endpoint, "s-1") == 1


def test_an_answer_before_the_end_of_its_request_ends_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.local.app._DRAINED", 10_000)
    with running_endpoint(require_key=True) as endpoint, http2_client(endpoint.url) as client:
        stream = client.ask("POST", "/agents/TRAVELDEMO/agentAliases/TSTALIASID/sessions/s-1/text", ends=False)
        client.http2.send_data(stream, b" " * 16_000)
        client.flush()
        answer = client.answer(stream)
        assert (answer.status, answer.ended) == (403, True)
        client.until(lambda: answer.reset is not None)
        assert answer.reset == ErrorCodes.NO_ERROR


def test_a_foreign_authority_is_refused(endpoint: RunningEndpoint) -> None:
    with http2_client(endpoint.url) as client:
        client.authority = "evil.example"
        answer = client.answer(client.ask("GET", MEMORIES))
        assert answer.status == 403
        assert "evil.example" in json.loads(answer.body)["message"]


def test_a_signature_covers_the_authority() -> None:
    with running_endpoint(require_key=True) as endpoint, http2_client(endpoint.url) as client:
        request = AWSRequest("GET", f"{endpoint.url}{MEMORIES}")
        key = Credentials(endpoint.key.access_key_id, endpoint.key.secret_access_key)
        SigV4Auth(key, "bedrock", "us-east-1").add_auth(request)
        signed = {name.lower(): value for name, value in request.headers.items()}
        assert client.answer(client.ask("GET", MEMORIES, signed)).status == 200
        assert client.answer(client.ask("GET", MEMORIES.replace("anna", "edda"), signed)).status == 403
        assert client.answer(client.ask("GET", MEMORIES)).status == 403


def test_a_head_request_has_no_body(endpoint: RunningEndpoint) -> None:
    with http2_client(endpoint.url) as client:
        answer = client.answer(client.ask("HEAD", "/_local/state"))
        assert (answer.ended, answer.body) == (True, b"")


def test_its_end_finishes_what_is_open_and_leaves_nothing(tmp_path: Path) -> None:
    with endpoint_process(tmp_path, "--pace", "0.001") as running, http2_client(running.url) as client:
        stream = client.turn("hello", "s-1", enableTrace=True)
        client.until(lambda: bool(client.answers[stream].body))
        running.process.terminate()
        assert any(kind == "chunk" for kind, _ in client.answer(stream).events())
        client.until(lambda: client.closed)
        assert client.goaway == ErrorCodes.NO_ERROR
        assert running.process.wait(WAIT_S) == 0


def test_its_end_waits_for_no_stalled_stream() -> None:
    with running_endpoint(faults=(read_fault("InvokeAgent=stall@1"),)) as endpoint:
        client = Http2Client(endpoint.url)
        stream = client.turn(HELP, "s-1", **STREAMED)
        client.until(lambda: bool(client.answers[stream].body))
    client.until(lambda: client.closed)
    assert client.closed
    client.close()


def test_http_2_is_loaded_by_the_first_connection_that_speaks_it() -> None:
    program = "import sys, travel_tui.local.server as _; sys.exit('h2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=WAIT_S).returncode == 0


def test_a_preface_can_come_byte_by_byte(endpoint: RunningEndpoint) -> None:
    parts = urlsplit(endpoint.url)
    with socket.create_connection((str(parts.hostname), parts.port or 0), WAIT_S) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0":
            connection.sendall(bytes([byte]))
        header = connection.recv(9, socket.MSG_WAITALL)
        assert header[3] == 4, "the endpoint begins with its SETTINGS"


@pytest.mark.parametrize("first", [b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", b"PRI /\r\n\r\n", b"\0\1\2\3\r\n\r\n"])
def test_what_is_neither_protocol_is_refused_over_http_1(endpoint: RunningEndpoint, first: bytes) -> None:
    parts = urlsplit(endpoint.url)
    with socket.create_connection((str(parts.hostname), parts.port or 0), WAIT_S) as connection:
        connection.sendall(first)
        assert connection.recv(10, socket.MSG_WAITALL) == b"HTTP/1.1 4"
