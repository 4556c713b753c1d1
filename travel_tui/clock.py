"""Injectable clock, so that the same input gives the same screen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Clock:
    """Source of times to display and store. With `at` the clock is frozen; waiting is left to asyncio.

    Dates use the display time zone: `tz` if given, else that of `at`, else the machine's own.
    """

    at: datetime | None = None
    tz: tzinfo | None = None

    def now(self) -> datetime:
        """Return the current time, always aware, in UTC."""
        return (self.at or datetime.now(UTC)).astimezone(UTC)

    def counter(self) -> float:
        """Return seconds since an arbitrary fixed point, for measured durations; constant while the clock is frozen."""
        return 0.0 if self.at else time.perf_counter()

    def ends(self, wait_s: float) -> bool:  # noqa: ARG002 - for clocks that extend it
        """Return whether a wait of so many seconds ends by itself: a clock advanced by hand may end only short ones."""
        return True

    def zone(self) -> tzinfo | None:
        """Return the display time zone; None for the machine's own, whose offset depends on the date."""
        return self.tz or (self.at.tzinfo if self.at else None)

    def shown(self, moment: datetime) -> datetime:
        """Convert `moment` to the display time zone."""
        return moment.astimezone(self.zone())

    def day(self, moment: datetime) -> date:
        """Return the date of `moment` in the display time zone."""
        return self.shown(moment).date()

    def today(self) -> date:
        """Return today's date in the display time zone."""
        return self.day(self.now())
