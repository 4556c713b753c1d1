"""Fake service for the screen's benchmark: a large memory, and answers that stream for a requested time.

`python -m bench.service` prints its URL and serves until it is terminated. A message that is a number is answered for
that many seconds, in chunks of 20 characters, 200 a second, with a blank line every 400 characters; any other message
in one chunk.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from urllib.parse import parse_qs, urlsplit

from travel_tui.local.wire.eventstream import event

SUMMARIES = 1_000
PAGE = 100
CHUNK, PARAGRAPH = 20, 400
CHUNKS_A_SECOND = 200
WORDS = "Anna flies from Boston to *Paris* on 2027-09-01, stays eight nights at `Hotel Vaneau` and eats no meat. "
_AT = datetime(2027, 6, 1, 16, tzinfo=UTC)


@cache
def page(first: int) -> bytes:
    """Return a page of summaries."""
    found: dict[str, object] = {"memoryContents": [summary(number) for number in range(first, first + PAGE)]}
    if first + PAGE < SUMMARIES:
        found["nextToken"] = str(first + PAGE)
    return json.dumps(found).encode()


def summary(number: int) -> dict[str, object]:
    """Return one of the memory's summaries, of the size that the service creates."""
    at = (_AT - timedelta(hours=number)).isoformat()
    topics = f"<topic name='user goals'>{WORDS * 4}</topic><topic name='trip {number}'>{WORDS * 3}</topic>"
    text = f"<summary>{topics}</summary>"
    return {
        "sessionSummary": {
            "memoryId": "anna",
            "sessionId": f"session-{number:08d}",
            "sessionStartTime": at,
            "sessionExpiryTime": at,
            "summaryText": text,
        }
    }


def chunks(seconds: float) -> Iterator[str]:
    """Yield the pieces of an answer."""
    letters = cycle(WORDS)
    for number in range(int(seconds * CHUNKS_A_SECOND)):
        piece = "".join(next(letters) for _ in range(CHUNK))
        yield piece[:-2] + "\n\n" if (number + 1) % (PARAGRAPH // CHUNK) == 0 else piece


class Service(BaseHTTPRequestHandler):
    """Answers InvokeAgent and GetAgentMemory, and everything else with an empty response."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self._whole(page(int(query.get("nextToken", ["0"])[0])))

    def do_DELETE(self) -> None:
        self._whole(b"{}")

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        text = str(asked.get("inputText", ""))
        self.send_response(200)
        self.send_header("content-type", "application/vnd.amazon.eventstream")
        self.send_header("x-amzn-bedrock-agent-content-type", "application/json")
        self.send_header("x-amz-bedrock-agent-session-id", urlsplit(self.path).path.split("/")[-2])
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        began = time.perf_counter()
        pieces = chunks(float(text)) if text.replace(".", "").isdigit() else iter(["Well said."])
        for number, piece in enumerate(pieces):
            time.sleep(max(0.0, began + number / CHUNKS_A_SECOND - time.perf_counter()))
            encoded = base64.b64encode(piece.encode()).decode()
            self._piece(event("chunk", json.dumps({"bytes": encoded}).encode()))
        self._piece(b"")

    def _piece(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _whole(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Log nothing."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201
        server.serve_forever()
