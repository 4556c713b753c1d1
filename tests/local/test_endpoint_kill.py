"""kill -9 in the middle of a mixed load: what was acknowledged is there afterwards, and nothing is left lying about."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from tests.endpoint import WAIT_S, EndpointProcess, User, endpoint_process, until

SEED = 20270711
KILLS = 10
OWNERS = 6
BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"
GONE = (BotoCoreError, ClientError, HTTPError)
"""What a client meets when the endpoint is killed: before, at the beginning of, or inside an answer."""


@dataclass
class MemoryOwner:
    """A memory id that tells its name in every session and ends it."""

    name: str
    told: list[str] = field(default_factory=list)
    """Sessions whose turn was acknowledged."""
    ended: list[str] = field(default_factory=list)
    """Sessions whose end was acknowledged."""
    deleting: list[str] = field(default_factory=list)
    """Sessions whose summary was to be deleted, acknowledged or not."""
    deleted: list[str] = field(default_factory=list)
    """Those of them whose deletion was acknowledged."""


def use_until_killed(user: User, owner: MemoryOwner, run: int, told: Callable[[], None]) -> None:
    """Talk, end sessions, read and delete, until the endpoint is gone; call `told` after every turn."""
    for number in range(10_000):
        session = f"{owner.name}-{run}-{number}"
        try:
            user.say(f"My name is {owner.name}. I like window seats.", session, owner.name)
            if number % 4 == 1:
                user.say(BOOKING, session, owner.name, streamingConfigurations={"streamFinalResponse": True})
            owner.told.append(session)
            told()
            if number % 3 != 2:
                user.end(session, owner.name)
                owner.ended.append(session)
            if number % 5 == 4:
                for stored in user.memories(owner.name, maxItems=3)[2:]:
                    owner.deleting.append(stored["sessionId"])
                    user.client.delete_agent_memory(
                        agentId="TRAVELDEMO",
                        agentAliasId="TSTALIASID",
                        memoryId=owner.name,
                        sessionId=stored["sessionId"],
                    )
                    owner.deleted.append(stored["sessionId"])
        except GONE:
            return


@contextmanager
def killed_at(running: EndpointProcess, seconds: float, enough: threading.Event) -> Iterator[None]:
    """Kill the endpoint so many seconds after everybody has said enough, while the body runs."""

    def kill() -> None:
        enough.wait(WAIT_S)
        threading.Event().wait(seconds)
        running.process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        killer.join()
        running.process.wait(WAIT_S)


def test_what_was_acknowledged_survives_kill_9_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    state = tmp_path / "state"
    owners = [MemoryOwner(f"Zorro{letter}") for letter in "abcdef"[:OWNERS]]
    for run in range(KILLS):
        enough = threading.Event()

        def told(run: int = run, enough: threading.Event = enough) -> None:
            if all(len(owner.told) > run // 2 for owner in owners):
                enough.set()

        workloads = [partial(use_until_killed, owner=owner, run=run, told=told) for owner in owners]
        with (
            endpoint_process(state) as running,
            running.user() as user,
            killed_at(running, chance.uniform(0, 0.15), enough),
            ThreadPoolExecutor(OWNERS) as pool,
        ):
            for workload in [pool.submit(work, user) for work in workloads]:
                workload.result()
        for owner in owners:
            assert len(owner.told) > run // 2
    with endpoint_process(state) as running, running.user() as user:
        for owner in owners:
            wanted = set(owner.ended) - set(owner.deleting)
            until(partial(all_there, user, owner, wanted))
            assert not set(owner.deleted) & sessions_of(user, owner)
            open_ones = [session for session in owner.told if session not in owner.ended]
            for session in open_ones[-2:]:
                user.end(session, owner.name)
                assert owner.name in user.await_summary(session, owner.name)
    assert [left.name for left in tmp_path.iterdir() if left.name.startswith("travel-tui")] == []


def all_there(user: User, owner: MemoryOwner, wanted: set[str]) -> bool:
    """Whether all of these sessions' summaries are stored."""
    return wanted <= sessions_of(user, owner)


def sessions_of(user: User, owner: MemoryOwner) -> set[str]:
    """The sessions whose summaries are stored."""
    return {stored["sessionId"] for stored in user.memories(owner.name, maxItems=1000)}
