"""The client with a memory of 10,000 records at the local endpoint: `python -m bench inspector`.

How long its thread is busy at a time, by its own clock: while the memory is listed, and while the list of records is
opened and scrolled. What is longer than a frame delays a key.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.endpoint import client_of, endpoint
from travel_tui.agent import Agent
from travel_tui.agentcore_config import AGENTCORE, AgentCoreConfig
from travel_tui.backends.factory import open_agent
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.cli.app_context import app_context
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.screenshots.pilot_user import PilotUser, running_app
from travel_tui.tui.app import TravelApp

RECORDS, PAGE = 10_000, 100
HARNESS = "travel_demo-TRAVELDEMO"
FRAME_MS, STALL_MS, OPENING_MS = 16, 80, 150
"""Goals: the work of a frame, the longest time that a key may wait (as for focus in bench.screen), and for a dialog."""
KEYS = 40
THINGS = ("tea", "jazz", "chess", "cheese", "sailing", "poetry", "gardening", "opera", "hiking", "pottery")


def record(number: int, at: datetime) -> dict[str, Any]:
    """Return a record for BatchCreateMemoryRecords, of each kind in turn."""
    thing = THINGS[number % len(THINGS)]
    liked = json.dumps({"preference": f"Prefers {thing} {number}", "context": "The user said so."})
    strategy, namespace, text = (
        ("facts", "/facts/anna/", f"The user likes {thing} number {number}."),
        ("preferences", "/preferences/anna/", liked),
        ("summaries", f"/summaries/anna/session-{number // 30:08d}/", f'<topic name="Talk">\nAbout {thing}.\n</topic>'),
    )[number % 3]
    return {
        "requestIdentifier": str(number),
        "namespaces": [namespace],
        "content": {"text": text},
        "timestamp": at + timedelta(seconds=number),
        "memoryStrategyId": f"{strategy}-TRAVELDEMO",
    }


def fill(url: str) -> None:
    data, at = client_of(url, "bedrock-agentcore"), datetime.now(UTC) - timedelta(days=1)
    for start in range(0, RECORDS, PAGE):
        batch = [record(number, at) for number in range(start, start + PAGE)]
        data.batch_create_memory_records(memoryId=HARNESS, records=batch)


@asynccontextmanager
async def busy() -> AsyncIterator[list[float]]:
    """Yield a list that gets the milliseconds of processor time of the thread between two looks at it."""
    slices: list[float] = []

    async def look() -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.002)
            slices.append((time.thread_time() - began) * 1000)

    looking = asyncio.create_task(look())
    try:
        yield slices
    finally:
        looking.cancel()


async def measure(url: str) -> list[tuple[str, list[float]]]:
    """Open the client, its memory, and the list of records; return the slices of each."""
    target = AgentCoreConfig(HARNESS)
    config = AgentConfig(
        "bench", target.agent_id, target.alias_id, "us-east-1", endpoint_url=url, memory_id="anna",
        backend=AGENTCORE, agentcore=target,
    )  # fmt: skip

    async def open_here() -> Agent:
        return await asyncio.to_thread(open_agent, config, isolated=Credentials("key", "secret"))

    app = TravelApp(replace(app_context(config, Clock(), Ids(), None), open_agent=open_here))
    found: list[tuple[str, list[float]]] = []
    async with running_app(app, (120, 40)) as anna:
        async with busy() as listed:
            await anna.until(lambda: app.screen.query("SummaryCard"), "the memory")
            await asyncio.sleep(1)
        found.append(("listed", listed))
        async with busy() as opened:
            await anna.say("/records")
            await anna.sees("Memory of anna")
        found.append(("records opened", opened))
        async with busy() as scrolled:
            await keys(anna)
        found.append(("records scrolled, a key", scrolled))
    return found


async def keys(anna: PilotUser) -> None:
    """Scroll by rows, by pages, and to both ends."""
    for _ in range(KEYS):
        await anna.press("down")
        await anna.press("pagedown")
    await anna.press("end", "home")


def report() -> Iterator[str]:
    """Measure; yield a line per figure."""
    yield f"a memory of {RECORDS:,} records in the client:"
    with tempfile.TemporaryDirectory() as folder, endpoint(Path(folder)) as (url, _):
        fill(url)
        for what, slices in asyncio.run(measure(url)):
            opening = "opened" in what
            p95, most = statistics.quantiles(slices, n=20)[-1], max(slices)
            longest = OPENING_MS if opening else STALL_MS
            missed = " MISSED" if (p95 > FRAME_MS and not opening) or most > longest else ""
            goal = f"goal {'' if opening else f'p95 ≤ {FRAME_MS}, '}most ≤ {longest}"
            yield f"{f'  busy at a time, {what}':<44} p95 {p95:5.1f}  most {most:5.1f} ms   {goal}{missed}"
