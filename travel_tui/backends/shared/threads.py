"""Blocking calls in threads that neither block the event loop nor delay exit."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

_LOG = logging.getLogger(__name__)
T = TypeVar("T")
GATHER_S = 1 / 60
"""Seconds between wake-ups of the loop, which cost more than an item: items faster than the frame rate are batched."""
ROOM = 256
"""Maximum items that a thread may be ahead of the reader."""


async def in_thread(call: Callable[[], T]) -> T:
    """Run `call` in a daemon thread and return its result or raise its error.

    Unlike with asyncio.to_thread, exit does not wait for the thread: a call may hang for minutes. On cancellation it
    returns at once, and the call's result is dropped.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]
        else:
            future.set_exception(error)

    def work() -> None:
        result, failure = None, None
        try:
            result = call()
        except Exception as error:  # noqa: BLE001 - raised again by who awaits
            failure = error
        with suppress(RuntimeError):  # the loop has ended, nobody awaits the result
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=work, name=f"travel-tui {call}", daemon=True).start()
    return await future


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None


class _ThreadQueue(Generic[T]):
    """Queue from a thread to the event loop. The loop wakes for the first item at once, then at most every GATHER_S."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._items: deque[T] = deque()
        self._waking = threading.Lock()  # held from the wake-up request until the loop takes the items
        self._full = asyncio.Event()
        self._looked_at = float("-inf")

    def put(self, item: T) -> None:
        """Add an item; called in the thread."""
        self._items.append(item)
        if self._waking.acquire(blocking=False):
            with suppress(RuntimeError):  # the loop has ended, nobody reads the items
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._loop.call_at(self._looked_at + GATHER_S, self._full.set)

    async def take(self) -> list[T]:
        """Wait and return the new items, sometimes none; called in the event loop."""
        await self._full.wait()
        self._full.clear()
        self._looked_at = self._loop.time()
        self._waking.release()  # items added from here on wake the loop again, even if already taken
        return [self._items.popleft() for _ in range(len(self._items))]


async def stream_from_thread(source: Generator[T, None, None], stop: Callable[[], None]) -> AsyncGenerator[T, None]:
    """Run `source` in a daemon thread and yield its items as they arrive, or raise its error.

    The thread gets at most ROOM items ahead. Closing this generator calls `stop`, which must not block and should make
    the
    source give up soon, and returns without waiting for the thread; the thread closes the source.
    """
    basket: _ThreadQueue[T | _End] = _ThreadQueue()
    room = threading.Semaphore(ROOM)
    stopped = threading.Event()

    def work() -> None:
        failure = None
        try:
            for item in source:
                room.acquire()
                if stopped.is_set():
                    break
                basket.put(item)
        except Exception as error:  # noqa: BLE001 - raised again by who reads
            failure = error
        try:
            source.close()
        except Exception as error:  # noqa: BLE001 - raised again by who reads, if anybody still does
            _LOG.debug("closing the source failed", exc_info=error)
            failure = failure or error
        basket.put(_End(failure))

    threading.Thread(target=work, name="travel-tui answer", daemon=True).start()
    try:
        while True:
            for item in await basket.take():
                if isinstance(item, _End):
                    if item.error:
                        raise item.error
                    return
                room.release()
                yield item
    finally:
        stopped.set()
        room.release()
        stop()
