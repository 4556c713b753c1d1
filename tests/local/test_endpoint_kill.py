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
PEOPLE = 6
BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"
GONE = (BotoCoreError, ClientError, HTTPError)
"""What a client meets when the endpoint is killed: before, at the beginning of, or inside an answer."""


@dataclass
class Person:
    """Somebody who tells a name in every session and ends it; each has a memory of their own."""

    name: str
    told: list[str] = field(default_factory=list)
    """Sessions whose turn was acknowledged."""
    ended: list[str] = field(default_factory=list)
    """Sessions whose end was acknowledged."""
    deleting: list[str] = field(default_factory=list)
    """Sessions whose summary was to be deleted, acknowledged or not."""
    deleted: list[str] = field(default_factory=list)
    """Those of them whose deletion was acknowledged."""


def live(user: User, person: Person, run: int, told: Callable[[], None]) -> None:
    """Talk, end sessions, read and delete, until the endpoint is gone; call `told` after every turn."""
    for number in range(10_000):
        session = f"{person.name}-{run}-{number}"
        try:
            user.say(f"My name is {person.name}. I like window seats.", session, person.name)
            if number % 4 == 1:
                user.say(BOOKING, session, person.name, streamingConfigurations={"streamFinalResponse": True})
            person.told.append(session)
            told()
            if number % 3 != 2:
                user.end(session, person.name)
                person.ended.append(session)
            if number % 5 == 4:
                for stored in user.memories(person.name, maxItems=3)[2:]:
                    person.deleting.append(stored["sessionId"])
                    user.client.delete_agent_memory(
                        agentId="TRAVELDEMO",
                        agentAliasId="TSTALIASID",
                        memoryId=person.name,
                        sessionId=stored["sessionId"],
                    )
                    person.deleted.append(stored["sessionId"])
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
    people = [Person(f"Zorro{letter}") for letter in "abcdef"[:PEOPLE]]
    for run in range(KILLS):
        enough = threading.Event()

        def told(run: int = run, enough: threading.Event = enough) -> None:
            if all(len(person.told) > run // 2 for person in people):
                enough.set()

        living = [partial(live, person=person, run=run, told=told) for person in people]
        with (
            endpoint_process(state) as running,
            running.user() as user,
            killed_at(running, chance.uniform(0, 0.15), enough),
            ThreadPoolExecutor(PEOPLE) as pool,
        ):
            for lived in [pool.submit(life, user) for life in living]:
                lived.result()
        for person in people:
            assert len(person.told) > run // 2
    with endpoint_process(state) as running, running.user() as user:
        for person in people:
            wanted = set(person.ended) - set(person.deleting)
            until(partial(all_there, user, person, wanted))
            assert not set(person.deleted) & sessions_of(user, person)
            open_ones = [session for session in person.told if session not in person.ended]
            for session in open_ones[-2:]:
                user.end(session, person.name)
                assert person.name in user.await_summary(session, person.name)
    assert [left.name for left in tmp_path.iterdir() if left.name.startswith("travel-tui")] == []


def all_there(user: User, person: Person, wanted: set[str]) -> bool:
    """Whether all of these sessions' summaries are stored."""
    return wanted <= sessions_of(user, person)


def sessions_of(user: User, person: Person) -> set[str]:
    """The sessions whose summaries are stored."""
    return {stored["sessionId"] for stored in user.memories(person.name, maxItems=1000)}
