"""What was called: the last requests and what became of them, for tests and demos to look at."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

MOST = 1_000
"""Calls that are kept; of more the last are."""
_SHOWN = 200
"""Characters of a value that are kept."""


@dataclass(slots=True)
class Call:
    """One request to an operation."""

    at: datetime
    request_id: str
    service: str
    operation: str
    input: dict[str, Any] = field(default_factory=dict)
    """Long texts cut, files as their size."""
    status: int = 0
    error: str | None = None
    """The code that refused it; what comes inside a stream is not known here."""
    fault: str | None = None
    """The fault that it met on its way."""


class Calls:
    """The last calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=MOST)

    def add(self, call: Call) -> None:
        """Keep a call; what becomes of it can be written into it later."""
        self._calls.append(call)

    def clear(self) -> None:
        """Forget all of them."""
        self._calls.clear()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The calls as JSON."""
        return ({**asdict(call), "at": call.at.isoformat()} for call in list(self._calls))


def shown(value: Any) -> Any:
    """An input as JSON that is not too long."""
    if isinstance(value, Mapping):
        return {str(key): shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value[:20]]
    if isinstance(value, bytes):
        return f"({len(value):,} bytes)"
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}… ({len(value) - _SHOWN:,} characters more)"
    return value.isoformat() if isinstance(value, datetime) else value
