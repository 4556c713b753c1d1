"""Locations of files, following each system's conventions. Only `private_folder` and `write_whole` create any.

The first five functions raise OSError for a user without a home folder.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from pathlib import Path
from typing import Literal

NAME = "travel-tui"
_DESCRIPTORS = re.compile(r"/dev/fd|/proc/\d+(/task/\d+)?/fd")
"""Folders whose entries are the open files of a process."""
_MAX_LINKS = 40
"""Links that Linux follows before it calls them a loop."""


def config_file() -> Path:
    """Return the path of the local config: the known agents and their locations."""
    return _user_folder("config") / "config.toml"


def archive_file() -> Path:
    """Return the path of the archive: sessions, turns and memories."""
    return _user_folder("data") / "archive.sqlite3"


def local_state() -> Path:
    """Return the folder in which the local endpoint stores its agents, sessions and memories."""
    return _user_folder("data") / "local"


def recall_results() -> Path:
    """Return the folder for the results of recall check runs."""
    return _user_folder("data") / "recall"


def migrations() -> Path:
    """Return the folder for what migrations of memories have done so far."""
    return _user_folder("data") / "migrations"


def _user_folder(kind: Literal["config", "data"]) -> Path:
    import platformdirs

    find = {"config": platformdirs.user_config_path, "data": platformdirs.user_data_path}[kind]
    try:
        folder = find(NAME, appauthor=False)
    except RuntimeError:  # a user id without a name and a home, as in containers; older platformdirs returns ~ instead
        folder = Path("~")
    if not folder.is_absolute():
        raise OSError(errno.ENOENT, "no home folder; set HOME", str(folder))
    return folder


def private_folder(path: Path) -> Path:
    """Create `path` as a folder that only its owner can enter (0700), and return it.

    An existing folder is left unchanged: the user may have chosen it, with permissions of its own.
    Raises OSError if it cannot be created.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def is_written_in_place(path: Path) -> bool:
    """Whether `write_whole` writes to what is at `path` instead of replacing it: a device, a pipe, an open stream.

    `/dev/stdout` is an open stream, also where the shell has sent it to a file. Raises OSError.
    """
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(kind) or _is_open_stream(path)


def _is_open_stream(path: Path) -> bool:
    """Whether the path, or a link on the way to its file, is a descriptor of a process, such as /dev/fd/3."""
    for _ in range(_MAX_LINKS):
        if _DESCRIPTORS.fullmatch(os.path.realpath(path.parent)):
            return True
        if not path.is_symlink():
            return False
        path = path.parent / path.readlink()
    return False


def write_whole(path: Path, text: str) -> None:
    """Replace the file atomically, readable only for its owner; for a symbolic link the target is replaced.

    What is no regular file is written to (`is_written_in_place`). Raises OSError, and leaves a file unchanged then.
    """
    if is_written_in_place(path):
        # Appends, so that a log that standard output goes to keeps its lines. A pipe waits for its reader.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        return
    target = Path(os.path.realpath(path))
    private_folder(target.parent)
    try:
        _replace(target, text)
    except OSError as error:
        error.filename = str(path)  # none is named where writing failed, a temporary one where creating did
        raise


def _replace(target: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # mkstemp creates it 0600
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
