"""When to look at the memory next: the policy alone, without a clock and without waiting."""

from __future__ import annotations

from collections.abc import Sequence

from travel_tui.agent import Cause

QUICK_S = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Waits before the first looks for a summary."""
AWAITED_S = 5.0
IDLE_S = 30.0
THROTTLED_FIRST_S = 2.0
THROTTLED_MOST_S = 60.0
HOPELESS_S = 30.0
"""After an error that only a person can clear: looking more often would change nothing."""
OVERDUE_LEAST_S = 300.0
OVERDUE_FACTOR = 3.0

ONLY_A_PERSON = frozenset({Cause.CREDENTIALS, Cause.DENIED, Cause.NOT_FOUND, Cause.INVALID})
"""What no waiting clears."""


class Schedule:
    """How long to wait before the next look. `awaiting` is set while a summary that is not overdue is awaited."""

    def __init__(self) -> None:
        self.awaiting = False
        self._looks = 0
        self._throttled = 0
        self._cause: Cause | None = None

    def hurry(self) -> None:
        """A summary is awaited from now on: look at once and, for a while, often."""
        self.awaiting = True
        self._looks = 0

    def looked(self, cause: Cause | None = None) -> None:
        """A look is done; with `cause` it failed."""
        self._looks += 1
        self._cause = cause
        self._throttled = self._throttled + 1 if cause is Cause.THROTTLED else 0

    def next_delay(self) -> float:
        """Seconds from the last look to the next."""
        if self._throttled:
            return min(max(self._usual(), THROTTLED_FIRST_S * 2.0 ** min(self._throttled - 1, 8)), THROTTLED_MOST_S)
        if self._cause in ONLY_A_PERSON:
            return HOPELESS_S
        if self._cause is not None:
            return max(self._usual(), AWAITED_S)
        return self._usual()

    def _usual(self) -> float:
        if not self.awaiting:
            return IDLE_S if self._looks else 0.0
        return QUICK_S[self._looks] if self._looks < len(QUICK_S) else AWAITED_S


def overdue_after_s(latencies: Sequence[float]) -> float:
    """Seconds after its end at which a session's summary is overdue: three times the slowest seen, at least 300."""
    return max(OVERDUE_LEAST_S, OVERDUE_FACTOR * max(latencies, default=0.0))
