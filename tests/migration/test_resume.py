"""A migration that failed or was killed anywhere is completed by the next: nothing twice, nothing missing."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from tests.agentcore.harness import agent_of
from tests.endpoint import RunningEndpoint, running_endpoint, until
from tests.migration.ends import MEMORY, hashes, migrate, records, summarise
from travel_tui.agentcore_config import AgentCoreConfig
from travel_tui.backends.bedrock_agents.client import open_agent
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.local.faults import read_fault
from travel_tui.memory_store import MAX_BATCH
from travel_tui.migration.migration import REPEATED_FOR, Migration, Outcome
from travel_tui.migration.plan import RecordStatus
from travel_tui.migration.state_file import MigrationState, locked
from travel_tui.paths import migrations

SOAK = bool(os.environ.get("TRAVEL_TUI_SOAK"))
CALLS = ("GetAgentMemory", "GetMemory", "ListMemoryRecords", "BatchCreateMemoryRecords")
FAULTS = ("ThrottlingException:4", "AccessDeniedException:1", "InternalServerException:4", "drop:4")
"""Four times where boto3 asks four times."""
TEXTS = [f"Text {number}." for number in range(MAX_BATCH + 10)]
"""Two batches."""


@pytest.fixture(scope="module")
def shared() -> Iterator[RunningEndpoint]:
    with running_endpoint() as found:
        yield found


@pytest.fixture
def endpoint(shared: RunningEndpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningEndpoint]:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    yield shared
    shared.do(lambda each: each.faults.clear())


def meets(endpoint: RunningEndpoint, fault: str) -> None:
    """Let the next calls meet a fault."""
    endpoint.do(lambda its: its.faults.add([read_fault(fault)]))


@pytest.mark.parametrize("call", CALLS)
def test_each_call_fails_once_in_every_way(endpoint: RunningEndpoint, call: str) -> None:
    tried = FAULTS if SOAK else FAULTS[CALLS.index(call) :][:1]
    for number, fault in enumerate(tried):
        user = f"{call}-{number}"
        summarise(endpoint, user, TEXTS[:3])
        meets(endpoint, f"{call}={fault}")
        failed = migrate(endpoint, "--memory", user, "--yes")
        assert failed.exit_code == 1, (fault, failed.output)
        assert failed.stderr.startswith("Error: "), failed.output
        endpoint.do(lambda its: its.faults.clear())
        done = migrate(endpoint, "--memory", user, "--yes")
        assert done.exit_code == 0, (fault, done.output)
        assert hashes([each["content"]["text"] for each in records(endpoint, user)]) == hashes(TEXTS[:3]), fault


class Loss:
    """Loses the answer of a call that took effect."""

    def __init__(self, client: Any, url: str, at: int) -> None:
        self.count, self._at, self._url = 0, at, url
        client.meta.events.register("after-call.bedrock-agentcore.BatchCreateMemoryRecords", self)

    def __call__(self, **_: Any) -> None:
        self.count += 1
        if self.count == self._at:
            raise ConnectionClosedError(endpoint_url=self._url)


async def run(endpoint: RunningEndpoint, folder: Path, user: str, clock: Clock, lost: int = 0) -> Outcome:
    """One run over a user; the answer of batch number `lost` is lost."""
    key = Credentials(endpoint.key.access_key_id, endpoint.key.secret_access_key)
    source = open_agent(
        AgentConfig("", "TRAVELDEMO", "TSTALIASID", "us-east-1", endpoint_url=endpoint.url), isolated=key
    )
    target = agent_of(endpoint, AgentCoreConfig(agentcore_memory_id=MEMORY))
    Loss(target._clients.reads, endpoint.url, lost)
    strategy = (await target.strategies())[0]
    state = MigrationState(folder, "source", "target")
    migration = Migration(source, target, strategy, state, clock, Ids())
    return await migration.write(await migration.plan([user], lambda _: None), lambda _: None)


@pytest.mark.parametrize("lost", [1, 2])
async def test_an_answer_that_was_lost_is_asked_for_again(endpoint: RunningEndpoint, tmp_path: Path, lost: int) -> None:
    user = f"lost-{lost}"
    await asyncio.to_thread(summarise, endpoint, user, TEXTS)
    first = await run(endpoint, tmp_path, user, Clock(), lost)
    assert first.error is not None
    second = await run(endpoint, tmp_path, user, Clock())
    assert second.error is None
    (told,) = second.users
    assert told.count(RecordStatus.TO_WRITE) == told.count(RecordStatus.FAILED) == 0
    assert hashes([each["content"]["text"] for each in records(endpoint, user)]) == hashes(TEXTS)


async def test_long_after_a_lost_answer_the_list_of_the_target_decides(
    endpoint: RunningEndpoint, tmp_path: Path
) -> None:
    await asyncio.to_thread(summarise, endpoint, "late", TEXTS)
    assert (await run(endpoint, tmp_path, "late", Clock(), lost=2)).error is not None
    later = Clock(Clock().now() + REPEATED_FOR + timedelta(seconds=1))
    (told,) = (await run(endpoint, tmp_path, "late", later)).users
    assert (told.count(RecordStatus.ALREADY_THERE), told.count(RecordStatus.WRITTEN)) == (MAX_BATCH + 10, 0)
    assert hashes([each["content"]["text"] for each in records(endpoint, "late")]) == hashes(TEXTS)


@pytest.mark.parametrize("kills", range(8) if SOAK else [1])
def test_killed_at_any_batch_it_is_completed_by_the_next_run(endpoint: RunningEndpoint, kills: int) -> None:
    user = f"killed-{kills}"
    summarise(endpoint, user, TEXTS)
    place = ["--endpoint-url", endpoint.url, "--to-memory-id", MEMORY, "--memory", user, "--yes"]
    command = [sys.executable, "-m", "travel_tui", "migrate", *place]

    for number in range(kills):
        killed_after(endpoint, command, 1 + number % 2)
    done = migrate(endpoint, "--memory", user, "--yes", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["already_there"] + told["written"] == len(TEXTS)
    assert hashes([each["content"]["text"] for each in records(endpoint, user)]) == hashes(TEXTS)


def killed_after(endpoint: RunningEndpoint, command: list[str], batches: int) -> None:
    """Run a command and kill it once that many batches were sent, if it is not done by then."""

    def sent() -> int:
        calls = endpoint.do(lambda its: list(its.calls))
        return sum(each["operation"] == "BatchCreateMemoryRecords" for each in calls)

    before = sent()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: sent() >= before + batches or process.poll() is not None)
        process.kill()


def test_two_at_once_are_refused(endpoint: RunningEndpoint) -> None:
    with locked(migrations()):
        refused = migrate(endpoint, "--memory", "twice", "--yes")
    assert (refused.exit_code, "Another travel-tui is migrating" in refused.stderr) == (1, True)
