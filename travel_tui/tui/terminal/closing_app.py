"""Base class of applications that exit when their terminal closes or on a signal, even if blocked."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from textual import constants
from textual.app import App

from travel_tui.tui.terminal.driver_choice import paints_on_terminal
from travel_tui.tui.textual_caches import install_bounded_caches
from travel_tui.tui.timers import install_reliable_timers

if TYPE_CHECKING:
    from textual.driver import Driver

install_reliable_timers()
install_bounded_caches()

R = TypeVar("R")

HELD_UP_S, MAX_S = 1.25, 15.0
"""Seconds allowed for exiting; the longer limit applies while the process is working, on a slow machine."""
LOOK_S, WORKS_S = 0.25, 0.005
"""Seconds between checks, and processor seconds per check that mean it works; waiting uses a tenth of that."""


class DriverError(Exception):
    """TEXTUAL_DRIVER names no driver."""


class ClosingApp(App[R]):
    """An application that can be ended at any moment."""

    ended = False
    """Whether `end` was called."""
    _own_loop: asyncio.AbstractEventLoop | None = None

    def get_driver_class(self) -> type[Driver]:
        """Return a driver that ends the application with its terminal. Raises DriverError."""
        if paints_on_terminal(constants.DRIVER):
            from travel_tui.tui.terminal.drivers import TerminalDriver

            return TerminalDriver
        from travel_tui.tui.terminal.web_driver import ends_with_its_input

        try:
            return ends_with_its_input(super().get_driver_class())
        except (ImportError, AttributeError, ValueError, RuntimeError) as error:
            raise DriverError(f"TEXTUAL_DRIVER={constants.DRIVER} is not a Textual driver: {error}.") from error

    def on_load(self) -> None:
        self._own_loop = asyncio.get_running_loop()
        if self.ended:
            self._end_soon()

    def end(self) -> None:
        """End soon, as quitting does, but without confirmation.

        Safe to call from any thread and from a signal handler.
        """
        if not self.ended:
            self.ended = True
            threading.Thread(target=_leave_if_held_up, name="end", daemon=True).start()
            if self._own_loop is not None:
                with suppress(RuntimeError):  # the loop has ended, and the application with it
                    self._own_loop.call_soon_threadsafe(self._end_soon)

    def _end_soon(self) -> None:
        # Not at once: a screen that is still being composed cannot be removed.
        self.call_after_refresh(self.exit)


def _leave_if_held_up() -> None:
    """End the process if exiting is blocked: by a terminal that accepts no output, a disk, or another process."""
    began, used = time.monotonic(), time.process_time()
    while True:
        time.sleep(LOOK_S)
        taken, before, used = time.monotonic() - began, used, time.process_time()
        if taken > MAX_S or (taken > HELD_UP_S and used - before < WORKS_S):
            os._exit(1)
