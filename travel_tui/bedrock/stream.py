"""The event stream of an answer, read to its proven end."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.eventstream import EventStream, EventStreamBuffer, EventStreamMessage, ParserError
from botocore.parsers import ResponseParserError
from urllib3 import HTTPResponse

from travel_tui.bedrock.errors import CorruptError, CutOffError

_CONTENT = ("chunk", "returnControl", "files")
_UNREADABLE = (ParserError, ResponseParserError, struct.error, UnicodeDecodeError, KeyError)


def events(stream: EventStream[Any]) -> Iterator[Mapping[str, Any]]:
    """The events as botocore parses them. Raises what it raises, CorruptError, and CutOffError.

    botocore drops bytes left over at the end without a word, and asks urllib3 not to check Content-Length. So the
    frames are counted here: an answer is whole when HTTP says that its body is, when every byte was part of a frame,
    when there was something in it beside trace, and when it is not the mere beginning of the final response that the
    trace tells. (A lost end of HTTP's chunks raises urllib3's ProtocolError.)
    """
    raw = body_of(stream)
    buffer = EventStreamBuffer()
    arrived = framed = 0
    answered = False
    reason = final = ""
    said: list[bytes] = []
    for data in raw.stream():
        arrived += len(data)
        buffer.add_data(data)
        for message, event in _parsed(stream, buffer):
            framed += message.prelude.total_length  # type: ignore[attr-defined]
            answered = answered or any(kind in event for kind in _CONTENT)
            reason = event.get("trace", {}).get("trace", {}).get("failureTrace", {}).get("failureReason") or reason
            said.append(event.get("chunk", {}).get("bytes") or b"")
            final = _final_response(event) or final
            if event:
                yield event
    if arrived != framed:
        raise CutOffError(f"The stream ended inside a frame, {arrived - framed} bytes into it.")
    if raw.length_remaining:
        raise CutOffError(f"The stream ended {raw.length_remaining} bytes before its announced length.")
    if not answered:
        raise CutOffError(reason or "The stream ended without a word of the answer.")
    text = b"".join(said).decode("utf-8", "replace").strip()
    if text != final.strip() and final.strip().startswith(text):
        raise CutOffError("The stream ended before the last words of the answer, which its trace tells.")


def _final_response(event: Mapping[str, Any]) -> str:
    """What a trace says that the whole answer is; empty where it does not."""
    orchestration = event.get("trace", {}).get("trace", {}).get("orchestrationTrace") or {}
    observation = orchestration.get("observation") or {} if isinstance(orchestration, Mapping) else {}
    return str((observation.get("finalResponse") or {}).get("text") or "")


def body_of(stream: EventStream[Any]) -> HTTPResponse:
    """What the stream reads from. botocore gives no way to it; tests guard the name and what `shutdown` does."""
    return stream._raw_stream  # type: ignore[attr-defined,no-any-return]


def _parsed(
    stream: EventStream[Any], buffer: EventStreamBuffer
) -> Iterator[tuple[EventStreamMessage, Mapping[str, Any]]]:
    """The frames that are whole by now. What raises inside the parser is a damaged frame, an error event is not."""
    while True:
        try:
            message = next(buffer, None)
            if message is None:
                return
            event = stream._parse_event(message)  # type: ignore[attr-defined]
        except _UNREADABLE as error:
            raise CorruptError(f"A frame of the stream cannot be read ({type(error).__name__}: {error}).") from error
        yield message, event or {}
