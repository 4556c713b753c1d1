"""Runs the endpoint: the listening socket, the state's folder, the beginning and the end."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from travel_tui.local.app import CONNECTION, App
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.scratch import scratch_folder
from travel_tui.local.settings import Settings
from travel_tui.local.signature import Key
from travel_tui.local.state.database import Database
from travel_tui.local.state.folder import EndpointFile, StateFolder

_KEEP_ALIVE = 300
"""Seconds that an idle connection stays open. Clients pool them; one that closes just as a turn is sent fails it."""
_GRACE = 1
"""Seconds that requests have to finish once the endpoint ends."""


class ServerError(Exception):
    """The endpoint cannot run; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Running:
    """An endpoint that takes requests."""

    announced: EndpointFile
    file: Path
    """Where endpoint.json is, which holds `announced`."""
    endpoint: Endpoint


async def serve(settings: Settings, stop: asyncio.Event, ready: Callable[[Running], None]) -> None:
    """Serve until `stop` is set; `ready` is called once requests are taken.

    Raises ServerError where the port is taken and StateError where the state cannot be used.
    """
    with scratch_folder() as scratch, _folder(settings, scratch) as folder, _listen(settings) as listener:
        database = Database(folder.database if settings.state else None)
        key = Key("LOCAL" + secrets.token_hex(8).upper(), secrets.token_urlsafe(30))
        endpoint = Endpoint(settings, database, folder, scratch)
        config = uvicorn.Config(
            App(endpoint, key),
            http=_Connection,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_GRACE,
        )
        announced = EndpointFile(_url(listener), os.getpid(), key.access_key_id, key.secret_access_key, settings.region)
        endpoint.announced = announced
        accepting = asyncio.Event()

        def started() -> None:
            ready(Running(announced, folder.announce(announced), endpoint))
            accepting.set()

        async def run_beside() -> None:
            await accepting.wait()
            await endpoint.run()

        server = _Server(config, started)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        beside = asyncio.create_task(run_beside())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, beside, stopping}, return_when=asyncio.FIRST_COMPLETED)
            endpoint.hurry()
            server.should_exit = True
            await serving
            if beside.done():
                beside.result()
        finally:
            stopping.cancel()
            beside.cancel()
            await endpoint.close()
            database.close()


class _Connection(H11Protocol):
    """A connection whose requests know it, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, CONNECTION: transport}


class _Server(uvicorn.Server):
    """Uvicorn's server, which leaves signals to its caller and says when it takes requests."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()

    def capture_signals(self) -> Iterator[None]:  # type: ignore[override]
        return cast("Iterator[None]", nullcontext())


@contextmanager
def _listen(settings: Settings) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With TCP named, asyncio sets TCP_NODELAY; without, each answer waits 40 ms for the client's delayed ACK.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise ServerError(
                f"The endpoint cannot listen on {settings.host}, port {settings.port}: {error.strerror}. "
                "Choose another port with --port, or --port 0 to let the system pick one."
            ) from error
        yield listener


@contextmanager
def _folder(settings: Settings, scratch: Path) -> Iterator[StateFolder]:
    """The state's folder; one that is thrown away where the state is in memory, for the bookings."""
    folder = StateFolder(settings.state or scratch / "state")
    try:
        yield folder
    finally:
        folder.close()


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
