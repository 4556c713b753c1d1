"""Server of the endpoint: the listening socket, the state folder, start and shutdown."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import secrets
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import uvicorn

from travel_tui.local.agent_model import AgentModel
from travel_tui.local.app import App
from travel_tui.local.connection import Connection
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.models.choice import ChoiceError
from travel_tui.local.models.opening import open_model
from travel_tui.local.operations import step
from travel_tui.local.scratch import scratch_folder
from travel_tui.local.settings import Settings
from travel_tui.local.signature import AccessKey
from travel_tui.local.state.database import Database, unusable
from travel_tui.local.state.folder import DATABASE, EndpointFile, StateFolder

log = logging.getLogger(__name__)

_KEEP_ALIVE = 300
"""Seconds that idle connections stay open. Clients pool them; if one closes just as a turn is sent, the turn fails."""
_GRACE = 1
"""Seconds that requests have to finish at shutdown."""


class ServerError(Exception):
    """The endpoint cannot run; the message gives the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class Running:
    """An endpoint that accepts requests."""

    announced: EndpointFile
    file: Path
    """Path of endpoint.json, which contains `announced`."""
    endpoint: Endpoint


async def serve(settings: Settings, stop: asyncio.Event, ready: Callable[[Running], None]) -> None:
    """Serve until `stop` is set; call `ready` once requests are accepted.

    Raises ServerError if the port is taken or the model cannot be used, and StateError if the state cannot be used.
    """
    with (
        _usable_state(settings),
        scratch_folder() as scratch,
        _folder(settings, scratch) as folder,
        _listen(settings) as listener,
    ):
        database = Database(folder.database if settings.state else None)
        key = AccessKey("LOCAL" + secrets.token_hex(8).upper(), secrets.token_urlsafe(30))
        endpoint = Endpoint(settings, database, folder, scratch, step, _open_model(settings))
        config = uvicorn.Config(
            App(endpoint, key),
            http=Connection,
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
            ready(Running(announced, folder.write_endpoint_file(announced), endpoint))
            accepting.set()

        async def run_beside() -> None:
            await accepting.wait()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_warm_up(endpoint))
                tasks.create_task(endpoint.run())

        server = _Server(config, started)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        beside = asyncio.create_task(run_beside())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, beside, stopping}, return_when=asyncio.FIRST_COMPLETED)
            endpoint.stop_pacing()
            server.should_exit = True
            await serving
            if beside.done():
                beside.result()
        finally:
            stopping.cancel()
            beside.cancel()
            await endpoint.close()
            database.close()


def _open_model(settings: Settings) -> AgentModel:
    try:
        return open_model(settings.model)
    except ChoiceError as error:
        raise ServerError(str(error)) from error


async def _warm_up(endpoint: Endpoint) -> None:
    """Make ready what the first turn needs."""
    from travel_tui.local.dispatch import warm

    try:
        await asyncio.gather(asyncio.to_thread(warm, endpoint), endpoint.warm_function())
    except Exception:  # the first turn meets it again and tells its caller
        log.exception("The endpoint could not make itself ready for the first turn.")


@contextmanager
def _usable_state(settings: Settings) -> Iterator[None]:
    """Convert errors of reading or writing the state, at start or while serving, into StateError."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise unusable(settings.state / DATABASE if settings.state else None, error) from error


class _Server(uvicorn.Server):
    """Uvicorn's server, which leaves signals to its caller and reports when it accepts requests."""

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
    # With an explicit TCP protocol, asyncio sets TCP_NODELAY; otherwise each answer waits 40 ms for the client's
    # delayed ACK.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name that IDNA does not allow
            why = (error.strerror if isinstance(error, OSError) else None) or error
            raise ServerError(
                f"The endpoint cannot listen on {settings.host}, port {settings.port}: {why}. {_advice(error)}"
            ) from error
        yield listener


def _advice(error: Exception) -> str:
    """Return the option to change: --port for a port that is taken or reserved, else --host."""
    if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EPERM):
        return "Choose another port with --port, or --port 0 to let the system pick one."
    return "This machine has no such address: correct --host, such as 127.0.0.1, or 0.0.0.0 for all of its addresses."


@contextmanager
def _folder(settings: Settings, scratch: Path) -> Iterator[StateFolder]:
    """Yield the state folder; a temporary one for the bookings if the state is in memory."""
    folder = StateFolder(settings.state or scratch / "state")
    try:
        yield folder
    finally:
        folder.close()


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
