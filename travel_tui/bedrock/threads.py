"""Blocking calls in threads that neither stall the loop nor keep the process from ending."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
GATHER_S = 1 / 60
"""Waking the loop costs more than an item: pieces that come faster than a screen is drawn come together."""
ROOM = 256
"""Items that a thread may be ahead of who reads them."""


async def in_thread(call: Callable[[], T]) -> T:
    """Do `call` in a daemon thread and return what it returns or raise what it raises.

    Unlike asyncio.to_thread's, these threads are not waited for at exit: a call may hang for minutes. Cancelled, it
    returns at once, and what the call still does is dropped.
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
        with suppress(RuntimeError):  # the loop has ended, nobody waits any more
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=work, name=f"travel-tui {call}", daemon=True).start()
    return await future


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None


class _Basket(Generic[T]):
    """What a thread hands to the loop. The loop wakes for the first item at once, then at most every GATHER_S."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._items: deque[T] = deque()
        self._waking = threading.Lock()  # held from asking for the loop's attention until it looks
        self._full = asyncio.Event()
        self._looked_at = float("-inf")

    def put(self, item: T) -> None:
        """In the thread."""
        self._items.append(item)
        if self._waking.acquire(blocking=False):
            with suppress(RuntimeError):  # the loop has ended, nobody reads any more
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._loop.call_at(self._looked_at + GATHER_S, self._full.set)

    async def take(self) -> list[T]:
        """In the loop: wait, and return what has come since the last time; now and then that is nothing."""
        await self._full.wait()
        self._full.clear()
        self._looked_at = self._loop.time()
        self._waking.release()  # what is put from here on wakes again, also where it is taken already
        return [self._items.popleft() for _ in range(len(self._items))]


async def relayed(source: Generator[T, None, None], stop: Callable[[], None]) -> AsyncGenerator[T, None]:
    """Run `source` in a daemon thread and yield its items as they come, or raise what it raises.

    The thread gets at most ROOM items ahead. Closing this calls `stop`, which must not block and should make the
    source give up soon, and returns without waiting for the thread; the thread closes the source.
    """
    basket: _Basket[T | _End] = _Basket()
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
        with suppress(Exception):  # what fails while giving up
            source.close()
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
