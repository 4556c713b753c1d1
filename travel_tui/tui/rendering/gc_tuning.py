"""Garbage collection tuning, so that no key is delayed: off during startup, then run when the client is idle.

Most of the client's objects are short-lived. Python would examine the remaining young objects several times a second
while an answer streams, and all objects every second or so, which takes a tenth of a second with a long history.
"""

from __future__ import annotations

import gc

YOUNG = 200_000
"""New objects after which a collection of only those runs in any case: some 20 MB, some 20 ms."""
NEVER = 1_000_000_000
PENDING = 20_000
"""New objects from which a collection when idle is worthwhile."""
QUIET_S, AWAY_S = 2, 60


def freeze_startup_objects() -> None:
    """Exclude the objects created at startup from garbage collection, and turn it on."""
    gc.freeze()
    gc.set_threshold(YOUNG, NEVER, NEVER)
    gc.enable()


def collect_when_idle(quiet_s: int) -> None:
    """Collect garbage after `quiet_s` seconds without input or output; exclude survivors from later collections.

    Once the user seems to be away, the excluded objects are examined as well.
    """
    if quiet_s == AWAY_S:
        gc.unfreeze()
    elif quiet_s < QUIET_S or gc.get_count()[0] < PENDING:
        return
    gc.collect()
    gc.freeze()
