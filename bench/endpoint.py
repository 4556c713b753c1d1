"""How fast the local endpoint is, seen from outside: `python -m bench endpoint`.

Starts the command as a process, then measures through boto3 on one connection at pace 0: the time from exec to
"listening", a turn without and with an action call on a warm runner, and the pieces of streamed answers.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

STARTS = 7
TURNS = 200
AGENT = {"agentId": "TRAVELDEMO", "agentAliasId": "TSTALIASID"}
BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"


@contextmanager
def endpoint() -> Iterator[tuple[str, float]]:
    """An endpoint's URL, and the seconds from exec to its first line."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--pace", "0"]
        began = time.perf_counter()
        with subprocess.Popen(
            [*command, "--state", str(Path(folder) / "s")], stdout=subprocess.PIPE, text=True
        ) as child:
            line = child.stdout.readline() if child.stdout else ""
            ready = time.perf_counter() - began
            try:
                yield line.split()[-1], ready
            finally:
                child.terminate()


def timed(times: int, action: Callable[[], Any]) -> list[float]:
    """Milliseconds of each of so many runs, after three that do not count."""
    for _ in range(3):
        action()
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def line_of(what: str, spent: list[float]) -> str:
    """A line of the report."""
    p95 = statistics.quantiles(spent, n=20)[-1]
    return f"{what:<42} p50 {statistics.median(spent):7.1f} ms   p95 {p95:7.1f} ms"


def report() -> Iterator[str]:
    """Measure; a line for each figure."""
    starts = []
    for _ in range(STARTS):
        with endpoint() as (_url, ready):
            starts.append(ready * 1000)
    yield line_of("exec to listening", starts)
    with endpoint() as (url, _ready):
        client = boto3.client(
            "bedrock-agent-runtime",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",  # noqa: S106  any will do
            config=Config(retries={"total_max_attempts": 1}, proxies={}),
        )

        def turn(text: str, session: str | None = None, **more: Any) -> None:
            asked: Any = {
                **AGENT,
                "sessionId": session or uuid.uuid4().hex,
                "memoryId": "bench",
                "inputText": text,
                **more,
            }
            for _ in client.invoke_agent(**asked)["completion"]:
                pass

        yield line_of("turn without a call", timed(TURNS, lambda: turn("hello")))
        yield line_of("turn without a call, traced", timed(TURNS, lambda: turn("hello", enableTrace=True)))
        yield line_of("turn without a call, in one long session", timed(TURNS, lambda: turn("hello", "long")))
        streaming = {"streamFinalResponse": True}
        yield line_of(
            "turn without a call, streamed", timed(TURNS, lambda: turn("hello", streamingConfigurations=streaming))
        )
        yield line_of("turn with an action call", timed(TURNS, lambda: turn(BOOKING)))
        yield line_of("turn with an action call, traced", timed(TURNS, lambda: turn(BOOKING, enableTrace=True)))
        memory: Any = {**AGENT, "memoryId": "bench", "memoryType": "SESSION_SUMMARY"}
        yield line_of("get_agent_memory of an empty memory", timed(TURNS, lambda: client.get_agent_memory(**memory)))
