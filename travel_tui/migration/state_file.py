"""State of a migration, on disk before and after every batch, so that a run that was killed is resumed.

{"version": 1, "source": …, "target": …, "written": {request id: {"sha256", "record_id"}},
 "refused": {request id: reason}, "batch": null or {"token", "sent_at", "digest", "request_ids"}}
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from travel_tui import UPGRADE
from travel_tui.file_lock import lock_file
from travel_tui.memory_store import AddedRecord
from travel_tui.paths import private_folder, write_whole

VERSION = 1


class MigrationStateError(Exception):
    """The state cannot be used; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """A record that an earlier batch wrote."""

    sha256: str
    record_id: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was about to be sent, and whose answer is not known."""

    token: str
    sent_at: datetime
    digest: str
    """Of its request: repeated under the token, it has to be the same."""
    request_ids: tuple[str, ...]


class MigrationState:
    """What was written from one source to one target. Every change is on disk when it returns; raises OSError."""

    def __init__(self, folder: Path, source: str, target: str) -> None:
        """`source` and `target` name an agent and a memory with their places. Raises MigrationStateError."""
        self._names = {"source": source, "target": target}
        self.path = folder / f"{sha256(json.dumps(self._names).encode()).hexdigest()[:16]}.json"
        self.written: dict[str, WrittenRecord] = {}
        self.refused: dict[str, str] = {}
        self.batch: Batch | None = None
        try:
            self._read(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise MigrationStateError(
                f"The state of the migration, {self.path}, cannot be read. Move it away and run this again: summaries "
                "that the target lists are not written a second time."
            ) from error

    def begin(self, batch: Batch) -> None:
        """Store a batch that is about to be sent."""
        self.batch = batch
        self._write()

    def settle(self, added: Sequence[AddedRecord], hashes: dict[str, str]) -> None:
        """Store what became of the batch; `hashes` has the SHA-256 of each text by its request id."""
        for each in added:
            if each.record_id:
                self.written[each.request_id] = WrittenRecord(hashes[each.request_id], each.record_id)
                self.refused.pop(each.request_id, None)
            else:
                self.refused[each.request_id] = each.reason
        self.batch = None
        self._write()

    def drop_batch(self) -> None:
        """Forget a batch of which the target's list tells what became."""
        if self.batch is not None:
            self.batch = None
            self._write()

    def _read(self, told: Any) -> None:
        version = told["version"]
        if type(version) is int and version > VERSION:
            raise MigrationStateError(
                f"{self.path} was written by a newer travel-tui (version {version}; this one supports {VERSION}). "
                f"{UPGRADE}; nothing was changed."
            )
        self.written = {key: WrittenRecord(**value) for key, value in told["written"].items()}
        self.refused = dict(told["refused"])
        if batch := told["batch"]:
            sent_at = datetime.fromisoformat(batch["sent_at"])
            self.batch = Batch(batch["token"], sent_at, batch["digest"], tuple(batch["request_ids"]))

    def _write(self) -> None:
        batch = {**asdict(self.batch), "sent_at": self.batch.sent_at.isoformat()} if self.batch else None
        written = {key: asdict(value) for key, value in self.written.items()}
        told = {"version": VERSION, **self._names, "written": written, "refused": self.refused, "batch": batch}
        write_whole(self.path, json.dumps(told, indent=1))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of all migrations on this machine. Raises MigrationStateError if another process has it."""
    handle = lock_file(private_folder(folder) / "lock")
    if handle is None:
        raise MigrationStateError("Another travel-tui is migrating. Wait until it is done, then run this again.")
    try:
        yield
    finally:
        os.close(handle)
