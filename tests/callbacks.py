"""Measurement of event loop callbacks by their own CPU time, which other processes cannot lengthen."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest import mock

MAX_S = 0.05 if os.environ.get("TRAVEL_TUI_SOAK") else 0.5
"""Maximum CPU seconds of a callback: 50 ms in `make load`, which runs alone.

Beside other tests, on a core's second thread, the same work takes several times as long. Work that grows faster than
its input takes a hundred times as long.
"""


@dataclass
class Callbacks:
    """The slow callbacks of all loops."""

    _slow: list[tuple[float, str]] = field(default_factory=list)

    def add(self, took_s: float, name: str) -> None:
        """Record a callback that took more than a tenth of the maximum."""
        if took_s > MAX_S / 10:
            self._slow.append((took_s, name))

    def clear(self) -> None:
        """Discard all measurements."""
        self._slow.clear()

    @property
    def worst(self) -> tuple[float, str]:
        """Seconds and name of the slowest callback."""
        return max(self._slow, default=(0.0, "none"))

    def check(self, about: str = "") -> None:
        """Fail if a callback exceeded the maximum, with its name."""
        took_s, name = self.worst
        assert took_s <= MAX_S, f"{about}: {took_s * 1000:.0f} ms of CPU in {name}"


@contextmanager
def measured_callbacks(thread: str | None = None) -> Iterator[Callbacks]:
    """Measure every callback of every loop in the block; with `thread`, only of loops in threads of that name.

    The garbage collector is paused meanwhile, since its pauses cannot be attributed to a callback.
    """
    found = Callbacks()
    run = asyncio.Handle._run

    def measured(handle: asyncio.Handle) -> None:
        if thread is not None and threading.current_thread().name != thread:
            run(handle)
            return
        began = time.thread_time()
        run(handle)
        took_s = time.thread_time() - began
        if took_s > MAX_S / 10:
            found.add(took_s, _name(handle))

    collects = gc.isenabled()
    gc.disable()
    try:
        with mock.patch.object(asyncio.Handle, "_run", measured):
            yield found
    finally:
        if collects:
            gc.enable()


def _name(handle: asyncio.Handle) -> str:
    callback = getattr(handle, "_callback", None)
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        where = [f"{frame.f_code.co_qualname}:{frame.f_lineno}" for frame in owner.get_stack()[-3:]]
        return f"task {getattr(owner.get_coro(), '__qualname__', owner)} at {' > '.join(where) or 'its end'}"
    return f"{getattr(callback, '__qualname__', callback)} of {owner!r:.120}"
