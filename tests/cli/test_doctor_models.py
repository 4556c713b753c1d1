"""Doctor lists model servers on this machine, and takes nothing else for one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from provision.doctor_result import CheckResult, CheckStatus
from travel_tui.cli.doctor_models import models
from travel_tui.cli.doctor_output import screen


@contextmanager
def server(body: bytes, status: int = 200) -> Iterator[int]:
    """Yield the port of a server that answers /v1/models so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/v1/models" else 404)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class's name
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=lambda: running.serve_forever(poll_interval=0.02))
        thread.start()
        try:
            yield running.server_port
        finally:
            running.shutdown()
            thread.join()


async def test_models_that_answer_are_listed_with_the_option_to_use_them() -> None:
    with server(b'{"data": [{"id": "qwen3:4b"}, {"id": "gemma"}, {"id": "bad\\u001b[2J"}]}') as port:
        (result,) = await models({"Ollama": port, "LM Studio": 1})
    assert result.verdict is CheckStatus.GOOD
    assert result.found == (
        f"port {port} (Ollama's): qwen3:4b, gemma; --model openai:http://127.0.0.1:{port}/v1#qwen3:4b"
    )


@pytest.mark.parametrize("body", [b"<html>", b'{"data": [1]}', b"[]", b'{"data": null}'])
async def test_another_kind_of_server_is_none(body: bytes) -> None:
    with server(body) as port:
        (result,) = await models({"llama.cpp": port})
    assert (result.verdict, result.found) == (CheckStatus.SKIPPED, f"None on the default ports: llama.cpp {port}.")
    (line, *_) = screen({"this machine": [CheckResult("model server", CheckStatus.SKIPPED, "None.")]})
    assert line == "– model server None."
