"""Speed of the local endpoint, measured from outside: `python -m bench endpoint`.

Starts the command as a process and measures on one connection at pace 0, through boto3 unless a line says otherwise:
from exec to "listening", turns without and with an action call on a warm runner, the pieces of streamed answers,
pages of a memory of 10,000 summaries, and 200 concurrent sessions. A missed goal is marked.
"""

from __future__ import annotations

import http.client
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

STARTS = 9
TURNS = 200
SESSIONS = 200
SUMMARIES = 10_000
AGENT = {"agentId": "TRAVELDEMO", "agentAliasId": "TSTALIASID"}
BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"
STREAMED = {"streamingConfigurations": {"streamFinalResponse": True}}
MEMORIES = "/agents/TRAVELDEMO/agentAliases/TSTALIASID/memories?memoryId=many&memoryType=SESSION_SUMMARY&maxItems=100"


@contextmanager
def endpoint(state: Path, *flags: str, checkout: Path | None = None) -> Iterator[tuple[str, float]]:
    """Yield an endpoint's URL, and the seconds from exec to its first line.

    `checkout` is a folder with another checkout of the project, which runs instead of this one.
    """
    surroundings = {**os.environ, "PYTHONPATH": str(checkout.resolve())} if checkout else None
    command = [sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--pace", "0"]
    began = time.perf_counter()
    with subprocess.Popen(
        [*command, "--summary-delay", "0", "--state", str(state), *flags],
        stdout=subprocess.PIPE,
        text=True,
        env=surroundings,
    ) as child:
        line = child.stdout.readline() if child.stdout else ""
        ready = time.perf_counter() - began
        try:
            yield line.split()[-1], ready
        finally:
            child.terminate()


def timed(times: int, action: Callable[[], Any]) -> list[float]:
    """Return the milliseconds of each of `times` runs, after three warm-up runs."""
    for _ in range(3):
        action()
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def line_of(what: str, spent: list[float], p50: float | None = None, p95: float | None = None) -> str:
    """Format a line of the report; `p50` and `p95` are the goals in milliseconds."""
    found = statistics.median(spent), statistics.quantiles(spent, n=20)[-1]
    goals = [f"p{n} ≤ {goal:g}" for n, goal in ((50, p50), (95, p95)) if goal is not None]
    missed = any(goal is not None and value > goal for value, goal in zip(found, (p50, p95), strict=True))
    told = f"   goal {', '.join(goals)}{' MISSED' if missed else ''}" if goals else ""
    return f"{what:<52} p50 {found[0]:7.2f} ms   p95 {found[1]:7.2f} ms{told}"


def client_of(url: str, service: str = "bedrock-agent-runtime") -> Any:
    """Create a boto3 client of the endpoint, for as many threads as there are sessions."""
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106  any will do
        config=Config(retries={"total_max_attempts": 1}, proxies={}, max_pool_connections=SESSIONS, read_timeout=120),
    )


def events_of(client: Any, text: str, session: str | None = None, **more: Any) -> Iterator[dict[str, Any]]:
    """Yield the events of a turn, in a new session unless one is given."""
    asked = {**AGENT, "sessionId": session or uuid.uuid4().hex, "memoryId": "bench", "inputText": text, **more}
    yield from client.invoke_agent(**asked)["completion"]


def turns(client: Any) -> Iterator[str]:
    """Measure whole turns, from the call to the last event."""

    def turn(text: str, session: str | None = None, **more: Any) -> None:
        for _ in events_of(client, text, session, **more):
            pass

    yield line_of("turn without a call", timed(TURNS, lambda: turn("hello")), 15, 40)
    yield line_of("turn without a call, traced", timed(TURNS, lambda: turn("hello", enableTrace=True)))
    yield line_of("turn without a call, in one long session", timed(TURNS, lambda: turn("hello", "long")))
    yield line_of("turn without a call, streamed", timed(TURNS, lambda: turn("hello", **STREAMED)))
    yield line_of("turn with an action call", timed(TURNS, lambda: turn(BOOKING)), None, 60)
    yield line_of("turn with an action call, traced", timed(TURNS, lambda: turn(BOOKING, enableTrace=True)))


