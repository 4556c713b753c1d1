"""The ASGI application: converts between HTTP and the requests and responses of the wire protocols."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import aclosing
from typing import Any

from travel_tui.ids import Ids
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.origin_check import check_host_and_origin
from travel_tui.local.signature import AccessKey
from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.http import Request, Response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

CONNECTION = "travel_tui.connection"
"""Key in the scope's `state` of what `abort()` breaks: the request's transport, or its stream in HTTP/2."""
BODY_LIMIT = 30_000_000
"""Maximum bytes of a request body. InvokeAgent's inputText may have 25,000,000 characters."""
_AT_ONCE = 32_000
"""Bytes of a response that are produced before other tasks get a turn."""
_PIECE = 1_000
"""Fixed cost of producing a piece, as the number of bytes that take the same time."""
_DRAINED = 10 * BODY_LIMIT
"""Bytes of an oversized body that are still read, so that the client gets to read the error response."""


class App:
    """Answers HTTP requests with the endpoint's operations."""

    def __init__(self, endpoint: Endpoint, key: AccessKey) -> None:
        self._endpoint = endpoint
        self._key = key
        self._request_ids = Ids()  # polls request ids in no fixed order, so a seed would not make them reproducible

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        from travel_tui.local.wire_faults import InterruptionError

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
                sent = 0
                async for piece in pieces:
                    if _is_broken(scope["state"].get(CONNECTION)):
                        await asyncio.sleep(0)  # lets uvicorn hear of it, and the watcher
                        continue
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    # `send` never suspends while the socket accepts everything, and a long response has very many
                    # pieces.
                    sent += _PIECE + len(piece)
                    if sent > _AT_ONCE:
                        sent = 0
                        await asyncio.sleep(0)
        finally:
            watcher.cancel()
        if _is_broken(scope["state"].get(CONNECTION)):
            return
        await send({"type": "http.response.body", "body": b""})

    async def _response(self, scope: Message, receive: Receive) -> Response:
        from travel_tui.local.dispatch import dispatch, error_response

        request_id = self._request_ids.uuid()
        try:
            request = await self._request(scope, receive)
        except ServiceError as error:
            return error_response(error, request_id)
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
        if reason := check_host_and_origin(headers, self._endpoint.settings.host):
            raise ServiceError("AccessDeniedException", reason)
        if body is None and not stranger:
            raise ServiceError(
                "RequestEntityTooLargeException", f"The request's body is larger than {BODY_LIMIT:,} bytes. Send less."
            )
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        return Request(scope["method"], path, query, headers, body or b"")


async def _body(receive: Receive, limit: int) -> bytes | None:
    """Read the request's body; return None if it is larger than `limit`."""
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


def _is_broken(connection: object) -> bool:
    """Whether a connection of HTTP/1.1 failed at a write, of which uvicorn hears one turn of the event loop later.

    asyncio logs each further write.
    """
    return isinstance(connection, asyncio.Transport) and connection.is_closing()


async def _watch(receive: Receive, abandoned: Callable[[], None] | None) -> None:
    """Call `abandoned` when the client disconnects. (uvicorn also reports one after every completed request.)"""
    while (await receive())["type"] != "http.disconnect":
        pass
    if abandoned:
        abandoned()
