"""AWS's binary event stream: messages of headers and a payload, each protected by two checksums.

A message is: total length, headers length, CRC of these two; the headers; the payload; CRC of all before. All numbers
are big-endian, 32 bits. (Amazon event stream encoding, as botocore/eventstream.py reads it.)
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import pack
from zlib import crc32

_STRING = 7
"""Type number of a string header; the only type that the Bedrock services send."""


def encode(headers: Mapping[str, str], payload: bytes) -> bytes:
    """Encode one message. Header names have up to 255 bytes, values up to 65,535."""
    head = b"".join(_header(name.encode(), value.encode()) for name, value in headers.items())
    prelude = pack(">II", 12 + len(head) + len(payload) + 4, len(head))
    message = prelude + pack(">I", crc32(prelude)) + head + payload
    return message + pack(">I", crc32(message))


def event(kind: str, payload: bytes, content_type: str = "application/json") -> bytes:
    """Encode a message that carries one event."""
    headers = {":event-type": kind, ":content-type": content_type, ":message-type": "event"}
    return encode(headers, payload)


def exception(kind: str, payload: bytes, content_type: str = "application/json") -> bytes:
    """Encode a message that carries a modelled exception, which ends the stream."""
    headers = {":exception-type": kind, ":content-type": content_type, ":message-type": "exception"}
    return encode(headers, payload)


def _header(name: bytes, value: bytes) -> bytes:
    return pack(">B", len(name)) + name + pack(">BH", _STRING, len(value)) + value
