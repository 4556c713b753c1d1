"""Blocking calls in threads that neither stall the loop nor keep the process from ending."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
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


async def relayed(source: Generator[T, None, None], stop: Callable[[], None]) -> AsyncGenerator[T, None]:
    """Run `source` in a daemon thread and yield its items as they come, or raise what it raises.

    The thread gets at most ROOM items ahead. Closing this calls `stop`, which must not block and should make the
    source give up soon, and returns without waiting for the thread; the thread closes the source.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[T | _End] = asyncio.Queue()
    room = threading.Semaphore(ROOM)
    stopped = threading.Event()

    def hand_over(item: T | _End) -> None:
        with suppress(RuntimeError):  # the loop has ended, nobody reads any more
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def work() -> None:
        failure = None
        try:
            for item in source:
                room.acquire()
                if stopped.is_set():
                    break
                hand_over(item)
        except Exception as error:  # noqa: BLE001 - raised again by who reads
            failure = error
        with suppress(Exception):  # what fails while giving up
            source.close()
        hand_over(_End(failure))

    threading.Thread(target=work, name="travel-tui answer", daemon=True).start()
    try:
        while True:
            item = await queue.get()
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
