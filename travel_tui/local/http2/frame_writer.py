"""Writing of frames to a connection, within what its client and its socket accept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError

from travel_tui.local.http2.frame_limiter import FrameLimiter

_MAX_HELD = 32 * 1024
"""Bytes of answers that are held back at most, until the loop gets its turn."""


class FrameWriter:
    """Writes the frames of all streams of a connection."""

    def __init__(self, http2: H2Connection, transport: asyncio.Transport, limiter: FrameLimiter) -> None:
        self._http2 = http2
        self._transport = transport
        self._limiter = limiter
        self._paused = False
        self._will_flush = False
        self._unflushed = 0
        self._change = asyncio.Event()

    def pause(self) -> None:
        """Stop writing data, and reading: what is read can ask for replies that nobody takes."""
        self._paused = True
        self._transport.pause_reading()

    def resume(self) -> None:
        """Write and read again."""
        self._paused = False
        if not self._transport.is_closing():
            self._transport.resume_reading()
        self.wake()

    def wake(self) -> None:
        """Let all streams look again whether they can send: a window opened, or a stream ended."""
        self._change.set()
        self._change = asyncio.Event()

    async def change(self) -> None:
        """Wait until a stream that could not send has a reason to look again."""
        await self._change.wait()

    def flush(self) -> None:
        """Hand over to the socket what is ready to be sent."""
        self._will_flush = False
        self._unflushed = 0
        data = self._http2.data_to_send()
        if data and not self._transport.is_closing():
            self._transport.write(data)

    def flush_soon(self) -> None:
        """Hand it over when the loop gets its turn: pieces that are made at once share a write."""
        if not self._will_flush:
            self._will_flush = True
            asyncio.get_running_loop().call_soon(self.flush)

    def headers(self, stream_id: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Send the headers of a response. Raises ProtocolError if the stream or the connection has ended."""
        self._http2.send_headers(stream_id, headers)
        self.flush_soon()

    def room(self, stream_id: int) -> int:
        """Return how many bytes of data can be sent now. Raises ProtocolError if the stream has ended."""
        if self._paused:
            return 0
        return max(0, min(self._http2.local_flow_control_window(stream_id), self._http2.max_outbound_frame_size))

    def data(self, stream_id: int, data: bytes, *, last: bool) -> None:
        """Send data for which there is room. Raises ProtocolError if the stream or the connection has ended."""
        self._http2.send_data(stream_id, data, end_stream=last)
        self._limiter.credit()
        self._unflushed += len(data)
        if self._unflushed > _MAX_HELD:
            self.flush()
        else:
            self.flush_soon()

    def acknowledge(self, stream_id: int, size: int) -> None:
        """Let the client send as many bytes more."""
        if size:
            self._http2.acknowledge_received_data(size, stream_id)
            self.flush()

    def reset(self, stream_id: int, code: ErrorCodes) -> None:
        """End a stream at once; do nothing if it has ended."""
        try:
            self._http2.reset_stream(stream_id, code)
        except ProtocolError:
            return
        self.flush()

    def close(self, code: ErrorCodes = ErrorCodes.NO_ERROR) -> None:
        """Send GOAWAY and close the connection."""
        with suppress(ProtocolError):  # sent already
            self._http2.close_connection(code)
        self.flush()
        if self._paused:  # nobody takes it
            self._transport.abort()
        else:
            self._transport.close()
