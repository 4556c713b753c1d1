"""Locks on files and folders, which the system releases however their holder ends.

Only the holder of a lock deletes the locked file, and a new holder checks that the file is still at its path:
otherwise two processes could hold "the" lock, one of them on a deleted file.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

_RETRY_S = 0.02


def lock_file(path: Path, *, shared: bool = False, wait: bool = False) -> int | None:
    """Lock a file, creating it (0600) if it is missing, and return the descriptor that holds the lock.

    None if another process holds it, unless `wait`. Raises OSError.
    """
    while True:
        held = _lock(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), shared=shared, wait=wait)
        if held is None or _is_at(path, held):
            return held
        os.close(held)


def lock_within(path: Path, wait_s: float, *, shared: bool = False) -> int:
    """Like `lock_file`, but wait up to `wait_s` seconds for other holders. Raises OSError, including TimeoutError."""
    deadline = time.monotonic() + wait_s
    while (held := lock_file(path, shared=shared)) is None:
        if time.monotonic() >= deadline:
            raise TimeoutError(f"Another travel-tui has held {path} for {wait_s:.0f} s.")
        time.sleep(_RETRY_S)
    return held


def lock_folder(path: Path) -> int | None:
    """Lock a folder; None if another process holds it or the folder is gone. Raises OSError."""
    try:
        held = _lock(os.open(path, os.O_RDONLY | os.O_DIRECTORY), shared=False, wait=False)
    except FileNotFoundError:
        return None
    if held is not None and not _is_at(path, held):
        os.close(held)
        return None
    return held


def try_lock(handle: int) -> bool:
    """Lock an open file exclusively until it is closed; False if another process holds it. The file stays open."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(held: int) -> None:
    """Convert an exclusive lock to a shared one; another process may briefly lock it exclusively in between."""
    fcntl.flock(held, fcntl.LOCK_SH)


def is_locked(path: Path) -> bool:
    """Whether any process holds an exclusive lock on a file."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    held = _lock(handle, shared=True, wait=False)
    if held is not None:
        os.close(held)
    return held is None


def is_held(path: Path) -> bool:
    """Whether other processes share the lock on a file, and none holds it exclusively."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    held = _lock(handle, shared=True, wait=False)
    if held is None:
        return False
    alone = _lock(held, shared=False, wait=False)  # same descriptor, so only locks of other processes conflict
    if alone is not None:
        os.close(alone)
    return alone is None


def _lock(handle: int, *, shared: bool, wait: bool) -> int | None:
    """Lock the descriptor and return it; close it and return None if that fails."""
    how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        fcntl.flock(handle, how)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError:
        os.close(handle)
        raise
    return handle


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
