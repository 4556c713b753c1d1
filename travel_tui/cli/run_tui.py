"""Run the full-screen applications from a command."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, TypeVar

import click

from travel_tui.cli.terminal import need_terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from travel_tui.tui.context import AppContext
    from travel_tui.tui.terminal.closing_app import ClosingApp

R = TypeVar("R")

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def run_client(context: AppContext | None, *, config_file: str = "") -> str | None:
    """Run the client; return the action chosen for afterwards, or None. Exits if it failed or was terminated."""

    def make() -> ClosingApp[str]:
        # Objects created during import and the first paint live until the end, so collecting them wastes time; the
        # application turns garbage collection on again once its panels are mounted.
        gc.disable()
        from travel_tui.tui.app import TravelApp

        return TravelApp(context, config_file=config_file)

    return run_application(make)


def run_application(make: Callable[[], ClosingApp[R]]) -> R | None:
    """Run an application and return its result. Exits if it failed, or if a signal or its terminal ended it."""
    from travel_tui.tui.terminal.closing_app import DriverError
    from travel_tui.tui.textual_compat import failure_of

    need_terminal()
    try:
        app = make()
    except DriverError as error:
        raise click.UsageError(str(error)) from error
    running = _run(app)
    choice = asyncio.run(running)
    if app.return_code:
        logging.getLogger(__name__).error("the client ended with status %d", app.return_code, exc_info=failure_of(app))
        raise SystemExit(app.return_code)
    return choice


async def _run(app: ClosingApp[R]) -> R | None:
    # Not asyncio's signal handlers: the loop may be blocked by a terminal that accepts no more output.
    before = {number: signal.signal(number, lambda *_: app.end()) for number in ENDING}
    try:
        choice = await app.run_async()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if app.ended:
        # Everything is closed and saved. Threads that are still running are not waited for, and the command ends here.
        sys.stderr.flush()
        os._exit(app.return_code or 0)
    return choice
