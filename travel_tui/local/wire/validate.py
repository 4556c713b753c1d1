"""Validation of values against a shape of a service model, with AWS's messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from types import UnionType
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from travel_tui.local.unicode import well_formed
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
"""Replacements for Java's character classes in the models' patterns, as close as Python's `re` allows.

The last one corrects an error in bedrock-agent's pattern of taggable ARNs, which no ARN could match.
"""
_BITS = {"integer": 32, "long": 64}
"""Sizes of whole numbers, of Smithy's simple types."""
_SHOWN = 200
"""Maximum characters of a rejected value that the message repeats."""
_MOST = 100
"""Maximum violations listed in a message."""


def check(shape: StructureShape, value: dict[str, Any]) -> None:
    """Raise ValidationException, listing the violations, if `value` does not match `shape`."""
    faults = list(islice(walk(shape, value, ""), _MOST))
    if faults:
        number = str(len(faults)) if len(faults) < _MOST else f"{_MOST} or more"
        detected = f"{number} validation error{'s' if len(faults) > 1 else ''} detected: "
        raise ServiceError("ValidationException", detected + "; ".join(faults))


def walk(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Yield every violation of `shape` by `value`, in AWS's words."""

    def fault(constraint: str) -> str:
        shown = "***" if shape.metadata.get("sensitive") else f"'{_start(value)}'"
        return f"Value {shown} at '{path}' failed to satisfy constraint: Member must {constraint}"

    if getattr(shape, "is_document_type", False):
        text = json.dumps(value, ensure_ascii=False)
        if text != well_formed(text):
            yield f"Value at '{path}' failed to satisfy constraint: Member must be valid Unicode"
        return
    if not _has_type(shape, value):
        yield fault(f"be of type {shape.type_name}")
        return
    yield from (fault(constraint) for constraint in _bounds(shape, value))
    if isinstance(shape, StringShape):
        if value != well_formed(value):
            yield f"Value at '{path}' failed to satisfy constraint: Member must be valid Unicode"
            return
        pattern = shape.metadata.get("pattern")
        # What is too long is refused already, and patterns take long on it.
        too_long = "max" in shape.metadata and len(value) > shape.metadata["max"]
        if pattern and not too_long and not _compiled(pattern).fullmatch(value):
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


def _start(value: Any) -> str:
    """Return the start of a value's text, without formatting all of a long list or map."""
    if isinstance(value, str):
        return value[:_SHOWN]
    if isinstance(value, bytes):
        return f"({len(value):,} bytes)"
    if isinstance(value, dict):
        value = dict(islice(value.items(), _SHOWN))
    elif isinstance(value, list):
        value = value[:_SHOWN]
    return json.dumps(value, ensure_ascii=False, default=_shown_leaf)[:_SHOWN]


def _shown_leaf(value: object) -> str:
    """Return a decoded value that JSON lacks, as text."""
    return _start(value) if isinstance(value, bytes) else str(value)


def _has_type(shape: Shape, value: Any) -> bool:
    is_boolean = shape.type_name == "boolean"  # bool is a subclass of int in Python
    if not isinstance(value, _TYPES[shape.type_name]) or isinstance(value, bool) != is_boolean:
        return False
    bits = _BITS.get(shape.type_name)
    return bits is None or not isinstance(value, int) or -(1 << bits - 1) <= value < 1 << bits - 1


def _bounds(shape: Shape, value: Any) -> Iterator[str]:
    sized = shape.type_name in {"string", "list", "map", "blob"}
    amount, what = (len(value), "length") if sized else (value, "value")
    if "min" in shape.metadata and amount < shape.metadata["min"]:
        yield f"have {what} greater than or equal to {shape.metadata['min']}"
    if "max" in shape.metadata and amount > shape.metadata["max"]:
        yield f"have {what} less than or equal to {shape.metadata['max']}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for java, python in _UNICODE_CLASSES.items():
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern)
    except re.error:  # a Java pattern that Python cannot compile is not enforced
        return re.compile(r"[\s\S]*")
