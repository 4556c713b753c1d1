"""Speed of AgentCore at the local endpoint, measured from outside through boto3: `python -m bench agentcore`.

InvokeHarness beside InvokeAgent, CreateEvent, a page and a search of a memory with 100,000 records of one actor, and a
minute of 100 events a second, whose records must be there at its end in memory that does not grow with it. A missed
goal is marked. The endpoint's processor time of each call stands beside, since it says more on a machine that is busy.
"""

from __future__ import annotations

import itertools
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.endpoint import AGENT, TURNS, client_of, endpoint, line_of, timed

RECORDS = 100_000
EVENTS_A_SECOND, SECONDS = 100, 60
SENDERS = 8
MEMORY = "travel_demo-TRAVELDEMO"
PLACE = "/facts/anna/"
SCOPE = "arn:aws:bedrock-agentcore:us-east-1:123456789012"
THINGS = ("tea", "jazz", "chess", "cheese", "sailing", "poetry", "gardening", "opera", "hiking", "pottery")
QUERIES = (
    "Which food is the user allergic to?",
    "What must the kitchen know about food?",
    "Where does the user live?",
    "What does the user like?",
    "Does the user prefer cheese or chess?",
    "number 4711",
)


def measured(what: str, pid: int, times: int, action: Callable[[], Any], **goals: float) -> str:
    """Measure calls, and the processor time that the endpoint has for each."""
    spent = timed(times, action)
    before = processor_ms(pid)
    for _ in range(times):
        action()
    each = (processor_ms(pid) - before) / times
    return f"{line_of(what, spent, goals.get('p50'), goals.get('p95'))}   {each:.1f} ms of processor"


def processor_ms(pid: int) -> float:
    """Return the processor time that a process has had, in milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def turns(url: str, pid: int) -> Iterator[str]:
    """Measure turns without a call, of the harness and of the agent in turns, so that both meet the same machine."""
    runtime, data = client_of(url), client_of(url, "bedrock-agentcore")

    def agent() -> None:
        session = uuid.uuid4().hex
        for _ in runtime.invoke_agent(**AGENT, sessionId=session, memoryId="bench", inputText="hello")["completion"]:
            pass

    def harness() -> None:
        said = [{"role": "user", "content": [{"text": "hello"}]}]
        arn, session = f"{SCOPE}:harness/{MEMORY}", f"session-{uuid.uuid4()}"
        answer = data.invoke_harness(harnessArn=arn, runtimeSessionId=session, actorId="bench", messages=said)
        for _ in answer["stream"]:
            pass

    of_agent, of_harness = [], []
    for _ in range(TURNS // 10):
        of_agent += timed(10, agent)
        of_harness += timed(10, harness)
    yield line_of("InvokeAgent, a turn without a call", of_agent)
    yield line_of("InvokeHarness, a turn without a call", of_harness)
    ratio = statistics.median(of_harness) / statistics.median(of_agent)
    spent = []
    for action in (agent, harness):
        before = processor_ms(pid)
        for _ in range(TURNS):
            action()
        spent.append((processor_ms(pid) - before) / TURNS)
    yield (
        f"Processor time of the endpoint: {spent[0]:.1f} and {spent[1]:.1f} ms a turn, {spent[1] / spent[0]:.2f}, "
        "with the records that earlier turns of the harness have meanwhile"
    )
    yield f"InvokeHarness against InvokeAgent, p50: {ratio:.2f}   goal ≤ 1.5{' MISSED' if ratio > 1.5 else ''}"


def events(url: str, pid: int) -> Iterator[str]:
    """Measure CreateEvent."""
    data = client_of(url, "bedrock-agentcore")
    yield measured("CreateEvent", pid, TURNS, lambda: create_event(data, "bench", "I like tea."), p50=5)


def create_event(data: Any, actor: str, text: str) -> None:
    """Store one message of a user in the demo's memory."""
    data.create_event(
        memoryId=MEMORY,
        actorId=actor,
        sessionId=f"session-{actor}",
        eventTimestamp=datetime.now(UTC),
        payload=[{"conversational": {"role": "USER", "content": {"text": text}}}],
    )


