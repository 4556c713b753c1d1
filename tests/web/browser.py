"""A person at a browser: Chromium, driven by Playwright, and what the terminal in its page shows.

The page draws on a canvas. What it is sent is read from its connection, as a terminal reads it.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyte

from tests.endpoint import WAIT_S

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, WebSocket

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The command of the machine's browser; None if there is none."""
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


class Tab:
    """A tab of a browser, with a person at it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        """Errors of scripts, and requests to other servers."""
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        page.on("websocket", self._opened)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:")):
            self.problems.append(url)

    def _opened(self, connection: WebSocket) -> None:
        self._screen.reset()
        connection.on("framereceived", self._received)
        connection.on("framesent", self._sent)

    def _received(self, data: str | bytes) -> None:
        if isinstance(data, bytes):
            self._stream.feed(data)

    def _sent(self, data: str | bytes) -> None:
        kind, *rest = json.loads(data)
        if kind == "resize":
            self._screen.resize(rest[0]["height"], rest[0]["width"])

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows of the terminal."""
        return self._screen.columns, self._screen.lines

    @property
    def text(self) -> str:
        """What the terminal shows, in one line."""
        return " ".join(" ".join(self._screen.display).split())

    def open(self, url: str) -> None:
        """Go to a page."""
        self.page.goto(url)

    def type(self, text: str) -> None:
        """Type."""
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def until(self, predicate: Callable[[], Any], what: str) -> None:
        """Wait for a predicate, while the browser goes on."""
        deadline = time.monotonic() + WAIT_S
        while not predicate():
            assert time.monotonic() < deadline, f"waited in vain for {what}; it shows {self.text}"
            self.page.wait_for_timeout(50)

    def sees(self, *texts: str) -> None:
        """Wait until the terminal shows every text."""
        self.until(lambda: all(text in self.text for text in texts), repr(texts))

    def misses(self, text: str) -> None:
        """Wait until the terminal shows a text no longer."""
        self.until(lambda: text not in self.text, f"the end of {text!r}")

    def is_told(self, message: str) -> None:
        """Wait until the page itself, in front of the terminal, says something."""
        self.page.wait_for_selector(f".closed-dialog:has-text('{message}')", timeout=WAIT_S * 1000)

    def click(self, text: str) -> None:
        """Click into the middle of a text in the terminal."""
        row, column = next((y, line.index(text)) for y, line in enumerate(self._screen.display) if text in line)
        box = self.page.locator(".xterm-screen").bounding_box()
        assert box
        columns, rows = self.size
        x = box["x"] + (column + len(text) / 2) * box["width"] / columns
        self.page.mouse.click(x, box["y"] + (row + 0.5) * box["height"] / rows)

    def colour(self, script: str) -> str:
        """Return a colour that a script finds in the page, as `rgb(…)`."""
        return str(self.page.evaluate(script))
