"""What ends an HTTP/2 connection: idleness, misuse, and what no client needs; the endpoint itself goes on."""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest
from h2.errors import ErrorCodes
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.endpoint import RunningEndpoint, running_endpoint
from tests.http2_client import Http2Client, http2_client
from travel_tui.local.http2 import connection, frame_limiter
from travel_tui.local.http2.frame_limiter import FrameLimiter

MEMORIES = "/agents/TRAVELDEMO/agentAliases/TSTALIASID/memories?memoryId=anna&memoryType=SESSION_SUMMARY"


def ended(client: Http2Client) -> ErrorCodes | int | None:
    """Why the endpoint ended a connection."""
    client.until(lambda: client.closed)
    assert client.closed
    return client.goaway


def answers(endpoint: RunningEndpoint) -> bool:
    """Whether the endpoint answers both protocols."""
    with http2_client(endpoint.url) as client:
        return client.answer(client.ask("GET", MEMORIES)).status == 200 and endpoint.user().memories("anna") == []


def test_an_idle_connection_is_closed_with_goaway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.local.server._KEEP_ALIVE", 0.05)
    with running_endpoint() as endpoint, http2_client(endpoint.url) as fresh, http2_client(endpoint.url) as used:
        assert ended(fresh) == ErrorCodes.NO_ERROR
        used.ask("GET", MEMORIES)
        assert ended(used) == ErrorCodes.NO_ERROR


def test_an_open_answer_is_not_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.local.server._KEEP_ALIVE", 0.01)
    with running_endpoint(latency=0.1) as endpoint, http2_client(endpoint.url) as client:
        assert client.answer(client.ask("GET", MEMORIES)).status == 200
        assert ended(client) == ErrorCodes.NO_ERROR


def test_huge_headers_end_their_connection_alone(endpoint: RunningEndpoint) -> None:
    with http2_client(endpoint.url) as client, http2_client(endpoint.url) as other:
        many = {f"x-{number}": "x" * 10_000 for number in range(6)}
        assert client.answer(client.ask("GET", MEMORIES, many)).status == 200, "60 KB are taken"
        # The client's own h2 splits them into frames; a list above 64 KB is refused.
        client.ask("GET", MEMORIES, {f"x-{number}": "x" * 10_000 for number in range(7)})
        assert ended(client) == ErrorCodes.ENHANCE_YOUR_CALM
        assert other.answer(other.ask("GET", MEMORIES)).status == 200


def test_more_streams_than_announced_end_their_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MAX_STREAMS", 3)
    with running_endpoint(latency=3600.0) as endpoint, http2_client(endpoint.url) as client:
        client.http2.remote_settings.max_concurrent_streams = 100
        for _ in range(4):
            client.ask("GET", MEMORIES)
        assert ended(client) == ErrorCodes.PROTOCOL_ERROR


def test_requests_that_still_run_count_although_their_streams_were_reset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_MAX_RUNNING", 3)
    with running_endpoint(latency=3600.0) as endpoint, http2_client(endpoint.url) as client:
        for _ in range(3):
            client.http2.reset_stream(client.ask("GET", MEMORIES))
        assert client.answer(client.ask("GET", MEMORIES)).reset == ErrorCodes.REFUSED_STREAM


@pytest.mark.parametrize("kind", ["ping", "settings", "priority", "window", "reset", "empty"])
def test_frames_that_ask_for_nothing_are_limited(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(frame_limiter, "MAX_AT_ONCE", 10)
    monkeypatch.setattr(frame_limiter, "PER_SECOND", 0)
    with running_endpoint(latency=3600.0) as endpoint, http2_client(endpoint.url) as client:
        stream = client.ask("POST", MEMORIES, ends=False)
        for number in range(20):
            if kind == "ping":
                client.http2.ping(b"12345678")
            elif kind == "settings":
                client.http2.update_settings({4: 70_000 + number})
            elif kind == "priority":
                client.http2.prioritize(stream, weight=1 + number)
            elif kind == "window":
                client.http2.increment_flow_control_window(1)
            elif kind == "reset":
                client.http2.reset_stream(client.ask("GET", MEMORIES, flush=False))
            else:
                client.http2.send_data(stream, b"")
        client.socket.sendall(client.http2.data_to_send())
        assert ended(client) == ErrorCodes.ENHANCE_YOUR_CALM
        with http2_client(endpoint.url) as other:
            assert other.answer(other.ask("GET", "/_local/state")).status == 200


def test_tokens_come_back_with_time_and_with_answers() -> None:
    now = [0.0]
    limiter = FrameLimiter(lambda: now[0])
    assert all(limiter.take() for _ in range(frame_limiter.MAX_AT_ONCE))
    assert not limiter.take()
    now[0] += 1
    taken = sum(limiter.take() for _ in range(frame_limiter.MAX_AT_ONCE))
    assert taken == pytest.approx(frame_limiter.PER_SECOND, abs=1)
    limiter = FrameLimiter(lambda: now[0])
    for _ in range(10 * frame_limiter.MAX_AT_ONCE):
        limiter.credit()  # for a frame that its client acknowledges twice: for the stream and for the connection
        assert limiter.take()
        assert limiter.take()


def frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    """Write a frame as HTTP/2 does."""
    return len(body).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + body


FRAMES = st.builds(frame, st.integers(0, 12), st.integers(0, 255), st.integers(0, 9), st.binary(max_size=40))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=200) | FRAMES, max_size=6))
def test_bytes_that_are_no_frames_end_their_connection_alone(endpoint: RunningEndpoint, frames: list[bytes]) -> None:
    with http2_client(endpoint.url) as client:
        client.socket.sendall(b"".join(frames))
        client.socket.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while client.socket.recv(65_536):
                pass


def test_both_protocols_are_answered_after_all_that(endpoint: RunningEndpoint) -> None:
    assert answers(endpoint)