def pieces(client: Any) -> Iterator[str]:
    """Measure the delivery of events. At pace 0 a piece is generated once the previous one was sent, so the gaps
    include it."""
    gaps, ways = [], []
    for _ in range(50):
        arrived = []
        for event in events_of(client, "What can you do for me?", enableTrace=True, **STREAMED):
            if "chunk" in event:
                arrived.append(time.perf_counter())
            elif "modelInvocationInput" in event["trace"]["trace"]["orchestrationTrace"]:
                ways.append((datetime.now(UTC) - event["trace"]["eventTime"]).total_seconds() * 1000)
        gaps += [(later - sooner) * 1000 for sooner, later in itertools.pairwise(arrived)]
    yield line_of("from one streamed piece to the next", gaps, None, 2)
    yield line_of("from an event's own time to its reading (±0.5 ms)", ways)


def pages(client: Any, url: str) -> Iterator[str]:
    """Measure pages of 100 of a large memory; boto3 alone takes most of its time to parse 200 dates."""
    asked: Any = {**AGENT, "memoryId": "many", "memoryType": "SESSION_SUMMARY", "maxItems": 100}
    connection = http.client.HTTPConnection(urlsplit(url).netloc)

    def raw() -> None:
        connection.request("GET", MEMORIES)
        connection.getresponse().read()

    yield line_of(f"100 of {SUMMARIES:,} summaries, over plain HTTP", timed(TURNS, raw), None, 20)
    yield line_of(
        f"100 of {SUMMARIES:,} summaries, boto3's own work too", timed(TURNS, lambda: client.get_agent_memory(**asked))
    )
    connection.close()


def crowd(client: Any) -> Iterator[str]:
    """Measure concurrent sessions, each of which must get back its own message and nothing else."""

    def talk(number: int) -> float:
        name = f"Zorro{chr(97 + number // 26)}{chr(97 + number % 26)}"
        session, memory = f"crowd-{number}", f"crowd-{number}"
        began = time.perf_counter()
        for _ in events_of(client, f"My name is {name}.", session, memoryId=memory):
            pass
        answer = b"".join(
            event["chunk"]["bytes"] for event in events_of(client, "What is my name?", session, memoryId=memory)
        ).decode()
        for _ in events_of(client, "end", session, memoryId=memory, endSession=True):
            pass
        spent = time.perf_counter() - began
        asked: Any = {**AGENT, "memoryId": memory, "memoryType": "SESSION_SUMMARY"}
        for _ in range(200):
            stored = client.get_agent_memory(**asked)["memoryContents"]
            if stored:
                break
            time.sleep(0.05)
        found = answer + "".join(content["sessionSummary"]["summaryText"] for content in stored)
        if name not in answer or len(stored) != 1 or found.count("Zorro") != found.count(name):
            raise SystemExit(f"session {number} was lost or mixed up: {found}")
        return spent * 1000

    began = time.perf_counter()
    with ThreadPoolExecutor(SESSIONS) as pool:
        spent = list(pool.map(talk, range(SESSIONS)))
    whole = time.perf_counter() - began
    yield line_of(f"{SESSIONS} sessions at once: two turns and the end", spent)
    yield f"{SESSIONS} sessions at once: none lost, none mixed up, all summaries there after {whole:.1f} s"


def fill(state: Path) -> None:
    """Store the summaries of a large memory before the endpoint starts."""
    from travel_tui.local.state.database import Database
    from travel_tui.local.state.folder import StateFolder

    folder = StateFolder(state)
    database = Database(folder.database)
    now = datetime.now(UTC)
    text = "<summary><topic name='user goals'>" + "The user wanted to book a trip from Boston. " * 12
    with database.transaction():
        for number in range(SUMMARIES):
            at = (now - timedelta(minutes=number)).isoformat(timespec="microseconds")
            database.execute(
                "INSERT INTO summaries (scope, agent_id, alias_id, memory_id, session_id, started_at, ended_at, text) "
                "VALUES ('123456789012/us-east-1', ?, ?, 'many', ?, ?, ?, ?)",
                *AGENT.values(),
                f"session-{number}",
                at,
                at,
                f"{text}</topic></summary>",
            )
    database.close()
    folder.close()


def report() -> Iterator[str]:
    """Measure; yield a line per figure."""
    with tempfile.TemporaryDirectory() as folder:
        starts = []
        for number in range(STARTS):
            with endpoint(Path(folder) / str(number)) as (_url, ready):
                starts.append(ready * 1000)
        yield line_of("from exec to listening", starts, 500)
        state = Path(folder) / "filled"
        fill(state)
        with endpoint(state) as (url, _ready):
            client = client_of(url)
            yield from turns(client)
            yield from pieces(client)
            yield from pages(client, url)
            yield from crowd(client)
