"""Watcher of the config file: it is read only at startup, so the user is notified of later changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

CHANGED = "The config was changed. Restart travel-tui to apply it; the current session keeps its settings."
GONE = "The config was removed. The current session keeps its settings."


class ConfigWatcher:
    """Reports each change of the file at `path` once."""

    def __init__(self, path: Path | None, tell: Callable[[str], None]) -> None:
        self._path, self._tell = path, tell
        self._seen = self._now()

    def check(self) -> None:
        """Report if the file has changed since the last check."""
        if (now := self._now()) != self._seen:
            self._seen = now
            self._tell(CHANGED if now else GONE)

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat() if self._path else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size) if found else None
