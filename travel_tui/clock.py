"""Time, handed in wherever it is needed, so that the same input gives the same screen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as it is shown and stored. With `at` it stands still; waiting is asyncio's matter, not this one's."""

    at: datetime | None = None

    def now(self) -> datetime:
        """The moment, always aware, in UTC."""
        return (self.at or datetime.now(UTC)).astimezone(UTC)

    def counter(self) -> float:
        """Seconds since some fixed moment, for durations that are shown; constant where the clock stands still."""
        return 0.0 if self.at else time.perf_counter()

    def zone(self) -> tzinfo | None:
        """The zone to show times in: that of `at` where one was handed in, else None for the machine's own."""
        return self.at.tzinfo if self.at else None

    def shown(self, moment: datetime) -> datetime:
        """`moment` in the zone to show."""
        return moment.astimezone(self.zone())
