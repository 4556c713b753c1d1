"""A limit on how often something is done in a second."""

from __future__ import annotations

import asyncio


class Pace:
    """Lets calls begin at most `rate` times a second, evenly, first come first served; None is no limit."""

    def __init__(self, rate: float | None) -> None:
        self._gap = 1.0 / rate if rate else 0.0
        self._next = 0.0

    async def turn(self) -> None:
        """Return when the next call may begin."""
        if not self._gap:
            return
        loop = asyncio.get_running_loop()
        mine = max(self._next, loop.time())
        self._next = mine + self._gap
        await asyncio.sleep(mine - loop.time())
