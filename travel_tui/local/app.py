"""The ASGI application: HTTP on one side, requests and responses as the wire protocols see them on the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import aclosing
from typing import Any

from travel_tui.ids import Ids
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.guard import refusal
from travel_tui.local.signature import Key
from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.http import Request, Response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

CONNECTION = "travel_tui.connection"
"""Where a request's scope keeps the transport that it came by, in `state`."""
BODY_LIMIT = 30_000_000
"""Bytes of a request's body. InvokeAgent's inputText may have 25,000,000 characters."""
_DRAINED = 10 * BODY_LIMIT
"""Bytes of a body too large that are read all the same, so that the client comes to read why it was refused."""


class App:
    """Answers HTTP requests with the endpoint's operations."""

    def __init__(self, endpoint: Endpoint, key: Key) -> None:
        self._endpoint = endpoint
        self._key = key
        self._request_ids = Ids()  # polls ask for them in no fixed order, so a seed would give no fixed series

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        from travel_tui.local.trouble import InterruptionError

        try:
            await self._serve(scope, receive, send)
        except InterruptionError as interruption:
            if not interruption.stalls:
                scope["state"][CONNECTION].abort()
            await _watch(receive, None)

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        response = await self._response(scope, receive)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
        if isinstance(response.body, bytes):
            headers.append((b"content-length", str(len(response.body)).encode()))
            await send({"type": "http.response.start", "status": response.status, "headers": headers})
            await send({"type": "http.response.body", "body": response.body})
            return
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        watcher = asyncio.create_task(_watch(receive, response.abandoned))
        try:
            async with aclosing(response.body) as pieces:
                async for piece in pieces:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            watcher.cancel()
        await send({"type": "http.response.body", "body": b""})

    async def _response(self, scope: Message, receive: Receive) -> Response:
        from travel_tui.local.dispatch import dispatch, refuse

        request_id = self._request_ids.uuid()
        try:
            request = await self._request(scope, receive)
        except ServiceError as error:
            return refuse(error, request_id)
        return await dispatch(self._endpoint, self._key, request, request_id)

    async def _request(self, scope: Message, receive: Receive) -> Request:
        headers: dict[str, str] = {}
        for raw_name, raw_value in scope["headers"]:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        stranger = self._endpoint.settings.key_required and self._key.access_key_id not in headers.get(
            "authorization", ""
        )
        body = await _body(receive, 0 if stranger else BODY_LIMIT)
        if reason := refusal(headers, self._endpoint.settings.host):
            raise ServiceError("AccessDeniedException", reason)
        if body is None and not stranger:
            raise ServiceError(
                "RequestEntityTooLargeException", f"The request's body is larger than {BODY_LIMIT:,} bytes. Send less."
            )
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        return Request(scope["method"], path, query, headers, body or b"")


async def _body(receive: Receive, limit: int) -> bytes | None:
    """The request's body; None where it is larger than `limit`."""
    parts: list[bytes] = []
    size = 0
    while size < _DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ServiceError("SerializationException", "The request's body is not whole.")
        part = message.get("body", b"")
        size += len(part)
        if size <= limit:
            parts.append(part)
        if not message.get("more_body"):
            break
    return b"".join(parts) if size <= limit else None


async def _watch(receive: Receive, abandoned: Callable[[], None] | None) -> None:
    """Tell `abandoned` when the client goes. (After its end, uvicorn says that of every request.)"""
    while (await receive())["type"] != "http.disconnect":
        pass
    if abandoned:
        abandoned()
