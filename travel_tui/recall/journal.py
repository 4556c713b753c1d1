"""The file that a run writes as it goes: what was done is on disk before the next thing is, also after kill -9.

A JSON object a line. `run` comes first and holds the files' text, so that going on needs nothing else; then, of each
test, `began`, `sending` before a turn leaves, `step` for each thing done, `result` and `cleaned`.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from travel_tui.paths import private_folder
from travel_tui.recall.results import Run, TestResult, from_json, memories_from_json

VERSION = 1

Record = Mapping[str, Any]


class JournalError(Exception):
    """The journal cannot be used; the message says why and what to do."""


@dataclass(slots=True)
class Progress:
    """How far one test came."""

    steps: list[Record] = field(default_factory=list)
    sending: int | None = None
    """The number of the turn that was being sent when the run ended."""
    generation: int = 0
    """How often it was begun."""
    result: TestResult | None = None
    leftover: Record = field(default_factory=dict)
    """What is to be cleaned up after it."""
    cleaned: bool = False


@dataclass(slots=True)
class Recorded:
    """What a journal says."""

    run: Record
    tests: dict[str, Progress]

    def results(self) -> Run:
        """The run as far as it came."""
        found = tuple(progress.result for progress in self.tests.values() if progress.result)
        return Run(self.run["run"], self.run["started"], self.run["target"], found, len(self.run["tests"]))


class Journal:
    """An open journal, locked against a second run that would go on with it.

    `write` returns once the record is on disk; records that are written at the same time go there together.
    """

    def __init__(self, path: Path, *, new: bool) -> None:
        """Open a journal, or make a new one (0600); raises JournalError."""
        flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT | os.O_EXCL if new else 0)
        try:
            private_folder(path.parent)
            self._file = os.open(path, flags, 0o600)
        except OSError as error:
            raise JournalError(f"{path} cannot be {'made' if new else 'opened'}: {error.strerror}.") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise JournalError(f"Another run is writing {path}. Wait for it; nothing was sent.") from None
        self.path = path
        self._waiting: list[bytes] = []
        self._flush: asyncio.Task[None] | None = None
        if not new:
            self._end_line()

    async def write(self, record: Record) -> None:
        """Append a record. Raises OSError where the disk does not take it."""
        self._waiting.append(json.dumps(record, separators=(",", ":")).encode() + b"\n")
        while self._flush is not None:  # one that began before this record came
            await asyncio.shield(self._flush)
        if self._waiting:
            self._flush = asyncio.create_task(self._write_out())
            await asyncio.shield(self._flush)

    async def close(self) -> None:
        """Write what still waits, and let the file go."""
        try:
            if self._flush is not None:
                await asyncio.shield(self._flush)
            if self._waiting:
                await self._write_out()
        finally:
            os.close(self._file)

    async def _write_out(self) -> None:
        try:
            await asyncio.sleep(0)  # others that are ready to write come along
            lines, self._waiting = self._waiting, []
            await asyncio.to_thread(_append, self._file, b"".join(lines))
        finally:
            self._flush = None

    def _end_line(self) -> None:
        """A line that a kill cut off is ended, so that the next record begins on one of its own."""
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")


def _append(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
    os.fsync(file)


def recorded(path: Path) -> Recorded:
    """What the journal at `path` says; a line that was cut off is left out. Raises JournalError."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}.") from error
    found: Recorded | None = None
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            found = _take(found, record, path)
    if found is None:
        raise JournalError(f"{path} is no result of `travel-tui recall run`.")
    return found


def _take(found: Recorded | None, record: dict[str, Any], path: Path) -> Recorded | None:
    kind = record.get("type")
    try:
        if kind == "run":
            if record["version"] != VERSION:
                raise JournalError(
                    f"{path} has version {record['version']}; this travel-tui reads version {VERSION}. "
                    "Upgrade with `pip install --upgrade travel-tui`."
                )
            return found or Recorded(record, {key: Progress() for key in record["tests"]})
        if found is None:
            return None
        _note(found.tests.setdefault(record["test"], Progress()), kind, record)
    except (KeyError, TypeError, ValueError) as error:
        raise JournalError(f"{path} is damaged: a record of type {kind!r} is not whole ({error}).") from error
    return found


def _note(progress: Progress, kind: str | None, record: dict[str, Any]) -> None:
    match kind:
        case "began":
            progress.generation += 1
            progress.steps, progress.sending = [], None
            progress.result, progress.cleaned = None, False
        case "sending":
            progress.sending = record["step"]
        case "step":
            progress.steps.append(record["data"])
            progress.sending = None
        case "result":
            progress.result, progress.leftover = from_json(record["result"]), record["leftover"]
        case "cleaned":
            progress.cleaned = True
            if progress.result:
                after = memories_from_json(record["after"])
                progress.result = replace(progress.result, after=after, uncleaned=record["uncleaned"])
