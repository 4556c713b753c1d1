"""A model of Amazon Bedrock, by botocore over HTTP: what ConverseStream is sent, and what its events become."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import EventStreamError

from tests.endpoint import running_endpoint, text_of
from tests.local.models.test_turns import STREAMED, TRIP, steps
from travel_tui.local.models.choice import ModelChoice, read_address
from travel_tui.local.wire.eventstream import event, exception

CHOICE = ModelChoice(read_address("bedrock:amazon.nova-micro-v1:0"))


def block(delta: dict[str, Any]) -> bytes:
    """A piece of a block."""
    return event("contentBlockDelta", json.dumps({"contentBlockIndex": 0, "delta": delta}).encode())


def end(reason: str) -> bytes:
    """The end of an answer, and its usage."""
    usage = {"usage": {"inputTokens": 11, "outputTokens": 7, "totalTokens": 18}, "metrics": {"latencyMs": 1}}
    return event("messageStop", json.dumps({"stopReason": reason}).encode()) + event(
        "metadata", json.dumps(usage).encode()
    )


CALL = (
    event("messageStart", b'{"role": "assistant"}')
    + block({"reasoningContent": {"text": "A trip."}})
    + event(
        "contentBlockStart",
        b'{"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "tooluse_1", "name": "book_trip"}}}',
    )
    + b"".join(block({"toolUse": {"input": piece}}) for piece in (json.dumps(TRIP)[:20], json.dumps(TRIP)[20:]))
    + event("contentBlockStop", b'{"contentBlockIndex": 1}')
    + end("tool_use")
)
TEXT = block({"text": "Your trip "}) + block({"text": "is booked."}) + end("end_turn")
THROTTLED = exception("throttlingException", b'{"message": "Too many tokens, please wait."}')


@contextmanager
def bedrock(*answers: bytes) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the URL of a server that answers with these streams, and what it was asked."""
    asked: list[dict[str, Any]] = []
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append({"path": self.path, **json.loads(self.rfile.read(int(self.headers["content-length"])))})
            self.send_response(200)
            self.send_header("content-type", "application/vnd.amazon.eventstream")
            self.end_headers()
            self.wfile.write(left.pop(0))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class's name
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")  # such as this very endpoint


@pytest.mark.usefixtures("_credentials")
def test_a_function_is_called_and_its_result_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with bedrock(CALL, TEXT, THROTTLED, block({"text": "Half"})) as (url, asked):
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url)
        with running_endpoint(model=CHOICE) as endpoint:
            user = endpoint.user()
            events = user.events("A trip to Paris", "first-session", **STREAMED)
            assert text_of(events) == "Your trip is booked."
            with pytest.raises(EventStreamError, match="Too many tokens, please wait"):
                user.say("Another", "second-session")
            with pytest.raises(EventStreamError, match="ended in the middle"):
                user.say("Another", "third-session")
    (made,) = [s["actionGroupInvocationInput"] for s in steps(events, "invocationInput")]
    assert {p["name"]: p["value"] for p in made["parameters"]} == TRIP
    assert [output["metadata"]["usage"]["inputTokens"] for output in steps(events, "modelInvocationOutput")] == [11, 11]
    assert steps(events, "rationale")[0]["text"] == "A trip."
    assert asked[0]["path"] == "/model/amazon.nova-micro-v1%3A0/converse-stream"
    assert "Today is" in asked[0]["system"][0]["text"]
    _user, call, result = asked[1]["messages"]
    assert call["content"][0]["toolUse"]["input"] == TRIP
    assert result["content"][0]["toolResult"]["status"] == "success"
    tools = {tool["toolSpec"]["name"]: tool["toolSpec"] for tool in asked[0]["toolConfig"]["tools"]}
    assert set(tools["book_trip"]["inputSchema"]["json"]["required"]) == set(TRIP)


def test_missing_credentials_end_the_turn_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    with (
        running_endpoint(model=CHOICE) as endpoint,
        pytest.raises(EventStreamError, match=r"Unable to locate credentials.*aws sts get-caller-identity"),
    ):
        endpoint.user().say("Hello", "first-session")
