"""The endpoint's time: a wall clock that can be frozen, and running seconds for delays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from travel_tui.clock import Clock


class EndpointClock:
    """Wall time for what is stored and shown, running seconds for deadlines.

    Without a fixed time, both are the machine's own time, so that deadlines continue across a restart. With one, the
    wall clock is frozen there while the seconds run on from it. `advance` moves both. Days are those of `tz`, else of
    the fixed time's zone, else of the machine's.
    """

    def __init__(self, at: datetime | None = None, tz: tzinfo | None = None) -> None:
        self._wall = Clock(at, tz)
        self._start = at.timestamp() - time.monotonic() if at else None
        self._advanced = timedelta()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        return self._wall.now() + self._advanced

    def today(self) -> date:
        """Return the date that `today` means in messages."""
        return self._wall.day(self.now())

    def seconds(self) -> float:
        """Return running seconds since 1970, for deadlines."""
        running = time.time() if self._start is None else self._start + time.monotonic()
        return running + self._advanced.total_seconds()

    def moment(self, seconds: float) -> datetime:
        """Return the wall time of a deadline; never after now."""
        return self.now() if self._start is not None else min(self.now(), datetime.fromtimestamp(seconds, UTC))

    @property
    def advanced(self) -> timedelta:
        """Return how far the clock was advanced."""
        return self._advanced

    def advance(self, by: timedelta) -> None:
        """Advance the clock and notify listeners and waiters."""
        self._advanced += by
        for listener in self._listeners:
            listener()

    def reset(self) -> None:
        """Undo all advances."""
        self.advance(-self._advanced)

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever the clock is advanced."""
        self._listeners.append(listener)

    async def wait(self, until: float | None, event: asyncio.Event) -> None:
        """Return once the running seconds reach `until` or `event` is set; None waits for the event only."""
        timeout = None if until is None else max(0.0, until - self.seconds())
        try:
            async with asyncio.timeout(timeout):
                await event.wait()
        except TimeoutError:
            pass
