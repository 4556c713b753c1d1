"""Frame pacing: draws as soon as something has changed, but not more often than a display can show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

FRAME_S = 0.002
"""Seconds from the end of a frame to the start of the next."""


class FramePacer:
    """Replaces the timer with which a Textual screen draws itself.

    That timer ticks whether there is something to draw or not, so a key waits for the next tick, and a key that arrives
    during a long frame waits for the tick after that (Textual 8.2.8, Timer._run).
    """

    def __init__(self, draw: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        self._draw, self._failed = draw, failed
        self._due: asyncio.TimerHandle | None = None
        self._drawn_at = float("-inf")

    def resume(self) -> None:
        """Schedule a frame."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_at(self._drawn_at + FRAME_S, self._frame)

    def pause(self) -> None:
        """Cancel the scheduled frame."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _frame(self) -> None:
        self._due = None
        try:
            self._draw()
        except Exception as error:  # noqa: BLE001 - as with Textual's timer, any error ends the application
            self._failed(error)
        self._drawn_at = asyncio.get_running_loop().time()
