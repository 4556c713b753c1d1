"""Locks of the clients of a self-terminating endpoint, and of those that start one: two files in the state folder.

Every client holds `users` shared as long as it may send requests. The endpoint takes it exclusively before it stops, so
it stops after its last user, and a client that arrives then waits until the endpoint is gone. A client holds `starting`
while it looks for an endpoint and starts one if there is none, so two never start one at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from travel_tui.file_lock import is_held, lock_file, lock_within

USERS, STARTING = "users", "starting"
"""The two lock files. Never deleted."""


class EndpointUse:
    """A use of the endpoint on a state folder, until it is closed or the process ends."""

    def __init__(self, state: Path, wait_s: float) -> None:
        """Start the use; blocks while the endpoint is stopping.

        Raises TimeoutError if that takes longer than `wait_s`, and other OSErrors if the folder cannot be used.
        """
        self._lock = lock_within(state / USERS, wait_s, shared=True)

    def close(self) -> None:
        """End the use."""
        os.close(self._lock)


@contextmanager
def lock_start(state: Path, wait_s: float) -> Iterator[None]:
    """Prevent others from starting an endpoint in the meantime. Raises the same errors as `Use`."""
    lock = lock_within(state / STARTING, wait_s)
    try:
        yield
    finally:
        os.close(lock)


def is_used(state: Path) -> bool:
    """Whether the endpoint on a state folder is in use; false while it is stopping."""
    return is_held(state / USERS)


def wait_until_unused(state: Path) -> None:
    """Block until there are no users, and prevent new ones until this process ends."""
    lock_file(state / USERS, wait=True)
