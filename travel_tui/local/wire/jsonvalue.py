"""Conversion of a service model's values from and to JSON, for rest-json bodies and the json protocol.

Values of the wrong type stay unchanged, so that validation reports them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from travel_tui.local.json_text import JsonError, read_json
from travel_tui.local.wire.errors import ServiceError

_WHOLE = re.compile(r"[+-]?\d{1,100}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?Infinity|NaN", re.ASCII)
"""Numbers of headers, queries and forms; Python's own reader takes more, such as 1_0."""


def read_object(body: bytes) -> dict[str, Any]:
    """Parse a body that is a JSON object. Raises SerializationException."""
    try:
        content = read_json(body)
    except JsonError as error:
        raise ServiceError("SerializationException", f"The request's body is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise ServiceError("SerializationException", "The request's body is JSON, but not an object.")
    return content


def decode(shape: Shape, value: Any) -> Any:
    """Decode a JSON value: bytes for blobs, aware datetimes for timestamps; unknown members are dropped."""
    return value if value is None else _decoder(shape)(value)


@cache
def _decoder(shape: Shape) -> Callable[[Any], Any]:
    """Return the decoder of a shape; cached, because reading a shape's members takes longer than decoding."""
    if getattr(shape, "is_document_type", False):
        return _as_it_is
    if isinstance(shape, StructureShape):
        return _structure_decoder(shape)
    if isinstance(shape, MapShape):
        return lambda value: _map(shape.value, value) if isinstance(value, dict) else value
    if isinstance(shape, ListShape):
        return lambda value: _list(shape.member, value) if isinstance(value, list) else value
    if shape.type_name == "blob":
        return _read_blob
    return read_timestamp if shape.type_name == "timestamp" else _as_it_is


def _map(inner: Shape, value: dict[str, Any]) -> dict[str, Any]:
    read = _decoder(inner)
    return {key: item if item is None else read(item) for key, item in value.items()}


def _list(inner: Shape, value: list[Any]) -> list[Any]:
    read = _decoder(inner)
    return [item if item is None else read(item) for item in value]


def _structure_decoder(shape: StructureShape) -> Callable[[Any], Any]:
    members = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
    known: dict[str, tuple[str, Callable[[Any], Any]]] = {}

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        found = {}
        for wire_name, item in value.items():
            if item is None or wire_name not in members:
                continue
            if wire_name not in known:
                name, member = members[wire_name]
                known[wire_name] = (name, _decoder(member))
            name, decoder = known[wire_name]
            found[name] = decoder(item)
        return found

    return read


def _read_blob(value: Any) -> Any:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else value
    except ValueError:  # not base64, or not even ASCII
        return value


def encode(shape: Shape, value: Any) -> Any:
    """Encode a Python value as its shape's JSON.

    Members unknown to the shape are dropped: an older botocore's model lacks some that a newer one has.
    """
    return _encoder(shape)(value)


@cache
def _encoder(shape: Shape) -> Callable[[Any], Any]:
    """Return the encoder of a shape; cached, because reading a shape's members takes longer than encoding."""
    if getattr(shape, "is_document_type", False):
        return _as_it_is
    if isinstance(shape, StructureShape):
        return _structure_encoder(shape)
    if isinstance(shape, MapShape | ListShape):
        # Resolved on use, because a shape can contain itself.
        inner = shape.value if isinstance(shape, MapShape) else shape.member
        if isinstance(shape, MapShape):
            return lambda value: _map_encoded(inner, value)
        return lambda value: list(map(_encoder(inner), value))
    if shape.type_name == "blob":
        return lambda value: base64.b64encode(value).decode()
    if shape.type_name == "timestamp":
        form = shape.serialization.get("timestampFormat", "unixTimestamp")
        return lambda value: write_timestamp(value, form)
    return _as_it_is


def _map_encoded(inner: Shape, value: Mapping[str, Any]) -> dict[str, Any]:
    write = _encoder(inner)
    return {key: write(item) for key, item in value.items()}


def _structure_encoder(shape: StructureShape) -> Callable[[Any], Any]:
    members = {name: (member.serialization.get("name", name), member) for name, member in shape.members.items()}
    known: dict[str, tuple[str, Callable[[Any], Any]]] = {}

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        written = {}
        for name, item in value.items():
            if item is None or name not in members:
                continue
            if name not in known:
                wire_name, member = members[name]
                known[name] = (wire_name, _encoder(member))
            wire_name, encoder = known[name]
            written[wire_name] = encoder(item)
        return written

    return write


def _as_it_is(value: Any) -> Any:
    return value


def read_timestamp(value: Any) -> Any:
    """Parse ISO text or seconds since 1970 into an aware datetime."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return value


def write_timestamp(moment: datetime, form: str) -> str | float:
    """Format a time in one of the models' formats: iso8601, rfc822 or unixTimestamp."""
    if form == "unixTimestamp":
        return round(moment.timestamp(), 3)
    moment = moment.astimezone(UTC)
    if form == "iso8601":
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return format_datetime(moment, usegmt=True)


def text_of(shape: Shape, value: Any, form: str = "rfc822") -> str:
    """Format a value for a header or a query."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if shape.type_name == "timestamp":
        return str(write_timestamp(value, shape.serialization.get("timestampFormat", form)))
    return str(value)


def value_of(shape: Shape, text: str) -> Any:
    """Parse a header, query or path text as its shape's value."""
    if shape.type_name in {"integer", "long"}:
        return int(text) if _WHOLE.fullmatch(text) else text
    if shape.type_name in {"float", "double"}:
        return float(text) if _NUMBER.fullmatch(text) else text
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    return read_timestamp(text) if shape.type_name == "timestamp" else text


def members_at(shape: Mapping[str, Shape], *locations: str | None) -> dict[str, Shape]:
    """Return the members of a structure at one of the given locations; None is the body."""
    return {name: member for name, member in shape.items() if member.serialization.get("location") in locations}
