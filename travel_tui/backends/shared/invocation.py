"""One streaming call of a service: run in a thread, stopped from another, sent at most once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from travel_tui.agent import TurnEvent
from travel_tui.backends.shared.boto_clients import Clients
from travel_tui.backends.shared.errors import NotSentError
from travel_tui.backends.shared.event_frames import body_of

if TYPE_CHECKING:
    from botocore.eventstream import EventStream

T = TypeVar("T")


class Invocation:
    """A call whose answer is an event stream: `run` in a thread, `stop` from another."""

    def __init__(
        self,
        clients: Clients,
        send: Callable[[], EventStream[Any]],
        read: Callable[[EventStream[Any]], Iterable[tuple[TurnEvent, ...]]],
    ) -> None:
        """`send` makes the call and returns its stream; `read` yields the turn events of each frame."""
        self._clients = clients
        self._send = send
        self._read = read
        self._lock = threading.Lock()
        self._stream: EventStream[Any] | None = None
        self._stopped = False

    def run(self) -> Generator[tuple[TurnEvent, ...], None, None]:
        """Yield the turn events of each frame. Raises errors of boto3, urllib3 and the stream's own checks."""
        stream = call_noted(self._clients, self._send)
        with self._lock:
            self._stream = stream
            stopped = self._stopped
        try:
            if not stopped:
                yield from self._read(stream)
        finally:
            stream.close()

    def stop(self) -> None:
        """Make `run` give up. close() alone would block until the next frame; before the response headers have arrived
        nothing can be shut down, and the thread gives up when they arrive."""
        with self._lock:
            self._stopped = True
            stream = self._stream
        if stream is not None:
            with suppress(ValueError, RuntimeError, OSError):  # it has already ended
                body_of(stream).shutdown()


def call_noted(clients: Clients, call: Callable[[], T]) -> T:
    """Return the result of `call`; errors before its request is sent are raised as NotSentError."""
    clients.sent.began = False
    try:
        return call()
    except Exception as error:
        if clients.sent.began:
            raise
        raise NotSentError(error) from error
