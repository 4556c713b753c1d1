"""The local endpoint for tests: in a thread of this process, or as the command in its own process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from travel_tui.local.endpoint import Endpoint
from travel_tui.local.server import Running, serve
from travel_tui.local.settings import Settings
from travel_tui.local.state.folder import EndpointFile, read_endpoint_file

T = TypeVar("T")

AGENT = {"agentId": "TRAVELDEMO", "agentAliasId": "TSTALIASID"}
WAIT_S = 60.0
"""Seconds until a test gives up on a predicate; on a busy machine a start takes ten times as long."""


def until(predicate: Callable[[], T]) -> T:
    """Poll `predicate` and return its first true value."""
    deadline = time.monotonic() + WAIT_S
    while not (value := predicate()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return value


@dataclass(frozen=True)
class User:
    """A user of an agent, through boto3."""

    client: Any

    def events(self, text: str, session: str, memory: str | None = None, **more: Any) -> list[dict[str, Any]]:
        """Return all events of a turn."""
        named = {} if memory is None else {"memoryId": memory}
        with self.stream(text, session, **named, **more) as events:
            return list(events)

    @contextmanager
    def stream(self, text: str, session: str, **more: Any) -> Iterator[Iterator[dict[str, Any]]]:
        """Yield the events of a turn as they arrive."""
        answer = self.client.invoke_agent(**{**AGENT, "inputText": text, "sessionId": session, **more})
        with closing(answer["completion"]) as events:
            yield iter(events)

    def say(self, text: str, session: str, memory: str | None = None, **more: Any) -> str:
        """Return the answer to a turn."""
        return text_of(self.events(text, session, memory, **more))

    def end(self, session: str, memory: str | None = None) -> str:
        """End a session and return the answer."""
        return self.say("end", session, memory, endSession=True)

    def memories(self, memory: str, **more: Any) -> list[dict[str, Any]]:
        """Return the summaries of a memory, newest first."""
        found = self.client.get_agent_memory(**AGENT, memoryId=memory, memoryType="SESSION_SUMMARY", **more)
        return [content["sessionSummary"] for content in found["memoryContents"]]

    def await_summary(self, session: str, memory: str) -> str:
        """Wait for the summary of one session and return it."""
        found = until(lambda: [m for m in self.memories(memory) if m["sessionId"] == session])
        return str(found[0]["summaryText"])


def text_of(events: list[dict[str, Any]]) -> str:
    """Join the chunks of a turn's events into the answer."""
    return b"".join(event["chunk"]["bytes"] for event in events if "chunk" in event).decode()


def client_at(
    url: str, key: EndpointFile | None = None, service: str = "bedrock-agent-runtime", region: str = "us-east-1"
) -> Any:
    """Create a boto3 client of an endpoint; without `key` it signs with other credentials."""
    client: Any = boto3.client  # its types require the service name as a literal
    return client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=key.access_key_id if key else "testing",
        aws_secret_access_key=key.secret_access_key if key else "testing",
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=60, proxies={}),
    )


@dataclass(frozen=True)
class RunningEndpoint:
    """An endpoint in a thread."""

    url: str
    key: EndpointFile
    _endpoint: Endpoint
    _loop: asyncio.AbstractEventLoop
    _clients: list[Any] = field(default_factory=list)

    def user(self, *, signed: bool = True) -> User:
        """Create a client of the endpoint, closed with it."""
        self._clients.append(client_at(self.url, self.key if signed else None))
        return User(self._clients[-1])

    def close(self) -> None:
        """Close the endpoint's clients."""
        for client in self._clients:
            client.close()

    def do(self, action: Callable[[Endpoint], T]) -> T:
        """Run `action` in the endpoint's own thread, between two requests."""
        done: Future[T] = Future()
        self._loop.call_soon_threadsafe(lambda: done.set_result(action(self._endpoint)))
        return done.result(WAIT_S)

    def advance(self, **amount: float) -> None:
        """Advance the endpoint's clock; the arguments are those of timedelta."""
        self.do(lambda endpoint: endpoint.clock.advance(timedelta(**amount)))


@contextmanager
def running_endpoint(**flags: Any) -> Iterator[RunningEndpoint]:
    """Run an endpoint in a thread: in memory, with pace 0 and short delays, unless overridden by `flags` (fields of
    Settings)."""
    settings = Settings(**{"port": 0, "pace": 0.0, "summary_delay": 0.02, "extraction_delay": 0.02, **flags})
    started: Future[RunningEndpoint] = Future()
    stops: list[Callable[[], object]] = []

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        stops.append(lambda: loop.call_soon_threadsafe(stop.set))

        def ready(running: Running) -> None:
            started.set_result(RunningEndpoint(running.announced.url, running.announced, running.endpoint, loop))

        await serve(settings, stop, ready)

    def main() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=main, name="endpoint")
    thread.start()
    try:
        with closing(started.result(WAIT_S)) as endpoint:
            yield endpoint
    finally:
        for stop in stops:
            stop()
        thread.join(WAIT_S)


@dataclass(frozen=True)
class EndpointProcess:
    """The command `travel-tui local` in its own process."""

    process: subprocess.Popen[str]
    url: str
    state: Path

    @contextmanager
    def user(self) -> Iterator[User]:
        """Yield a client of the endpoint, with the key from its endpoint file."""
        with closing(client_at(self.url, read_endpoint_file(self.state))) as client:
            yield User(client)


@contextmanager
def endpoint_process(state: Path, *flags: str) -> Iterator[EndpointProcess]:
    """Run `travel-tui local` on `state`, with pace 0 and short delays unless overridden by `flags`."""
    command = [sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--state", str(state)]
    command += ["--pace", "0", "--summary-delay", "0.02", *flags]
    surroundings = {**os.environ, "TMPDIR": str(state.parent)}  # leftovers of a kill are in the test's folder
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line.startswith("listening on http://"), line
            yield EndpointProcess(process, line.split()[-1], state)
        finally:
            process.terminate()
            try:
                process.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
