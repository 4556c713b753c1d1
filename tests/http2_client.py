"""A client that speaks HTTP/2 with prior knowledge, and lets a test decide what it reads, acknowledges and resets."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from botocore.eventstream import EventStreamBuffer
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)
from h2.settings import SettingCodes, Settings

from tests.endpoint import WAIT_S

TURN = "/agents/TRAVELDEMO/agentAliases/TSTALIASID/sessions/{}/text"
STREAMED = {"streamingConfigurations": {"streamFinalResponse": True}}


@dataclass
class Response:
    """What has come of an answer."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ended: bool = False
    reset: ErrorCodes | int | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more comes."""
        return self.ended or self.reset is not None

    @property
    def status(self) -> int:
        """The HTTP status; 0 before it is there."""
        return int(self.headers.get(":status", 0))

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Decode the events of a turn that have come whole; raises ChecksumMismatch."""
        buffer = EventStreamBuffer()
        buffer.add_data(self.body)
        found = [each.to_response_dict() for each in buffer]
        return [(str(each["headers"].get(":event-type")), json.loads(each["body"])) for each in found]


class Http2Client:
    """A connection. Events are read only in `until`, so what a test does not wait for stays in the socket."""

    def __init__(self, url: str, *, window: int = 65_535, acknowledges: bool = True) -> None:
        """`window` is how much of an answer may come ahead of its acknowledgement."""
        parts = urlsplit(url)
        self.authority = parts.netloc
        self.socket = socket.create_connection((str(parts.hostname), parts.port or 0), WAIT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as every HTTP client does
        self.http2 = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.http2.local_settings = Settings(initial_values={SettingCodes.INITIAL_WINDOW_SIZE: window})
        self.answers: dict[int, Response] = {}
        self.goaway: ErrorCodes | int | None = None
        """Why the endpoint closed the connection."""
        self.closed = False
        self._acknowledges = acknowledges
        self.http2.initiate_connection()
        self.flush()

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()

    def flush(self) -> None:
        """Send what is ready."""
        self.socket.sendall(self.http2.data_to_send())

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, *, ends: bool = True, flush: bool = True
    ) -> int:
        """Begin a request, sent at once with `flush`; return its stream."""
        stream = self.http2.get_next_available_stream_id()
        self.answers[stream] = Response()
        named = {":method": method, ":scheme": "http", ":authority": self.authority, ":path": path, **(headers or {})}
        self.http2.send_headers(stream, list(named.items()), end_stream=ends)
        if flush:
            self.flush()
        return stream

    def upload(self, stream: int, body: bytes) -> None:
        """Send a request's body to its end, or to the end of the stream."""
        answer, rest = self.answers[stream], memoryview(body)

        def room() -> int:
            return min(self.http2.local_flow_control_window(stream), self.http2.max_outbound_frame_size)

        while rest:
            self.until(lambda: answer.over or room() > 0)
            if answer.over:
                return
            piece, rest = rest[: room()], rest[room() :]
            self.http2.send_data(stream, bytes(piece), end_stream=not rest)
            self.flush()

    def turn(self, text: str, session: str, **more: Any) -> int:
        """Begin a turn; return its stream."""
        stream = self.ask("POST", TURN.format(session), {"content-type": "application/json"}, ends=False)
        self.upload(stream, json.dumps({"inputText": text, **more}).encode())
        return stream

    def answer(self, stream: int) -> Response:
        """Read until an answer is over, and return it."""
        self.until(lambda: self.answers[stream].over)
        return self.answers[stream]

    def say(self, text: str, session: str) -> str:
        """Return the answer to a turn."""
        answer = self.answer(self.turn(text, session))
        return text_of(answer)

    def until(self, reached: Callable[[], bool]) -> None:
        """Read until `reached`, or until the endpoint closes the connection."""
        while not reached() and not self.closed:
            try:
                data = self.socket.recv(65_536)
                for event in self.http2.receive_data(data):
                    self._handle(event)
                self.flush()
            except (BrokenPipeError, ConnectionResetError):
                data = b""
            self.closed = not data

    def _handle(self, event: Event) -> None:
        if isinstance(event, ConnectionTerminated):
            self.goaway = event.error_code
        answer = self.answers.get(getattr(event, "stream_id", None) or 0)
        if answer is None:
            return
        if isinstance(event, ResponseReceived):
            answer.headers = {str(name): str(value) for name, value in event.headers or []}
        elif isinstance(event, DataReceived):
            answer.body += event.data or b""
            if self._acknowledges:
                self.http2.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id or 0)
        elif isinstance(event, StreamEnded):
            answer.ended = True
        elif isinstance(event, StreamReset):
            answer.reset = event.error_code


@contextmanager
def http2_client(url: str, **options: Any) -> Iterator[Http2Client]:
    """Open a connection, closed at the end."""
    with closing(Http2Client(url, **options)) as client:
        yield client


def text_of(answer: Response) -> str:
    """Join the chunks of a turn into its text."""
    from base64 import b64decode

    return b"".join(b64decode(body["bytes"]) for kind, body in answer.events() if kind == "chunk").decode()
