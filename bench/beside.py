"""The local endpoint beside that of another checkout: `python -m bench beside FOLDER`.

Both run at once on this machine, with this interpreter and its libraries, and are measured in turns, so that what else
the machine does meets both alike. A line has the medians of both and their ratio. Turns are asked for as boto3 does
(HTTP/1.1), and by plain clients of both protocols; those of HTTP/2, which an older checkout may not speak, are set
beside the reference's over HTTP/1.1.
"""

from __future__ import annotations

import http.client
import itertools
import json
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.endpoint import BOOKING, STREAMED, client_of, endpoint, events_of

STARTS = 15
TURNS = 200
GOAL = 1.2
TURN = "/agents/TRAVELDEMO/agentAliases/TSTALIASID/sessions/{}/text"
_DATA, _HEADERS, _RST_STREAM, _SETTINGS, _GOAWAY, _WINDOW_UPDATE = 0, 1, 3, 4, 7, 8
_END_STREAM, _END_HEADERS = 1, 4
_sessions = itertools.count()


def line_of(what: str, here: list[float], there: list[float]) -> str:
    """Format a line of the report, of milliseconds here and there."""
    own, reference = statistics.median(here), statistics.median(there)
    missed = "" if own <= GOAL * reference else " MISSED"
    return (
        f"{what:<46} p50 {own:7.2f} ms   reference {reference:7.2f} ms   {own / reference:.2f} × (goal {GOAL}){missed}"
    )


def paired(times: int, here: Callable[[], Any], there: Callable[[], Any]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each of `times` runs of both, one after the other, the first of them alternating."""
    for _ in range(5):
        here()
        there()
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(times):
        order = [(here, spent[0]), (there, spent[1])]
        for action, kept in order if number % 2 else reversed(order):
            began = time.perf_counter()
            action()
            kept.append((time.perf_counter() - began) * 1000)
    return spent


def over_boto3(client: Any, text: str, **more: Any) -> Callable[[], None]:
    """Return a turn through boto3."""

    def turn() -> None:
        for _ in events_of(client, text, **more):
            pass

    return turn


def over_http_1(connection: http.client.HTTPConnection, text: str, **more: Any) -> Callable[[], None]:
    """Return a turn over plain HTTP/1.1, unsigned, with its events unread."""
    body = json.dumps({"inputText": text, **more})

    def turn() -> None:
        connection.request("POST", TURN.format(f"plain-{next(_sessions)}"), body, {"content-type": "application/json"})
        if connection.getresponse().read()[:1] != b"\0":
            raise SystemExit("A turn over HTTP/1.1 got no event.")

    return turn


class PlainHttp2:
    """A client of HTTP/2 that does no more than http.client does of HTTP/1.1: the endpoint is to be measured."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._authority = parts.netloc
        self._socket = socket.create_connection((str(parts.hostname), parts.port or 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb")
        self._stream = -1
        most = (2**31 - 1).to_bytes(4, "big")
        opened = frame(_SETTINGS, 0, 0, b"\0\4" + most) + frame(_WINDOW_UPDATE, 0, 0, (2**30).to_bytes(4, "big"))
        self._socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + opened)

    def close(self) -> None:
        """Close the connection."""
        self._reader.close()
        self._socket.close()

    def post(self, path: str, body: bytes) -> int:
        """Return the bytes of the answer to a request, whose body fits into a frame."""
        self._stream += 2
        headers = {":method": "POST", ":scheme": "http", ":authority": self._authority, ":path": path}
        block = b"".join(literal(*header) for header in {**headers, "content-type": "application/json"}.items())
        asked = frame(_HEADERS, _END_HEADERS, self._stream, block) + frame(_DATA, _END_STREAM, self._stream, body)
        self._socket.sendall(asked)
        size = 0
        while True:
            header = self._reader.read(9)
            length, kind, flags = int.from_bytes(header[:3], "big"), header[3], header[4]
            self._reader.read(length)
            if kind == _SETTINGS and not flags:
                self._socket.sendall(frame(_SETTINGS, 1, 0, b""))
            elif kind == _DATA:
                size += length
                if flags & _END_STREAM:
                    return size
            elif kind in {_RST_STREAM, _GOAWAY}:
                raise SystemExit("The endpoint ended a turn over HTTP/2.")


def frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    """Write a frame (RFC 9113, section 4.1)."""
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body


def literal(name: str, value: str) -> bytes:
    """Write a header as a literal without indexing (RFC 7541, section 6.2.2); both texts are shorter than 127 bytes."""
    return b"\0" + b"".join(bytes([len(text)]) + text.encode() for text in (name, value))


def over_http_2(client: PlainHttp2, text: str, **more: Any) -> Callable[[], None]:
    """Return a turn over plain HTTP/2, unsigned, with its events unread."""
    body = json.dumps({"inputText": text, **more}).encode()

    def turn() -> None:
        if not client.post(TURN.format(f"plain-{next(_sessions)}"), body):
            raise SystemExit("A turn over HTTP/2 got no event.")

    return turn


def report(reference: Path) -> Iterator[str]:
    """Measure beside the checkout in `reference`; yield a line per figure."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = itertools.count()

        def start(checkout: Path | None) -> float:
            with endpoint(Path(folder) / str(next(numbers)), checkout=checkout) as (_, ready):
                return ready * 1000

        starts: tuple[list[float], list[float]] = ([], [])
        for number in range(STARTS + 1):
            order = [(None, starts[0]), (reference, starts[1])]
            for checkout, kept in order if number % 2 else reversed(order):
                spent = start(checkout)
                if number:  # the first round warms the caches
                    kept.append(spent)
        yield line_of("from exec to listening", *starts)
        with (
            endpoint(Path(folder) / "here") as (own, _),
            endpoint(Path(folder) / "there", checkout=reference) as (other, _),
            closing(PlainHttp2(own)) as http2,
        ):
            kinds: dict[str, tuple[str, dict[str, Any]]] = {
                "without a call": ("hello", {}),
                "without a call, streamed": ("hello", STREAMED),
                "with an action call, traced": (BOOKING, {"enableTrace": True}),
            }
            mine, theirs = client_of(own), client_of(other)
            for kind, (text, more) in kinds.items():
                both = paired(TURNS, over_boto3(mine, text, **more), over_boto3(theirs, text, **more))
                yield line_of(f"turn {kind}, boto3", *both)
            plain, plain_there = (http.client.HTTPConnection(urlsplit(url).netloc) for url in (own, other))
            for kind, (text, more) in kinds.items():
                there_1 = over_http_1(plain_there, text, **more)
                both = paired(TURNS, over_http_1(plain, text, **more), there_1)
                yield line_of(f"turn {kind}, HTTP/1.1", *both)
                both = paired(TURNS, over_http_2(http2, text, **more), there_1)
                yield line_of(f"turn {kind}, HTTP/2", *both)
            plain.close()
            plain_there.close()
