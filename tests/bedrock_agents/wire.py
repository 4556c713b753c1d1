"""A server that replays bytes, to put in front of a real boto3 what no well-behaved endpoint sends."""

from __future__ import annotations

import json
import select
import socket
import ssl
import struct
import threading
import time
from base64 import b64encode
from binascii import crc32
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

END = b"0\r\n\r\n"
"""The end of a chunked body."""
PATIENCE_S = 60.0


class Reset:
    """As a step of an answer: break the connection as a crashing peer does."""


class Close:
    """As a step of an answer: close the connection as a peer does that thinks it is done."""


Step = bytes | threading.Event | Reset | Close


@dataclass(frozen=True)
class ReceivedRequest:
    """What a client asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Wire:
    """A running server: each request gets the next of `answers`, whose Events hold it until they are set."""

    url: str
    answers: list[Sequence[Step]] = field(default_factory=list)
    requests: list[ReceivedRequest] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    """Set when the first request has come."""
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when a client closed its side while an answer was held."""


def frame(event: str, payload: dict[str, Any], kind: str = "event") -> bytes:
    """One event-stream message."""
    named = ":event-type" if kind == "event" else ":exception-type"
    fields = {":message-type": kind, named: event, ":content-type": "application/json"}
    headers = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack("!H", len(value)) + value.encode()
        for name, value in fields.items()
    )
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", len(headers) + len(body) + 16, len(headers))
    message = prelude + struct.pack("!I", crc32(prelude)) + headers + body
    return message + struct.pack("!I", crc32(message))


def said(text: str | bytes) -> bytes:
    """A frame with a piece of the answer."""
    return frame("chunk", {"bytes": b64encode(text.encode() if isinstance(text, str) else text).decode()})


def traced(trace: dict[str, Any]) -> bytes:
    """A frame with a step of the trace."""
    return frame("trace", {"sessionId": "session-1", "trace": trace})


def head(length: int | None = None) -> bytes:
    """The head of an answer with an event stream, chunked or of that length."""
    size = "transfer-encoding: chunked" if length is None else f"content-length: {length}"
    return (
        "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\n"
        "x-amzn-bedrock-agent-content-type: application/json\r\n"
        f"x-amz-bedrock-agent-session-id: session-1\r\n{size}\r\n\r\n"
    ).encode()


def chunk(data: bytes) -> bytes:
    """A chunk of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def whole(*frames: bytes) -> list[Step]:
    """A complete answer of these frames."""
    return [head(), *(chunk(data) for data in frames), END]


def plain(status: int, body: dict[str, Any], error: str = "") -> list[Step]:
    """A JSON answer; `error` is the exception's name."""
    data = json.dumps(body).encode()
    named = f"x-amzn-errortype: {error}\r\n" if error else ""
    first = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{named}content-length: {len(data)}\r\n\r\n"
    return [first.encode() + data]


@contextmanager
def wire(*answers: Sequence[Step], tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """Serve these answers, one a request, on a free port of the loopback address."""
    listener = socket.create_server(("127.0.0.1", 0))
    scheme = "https" if tls else "http"
    server = Wire(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", list(answers))
    connections: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            spoken = tls.wrap_socket(connection, server_side=True) if tls else connection
            connections.append(spoken)
            with spoken, spoken.makefile("rb") as incoming:
                while request := _read(incoming):
                    server.requests.append(request)
                    server.asked.set()
                    _play(server, spoken)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # close() alone leaves a waiting accept() listening
        listener.close()
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def _read(incoming: Any) -> ReceivedRequest | None:
    first = incoming.readline()
    if not first:
        return None
    method, path, _ = first.decode().split(" ", 2)
    headers: dict[str, str] = {}
    while (line := incoming.readline().decode().strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = incoming.read(int(headers.get("content-length", "0")))
    return ReceivedRequest(method, path, headers, json.loads(body) if body else None)


def _play(server: Wire, connection: socket.socket) -> None:
    for step in server.answers.pop(0):
        if isinstance(step, bytes):
            connection.sendall(step)
        elif isinstance(step, Reset | Close):
            if isinstance(step, Reset):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise ConnectionAbortedError  # serve() closes it, with the file that reads from it
        else:
            _hold(server, connection, step)


def _hold(server: Wire, connection: socket.socket, gate: threading.Event) -> None:
    """Wait for the gate, and notice a client that hangs up meanwhile: it has nothing else to say now."""
    deadline = time.monotonic() + PATIENCE_S
    while not gate.wait(0.005) and time.monotonic() < deadline:
        if select.select([connection], [], [], 0)[0]:
            server.gone.set()
            return
