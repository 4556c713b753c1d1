"""The demo's own endpoint: a child process that ends when this one does."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, Cause, Trouble

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from travel_tui.agent import Agent, SessionSummary, TurnEvent, TurnRequest

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
        self._joined: int | None = None
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
        return self._joined is not None and _runs(self._joined)

    async def _start(self) -> Address:
        found = running(self._state)
        if found is not None:
            self._child, self._joined = None, found[1]
            return found[0]
        log = self._state / "demo.log"
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as errors:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--state", str(self._state),
                "--require-key", "--until-stdin-closes", *self._flags,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
            )  # fmt: skip
        try:
            line = await asyncio.wait_for(_first_line(child), READY_S)
        except TimeoutError:
            child.kill()
            raise _not_started(f"It did not answer within {READY_S:.0f} s.", log) from None
        found = running(self._state)
        if found is None:
            await child.wait()
            raise _not_started(_last_words(log) or line.decode(errors="replace").strip(), log)
        if found[1] == child.pid:
            self._child, self._joined = child, None
        else:
            self._child, self._joined = None, found[1]
        return found[0]

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


def running(state: Path) -> tuple[Address, int] | None:
    """The endpoint that says it runs on `state`, and its process id; None where that process is gone."""
    try:
        told = json.loads((state / "endpoint.json").read_text())
        address = Address(str(told["url"]), str(told["access_key_id"]), str(told["secret_access_key"]))
        pid = int(told["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (address, pid) if _runs(pid) else None


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def _not_started(why: str, log: Path) -> AgentError:
    return AgentError(
        Trouble(
            Cause.UNREACHABLE,
            "The demo's endpoint did not start.",
            why,
            f"Send again to try once more. What it said is in {log}; `travel-tui local` shows it in the terminal.",
        )
    )
