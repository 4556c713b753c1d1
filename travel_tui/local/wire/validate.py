"""Holds a value against a shape of a service model, in AWS's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from travel_tui.local.wire.errors import ServiceError

_TYPES: dict[str, type | UnionType] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": int | float,
    "double": int | float,
    "blob": bytes,
    "timestamp": datetime,
}
_UNICODE_CLASSES = {
    r"[^\p{C}]": r"[^\x00-\x1f\x7f-\x9f]",
    r"\P{C}": r"[^\x00-\x1f\x7f-\x9f]",
    r"\p{Print}": r"[\x20-\x7e]",
    r"\p{L}": r"\w",
    r"\p{N}": r"\w",
    r"\p{Z}": r"\s",
    r"[\w-_]": r"[\w_-]",
    ":/d{12}:": r":\d{12}:",
}
"""Java's character classes in the models' patterns, as near as Python's `re` comes to them; and a slip in
bedrock-agent's pattern of taggable ARNs, which no ARN could match."""
_SHOWN = 200
"""Characters of a refused value that the message repeats."""


def check(shape: StructureShape, value: dict[str, Any]) -> None:
    """Raise ValidationException, naming every fault, where `value` does not fit."""
    faults = list(walk(shape, value, ""))
    if faults:
        detected = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected: "
        raise ServiceError("ValidationException", detected + "; ".join(faults))


def walk(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Every way in which `value` does not fit `shape`, as AWS words it; nothing where it fits."""

    def fault(constraint: str) -> str:
        shown = "***" if shape.metadata.get("sensitive") else f"'{str(value)[:_SHOWN]}'"
        return f"Value {shown} at '{path}' failed to satisfy constraint: Member must {constraint}"

    if getattr(shape, "is_document_type", False):
        return
    if not _has_type(shape, value):
        yield fault(f"be of type {shape.type_name}")
        return
    yield from (fault(constraint) for constraint in _bounds(shape, value))
    if isinstance(shape, StringShape):
        if not _is_unicode(value):
            yield f"Value at '{path}' failed to satisfy constraint: Member must be valid Unicode"
            return
        pattern = shape.metadata.get("pattern")
        if pattern and not _compiled(pattern).fullmatch(value):
            yield fault(f"satisfy regular expression pattern: {pattern}")
        if shape.enum and value not in shape.enum:
            yield fault(f"satisfy enum value set: [{', '.join(shape.enum)}]")
    elif isinstance(shape, StructureShape):
        inner = f"{path}." if path else ""
        for name in shape.required_members:
            if value.get(name) is None:
                yield f"Value null at '{inner}{name}' failed to satisfy constraint: Member must not be null"
        if shape.is_tagged_union and len(value) != 1:
            yield fault(f"have exactly one of the members: [{', '.join(shape.members)}]")
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from walk(member, value[name], inner + name)
    elif isinstance(shape, ListShape):
        for number, item in enumerate(value, 1):
            yield from walk(shape.member, item, f"{path}.{number}.member")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from walk(shape.key, key, f"{path}.key")
            yield from walk(shape.value, item, f"{path}.{key}.member")


def _has_type(shape: Shape, value: Any) -> bool:
    is_boolean = shape.type_name == "boolean"  # which is an int in Python
    return isinstance(value, _TYPES[shape.type_name]) and isinstance(value, bool) == is_boolean


def _bounds(shape: Shape, value: Any) -> Iterator[str]:
    sized = shape.type_name in {"string", "list", "map", "blob"}
    amount, what = (len(value), "length") if sized else (value, "value")
    if "min" in shape.metadata and amount < shape.metadata["min"]:
        yield f"have {what} greater than or equal to {shape.metadata['min']}"
    if "max" in shape.metadata and amount > shape.metadata["max"]:
        yield f"have {what} less than or equal to {shape.metadata['max']}"


def _is_unicode(text: str) -> bool:
    """JSON can spell half of a surrogate pair, which is no character and can be stored nowhere."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for java, python in _UNICODE_CLASSES.items():
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern)
    except re.error:  # a pattern of Java's that Python cannot read refuses nothing
        return re.compile(r"[\s\S]*")
