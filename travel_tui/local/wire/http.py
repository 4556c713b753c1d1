"""Requests and responses as the wire protocols use them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, body included."""

    method: str
    path: str
    """The path as sent, percent-encoded."""
    query: str = ""
    """The query as sent, without the question mark."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header names in lower case; repeated headers are joined by a comma."""
    body: bytes = b""

    def query_values(self) -> dict[str, list[str]]:
        """Return the query's decoded values by name, in order."""
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            values.setdefault(name, []).append(value)
        return values


@dataclass(slots=True)
class Response:
    """One HTTP response. A generator body is sent piece by piece, as it is produced."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | AsyncGenerator[bytes, None] = b""
    abandoned: Callable[[], None] | None = None
    """Called if the client disconnects before the body's end."""
