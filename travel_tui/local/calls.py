"""Call log: the last requests and their outcomes, for tests and demos."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

MOST = 1_000
"""Maximum calls kept; the oldest are dropped."""
_SHOWN = 200
"""Maximum characters kept of a value."""
_MEMBERS = 20
"""Maximum members kept of a list or a map."""


@dataclass(slots=True)
class Call:
    """One request to an operation."""

    at: datetime
    request_id: str
    service: str
    operation: str
    region: str
    input: dict[str, Any] = field(default_factory=dict)
    """The input as JSON, with long texts cut and files replaced by their size."""
    status: int = 0
    error: str | None = None
    """The error code of the response; errors inside an event stream are not recorded."""
    fault: str | None = None
    """The injected fault that the call met."""


class Calls:
    """The last calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=MOST)

    def add(self, call: Call) -> None:
        """Record a call; the caller may fill in its outcome later."""
        self._calls.append(call)

    def clear(self) -> None:
        """Delete all recorded calls."""
        self._calls.clear()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Iterate over the calls as JSON data."""
        return ({**asdict(call), "at": call.at.isoformat()} for call in list(self._calls))


def to_loggable(value: Any) -> Any:
    """Convert an input to JSON data of limited length."""
    if isinstance(value, Mapping):
        return {str(key)[:_SHOWN]: to_loggable(item) for key, item in islice(value.items(), _MEMBERS)}
    if isinstance(value, list):
        return [to_loggable(item) for item in value[:_MEMBERS]]
    if isinstance(value, bytes):
        return f"({len(value):,} bytes)"
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}… ({len(value) - _SHOWN:,} characters more)"
    return value.isoformat() if isinstance(value, datetime) else value
