"""What passes between the wire and an operation, in the service model's names and Python's types."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

Params = dict[str, Any]
"""An operation's input: bytes for blobs, aware datetimes for timestamps."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of an output's event stream: the member of the stream's union that it is, and its content."""

    kind: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventStream:
    """Events as they are made. A ServiceError raised by `events` becomes the stream's last message."""

    events: AsyncGenerator[Event, None]
    abandoned: Callable[[], None] | None = None
    """Called once the client has gone; `events` is read to its end all the same."""
