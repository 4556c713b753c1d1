"""What was done so far, on disk after every step, and the lock that keeps a second provision away.

A file NAME.json per agent in the folder provision/ beside the config:
{"version": 1, "agent_id": …, "made": [kinds], "token": …, "unprepared": bool, "alias_id": …, "alias_from": …}
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from travel_tui.paths import private_folder

VERSION = 1


class BusyError(Exception):
    """Another process is provisioning or destroying on the same config."""


class Record:
    """The steps done for one agent; every change is on disk when it returns. Raises OSError."""

    def __init__(self, config: Path, name: str, place: str) -> None:
        """`place` tells Regions and endpoints apart, where agents of one name are not one agent."""
        safe = "".join(each if each.isalnum() or each in "-_" else "_" for each in f"{name}@{place}")
        self.path = config.parent / "provision" / f"{safe}.json"
        self.values: dict[str, Any] = {}
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            told = {}
        if isinstance(told, dict) and told.get("version") == VERSION:
            self.values = told

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def set(self, **values: Any) -> None:
        """Keep values; None removes one."""
        before = dict(self.values)
        self.values.update(values)
        self.values = {key: value for key, value in self.values.items() if value is not None}
        if self.values != before:
            self._write()

    @property
    def token(self) -> str:
        """The client token of this agent's creation: a repeated call makes no second one."""
        if not self.get("token"):
            self.set(token=str(uuid.uuid4()))
        return str(self.get("token"))

    def forget(self) -> None:
        """Everything is gone, so the record is too."""
        self.values = {}
        self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        folder = private_folder(self.path.parent)
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"version": VERSION, **self.values}, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        finally:
            Path(name).unlink(missing_ok=True)


@contextmanager
def locked(config: Path) -> Iterator[None]:
    """Hold the config's lock; raises BusyError where another process has it."""
    folder = private_folder(config.parent / "provision")
    handle = os.open(folder / f"{config.name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 20, 0).decode(errors="replace").strip() or "?"
            raise BusyError(
                f"Another travel-tui is provisioning or destroying on {config} (process {holder})."
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
