"""Size estimates of values, to decide whether to process them in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MEMBER = 50
"""Cost of writing one member of a list or a map, as the bytes of text that take about as long."""


def size_up_to(value: Any, most: int) -> int:
    """Estimate the size of a value as JSON, in bytes; counting stops once it exceeds `most`."""
    size = 0
    left = [value]
    while left and size <= most:
        each = left.pop()
        size += _MEMBER
        if isinstance(each, str | bytes):
            size += len(each)
        elif isinstance(each, Mapping):
            left += each.values()
            size += sum(map(len, each)) if len(each) < most else most
        elif isinstance(each, list | tuple):
            left += each
    return size
