"""The command `travel-tui serve` for tests, and a page's connection without a browser."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from tests.cli.terminal import installed, processes_of
from tests.endpoint import WAIT_S

TAB, OTHER_TAB = "0" * 32, "1" * 32


@dataclass(frozen=True)
class Served:
    """A server that listens."""

    process: subprocess.Popen[str]
    printed_url: str
    """The URL for visitors, with the token if there is one."""
    folder: Path

    @property
    def url(self) -> str:
        """The URL without a token."""
        return urlunsplit((*urlsplit(self.printed_url)[:3], "", ""))

    @property
    def token(self) -> str:
        """The token; empty if there is none."""
        return urlsplit(self.printed_url).query.removeprefix("token=")

    def clients(self) -> list[str]:
        """The command lines of the clients that run, with their endpoints, if any."""
        return [line for line in processes_of(self.folder) if " serve " not in line]


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[Served]:
    """Run `travel-tui serve` on a free port; at the end it ends by itself, and leaves no process."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(
        [installed(), "serve", "--port", "0", *arguments],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line.startswith("listening on http://"), line
            yield Served(process, line.split()[-1], folder)
        finally:
            process.terminate()
            try:
                process.wait(WAIT_S)
            finally:
                process.kill()


class Page:
    """The connection of one tab's page, and the screen that it shows."""

    def __init__(self, connection: ClientWebSocketResponse, columns: int = 120, rows: int = 40) -> None:
        self._connection = connection
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self.told: list[object] = []
        """What the server told in JSON."""

    async def send(self, *message: object) -> None:
        """Send a message as the page's script does."""
        await self._connection.send_json(message)

    async def type(self, keys: str) -> None:
        """Type."""
        await self.send("stdin", keys)

    @property
    def text(self) -> str:
        """What the screen shows, in one line."""
        return " ".join(" ".join(self._screen.display).split())

    async def sees(self, *texts: str) -> None:
        """Wait until the screen shows every text."""
        try:
            async with asyncio.timeout(WAIT_S):
                while not all(text in self.text for text in texts):
                    assert await self._receive(), f"closed with {self._connection.close_code}; it shows {self.text}"
        except TimeoutError:
            raise AssertionError(f"waited in vain for {texts}; it shows {self.text}") from None

    async def closed(self) -> int | None:
        """Wait until the server closes the connection, and return its code."""
        async with asyncio.timeout(WAIT_S):
            while await self._receive():
                pass
        return self._connection.close_code

    async def _receive(self) -> bool:
        message = await self._connection.receive()
        if message.type == WSMsgType.BINARY:
            self.raw += message.data
            self._stream.feed(message.data)
        elif message.type == WSMsgType.TEXT:
            self.told.append(json.loads(message.data))
        else:
            return False
        return True

    async def reload(self) -> None:
        """Close as a page that is closed or reloaded does."""
        await self._connection.close(code=1001)

    def lose(self) -> None:
        """Break the connection without a word."""
        self._connection.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


@asynccontextmanager
async def page_of(
    served: Served, tab: str = TAB, *, columns: int = 120, rows: int = 40, **headers: str
) -> AsyncIterator[Page]:
    """Open a tab's connection; its page has the focus."""
    address = f"{served.url.replace('http', 'ws', 1)}ws/{tab}?width={columns}&height={rows}"
    async with ClientSession() as session, session.ws_connect(address, headers=headers) as connection:
        page = Page(connection, columns, rows)
        await page.send("focus")
        yield page
