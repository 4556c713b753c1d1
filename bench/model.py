"""What a language model costs the local endpoint, with a model that answers at once: `python -m bench model`.

Turns of the scripted agent and of a model alternate on two endpoints at pace 0. The first token is timed from when the
model's server writes it, after a pause, to when boto3 hands it over. A missed goal is marked.
"""

from __future__ import annotations

import json
import os
import socketserver
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.endpoint import STREAMED, client_of, endpoint, events_of, line_of

TURNS = 200
FIRST_TOKENS = 60
PAUSE_S = 0.02
"""Before the first token: whoever waits for it is asleep by then."""
_TEXT = "Good day. How can I help you with your travels?"


def _chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({'id': 'x', 'choices': [choice]})}\n\n".encode()


_FIRST = _chunk({"role": "assistant", "content": _TEXT})
_REST = _chunk({}, "stop") + b"data: [DONE]\n\n"
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n" % len(_FIRST + _REST)


class _Model(socketserver.StreamRequestHandler):
    """Answers every request with the same stream; on a pause before it, notes when the first token was written."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        while line := self.rfile.readline():
            length = 0
            while (line := self.rfile.readline()).strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            self.rfile.read(length)
            self.wfile.write(_HEAD)
            if PAUSES.is_set():
                time.sleep(PAUSE_S)
                WRITTEN.append(time.perf_counter())
                self.wfile.write(_FIRST)
                time.sleep(PAUSE_S)
                self.wfile.write(_REST)
            else:
                self.wfile.write(_FIRST + _REST)


PAUSES = threading.Event()
WRITTEN: list[float] = []


@contextmanager
def model() -> Iterator[str]:
    """Yield the address of a model that answers at once."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Model) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"openai:http://127.0.0.1:{server.server_address[1]}/v1#m"
        finally:
            server.shutdown()


def _turns(scripted: Any, played: Any) -> Iterator[str]:
    spent: dict[str, list[float]] = {"scripted agent": [], "model that answers at once": []}
    for number in range(TURNS + 5):
        for client, kept in zip((scripted, played), spent.values(), strict=True):
            began = time.perf_counter()
            for _ in events_of(client, "hello", **STREAMED):
                pass
            if number >= 5:
                kept.append((time.perf_counter() - began) * 1000)
    for name, times in spent.items():
        yield line_of(f"turn of the {name}, streamed", times)
    script, real = (statistics.median(times) for times in spent.values())
    missed = " MISSED" if real - script > 5 else ""
    yield f"{'a model over the scripted agent':<52} p50 {real - script:7.2f} ms   goal p50 ≤ 5{missed}"


def _first_tokens(client: Any) -> Iterator[str]:
    PAUSES.set()
    passed = []
    for _ in range(FIRST_TOKENS + 5):
        arrived = 0.0
        for event in events_of(client, "hello", **STREAMED):
            if "chunk" in event and not arrived:
                arrived = time.perf_counter()
        passed.append((arrived - WRITTEN[-1]) * 1000)
    PAUSES.clear()
    yield line_of("first token, from the model's server to the client", passed[5:], None, 2)


def report() -> Iterator[str]:
    """Measure; yield a line per figure."""
    os.environ.pop("OPENAI_API_KEY", None)
    with tempfile.TemporaryDirectory() as folder, model() as address:
        states = Path(folder) / "scripted", Path(folder) / "model"
        with endpoint(states[0]) as (script_url, _), endpoint(states[1], "--model", address) as (url, _):
            yield from _turns(client_of(script_url), client_of(url))
            yield from _first_tokens(client_of(url))
