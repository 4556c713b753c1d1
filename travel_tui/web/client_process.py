"""One visitor's client: its process, and the page that shows it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from textual_serve.app_service import AppService

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from aiohttp.web import WebSocketResponse
    from textual_serve.download_manager import DownloadManager

END_S = 20.0
"""Seconds that a client has to end; its own limit is 15."""
CLOSED_S = 5.0
"""Seconds that a client waits for its page after the page was closed, which is how reloading it looks, too."""
LARGEST = 1000
"""Most columns and rows of a screen."""
MOST_ERRORS = 4000
"""Most characters of a client's error output that its page shows."""

ENDED, GOING_AWAY, MOVED, FAILED = 1000, 1001, 4001, 4002
"""Codes with which the server closes a page's connection: the client ended, the server ends, another page shows the
client now, or it failed. page.js knows them."""


class ClientProcess(AppService):
    """A client that keeps running for some time without a page, so that a page that comes back shows it again."""

    def __init__(
        self, command: str, download_manager: DownloadManager, keep_s: float, gone: Callable[[ClientProcess], None]
    ) -> None:
        """`keep_s` are the seconds that it waits for its page after a lost connection; `gone` is called at its end."""
        super().__init__(
            command,
            write_bytes=self._show,
            write_str=self._tell,
            close=self._close_page,
            download_manager=download_manager,
        )
        self._keep_s, self._gone = keep_s, gone
        self._page: WebSocketResponse | None = None
        self._painted = False
        self._errors = ErrorOutput()
        self._waiting: asyncio.TimerHandle | None = None
        self._aside: set[asyncio.Task[object]] = set()
        self.leaving = False
        """Whether it is ending, so that its tab needs another one."""

    async def attach(self, page: WebSocketResponse, width: int, height: int) -> None:
        """Show the client on a page of that size, and no longer on the page before.

        Raises OSError if it cannot start.
        """
        before, self._page = self._page, page
        if self._waiting:
            self._waiting.cancel()
        if self._process is None:
            await self.start(_within(width), _within(height))
        else:
            if before is not None:  # a page that is lost does not answer, and is not waited for
                self._begin(before.close(code=MOVED))
            await self.send_meta({"type": "attach"})
            await self.set_terminal_size(width, height)

    def detach(self, page: WebSocketResponse, *, closed: bool) -> None:
        """Keep the client without a page for a while; do nothing if another page shows it by now."""
        if page is self._page:
            self._page = None
            self._begin(self.blur())
            wait_s = min(CLOSED_S, self._keep_s) if closed else self._keep_s
            self._waiting = asyncio.get_running_loop().call_later(wait_s, lambda: self._begin(self.stop()))

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        task: asyncio.Task[object] = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def set_terminal_size(self, width: int, height: int) -> None:
        await super().set_terminal_size(_within(width), _within(height))

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        process = await super()._open_app_process(width, height)
        self._errors.source, process.stderr = process.stderr, cast("asyncio.StreamReader", self._errors)
        return process

    async def run(self) -> None:
        """Pass the client's output on until it ends, then close its page."""
        try:
            await super().run()
            status = await self._process.wait() if self._process is not None else 0
            if failed := bool(status) or not self._painted:
                await self._tell(json.dumps(["failed", self._errors.text()]))
            await self._close_page(FAILED if failed else ENDED)
        finally:
            if self._waiting:
                self._waiting.cancel()
            self._gone(self)

    async def on_meta(self, data: bytes) -> None:
        """Handle what the client says of itself; that it leaves its screen is no end yet: it may open another one."""
        if json.loads(data).get("type") != "exit":
            await super().on_meta(data)

    async def stop(self) -> None:
        """End the client as the end of its terminal does, which keeps the turn; then kill it."""
        task, process = self._task, self._process
        if task is None or process is None:
            return
        self.leaving = True
        await self._close_page(GOING_AWAY)
        await self._download_manager.cancel_app_downloads(app_service_id=self.app_service_id)
        self.stdin.close()
        await asyncio.wait([task], timeout=END_S)
        if not task.done():
            with suppress(ProcessLookupError):
                process.kill()
        await task

    async def _show(self, data: bytes) -> None:
        self._painted = True
        if self._page is not None:
            with suppress(ConnectionError):  # the connection is lost; the page's own handler detaches it
                await self._page.send_bytes(data)

    async def _tell(self, message: str) -> None:
        if self._page is not None:
            with suppress(ConnectionError):
                await self._page.send_str(message)

    async def _close_page(self, code: int = ENDED) -> None:
        if self._page is not None:
            await self._page.close(code=code)


class ErrorOutput:
    """A process's error output, of which it keeps the end as it is read."""

    def __init__(self) -> None:
        self.source: asyncio.StreamReader | None = None
        self._kept = b""

    async def read(self, most: int) -> bytes:
        """Read as the process's own stream does."""
        data = await self.source.read(most) if self.source else b""
        self._kept = (self._kept + data)[-MOST_ERRORS:]
        return data

    def text(self) -> str:
        """Return what was read."""
        return self._kept.decode(errors="replace").strip()


def _within(cells: int) -> int:
    return max(1, min(cells, LARGEST))
