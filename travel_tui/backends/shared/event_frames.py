"""Frames of an AWS event stream: parsed as botocore does, but with the checks that nothing is missing."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.eventstream import EventStream, EventStreamBuffer, EventStreamMessage, ParserError
from botocore.exceptions import EventStreamError
from botocore.parsers import ResponseParserError
from urllib3 import HTTPResponse

from travel_tui.backends.shared.errors import CorruptError, CutOffError

_UNREADABLE = (ParserError, ResponseParserError, struct.error, UnicodeDecodeError, KeyError)


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a stream. `event` is empty for an event that botocore's model does not have."""

    name: str
    """The event's type, as in its header."""
    event: Mapping[str, Any]
    payload: bytes


def frames(stream: EventStream[Any]) -> Iterator[Frame]:
    """Yield the frames of a stream. Raises botocore's errors, CorruptError and CutOffError.

    botocore silently drops bytes left over at the end, and disables urllib3's check of Content-Length. So the bytes are
    counted here: a stream is whole if HTTP reports a complete body and every byte was part of a frame. (A missing end
    of HTTP's chunked encoding raises urllib3's ProtocolError.)
    """
    raw = body_of(stream)
    buffer = EventStreamBuffer()
    arrived = framed = 0
    for data in raw.stream():
        arrived += len(data)
        buffer.add_data(data)
        for message, frame in _parsed(stream, buffer):
            framed += message.prelude.total_length  # type: ignore[attr-defined]
            yield frame
    if arrived != framed:
        raise CutOffError(f"The stream ended inside a frame, {arrived - framed} bytes into it.")
    if raw.length_remaining:
        raise CutOffError(f"The stream ended {raw.length_remaining} bytes before its announced length.")


def body_of(stream: EventStream[Any]) -> HTTPResponse:
    """Return the HTTP response under the stream. botocore has no public access to it; tests check the name and
    `shutdown`."""
    return stream._raw_stream  # type: ignore[attr-defined,no-any-return]


def _parsed(stream: EventStream[Any], buffer: EventStreamBuffer) -> Iterator[tuple[EventStreamMessage, Frame]]:
    """Yield the complete frames. An exception inside the parser means a damaged frame; an error event does not."""
    while True:
        try:
            message = next(buffer, None)
            if message is None:
                return
            event = stream._parse_event(message)  # type: ignore[attr-defined]
        except EventStreamError as error:
            raise _named(error, message) from error
        except _UNREADABLE as error:
            raise CorruptError(f"A frame of the stream cannot be read ({type(error).__name__}: {error}).") from error
        name = str(_headers(message).get(":event-type", ""))
        yield message, Frame(name, event or {}, message.payload)


def _named(error: EventStreamError, message: EventStreamMessage | None) -> EventStreamError:
    """Return the error with its code and message: botocore leaves both empty for errors outside the stream's union."""
    details = error.response.get("Error", {})
    if details.get("Code") or message is None:
        return error
    headers = _headers(message)
    code = headers.get(":exception-type") or headers.get(":error-code") or ""
    told = headers.get(":error-message") or ""
    try:
        told = told or json.loads(message.payload).get("message") or ""
    except (ValueError, AttributeError):
        told = told or message.payload.decode("utf-8", "replace")
    return EventStreamError({"Error": {"Code": str(code), "Message": str(told)}}, error.operation_name)


def _headers(message: EventStreamMessage) -> Mapping[str, Any]:
    headers: Any = message.headers  # botocore's stubs have another type
    return headers  # type: ignore[no-any-return]
