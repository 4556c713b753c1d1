"""State file of a provision, on disk after every step, and the lock that excludes a second provision.

A file NAME.json per agent in the folder provision/ beside the config:
{"version": 1, "agent_id": …, "made": [kinds], "token": …, "unprepared": bool, "alias_id": …, "alias_from": …}
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from travel_tui import UPGRADE
from travel_tui.file_lock import lock_file
from travel_tui.paths import private_folder, write_whole

VERSION = 1


class NewerError(Exception):
    """The state file was written by a newer travel-tui; it is left unchanged."""


class BusyError(Exception):
    """Another process is provisioning or destroying with the same config."""


class StateFile:
    """Completed steps for one agent; every change is on disk when it returns. Raises OSError."""

    def __init__(self, config: Path, name: str, place: str) -> None:
        """`place` distinguishes Regions and endpoints, since agents with one name there are different agents. Raises
        NewerError."""
        safe = "".join(each if each.isalnum() or each in "-_" else "_" for each in f"{name}@{place}")
        self.path = config.parent / "provision" / f"{safe}.json"
        self.values: dict[str, Any] = {}
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError, RecursionError):
            told = {}
        version = told.get("version") if isinstance(told, dict) else None
        if type(version) is int and version > VERSION:
            raise NewerError(
                f"{self.path} was written by a newer travel-tui (version {version}; this one supports {VERSION}). "
                f"{UPGRADE}, or use another --config; nothing was changed."
            )
        if version == VERSION:
            self.values = told

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def set(self, **values: Any) -> None:
        """Store values; None removes one."""
        before = dict(self.values)
        self.values.update(values)
        self.values = {key: value for key, value in self.values.items() if value is not None}
        if self.values != before:
            self._write()

    @property
    def token(self) -> str:
        """Return the client token of this agent's creation: a repeated call creates no second agent."""
        if not self.get("token"):
            self.set(token=str(uuid.uuid4()))
        return str(self.get("token"))

    def forget(self) -> None:
        """Delete the state file, after all resources are gone."""
        self.values = {}
        self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        write_whole(self.path, json.dumps({"version": VERSION, **self.values}, indent=1))


@contextmanager
def locked(config: Path) -> Iterator[None]:
    """Hold the config's lock; raises BusyError if another process has it."""
    path = private_folder(config.parent / "provision") / f"{config.name}.lock"
    handle = lock_file(path)
    if handle is None:
        holder = path.read_text(errors="replace")[:20].strip() or "?"
        raise BusyError(f"Another travel-tui is provisioning or destroying with {config} (process {holder}).")
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
