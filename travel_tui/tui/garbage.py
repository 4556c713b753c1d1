"""Garbage collection, which would hold up a key: not while the client starts, and else when nobody waits.

Most of what the client makes is gone as soon as it is used. Python would look through what is left several times a
second while an answer streams, and through all there is every second or so, which takes a tenth of a second where the
past is long.
"""

from __future__ import annotations

import gc

YOUNG = 200_000
"""New objects after which there is a collection all the same, of those alone: some 20 MB, some 20 ms."""
NEVER = 1_000_000_000
PENDING = 20_000
"""New objects from which on a collection is worth its time."""
QUIET_S, AWAY_S = 2, 60


def settle() -> None:
    """What the start made is there and stays: leave it out of garbage collection, which begins with this call."""
    gc.freeze()
    gc.set_threshold(YOUNG, NEVER, NEVER)
    gc.enable()


def tidy(quiet_s: int) -> None:
    """Nothing was typed or answered for so long: collect what there is, and leave out what stays from now on.

    Once the person seems to be away, what was left out before is looked through as well.
    """
    if quiet_s == AWAY_S:
        gc.unfreeze()
    elif quiet_s < QUIET_S or gc.get_count()[0] < PENDING:
        return
    gc.collect()
    gc.freeze()
