"""The event-stream encoder, read back by botocore's own parser."""

from __future__ import annotations

from typing import Any

from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.local.wire import eventstream

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(lambda name: len(name.encode()) <= 255)
HEADERS = st.dictionaries(NAMES, st.text(st.characters(codec="utf-8"), max_size=200), max_size=5)


@given(st.lists(st.tuples(HEADERS, st.binary(max_size=2000)), min_size=1, max_size=4), st.integers(1, 64))
def test_messages_come_back_as_they_were_in_pieces_of_any_size(
    messages: list[tuple[dict[str, str], bytes]], size: int
) -> None:
    sent = b"".join(eventstream.encode(headers, payload) for headers, payload in messages)
    buffer: Any = EventStreamBuffer()
    received = []
    for start in range(0, len(sent), size):
        buffer.add_data(sent[start : start + size])
        received += [(dict(message.headers), message.payload) for message in buffer]
    assert received == messages


def test_an_event_says_what_it_is() -> None:
    buffer: Any = EventStreamBuffer()
    buffer.add_data(eventstream.event("chunk", b"{}"))
    (message,) = buffer
    assert message.headers == {
        ":event-type": "chunk",
        ":content-type": "application/json",
        ":message-type": "event",
    }
    assert message.to_response_dict()["status_code"] == 200


def test_an_exception_is_an_error() -> None:
    buffer: Any = EventStreamBuffer()
    buffer.add_data(eventstream.exception("throttlingException", b'{"message":"slow down"}'))
    (message,) = buffer
    assert message.headers[":exception-type"] == "throttlingException"
    assert message.to_response_dict()["status_code"] == 400
