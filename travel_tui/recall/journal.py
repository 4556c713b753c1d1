"""Journal of a run: each step is on disk before the next begins, even after kill -9.

One JSON object per line. `run` comes first and contains the files' text, so that resuming needs nothing else; then,
for each test, `began`, `sending` before a turn is sent, `step` for each finished step, `result` and `cleaned`.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import UnionType
from typing import Any

from travel_tui import UPGRADE
from travel_tui.file_kind import not_a_file
from travel_tui.file_lock import try_lock
from travel_tui.paths import private_folder, recall_results
from travel_tui.recall.results import Run, TestResult, from_json, memories_from_json

VERSION = 3
"""Since 2, results have tokens; since 3, memories have kinds and namespaces. 1 and 2 are read as well."""

Record = Mapping[str, Any]


class JournalError(Exception):
    """The journal cannot be used; the message says why and what to do."""


class JournalWriteError(JournalError):
    """The journal cannot be created or written; the message has the file and the reason."""


@dataclass(slots=True)
class TestProgress:
    """Recorded progress of one test."""

    steps: list[Record] = field(default_factory=list)
    sending: int | None = None
    """Number of the turn in progress when the run ended."""
    generation: int = 0
    """How often it was started."""
    result: TestResult | None = None
    leftover: Record = field(default_factory=dict)
    """State to be cleaned up after it."""
    cleaned: bool = False


@dataclass(slots=True)
class Recorded:
    """Parsed content of a journal."""

    run: Record
    tests: dict[str, TestProgress]

    def results(self) -> Run:
        """Return the results so far."""
        found = tuple(progress.result for progress in self.tests.values() if progress.result)
        return Run(
            self.run["run"],
            self.run["started"],
            self.run["target"],
            found,
            len(self.run["tests"]),
            self.run.get("model", ""),
        )


class Journal:
    """An open journal, locked against a second run that would resume it.

    `write` returns once the record is on disk; records written at the same time share one flush.
    """

    def __init__(self, path: Path, *, new: bool) -> None:
        """Open a journal, or create a new one (0600).

        Raises JournalError, and JournalWriteError where it cannot be created or opened for writing.
        """
        flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT | os.O_EXCL if new else 0)
        try:
            private_folder(path.parent)
            self._file = os.open(path, flags, 0o600)
        except OSError as error:
            raise _write_error(path, error) from error
        if not try_lock(self._file):
            os.close(self._file)
            raise JournalError(f"Another run is writing {path}. Wait for it; nothing was sent.")
        self.path = path
        self._waiting: list[bytes] = []
        self._flush: asyncio.Task[None] | None = None
        if not new:
            self._end_line()

    async def write(self, record: Record) -> None:
        """Append a record. Raises JournalWriteError."""
        self._waiting.append(json.dumps(record, separators=(",", ":")).encode() + b"\n")
        while self._flush is not None:  # a flush that began before this record was added
            await asyncio.shield(self._flush)
        if self._waiting:
            self._flush = asyncio.create_task(self._write_out())
            await asyncio.shield(self._flush)

    async def begin(self, header: Record) -> None:
        """Write the `run` record; a journal that cannot hold it is deleted. Raises JournalWriteError."""
        try:
            await self.write(header)
        except JournalWriteError:
            self.path.unlink(missing_ok=True)
            raise

    async def close(self) -> None:
        """Write the pending records and close the file. Raises JournalWriteError."""
        try:
            if self._flush is not None:
                await asyncio.shield(self._flush)
            if self._waiting:
                await self._write_out()
        finally:
            os.close(self._file)

    async def _write_out(self) -> None:
        try:
            await asyncio.sleep(0)  # lets other tasks add their records first
            lines, self._waiting = self._waiting, []
            await asyncio.to_thread(_append, self._file, b"".join(lines))
        except OSError as error:
            raise _write_error(self.path, error) from error
        finally:
            self._flush = None

    def _end_line(self) -> None:
        """Terminate a line truncated by a kill, so that the next record starts on its own line."""
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")


def _append(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
    os.fsync(file)


def _write_error(path: Path, error: OSError) -> JournalWriteError:
    return JournalWriteError(f"{path} could not be written: {error.strerror or error}.")


def begun(path: Path) -> bool:
    """Whether the file has anything of a run: one that was killed at once leaves it empty. Raises OSError."""
    with path.open("rb") as file:
        return bool(file.read(1))


def recorded(path: Path) -> Recorded:
    """Parse the journal at `path`; a truncated line is left out. Raises JournalError."""
    try:
        if kind := not_a_file(path):
            raise JournalError(f"{path} {kind}.")
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}.") from error
    found: Recorded | None = None
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            found = _take(found, record, path)
    if found is None:
        raise JournalError(
            f"{path} is not a result file of `travel-tui recall run`. Name the file that the run named at its end, in "
            f"{recall_results()}, or `last`; a report does not have all that is needed."
        )
    return found


def _take(found: Recorded | None, record: dict[str, Any], path: Path) -> Recorded | None:
    kind = record.get("type")
    try:
        if kind == "run":
            if record["version"] not in range(1, VERSION + 1):
                raise JournalError(
                    f"{path} has version {record['version']}; this travel-tui reads version {VERSION}. {UPGRADE}."
                )
            _check_run(record)
            return found or Recorded(record, {key: TestProgress() for key in record["tests"]})
        if found is None:
            return None
        _note(found.tests.setdefault(record["test"], TestProgress()), kind, record)
    except (KeyError, TypeError, ValueError) as error:
        raise JournalError(f"{path} is damaged: its {kind!r} record cannot be used ({error}).") from error
    return found


_RUN: dict[str, type | UnionType] = {
    "run": str, "started": str, "target": str, "titles": list, "files": list, "local": bool, "faults": list,
    "only": str, "repeat": int | None, "keep": bool, "tz": str | None, "tests": list,
    "model": str, "backend": str | None,
}  # fmt: skip
_TURN: dict[str, type | UnionType] = {
    "answer": str, "calls": list, "prompt_memory": str | None, "trouble": str, "day": str,
}  # fmt: skip


def _check_run(record: Record) -> None:
    """Raise KeyError or TypeError if a value is missing or has another type."""
    _check_types({"tz": None, "model": "", "backend": None, **record}, _RUN)  # earlier versions had none of these
    for file in record["files"]:
        _check_types(file, {"source": str, "text": str})
    if not all(isinstance(each, str) for name in ("titles", "faults", "tests") for each in record[name]):
        raise TypeError("a list has something else than texts")


def _check_step(record: Record, number: int) -> None:
    if record["step"] != number:
        raise ValueError(f"step {number} is missing")
    data = record["data"]
    _check_types(data, {"seconds": int | float})
    if "answer" in data:
        _check_types(data, _TURN)
        inputs, outputs = data.get("tokens", (None, None))
        _check_types({"in": inputs, "out": outputs}, {"in": int | None, "out": int | None})
    memories_from_json(data.get("memory"))


def _check_types(values: Record, types: Mapping[str, type | UnionType]) -> None:
    for name, kind in types.items():
        if not isinstance(values[name], kind):
            raise TypeError(f"{name} has a wrong type")


def _note(progress: TestProgress, kind: str | None, record: dict[str, Any]) -> None:
    match kind:
        case "began":
            progress.generation += 1
            progress.steps, progress.sending = [], None
            progress.result, progress.cleaned = None, False
        case "sending":
            _check_types(record, {"step": int})
            progress.sending = record["step"]
        case "step":
            _check_step(record, len(progress.steps))
            progress.steps.append(record["data"])
            progress.sending = None
        case "result":
            _check_types(record["leftover"], {"open": dict, "ended": dict, "memories": list})
            progress.result, progress.leftover = from_json(record["result"]), record["leftover"]
        case "cleaned":
            _check_types(record, {"uncleaned": str})
            progress.cleaned = True
            if progress.result:
                after = memories_from_json(record["after"])
                progress.result = replace(progress.result, after=after, uncleaned=record["uncleaned"])
