"""Values of a service model to and from JSON, as rest-json bodies and the json protocol write them.

What cannot be read as its shape is left as it came, so that validation names it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape


def decode(shape: Shape, value: Any) -> Any:
    """A JSON value as Python holds it: bytes for blobs, aware datetimes for timestamps; unknown members left out."""
    if value is None or getattr(shape, "is_document_type", False):
        return value
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        named = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        return {named[k]: decode(shape.members[named[k]], v) for k, v in value.items() if k in named and v is not None}
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: decode(shape.value, item) for key, item in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [decode(shape.member, item) for item in value]
    if shape.type_name == "blob" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error:
            return value
    if shape.type_name == "timestamp":
        return read_timestamp(value)
    return value


def encode(shape: Shape, value: Any) -> Any:
    """A Python value as its shape's JSON. Members that the shape does not have are left out: an older botocore's
    model lacks some that a newer one has."""
    return _encoder(shape)(value)


@cache
def _encoder(shape: Shape) -> Callable[[Any], Any]:
    """Writes values of a shape; made once for each, because asking a shape for its members takes longer than this."""
    if getattr(shape, "is_document_type", False):
        return _as_it_is
    if isinstance(shape, StructureShape):
        return _structure_encoder(shape)
    if isinstance(shape, MapShape | ListShape):
        # Looked up when it is needed, because a shape can hold itself.
        inner = shape.value if isinstance(shape, MapShape) else shape.member
        if isinstance(shape, MapShape):
            return lambda value: {key: _encoder(inner)(item) for key, item in value.items()}
        return lambda value: [_encoder(inner)(item) for item in value]
    if shape.type_name == "blob":
        return lambda value: base64.b64encode(value).decode()
    if shape.type_name == "timestamp":
        form = shape.serialization.get("timestampFormat", "unixTimestamp")
        return lambda value: write_timestamp(value, form)
    return _as_it_is


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
    """ISO text or seconds since 1970 as an aware datetime."""
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
    """A moment in one of the models' forms: iso8601, rfc822 or unixTimestamp."""
    moment = moment.astimezone(UTC)
    if form == "iso8601":
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if form == "rfc822":
        return format_datetime(moment, usegmt=True)
    return round(moment.timestamp(), 3)


def text_of(shape: Shape, value: Any, form: str = "rfc822") -> str:
    """A value as a header or a query carries it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if shape.type_name == "timestamp":
        return str(write_timestamp(value, shape.serialization.get("timestampFormat", form)))
    return str(value)


def value_of(shape: Shape, text: str) -> Any:
    """What a header, a query or a path carries, as its shape's value."""
    try:
        if shape.type_name in {"integer", "long"}:
            return int(text)
        if shape.type_name in {"float", "double"}:
            return float(text)
    except ValueError:
        return text
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    return read_timestamp(text) if shape.type_name == "timestamp" else text


def members_at(shape: Mapping[str, Shape], *locations: str | None) -> dict[str, Shape]:
    """The members of a structure that travel at one of the given places; None is the body."""
    return {name: member for name, member in shape.items() if member.serialization.get("location") in locations}
