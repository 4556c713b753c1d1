"""Polling policy of a memory: computes delays only, without a clock and without waiting."""

from __future__ import annotations

from collections.abc import Sequence

from travel_tui.agent import ErrorKind

QUICK_S = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Delays in seconds before the first polls for a summary."""
AWAITED_S = 5.0
IDLE_S = 30.0
AWAITED_EACH_S, IDLE_EACH_S = 0.001, 0.0075
"""Seconds for each record of a memory, where that is more: a listing of 10,000 takes a hundred calls and a second."""
THROTTLED_FIRST_S = 2.0
THROTTLED_MAX_S = 60.0
HOPELESS_S = 30.0
"""Delay after an error that only the user can fix: polling more often would change nothing."""
OVERDUE_LEAST_S = 300.0
OVERDUE_FACTOR = 3.0

ONLY_A_PERSON = frozenset({ErrorKind.CREDENTIALS, ErrorKind.DENIED, ErrorKind.NOT_FOUND, ErrorKind.INVALID})
"""Errors that do not resolve by waiting."""


class PollingPolicy:
    """Computes the delay before the next poll. `awaiting` is set while a summary that is not overdue is awaited."""

    def __init__(self) -> None:
        self.awaiting = False
        self._looks = 0
        self._throttled = 0
        self._records = 0
        self._cause: ErrorKind | None = None

    def expect_summary(self) -> None:
        """Poll at once, and often for a while, for a new summary."""
        self.awaiting = True
        self._looks = 0

    def record_poll(self, cause: ErrorKind | None = None, records: int = 0) -> None:
        """Record a finished poll and how many records it listed; `cause` is its error, if it failed."""
        self._looks += 1
        self._records = records
        self._cause = cause
        self._throttled = self._throttled + 1 if cause is ErrorKind.THROTTLED else 0

    def next_delay(self) -> float:
        """Return the seconds from the last poll to the next."""
        if self._throttled:
            return min(max(self._usual(), THROTTLED_FIRST_S * 2.0 ** min(self._throttled - 1, 8)), THROTTLED_MAX_S)
        if self._cause in ONLY_A_PERSON:
            return HOPELESS_S
        if self._cause is not None:
            return max(self._usual(), AWAITED_S)
        return self._usual()

    def _usual(self) -> float:
        if not self.awaiting:
            return max(IDLE_S, IDLE_EACH_S * self._records) if self._looks else 0.0
        often = max(AWAITED_S, AWAITED_EACH_S * self._records)
        return QUICK_S[self._looks] if self._looks < len(QUICK_S) else often


def overdue_after_s(latencies: Sequence[float]) -> float:
    """Return the seconds after which a session's summary is overdue: three times the slowest seen, at least 300."""
    return max(OVERDUE_LEAST_S, OVERDUE_FACTOR * max(latencies, default=0.0))
