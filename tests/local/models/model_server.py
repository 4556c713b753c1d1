"""A server that speaks as OpenAI-compatible servers do, saying what a test scripted.

The dialects are those of the servers' documented streams. llama.cpp: fragments of arguments, `reasoning_content`, usage
and timings last without choices. Ollama: whole calls, `reasoning`, usage in a chunk of its own; before 0.5 its calls
had no index, and there was no usage. vLLM: the call's name first, then fragments, usage last without choices.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Chunk = dict[str, Any]
IN, OUT = 321, 54
"""Tokens that every dialect with usage reports."""
USAGE = {"prompt_tokens": IN, "completion_tokens": OUT, "total_tokens": IN + OUT}


@dataclass(frozen=True)
class Said:
    """What a model says in one answer."""

    text: str = ""
    calls: tuple[tuple[str, dict[str, Any] | str], ...] = ()
    reasoning: str = ""
    finish: str = ""

    @property
    def ending(self) -> str:
        return self.finish or ("tool_calls" if self.calls else "stop")

    def arguments(self, number: int) -> str:
        given = self.calls[number][1]
        return given if isinstance(given, str) else json.dumps(given)


def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> Chunk:
    """One chunk of a stream."""
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_800_000_000, "model": "m"}
    return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


def llama_cpp(said: Said) -> Iterator[Chunk]:
    """As llama.cpp's server streams."""
    yield chunk({"role": "assistant", "content": None})
    yield from (chunk({"reasoning_content": piece}) for piece in _pieces(said.reasoning))
    yield from (chunk({"content": piece}) for piece in _pieces(said.text))
    for number, (name, _) in enumerate(said.calls):
        head = {"index": number, "id": f"id{number}", "type": "function"}
        yield chunk({"tool_calls": [{**head, "function": {"name": name, "arguments": ""}}]})
        for piece in _pieces(said.arguments(number)):
            yield chunk({"tool_calls": [{"index": number, "function": {"arguments": piece}}]})
    yield chunk({}, said.ending)
    yield {**chunk({}), "choices": [], "usage": USAGE, "timings": {"prompt_n": IN, "predicted_n": OUT}}


def ollama(said: Said) -> Iterator[Chunk]:
    """As Ollama streams."""
    yield from (chunk({"role": "assistant", "content": "", "reasoning": p}) for p in _pieces(said.reasoning))
    yield from (chunk({"role": "assistant", "content": piece}) for piece in _pieces(said.text))
    for number, (name, _) in enumerate(said.calls):
        function = {"name": name, "arguments": said.arguments(number)}
        call = {"id": f"call_{number}x", "index": number, "type": "function", "function": function}
        yield chunk({"role": "assistant", "content": "", "tool_calls": [call]})
    yield chunk({"role": "assistant", "content": ""}, said.ending)
    yield {**chunk({}), "choices": [], "usage": USAGE}


def old_ollama(said: Said) -> Iterator[Chunk]:
    """As Ollama streamed before 0.5: calls without index, no usage, and reasoning in the text."""
    text = f"<think>\n{said.reasoning}\n</think>\n\n{said.text}" if said.reasoning else said.text
    yield from (chunk({"role": "assistant", "content": piece}) for piece in _pieces(text))
    calls = [
        {"id": f"call_{number}y", "type": "function", "function": {"name": name, "arguments": said.arguments(number)}}
        for number, (name, _) in enumerate(said.calls)
    ]
    yield chunk({"role": "assistant", "content": "", **({"tool_calls": calls} if calls else {})}, "stop")


def vllm(said: Said) -> Iterator[Chunk]:
    """As vLLM streams."""
    yield chunk({"role": "assistant", "content": ""})
    yield from (chunk({"reasoning_content": piece}) for piece in _pieces(said.reasoning))
    yield from (chunk({"content": piece}) for piece in _pieces(said.text))
    for number, (name, _) in enumerate(said.calls):
        head = {"id": f"chatcmpl-tool-{number}", "type": "function", "index": number}
        yield chunk({"tool_calls": [{**head, "function": {"name": name}}]})
        for piece in _pieces(said.arguments(number)):
            yield chunk({"tool_calls": [{"index": number, "function": {"arguments": piece}}]})
    yield chunk({"content": ""}, said.ending)
    yield {**chunk({}), "choices": [], "usage": USAGE}


DIALECTS: dict[str, Callable[[Said], Iterator[Chunk]]] = {
    "llama.cpp": llama_cpp,
    "Ollama": ollama,
    "old Ollama": old_ollama,
    "vLLM": vllm,
}


@dataclass(frozen=True)
class Refused:
    """An answer with an error status; `{key}` in its words is the key that was sent."""

    status: int
    words: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """A stream of these bytes; then the connection is broken, or kept until the caller goes."""

    data: bytes
    then: str = "end"


Script = Said | Refused | Raw


@dataclass
class ModelServer:
    """A running server: what it was asked, and what it says next."""

    url: str = ""
    dialect: Callable[[Said], Iterator[Chunk]] = ollama
    answers: deque[Script] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    """Set once a caller has left a connection that was kept."""

    def says(self, *answers: Script) -> None:
        """Script the next answers, and forget what was asked."""
        self.asked.clear()
        self.answers.clear()
        self.answers.extend(answers)

    @property
    def address(self) -> str:
        """The model's address for --model."""
        return f"openai:{self.url}#m"


def sse(document: Any) -> bytes:
    """One server-sent event."""
    text = document if isinstance(document, str) else json.dumps(document)
    return f"data: {text}\n\n".encode()


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Run a server in a thread."""
    scripted = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            scripted.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            answer = scripted.answers.popleft() if scripted.answers else Said("Fine.")
            if isinstance(answer, Refused):
                self._refuse(answer)
                return
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            if isinstance(answer, Said):
                for each in scripted.dialect(answer):
                    self._piece(sse(each))
                self._piece(sse("[DONE]"))
                self._piece(b"")
                return
            self._piece(answer.data)
            if answer.then == "keep":
                self.connection.settimeout(60)
                self.connection.recv(1)
                scripted.gone.set()
            elif answer.then == "end":
                self._piece(b"")
            self.close_connection = True

        def _refuse(self, answer: Refused) -> None:
            words = answer.words.replace("{key}", self.headers.get("authorization", "").removeprefix("Bearer "))
            body = json.dumps({"error": {"message": words, "type": "invalid_request_error", "code": None}}).encode()
            self.send_response(answer.status)
            for name, value in {"content-type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _piece(self, data: bytes) -> None:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class's name
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        scripted.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
        thread.start()
        try:
            yield scripted
        finally:
            server.shutdown()
            thread.join()


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + 7] for at in range(0, len(text), 7))
