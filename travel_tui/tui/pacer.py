"""When the screen is drawn: as soon as something has changed, but not more often than a screen shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

FRAME_S = 0.002
"""From the end of a frame to the beginning of the next."""


class Pacer:
    """Stands in for the timer by which a Textual screen draws itself.

    That timer ticks whether there is something to draw or not, so that a key waits for its next tick, and one that
    comes while a long frame is drawn for the tick after that (Textual 8.2.8, Timer._run).
    """

    def __init__(self, draw: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        self._draw, self._failed = draw, failed
        self._due: asyncio.TimerHandle | None = None
        self._drawn_at = float("-inf")

    def resume(self) -> None:
        """There is something to draw."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_at(self._drawn_at + FRAME_S, self._frame)

    def pause(self) -> None:
        """There is nothing to draw any more."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _frame(self) -> None:
        self._due = None
        try:
            self._draw()
        except Exception as error:  # noqa: BLE001 - as with Textual's own timer, the application ends with it
            self._failed(error)
        self._drawn_at = asyncio.get_running_loop().time()
