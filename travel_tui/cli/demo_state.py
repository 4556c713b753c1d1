"""Locking of the demo's state folder: several demos share it, and it is never emptied while in use."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from travel_tui.file_lock import lock_file, share
from travel_tui.local.state.folder import LOCK
from travel_tui.local.state.users import STARTING, USERS
from travel_tui.paths import private_folder

CLIENTS = "clients.lock"
"""Lock file held shared by every client of the state while it runs, and exclusively to empty it."""
ENDING_S = 5.0
"""Seconds that the endpoint of a demo that has quit may take to stop."""
_STEP_S = 0.02


@contextmanager
def lock_state(state: Path, *, emptied: bool, before_emptying: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the state; with `emptied`, first call `before_emptying` and remove the files of earlier demos.

    Raises ClickException if it should be emptied while others use it. A folder that cannot be used is reported by the
    endpoint, unless it should be emptied.
    """
    try:
        held = (
            _lock_emptied(state, before_emptying)
            if emptied
            else lock_file(private_folder(state) / CLIENTS, shared=True, wait=True)
        )
    except OSError as error:
        if emptied:
            raise click.ClickException(f"{error.filename or state} cannot be used: {error.strerror}.") from error
        held = None
    try:
        yield
    finally:
        if held is not None:
            os.close(held)


def _lock_emptied(state: Path, before_emptying: Callable[[], None]) -> int:
    held = lock_file(private_folder(state) / CLIENTS)
    if held is None:
        raise _in_use()
    try:
        _empty(state, before_emptying)
        share(held)
    except BaseException:
        os.close(held)
        raise
    return held


def _empty(state: Path, before_emptying: Callable[[], None]) -> None:
    """Remove all files except the locks while no endpoint holds the state."""
    deadline = time.monotonic() + ENDING_S
    while (endpoint := lock_file(state / LOCK)) is None:  # held by a demo that has just quit or was killed
        if time.monotonic() > deadline:
            raise _in_use()
        time.sleep(_STEP_S)
    try:
        before_emptying()
        for file in state.iterdir():
            if file.is_file() and file.name not in (CLIENTS, LOCK, USERS, STARTING):
                file.unlink()
    finally:
        os.close(endpoint)


def _in_use() -> click.ClickException:
    return click.ClickException(
        "A demo is already using this memory. Quit it first, or leave out --fresh, --seed and --now."
    )
