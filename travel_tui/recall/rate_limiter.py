"""Rate limiter."""

from __future__ import annotations

import asyncio


class RateLimiter:
    """Lets calls begin at most `rate` times a second, evenly spaced, first come first served; None means no limit."""

    def __init__(self, rate: float | None) -> None:
        self._gap = 1.0 / rate if rate else 0.0
        self._next = 0.0
        self._waiting = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until the next call may begin."""
        if not self._gap:
            return
        loop = asyncio.get_running_loop()
        async with self._waiting:  # one timer at a time: of several, a busy machine may let a later one end first
            mine = max(self._next, loop.time())
            self._next = mine + self._gap
            await asyncio.sleep(mine - loop.time())
