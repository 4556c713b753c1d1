"""Attribute values in wire format: a type and its content, such as {"S": "Boston"} or {"N": "4"}."""

from __future__ import annotations

import base64
import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any

from travel_tui.local.wire.errors import ServiceError

Value = dict[str, Any]
Item = dict[str, Value]

_MAX_LEVELS = 32
"""Levels of nesting (DynamoDB quotas); a value inside 31 maps is the deepest that DynamoDB takes."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_EXACT = Context(prec=1_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Decimal's own context rounds to 28 digits; sums of two numbers that DynamoDB takes have up to 256."""
_EMPTY = {"SS": "An string set  may not", "NS": "An number set  may not", "BS": "Binary sets should not"}
TYPES = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "BOOL": "BOOLEAN",
    "NULL": "NULL",
    "L": "LIST",
    "M": "MAP",
    "SS": "STRING_SET",
    "NS": "NUMBER_SET",
    "BS": "BINARY_SET",
}
"""The types as messages name them."""


def invalid(message: str) -> ServiceError:
    """Return the error for invalid input."""
    return ServiceError("ValidationException", message)


def normalise(value: Value, level: int = 1) -> Value:
    """Return a value in its normalised stored form. Raises ValidationException if it is invalid.

    `level` is how deep it stands: an attribute of an item is at level 1.
    """
    if level > _MAX_LEVELS:
        raise invalid("Nesting Levels have exceeded supported limits")
    if len(value) != 1:
        what = "has more than one datatypes set" if value else "is empty"
        raise invalid(f"Supplied AttributeValue {what}, must contain exactly one of the supported datatypes")
    ((kind, content),) = value.items()
    if kind == "N":
        return {kind: _number(content)}
    if kind == "L":
        return {kind: [normalise(item, level + 1) for item in content]}
    if kind == "M":
        return {kind: {name: normalise(item, level + 1) for name, item in content.items()}}
    if kind in {"SS", "NS", "BS"}:
        members = [_number(each) if kind == "NS" else each for each in content]
        if not members:
            raise invalid(f"One or more parameter values were invalid: {_EMPTY[kind]} be empty")
        if len(set(members)) < len(members):
            listed = ", ".join(content)
            raise invalid(
                f"One or more parameter values were invalid: Input collection [{listed}] contains duplicates."
            )
        return {kind: members}
    if kind == "NULL" and not content:
        raise invalid(
            "One or more parameter values were invalid: Null attribute value types must have the value of true"
        )
    return value


def comparison_key(value: Value) -> Any:
    """Return the comparison key of a value: numbers as numbers, sets without order."""
    ((kind, content),) = value.items()
    if kind == "N":
        return Decimal(content)
    if kind == "S":
        return content.encode()
    if kind == "B":
        return base64.b64decode(content)
    return frozenset(content) if kind in {"SS", "NS", "BS"} else content


def equal(one: Value | None, other: Value | None) -> bool:
    """Whether two values are equal; a missing value equals nothing."""
    if one is None or other is None or one.keys() != other.keys():
        return False
    return bool(comparison_key(one) == comparison_key(other))


def add(one: Value, other: Value, sign: int = 1) -> Value:
    """Return the sum of two numbers, or with a `sign` of -1 their difference."""
    if one.keys() != {"N"} or other.keys() != {"N"}:
        raise invalid("An operand in the update expression has an incorrect data type")
    return {"N": _normal(_EXACT.add(Decimal(one["N"]), _EXACT.multiply(Decimal(other["N"]), Decimal(sign))))}


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}")
    return _normal(Decimal(text))


def _normal(number: Decimal) -> str:
    number = _EXACT.normalize(number)
    if len(number.as_tuple().digits) > 38:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    if number and not -130 <= number.adjusted() <= 125:
        raise invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    return f"{number:f}" if number else "0"
