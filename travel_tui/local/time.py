"""The endpoint's time: a wall clock that may stand still, and a running count of seconds to wait by."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from travel_tui.clock import Clock


class EndpointClock:
    """Wall time for what is stored and shown, running seconds for what is waited for.

    Without a fixed moment both are the machine's own time, so that waiting goes on across a restart. With one, the
    wall clock stands still there while the seconds run on from it. `advance` moves both.
    """

    def __init__(self, at: datetime | None = None) -> None:
        self._wall = Clock(at)
        self._start = at.timestamp() - time.monotonic() if at else None
        self._advanced = timedelta()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return self._wall.now() + self._advanced

    def seconds(self) -> float:
        """Running seconds since 1970, for deadlines."""
        running = time.time() if self._start is None else self._start + time.monotonic()
        return running + self._advanced.total_seconds()

    def moment(self, seconds: float) -> datetime:
        """When a deadline was, as wall time; never after now."""
        return self.now() if self._start is not None else min(self.now(), datetime.fromtimestamp(seconds, UTC))

    @property
    def advanced(self) -> timedelta:
        """How far the time was moved on."""
        return self._advanced

    def advance(self, by: timedelta) -> None:
        """Move the time on and tell those who wait."""
        self._advanced += by
        for listener in self._listeners:
            listener()

    def reset(self) -> None:
        """Go back to where the time would be had it never been moved."""
        self.advance(-self._advanced)

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever the time was moved."""
        self._listeners.append(listener)

    async def wait(self, until: float | None, event: asyncio.Event) -> None:
        """Return once the running seconds reach `until` or `event` is set; None waits for the event alone."""
        timeout = None if until is None else max(0.0, until - self.seconds())
        try:
            async with asyncio.timeout(timeout):
                await event.wait()
        except TimeoutError:
            pass
