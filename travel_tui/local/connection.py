"""A client's connection: finds out by its first bytes whether it speaks HTTP/1.1 or HTTP/2."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

from travel_tui.local.app import CONNECTION, App

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""First bytes of a client that speaks HTTP/2 without asking (RFC 9113, section 3.4); no request of HTTP/1.1."""


class Connection(H11Protocol):
    """A connection that speaks HTTP/1.1 unless it begins with HTTP/2's preface.

    It adds itself to its requests, so that a fault can break it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._first: bytes | None = b""
        """What was received while it can still become the preface; None once that is known."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, CONNECTION: transport}

    def data_received(self, data: bytes) -> None:
        """Handle received bytes."""
        if self._first is not None:
            data = self._first + data
            if data.startswith(_PREFACE):
                self._hand_over(data)
                return
            if _PREFACE.startswith(data):
                self._first = data
                return
            self._first = None
        super().data_received(data)

    def _hand_over(self, data: bytes) -> None:
        # Most clients speak HTTP/1.1: they need not wait for this import at the endpoint's start.
        from travel_tui.local.http2.connection import Http2Connection

        self.connections.discard(self)
        scope = {
            "asgi": {"version": self.config.asgi_version, "spec_version": "2.3"},
            "scheme": self.scheme,
            "client": self.client,
            "server": self.server,
            "root_path": self.root_path,
            "state": self.app_state,
        }
        connection = Http2Connection(cast("App", self.app), self.config, self.server_state, scope)
        self.transport.set_protocol(connection)
        connection.connection_made(self.transport)
        connection.data_received(data)
