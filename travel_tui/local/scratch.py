"""Temporary folder of a run, deleted at its end, or by the next run after a kill."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from travel_tui.file_lock import lock_folder

_PREFIX = "travel-tui-endpoint-"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a new folder (0700) in the system's temporary one; delete folders left by killed runs."""
    everywhere = Path(tempfile.gettempdir())
    for left in everywhere.glob(f"{_PREFIX}*"):
        lock = _locked(left) if _is_ours(left) else None
        if lock is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(lock)
    held = None
    while held is None:  # another start may delete a new folder before it is locked, taking it for a leftover
        mine = Path(tempfile.mkdtemp(prefix=_PREFIX))
        held = _locked(mine)
    try:
        yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)
        os.close(held)


def _is_ours(folder: Path) -> bool:
    """Whether the folder belongs to this user; the temporary folder is shared by all users."""
    try:
        told = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and not folder.is_symlink() and told.st_uid == os.getuid()


def _locked(folder: Path) -> int | None:
    """Lock a run's folder until the descriptor is closed or the process ends; None if another run holds the lock."""
    try:
        return lock_folder(folder)
    except OSError:
        return None
