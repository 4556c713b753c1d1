"""The folder for what a run needs only while it runs; it goes with the run, or with the next one after a kill."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "travel-tui-endpoint-"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder (0700) in the system's temporary one; removes those of runs that were killed before."""
    everywhere = Path(tempfile.gettempdir())
    for left in everywhere.glob(f"{_PREFIX}*"):
        lock = _lock(left) if _is_ours(left) else None
        if lock is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(lock)
    held = None
    while held is None:  # another start may take a new folder, not yet locked, for one that was left
        mine = Path(tempfile.mkdtemp(prefix=_PREFIX))
        held = _lock(mine)
    try:
        yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)
        os.close(held)


def _is_ours(folder: Path) -> bool:
    """Whether it is a folder of this user's; the temporary folder is everybody's."""
    try:
        told = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and not folder.is_symlink() and told.st_uid == os.getuid()


def _lock(folder: Path) -> int | None:
    """The lock of a run's folder, held until it is closed or the process ends; None where another run has it."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
