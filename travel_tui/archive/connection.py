"""Connection to the archive's file: shared by the threads of a process, with a worker thread for blocking calls."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from travel_tui.archive.file import (
    ArchiveError,
    DamagedError,
    connect,
    mark_suspect,
    open_or_quarantine,
    translate_sqlite_errors,
)
from travel_tui.clock import Clock

P = ParamSpec("P")
R = TypeVar("R")


class ArchiveConnection:
    """An open archive file. Safe to use from several threads and processes; all methods raise ArchiveError."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self.path = path
        self.notice: str | None = None
        self._lock = threading.RLock()  # held while SQLite works, also while it waits for another process
        self._starting = threading.Lock()
        self._worker: ThreadPoolExecutor | None = None
        if path is None:
            self._connection = connect(None)
        else:
            self._connection, self.notice = open_or_quarantine(path, clock.now)
        self._file = _file_at(path)

    def run(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[R]:
        """Start `call` (a function that uses these methods) in the archive's one worker thread and return its future.

        This way a locked file does not block the screen. Calls run in the order they were made, even if nobody awaits
        them or
        the awaiting task is cancelled.
        """
        return asyncio.shield(asyncio.wrap_future(self.submit(call, *args, **kwargs)))

    def submit(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Like `run`, for calls that nobody awaits: the event loop is not woken when they finish."""
        with self._starting:
            if self._worker is None:
                self._worker = ThreadPoolExecutor(1, "archive")
            return self._worker.submit(call, *args, **kwargs)

    def close(self) -> None:
        """Finish the calls started by `run`, then close the file."""
        with self._starting:
            worker, self._worker = self._worker, None
        if worker:
            worker.shutdown(wait=True)
        with self._lock, translate_sqlite_errors(self.path):
            self._connection.close()

    @contextmanager
    def exclusive(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection for this thread alone, for statements outside a transaction."""
        with self._lock, self._spoken():
            yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block in a transaction: all of it is committed, or nothing."""
        with self.exclusive():
            self._check_in_place()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _check_in_place(self) -> None:
        """Raise ArchiveError if the file is no longer at its path: SQLite would write to a file that nobody finds."""
        if self.path is not None and _file_at(self.path) != self._file:
            raise ArchiveError(
                f"The archive {self.path} was moved or deleted while in use, so nothing more is saved. Put it back, "
                "or restart travel-tui to create a new one."
            )

    def rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._lock, self._spoken():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        try:
            with translate_sqlite_errors(self.path):
                yield
        except DamagedError:
            mark_suspect(self.path)
            raise


def _file_at(path: Path | None) -> tuple[int, int] | None:
    """Identify the file at a path by device and inode; None if there is none."""
    if path is None:
        return None
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
