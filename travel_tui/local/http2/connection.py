"""A connection that speaks HTTP/2: hands its frames to the streams, and ends it when it is idle or misused."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

from h2.config import H2Configuration
from h2.connection import ConnectionState, H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    PingReceived,
    PriorityUpdated,
    RemoteSettingsChanged,
    RequestReceived,
    StreamEnded,
    StreamReset,
    UnknownFrameReceived,
    WindowUpdated,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings
from uvicorn.config import Config
from uvicorn.server import ServerState

from travel_tui.local.app import App, Message
from travel_tui.local.http2.frame_limiter import FrameLimiter
from travel_tui.local.http2.frame_writer import FrameWriter
from travel_tui.local.http2.stream import Stream

MAX_STREAMS = 256
"""Streams that a client may have open at once."""
_MAX_RUNNING = 2 * MAX_STREAMS
"""Requests of a connection that are worked on at once; a stream that its client ended can still be worked on."""
_STREAM_WINDOW, _WINDOW = 256 * 1024, 1024 * 1024
"""Bytes that a client may send ahead of what was read: of one stream, and of all."""
_AT_ONCE = 16 * 1024
"""Bytes after which received events are looked at, so that a flood is noticed within milliseconds."""
_EMPTY = (PingReceived, PriorityUpdated, RemoteSettingsChanged, StreamReset, UnknownFrameReceived, WindowUpdated)
"""Events that take a token of the limiter."""


class Http2Connection(asyncio.Protocol):
    """A connection of a uvicorn server, which waits for it and for its requests at its end."""

    def __init__(self, app: App, config: Config, server: ServerState, scope: Message) -> None:
        """`scope` has what is the same for all requests of the connection."""
        self._app = app
        self._keep_alive: float = config.timeout_keep_alive
        self._server = server
        self._scope = scope
        self._limiter = FrameLimiter()
        self._http2 = H2Connection(H2Configuration(client_side=False, header_encoding=None))
        self._http2.local_settings = Settings(
            client=False,
            initial_values={
                SettingCodes.MAX_CONCURRENT_STREAMS: MAX_STREAMS,
                SettingCodes.MAX_HEADER_LIST_SIZE: H2Connection.DEFAULT_MAX_HEADER_LIST_SIZE,
                SettingCodes.INITIAL_WINDOW_SIZE: _STREAM_WINDOW,
            },
        )
        self._streams: dict[int, Stream] = {}
        self._closing = False
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with the server's own settings."""
        self._server.connections.add(self)  # type: ignore[arg-type]
        self._transport = transport
        self._writer = FrameWriter(self._http2, transport, self._limiter)
        self._http2.initiate_connection()
        self._http2.increment_flow_control_window(_WINDOW - self._http2.inbound_flow_control_window)
        self._writer.flush()
        self._wait_idle()

    def data_received(self, data: bytes) -> None:
        """Handle the frames in `data`."""
        for start in range(0, len(data), _AT_ONCE):
            try:
                events = self._http2.receive_data(data[start : start + _AT_ONCE])
            except ProtocolError:  # h2 has the GOAWAY ready that says which
                self._writer.flush()
                self._transport.close()
                return
            for event in events:
                self._handle(event)
            if self._transport.is_closing():
                return
        self._writer.flush()

    def connection_lost(self, _: Exception | None) -> None:
        """Tell all streams that the client is gone."""
        self._server.connections.discard(self)
        self._closing = True
        self._stop_idle()
        for stream in self._streams.values():
            stream.disconnect()

    def pause_writing(self) -> None:
        """Let the streams wait."""
        self._writer.pause()

    def resume_writing(self) -> None:
        """Let the streams go on."""
        self._writer.resume()

    def shutdown(self) -> None:
        """Take no more requests, and close once those that run are answered."""
        self._closing = True
        if not self._streams:
            self._writer.close()

    def _handle(self, event: Event) -> None:
        empty = isinstance(event, _EMPTY) or (isinstance(event, DataReceived) and not event.data)
        if empty and not self._limiter.take():
            self._writer.close(ErrorCodes.ENHANCE_YOUR_CALM)
            return
        if isinstance(event, RequestReceived):
            self._request(event)
        elif isinstance(event, WindowUpdated | RemoteSettingsChanged):
            self._writer.wake()
        elif isinstance(event, ConnectionTerminated):
            self._handle_goaway(event)
        elif isinstance(event, DataReceived):
            if stream := self._streams.get(event.stream_id or 0):
                stream.take_data(event.data or b"", event.flow_controlled_length or 0)
            else:
                self._writer.acknowledge(event.stream_id or 0, event.flow_controlled_length or 0)
        elif isinstance(event, StreamEnded | StreamReset) and (stream := self._streams.get(event.stream_id or 0)):
            if isinstance(event, StreamEnded):
                stream.end_request()
            else:
                stream.disconnect()

    def _request(self, event: RequestReceived) -> None:
        stream_id = event.stream_id or 0
        if self._closing or len(self._streams) >= _MAX_RUNNING:
            self._writer.reset(stream_id, ErrorCodes.REFUSED_STREAM)
            return
        self._stop_idle()
        scope = {**self._scope, **_scope(event)}
        stream = self._streams[stream_id] = Stream(stream_id, scope, self._server.default_headers, self._writer)
        task = asyncio.get_running_loop().create_task(stream.run(self._app))
        self._server.tasks.add(task)
        task.add_done_callback(self._server.tasks.discard)
        task.add_done_callback(lambda _: self._answered(stream_id))

    def _answered(self, stream_id: int) -> None:
        del self._streams[stream_id]
        self._server.total_requests += 1
        if self._streams or self._transport.is_closing():
            return
        if self._closing:
            self._writer.close()
        else:
            self._wait_idle()

    def _handle_goaway(self, event: ConnectionTerminated) -> None:
        """Handle the client's GOAWAY: it opens no more streams, but those that it has are answered."""
        if event.error_code == ErrorCodes.NO_ERROR and self._streams:
            # h2 takes a connection for closed as soon as either side sends GOAWAY, and would refuse to send more
            # (https://github.com/python-hyper/h2/issues/1181).
            self._http2.state_machine.state = ConnectionState.SERVER_OPEN
        self.shutdown()

    def _wait_idle(self) -> None:
        self._idle = asyncio.get_running_loop().call_later(self._keep_alive, self._writer.close)

    def _stop_idle(self) -> None:
        if self._idle:
            self._idle.cancel()
            self._idle = None


def _scope(event: RequestReceived) -> Message:
    """Return what ASGI says of a request; `:authority` is its host, as HTTP/1.1's header of that name."""
    pseudo, headers = {}, []
    for name, value in event.headers or []:
        if bytes(name).startswith(b":"):
            pseudo[bytes(name)] = bytes(value)
        else:
            headers.append((bytes(name), bytes(value)))
    if authority := pseudo.get(b":authority"):
        headers = [(b"host", authority), *((name, value) for name, value in headers if name != b"host")]
    raw_path, _, query = pseudo.get(b":path", b"/").partition(b"?")
    return {
        "type": "http",
        "http_version": "2",
        "method": pseudo[b":method"].decode("latin-1"),
        "path": unquote(raw_path.decode("latin-1")),
        "raw_path": raw_path,
        "query_string": query,
        "headers": headers,
    }
