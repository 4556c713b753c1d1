"""Driver for a web page: Textual's own for textual-serve (8.2.8), which ends with its input and can be shown anew.

Textual's ends neither with its input nor with its output, and draws a screen that is already shown nowhere else. A page
that is reloaded needs all of it again: `travel-tui serve` says so with a packet of its own, `attach`.
"""

from __future__ import annotations

import os
import selectors
import shutil
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.drivers import web_driver
from textual.drivers.web_driver import WebDriver

from travel_tui.tui.terminal.input_parser import InputParser

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

    from travel_tui.tui.terminal.drivers import ClosableApp

web_driver.XTermParser = InputParser  # type: ignore[attr-defined]  # its input thread creates one

_PRELUDE = b"__GANGLION__\n"
"""The line with which a client's output begins."""


class PageDriver(WebDriver):
    """Draws on a web page, and ends the application when the server closes."""

    _begun: ClassVar[bool] = False
    """Whether this process's output has begun: a second application goes on with it."""
    _page_size: ClassVar[tuple[int, int] | None] = None
    """Columns and rows of the page as last told; the environment has those of the start."""
    _page_focused: ClassVar[bool] = False
    """Whether the page has the focus, as last told."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        if sys.__stdin__ is not None:
            _make_pollable(sys.__stdin__.fileno())
        super().__init__(app, debug=debug, mouse=mouse, size=size or PageDriver._page_size)
        self._lost = cast("ClosableApp", app).end
        self._works = True
        self._background = ""
        self._write = self._write_or_end  # type: ignore[assignment]  # all its writing goes through that

    def start_application_mode(self) -> None:
        """Start as Textual does, which tells the application that it has no focus; correct that if the page has it."""
        super().start_application_mode()
        self._app.call_later(self._tell_focus)

    def _tell_focus(self) -> None:
        if PageDriver._page_focused:
            self._app.post_message(events.AppFocus())

    def show_background(self, colour: str) -> None:
        """Tell the page the colour of what its cells leave free, as `#rrggbb`."""
        self._background = f"\x1b]11;{colour}\x1b\\"
        self.write(self._background)

    def run_input_thread(self) -> None:
        try:
            super().run_input_thread()
        finally:
            if not self.exit_event.is_set():  # otherwise the application has ended, and another one may read on
                self._lost()

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        if packet_type == "attach":
            self._loop.call_soon_threadsafe(self._show_all)
            return
        if packet_type in ("focus", "blur"):
            PageDriver._page_focused = packet_type == "focus"
        super().on_meta(packet_type, payload)
        if packet_type == "resize":
            PageDriver._page_size = self._size

    def _show_all(self) -> None:
        """Send a page that has just been opened what the one before was sent at the start, and the whole screen."""
        self.write("\x1b[?1049h\x1b[?25l")
        self._enable_mouse_support()
        self._enable_bracketed_paste()
        self.write(self._background)
        self._app.refresh()

    def _write_or_end(self, data: bytes) -> int:
        if data == _PRELUDE:
            if PageDriver._begun:
                return len(data)
            PageDriver._begun = True
        if self._works:
            try:
                return os.write(self.fileno, data)
            except OSError:
                self._works = False
                self._lost()
        return len(data)


def ends_with_its_input(driver: type[Driver]) -> type[Driver]:
    """Return for textual-serve's driver the one that ends with its input; any other of TEXTUAL_DRIVER as it is."""
    return PageDriver if driver is WebDriver else driver


def _make_pollable(fd: int) -> None:
    """Replace a file or /dev/null with a pipe, since Textual's reader cannot wait for those."""
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(fd, selectors.EVENT_READ)
    except PermissionError:
        source = os.dup(fd)
        read_end, write_end = os.pipe()
        os.dup2(read_end, fd)
        os.close(read_end)

        def copy() -> None:
            with open(source, "rb") as given, open(write_end, "wb") as pipe, suppress(OSError):  # noqa: PTH123
                shutil.copyfileobj(given, pipe)

        threading.Thread(target=copy, name="stdin", daemon=True).start()
