"""Values of a service model to and from JSON, as rest-json bodies and the json protocol write them.

What cannot be read as its shape is left as it came, so that validation names it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
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
    """A Python value as its shape's JSON."""
    if getattr(shape, "is_document_type", False):
        return value
    if isinstance(shape, StructureShape):
        return {
            shape.members[name].serialization.get("name", name): encode(shape.members[name], item)
            for name, item in value.items()
            if item is not None
        }
    if isinstance(shape, MapShape):
        return {key: encode(shape.value, item) for key, item in value.items()}
    if isinstance(shape, ListShape):
        return [encode(shape.member, item) for item in value]
    if shape.type_name == "blob":
        return base64.b64encode(value).decode()
    if shape.type_name == "timestamp":
        return write_timestamp(value, shape.serialization.get("timestampFormat", "unixTimestamp"))
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
