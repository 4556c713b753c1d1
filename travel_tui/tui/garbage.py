"""Garbage collection around the start, which it would slow down for nothing."""

from __future__ import annotations

import gc


def settle() -> None:
    """What the start made is there and stays: leave it out of garbage collection, which begins with this call."""
    gc.freeze()
    gc.enable()
