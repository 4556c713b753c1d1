"""Rate limit of the frames that make work but ask for no answer: a token bucket for each connection."""

from __future__ import annotations

import time
from collections.abc import Callable

MAX_AT_ONCE = 1_000
"""Frames that a client may send at once."""
PER_SECOND = 100
"""Frames that a client may send in a second without end."""
PER_ANSWER_FRAME = 4
"""Frames that a client may send for each frame of an answer: it opens the windows of stream and connection again."""


class FrameLimiter:
    """Counts PING, SETTINGS, PRIORITY, RST_STREAM, WINDOW_UPDATE and empty DATA frames of a connection.

    HTTP/2's floods are made of them: resets right after requests (CVE-2023-44487), pings (CVE-2019-9512), settings
    (CVE-2019-9515), priorities (CVE-2019-9513), tiny windows (CVE-2019-9511) and empty frames (CVE-2019-9518).
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens = float(MAX_AT_ONCE)
        self._refilled = clock()

    def credit(self) -> None:
        """Add the tokens of a frame of an answer that was sent."""
        self._tokens = min(MAX_AT_ONCE, self._tokens + PER_ANSWER_FRAME)

    def take(self) -> bool:
        """Take the token of a received frame; return whether there was one."""
        now = self._clock()
        self._tokens = min(MAX_AT_ONCE, self._tokens + (now - self._refilled) * PER_SECOND)
        self._refilled = now
        self._tokens -= 1
        return self._tokens >= 0