def searches(url: str, pid: int) -> Iterator[str]:
    """Measure pages and searches of a memory with many records of one actor."""
    data = client_of(url, "bedrock-agentcore")

    def page(token: str | None = None) -> Any:
        more = {"nextToken": token} if token else {}
        return data.list_memory_records(memoryId=MEMORY, namespacePath=PLACE, maxResults=100, **more)

    deep = None
    for _ in range(20):
        deep = page(deep)["nextToken"]
    yield measured(f"100 of {RECORDS:,} records of one actor", pid, TURNS, page, p95=25)
    yield measured(f"100 of {RECORDS:,} records, the 21st page", pid, TURNS, lambda: page(deep), p95=25)
    queries = itertools.cycle(QUERIES)

    def search() -> None:
        criteria = {"searchQuery": next(queries), "topK": 10}
        data.retrieve_memory_records(memoryId=MEMORY, namespacePath=PLACE, searchCriteria=criteria)

    yield measured(f"10 of {RECORDS:,} records by a query", pid, TURNS, search, p95=25)


def minute(url: str, pid: int) -> Iterator[str]:
    """Send events at a fixed rate; measure what extraction is behind by, and the endpoint's memory."""
    data = client_of(url, "bedrock-agentcore")
    number = EVENTS_A_SECOND * SECONDS
    began = time.perf_counter()

    def send(index: int) -> float:
        time.sleep(max(0.0, began + index / EVENTS_A_SECOND - time.perf_counter()))
        sent = time.perf_counter()
        create_event(data, f"sender-{index % 50}", f"I like {THINGS[index % 10]} number {index}.")
        return (time.perf_counter() - sent) * 1000

    with ThreadPoolExecutor(SENDERS) as pool:
        spent = list(pool.map(send, range(number // 4)))
        at_start = resident_mb(pid)
        spent += pool.map(send, range(number // 4, number))
    took = time.perf_counter() - began
    last = f"/facts/sender-{(number - 1) % 50}/"
    while f"number {number - 1}" not in newest(data, last):
        time.sleep(0.05)
    behind = time.perf_counter() - began - took
    grown = resident_mb(pid) - at_start
    rate = number / took
    missed = " MISSED" if behind > 5 or rate < 0.95 * EVENTS_A_SECOND or grown > 30 else ""
    yield line_of(f"CreateEvent, {EVENTS_A_SECOND} a second for {SECONDS} s", spent)
    yield (
        f"{rate:.0f} events a second; the last one's record {behind:.1f} s after it, memory grew by {grown:.0f} MB "
        f"from the first quarter on   goal ≤ 5 s at {EVENTS_A_SECOND} a second, ≤ 30 MB{missed}"
    )


def newest(data: Any, namespace: str) -> str:
    """Return the newest record of a namespace."""
    found = data.list_memory_records(memoryId=MEMORY, namespace=namespace, maxResults=1)["memoryRecordSummaries"]
    return found[0]["content"]["text"] if found else ""


def resident_mb(pid: int) -> float:
    """Return a process's resident memory in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (kilobytes,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
    return int(kilobytes) / 1024


def fill(state: Path) -> None:
    """Store the records of one actor before the endpoint starts."""
    from travel_tui.local.state.database import Database
    from travel_tui.local.state.folder import StateFolder
    from travel_tui.local.state.memory_records import MemoryRecords, StoredRecord

    folder = StateFolder(state)
    database = Database(folder.database)
    records, now = MemoryRecords(database), datetime.now(UTC)
    with database.transaction():
        for number in range(RECORDS):
            at = now - timedelta(seconds=RECORDS - number)
            text = f"The user likes {THINGS[number % 10]} of kind {number // 7} and number {number}."
            if number == RECORDS // 2:
                text = "The user is allergic to nuts."
            records.add(
                StoredRecord(
                    memory_arn=f"{SCOPE}:memory/{MEMORY}",
                    record_id=f"mem-{uuid.UUID(int=number)}",
                    strategy_id="facts-TRAVELDEMO",
                    namespace=PLACE,
                    text=text,
                    metadata={},
                    created_at=at,
                    origin_at=at,
                )
            )
    database.close()
    folder.close()


def report() -> Iterator[str]:
    """Measure; yield a line per figure."""
    with tempfile.TemporaryDirectory() as folder:
        empty, filled, sixty = (Path(folder) / name for name in ("empty", "filled", "minute"))
        with endpoint(empty) as (url, _ready):
            yield from turns(url, pid_of(empty))
            yield from events(url, pid_of(empty))
        fill(filled)
        with endpoint(filled) as (url, _ready):
            yield from searches(url, pid_of(filled))
        with endpoint(sixty, "--extraction-delay", "2") as (url, _ready):
            yield from minute(url, pid_of(sixty))


def pid_of(state: Path) -> int:
    """Return the process of the endpoint with a state folder."""
    from travel_tui.local.state.folder import read_endpoint_file

    announced = read_endpoint_file(state)
    if announced is None:
        raise SystemExit("The endpoint wrote no endpoint.json.")
    return announced.pid
