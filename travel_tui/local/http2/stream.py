"""One request and its response, as an ASGI application receives and sends them."""

from __future__ import annotations

import asyncio
import logging

from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError

from travel_tui.local.app import CONNECTION, App, Message
from travel_tui.local.http2.frame_writer import FrameWriter

log = logging.getLogger(__name__)


class Stream:
    """A stream of a connection."""

    def __init__(self, stream_id: int, scope: Message, default: list[tuple[bytes, bytes]], writer: FrameWriter) -> None:
        """`default` are headers of every response."""
        self._id = stream_id
        self._scope = {**scope, "state": {**scope["state"], CONNECTION: self}}
        self._default = default
        self._writer = writer
        self._news = asyncio.Event()
        self._body = bytearray()
        self._unread = 0
        """Bytes of the client's window that the body takes, padding included."""
        self._request_ended = False
        self._request_read = False
        self._started = False
        self._complete = False
        self._gone = False

    def take_data(self, data: bytes, size: int) -> None:
        """Keep a part of the request's body until it is read; `size` is what it takes of the window."""
        self._body += data
        self._unread += size
        self._news.set()
        if self._gone or self._complete:
            self._acknowledge()

    def end_request(self) -> None:
        """Note that the body is whole."""
        self._request_ended = True
        self._news.set()

    def disconnect(self) -> None:
        """Note that the client wants no more, or is gone."""
        if not self._gone:
            self._gone = True
            self._acknowledge()
            self._news.set()
            self._writer.wake()

    def abort(self) -> None:
        """Cut the response off, as a connection that breaks does to the requests of HTTP/1.1."""
        self._writer.reset(self._id, ErrorCodes.INTERNAL_ERROR)
        self.disconnect()

    async def run(self, app: App) -> None:
        """Answer the request."""
        try:
            await app(self._scope, self.receive, self.send)
        except Exception:
            log.exception("A request failed.")
        finally:
            if not self._complete:
                self.abort()
            elif not self._request_ended:
                self._writer.reset(self._id, ErrorCodes.NO_ERROR)
            self._gone = True

    async def receive(self) -> Message:
        """Return the next part of the request, or its disconnection; waits for it."""
        while not (self._gone or self._complete):
            if self._body or (self._request_ended and not self._request_read):
                body = bytes(self._body)
                self._body.clear()
                self._acknowledge()
                self._request_read = self._request_ended
                return {"type": "http.request", "body": body, "more_body": not self._request_read}
            await self._news.wait()
            self._news.clear()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Send a part of the response, as soon as the client takes it; do nothing once it is gone."""
        if self._gone:
            return
        try:
            if message["type"] == "http.response.start":
                status = (b":status", str(message["status"]).encode())
                self._writer.headers(self._id, [status, *self._default, *message["headers"]])
            else:
                body = b"" if self._scope["method"] == "HEAD" else message.get("body", b"")
                await self._send_body(body, last=not message.get("more_body"))
        except ProtocolError:  # the connection has just failed, which is still to be told
            self.disconnect()

    async def _send_body(self, body: bytes, *, last: bool) -> None:
        rest = memoryview(body)
        while rest or (last and not self._complete):
            room = self._writer.room(self._id)
            if rest and not room:
                await self._writer.change()
                if self._gone:
                    return
                continue
            piece, rest = rest[:room], rest[room:]
            self._complete = last and not rest
            self._writer.data(self._id, bytes(piece), last=self._complete)
        if self._complete:
            self._news.set()

    def _acknowledge(self) -> None:
        self._writer.acknowledge(self._id, self._unread)
        self._unread = 0
