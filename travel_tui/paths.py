"""Where files live, by each system's own rules. Only `private_folder` and `write_whole` make any."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

NAME = "travel-tui"


def config_file() -> Path:
    """The local config: which agents there are, and where."""
    from platformdirs import user_config_path

    return user_config_path(NAME, appauthor=False) / "config.toml"


def archive_file() -> Path:
    """What was said and seen: sessions, turns, memories."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) / "archive.sqlite3"


def local_state() -> Path:
    """The folder where the local endpoint keeps its agents, sessions and memories."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) / "local"


def recall_results() -> Path:
    """The folder where each run of recall checks keeps what it did and found."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) / "recall"


def private_folder(path: Path) -> Path:
    """Make `path` a folder that only its owner can enter (0700), and return it.

    A folder that is there already is left as it is: it may be one the user chose, with rules of its own.
    Raises OSError where it cannot be made.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def write_whole(path: Path, text: str) -> None:
    """Replace the file in one step, readable for its owner alone; of a symbolic link the target is replaced.

    Raises OSError, and the file is then as it was.
    """
    target = Path(os.path.realpath(path))
    private_folder(target.parent)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # mkstemp makes it 0600
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
