"""Server of the endpoint: the listening socket, the state folder, start and shutdown."""

from __future__ import annotations

import asyncio
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

from travel_tui.listener import listening, url_of
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

    Raises ListenError if the port is taken, ServerError if the model cannot be used, and StateError if the state cannot
    be used.
    """
    with (
        _usable_state(settings),
        scratch_folder() as scratch,
        _folder(settings, scratch) as folder,
        listening(settings.host, settings.port, "The endpoint") as listener,
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
        url = url_of(*listener.getsockname()[:2])
        announced = EndpointFile(url, os.getpid(), key.access_key_id, key.secret_access_key, settings.region)
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
def _folder(settings: Settings, scratch: Path) -> Iterator[StateFolder]:
    """Yield the state folder; a temporary one for the bookings if the state is in memory."""
    folder = StateFolder(settings.state or scratch / "state")
    try:
        yield folder
    finally:
        folder.close()
