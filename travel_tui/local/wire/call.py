"""Types passed between the wire protocols and the operations, named as in the service model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

Params = dict[str, Any]
"""An operation's input: bytes for blobs, aware datetimes for timestamps."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of an output's event stream: a member of the stream's union and its content."""

    kind: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventStream:
    """A stream of events generated on demand. A ServiceError raised by `events` becomes the last message."""

    events: AsyncGenerator[Event, None]
    abandoned: Callable[[], None] | None = None
    """Called once the client has disconnected; `events` is still read to its end."""
