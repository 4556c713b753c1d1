"""Size estimates of values, to decide whether to process them in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

_PLAIN = frozenset({int, float, bool, list, tuple, datetime, type(None)})
_MEMBER = 50
"""Cost of writing one member of a list or a map, as the bytes of text that take about as long."""


def size_up_to(value: Any, most: int) -> int:
    """Estimate the size of a value as JSON, in bytes; counting stops once it exceeds `most`."""
    size = 0
    left = [value]
    while left and size <= most:
        each = left.pop()
        size += _MEMBER
        kind = type(each)  # comparing types is much faster than asking for instances
        if kind is str or kind is bytes:
            size += len(each)
        elif kind is dict or (kind not in _PLAIN and isinstance(each, Mapping)):
            left += each.values()
            size += sum(map(len, each)) if len(each) < most else most
        elif kind is list or kind is tuple:
            left += each
    return size
