"""The config on disk, while the client runs: it is read at the start alone, so a change is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

CHANGED = "The config was changed. Quit and start again to use it; this session goes on as it began."
GONE = "The config is gone. This session goes on as it began."


class ConfigFile:
    """Notices a change of the file at `path`, once for each."""

    def __init__(self, path: Path | None, tell: Callable[[str], None]) -> None:
        self._path, self._tell = path, tell
        self._seen = self._now()

    def look(self) -> None:
        """Say it where the file differs from the last look."""
        if (now := self._now()) != self._seen:
            self._seen = now
            self._tell(CHANGED if now else GONE)

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat() if self._path else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size) if found else None
