"""The demo's local endpoint: a child process that ends with this process."""

from __future__ import annotations

import asyncio
import os
import select
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.paths import private_folder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from travel_tui.agent import Agent, MemoryRecord, TurnEvent, TurnRequest
    from travel_tui.config import AgentConfig
    from travel_tui.local.state.folder import EndpointFile
    from travel_tui.local.state.users import EndpointUse

READY_S = 20.0
"""Start-up timeout in seconds; a start takes half a second on a machine of 2024."""

_END_S = 3.0
"""Seconds that the child has to exit before it is killed."""


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint's URL and the key of its start."""

    url: str
    access_key: str
    secret_key: str


class DemoEndpoint:
    """Starts the local endpoint on demand, or joins one that is running on the same state.

    An endpoint that it started keeps running for other clients that joined it, and ends with the last of them.
    """

    def __init__(self, state: Path, flags: tuple[str, ...] = ()) -> None:
        self._state = state
        self._flags = flags
        self._child: subprocess.Popen[bytes] | None = None
        self._address: Address | None = None
        self._use: EndpointUse | None = None
        self._closed = threading.Event()
        self._busy = threading.Lock()
        """Held by the start and stop threads, which continue after the awaiting call is cancelled."""

    async def address(self) -> Address:
        """Return the endpoint's address, starting it if needed. Raises AgentError if it cannot be started."""
        self._closed.clear()
        if (address := self._alive()) is not None:
            return address
        return await asyncio.to_thread(self._start)

    def _alive(self) -> Address | None:
        child, address = self._child, self._address
        alive = running(self._state) == address if child is None else child.poll() is None
        return address if alive else None

    def _start(self) -> Address:
        with self._busy:
            address = self._alive() or self._found()
            self._address = address
        return address

    def _found(self) -> Address:
        """Return the endpoint that is running on the state, else start one."""
        from travel_tui.local.state.users import EndpointUse, lock_start

        self._drop_child()
        try:
            private_folder(self._state)
            if self._use is None:
                self._use = EndpointUse(self._state, READY_S)
            with lock_start(self._state, READY_S):
                return running(self._state) or self._start_child()
        except TimeoutError as error:
            raise _not_started(str(error)) from error
        except OSError as error:
            raise _not_started(f"{error.filename or self._state}: {error.strerror or error}.") from error

    def _start_child(self) -> Address:
        from travel_tui.local.state.folder import endpoint_on

        log = self._state / "demo.log"
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as errors:
            if self._closed.is_set():
                raise _not_started("The client ends.")
            # Not an asyncio subprocess: asyncio kills it with the event loop, but this one may have to stay for other
            # clients.
            child = self._child = subprocess.Popen(
                [
                    sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--state", str(self._state),
                    "--require-key", "--until-stdin-closes", *self._flags,
                ],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
            )  # fmt: skip
        if self._closed.is_set():
            child.terminate()
        line = _first_line(child)
        if line is None:
            child.kill()
            raise _not_started(f"It did not answer within {READY_S:.0f} s.", log)
        found = endpoint_on(self._state)
        if found is None:
            child.wait()
            raise _not_started(_last_words(log) or line.strip() or _full_disk(self._state), log)
        if found.pid != child.pid:  # another process started one first
            child.wait()
            self._drop_child()
        return _address(found)

    async def close(self) -> None:
        """Stop the child started here once no client uses it; an endpoint that was joined keeps running."""
        self._closed.set()
        if (child := self._child) is not None and self._address is None:  # it would only notice once started
            child.terminate()
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        with self._busy:
            self._leave()

    def _leave(self) -> None:
        from travel_tui.local.state.users import is_used

        if self._use is not None:
            self._use.close()
            self._use = None
        self._address = None
        if self._child is None:
            return
        if self._child.stdin:
            self._child.stdin.close()
        if not is_used(self._state):
            try:
                self._child.wait(_END_S)
            except subprocess.TimeoutExpired:
                if not is_used(self._state):
                    self._child.kill()
                    self._child.wait()
        self._drop_child()

    def _drop_child(self) -> None:
        """Release the child without stopping it."""
        for pipe in (self._child.stdin, self._child.stdout) if self._child else ():
            if pipe:
                pipe.close()
        self._child = None


class DemoAgent:
    """The agent behind a DemoEndpoint; ensures before each call that the endpoint is running."""

    def __init__(self, endpoint: DemoEndpoint, config: AgentConfig) -> None:
        """`config` is that of the built-in agent, whose URL is known once the endpoint runs."""
        self._endpoint = endpoint
        self._config = config
        self._opened: tuple[Address, Agent] | None = None

    async def now(self) -> Agent:
        """Return the agent at the endpoint's address, which is started if needed. Raises AgentError."""
        from travel_tui.backends.factory import open_agent
        from travel_tui.backends.shared.credentials import Credentials

        address = await self._endpoint.address()
        if self._opened is None or self._opened[0] != address:
            agent = await asyncio.to_thread(
                open_agent,
                replace(self._config, endpoint_url=address.url),
                isolated=Credentials(address.access_key, address.secret_key),
            )
            self._opened = (address, agent)
        return self._opened[1]

    async def ready(self) -> DemoAgent:
        """Return this agent once its endpoint is running. Raises AgentError."""
        await self.now()
        return self

    async def invoke(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        from contextlib import aclosing

        from travel_tui.agent import TurnFailed

        try:
            agent = await self.now()
        except AgentError as error:
            yield TurnFailed(error.problem)
            return
        async with aclosing(agent.invoke(request)) as stream:
            async for event in stream:
                yield event

    async def end_session(self, session_id: str, memory_id: str | None) -> None:
        await (await self.now()).end_session(session_id, memory_id)

    async def list_memories(self, memory_id: str) -> list[MemoryRecord]:
        return await (await self.now()).list_memories(memory_id)

    async def delete_memory(self, memory_id: str, session_id: str | None = None) -> None:
        await (await self.now()).delete_memory(memory_id, session_id)


def _first_line(child: subprocess.Popen[bytes]) -> str | None:
    """Return the child's first line of output, "" if it exits without one; None after the timeout."""
    if child.stdout is None or not select.select([child.stdout], [], [], READY_S)[0]:
        return None
    return child.stdout.readline().decode(errors="replace")


def running(state: Path) -> Address | None:
    """Return the address of the endpoint that is running on `state`; None if there is none."""
    from travel_tui.local.state.folder import endpoint_on

    found = endpoint_on(state)
    return _address(found) if found else None


def _address(endpoint: EndpointFile) -> Address:
    return Address(endpoint.url, endpoint.access_key_id, endpoint.secret_access_key)


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("Error: ") if lines else ""


def _full_disk(folder: Path) -> str:
    """Return a sentence about a full disk, which prevents logging; empty if the disk is not full."""
    if shutil.disk_usage(folder).free:
        return ""
    return f"The disk of {folder} is full. Free some space; `df {folder}` shows what is left."


def _not_started(why: str, log: Path | None = None) -> AgentError:
    told = f"Its output is in {log}; " if log else ""
    advice = f"Send again to retry. {told}`travel-tui local` shows the error in the terminal."
    return AgentError(Problem(ErrorKind.UNREACHABLE, "The demo's endpoint did not start.", why, advice))
