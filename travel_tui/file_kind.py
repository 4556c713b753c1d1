"""File type checks that do not open the file: opening a named pipe blocks until somebody writes to it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def not_a_file(path: Path) -> str | None:
    """Describe `path` if it is not a file, in words that follow its name; None for a file or a missing one.

    Links are followed; a dangling one is not a file. Raises OSError if the type cannot be determined.
    """
    kind = _kind(path)
    if kind is None and path.is_symlink():
        return f"is a link to {os.path.realpath(path)}, which does not exist"
    return f"is {_KINDS[kind]}, not a file" if kind in _KINDS else None


def not_a_folder(path: Path) -> str | None:
    """Like `not_a_file`, for a folder."""
    kind = _kind(path)
    if kind is None and path.is_symlink():
        return f"is a link to {os.path.realpath(path)}, which does not exist"
    return None if kind in (None, stat.S_IFDIR) else f"is {_KINDS.get(kind, 'a file')}, not a folder"


def _kind(path: Path) -> int | None:
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except FileNotFoundError:
        return None
