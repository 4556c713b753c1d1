"""A request and a response as the wire protocols see them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, body included."""

    method: str
    path: str
    """As it was sent, percent-encoded."""
    query: str = ""
    """As it was sent, without the question mark."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; repeated ones joined by a comma."""
    body: bytes = b""

    def query_values(self) -> dict[str, list[str]]:
        """The query's values, decoded, by name and in order."""
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            values.setdefault(name, []).append(value)
        return values


@dataclass(slots=True)
class Response:
    """One HTTP response. A body that is a generator leaves piece by piece, as it is made."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | AsyncGenerator[bytes, None] = b""
    abandoned: Callable[[], None] | None = None
    """Called once the client has gone before the body's end."""
