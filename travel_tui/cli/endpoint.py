"""The demo's own endpoint: a child process that ends when this one does."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, Cause, Trouble
from travel_tui.paths import private_folder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from travel_tui.agent import Agent, SessionSummary, TurnEvent, TurnRequest
    from travel_tui.local.state.folder import EndpointFile

READY_S = 20.0
"""How long a start may take before it is called failed; it takes half a second on a machine of 2024."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an endpoint listens, and the key of its start."""

    url: str
    access_key: str
    secret_key: str


class DemoEndpoint:
    """Starts the local endpoint when it is needed and not there; joins one that runs on the same state."""

    def __init__(self, state: Path, flags: tuple[str, ...] = ()) -> None:
        self._state = state
        self._flags = flags
        self._child: asyncio.subprocess.Process | None = None
        self._address: Address | None = None
        self._lock = asyncio.Lock()

    async def address(self) -> Address:
        """Where the endpoint listens now; raises AgentError where none can be started."""
        async with self._lock:
            if self._address is None or not self._alive():
                self._address = await self._start()
            return self._address

    def _alive(self) -> bool:
        if self._child is not None:
            return self._child.returncode is None
        return running(self._state) == self._address

    async def _start(self) -> Address:
        self._child = None
        if (found := running(self._state)) is not None:
            return found
        try:
            return await self._start_child()
        except OSError as error:
            raise _not_started(f"{error.filename or self._state}: {error.strerror or error}.") from error

    async def _start_child(self) -> Address:
        from travel_tui.local.state.folder import endpoint_on

        log = private_folder(self._state) / "demo.log"
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as errors:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--state", str(self._state),
                "--require-key", "--until-stdin-closes", *self._flags,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
            )  # fmt: skip
        self._child = child
        try:
            line = await asyncio.wait_for(_first_line(child), READY_S)
        except TimeoutError:
            child.kill()
            raise _not_started(f"It did not answer within {READY_S:.0f} s.", log) from None
        found = endpoint_on(self._state)
        if found is None:
            await child.wait()
            raise _not_started(_last_words(log) or line.decode(errors="replace").strip(), log)
        if found.pid != child.pid:  # another was quicker
            self._child = None
        return _address(found)

    async def close(self) -> None:
        """End the child that this one started; an endpoint that was joined stays."""
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()
            try:
                await asyncio.wait_for(self._child.wait(), 3)
            except TimeoutError:
                self._child.kill()


class DemoAgent:
    """The agent behind a DemoEndpoint: before each call it makes sure that the endpoint is there."""

    def __init__(self, endpoint: DemoEndpoint) -> None:
        self._endpoint = endpoint
        self._opened: tuple[Address, Agent] | None = None

    async def _now(self) -> Agent:
        from travel_tui.bedrock.client import Credentials, open_agent
        from travel_tui.config import AgentConfig

        address = await self._endpoint.address()
        if self._opened is None or self._opened[0] != address:
            config = AgentConfig("demo", "TRAVELDEMO", "TSTALIASID", region="us-east-1", endpoint_url=address.url)
            agent = await asyncio.to_thread(
                open_agent, config, isolated=Credentials(address.access_key, address.secret_key)
            )
            self._opened = (address, agent)
        return self._opened[1]

    async def ready(self) -> DemoAgent:
        """This agent, once its endpoint answers; raises AgentError."""
        await self._now()
        return self

    async def invoke(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        from contextlib import aclosing

        from travel_tui.agent import TurnFailed

        try:
            agent = await self._now()
        except AgentError as error:
            yield TurnFailed(error.trouble)
            return
        async with aclosing(agent.invoke(request)) as stream:
            async for event in stream:
                yield event

    async def end(self, session_id: str, memory_id: str | None) -> None:
        await (await self._now()).end(session_id, memory_id)

    async def memories(self, memory_id: str) -> list[SessionSummary]:
        return await (await self._now()).memories(memory_id)

    async def forget(self, memory_id: str, session_id: str | None = None) -> None:
        await (await self._now()).forget(memory_id, session_id)


async def _first_line(child: asyncio.subprocess.Process) -> bytes:
    return await child.stdout.readline() if child.stdout else b""


def running(state: Path) -> Address | None:
    """Where an endpoint runs on `state`; None where none does."""
    from travel_tui.local.state.folder import endpoint_on

    found = endpoint_on(state)
    return _address(found) if found else None


def _address(endpoint: EndpointFile) -> Address:
    return Address(endpoint.url, endpoint.access_key_id, endpoint.secret_access_key)


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def _not_started(why: str, log: Path | None = None) -> AgentError:
    told = f"What it said is in {log}; " if log else ""
    advice = f"Send again to try once more. {told}`travel-tui local` shows what is wrong in the terminal."
    return AgentError(Trouble(Cause.UNREACHABLE, "The demo's endpoint did not start.", why, advice))
