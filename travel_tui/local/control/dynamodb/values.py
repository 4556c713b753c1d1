"""Attribute values as the wire has them: one type and what is of it, such as {"S": "Boston"} or {"N": "4"}."""

from __future__ import annotations

import base64
from decimal import Decimal, InvalidOperation
from typing import Any

from travel_tui.local.wire.errors import ServiceError

Value = dict[str, Any]
Item = dict[str, Value]


def invalid(message: str) -> ServiceError:
    """The error of input that cannot be."""
    return ServiceError("ValidationException", message)


def normal(value: Value) -> Value:
    """A value in the one form in which it is kept; raises ValidationException where it is none."""
    if len(value) != 1:
        what = "has more than one datatypes set" if value else "is empty"
        raise invalid(f"Supplied AttributeValue {what}, must contain exactly one of the supported datatypes")
    ((kind, content),) = value.items()
    if kind == "N":
        return {kind: _number(content)}
    if kind == "L":
        return {kind: [normal(item) for item in content]}
    if kind == "M":
        return {kind: {name: normal(item) for name, item in content.items()}}
    if kind in {"SS", "NS", "BS"}:
        members = [_number(each) if kind == "NS" else each for each in content]
        if not members:
            raise invalid("One or more parameter values were invalid: An string set  may not be empty")
        if len(set(members)) < len(members):
            raise invalid(f"One or more parameter values were invalid: Input collection {content} contains duplicates.")
        return {kind: members}
    return value


def comparable(value: Value) -> Any:
    """What a value is compared by: numbers as numbers, sets without order."""
    ((kind, content),) = value.items()
    if kind == "N":
        return Decimal(content)
    if kind == "S":
        return content.encode()
    if kind == "B":
        return base64.b64decode(content)
    return frozenset(content) if kind in {"SS", "NS", "BS"} else content


def same(one: Value | None, other: Value | None) -> bool:
    """Whether two values are equal; one that is missing equals nothing."""
    if one is None or other is None or one.keys() != other.keys():
        return False
    return bool(comparable(one) == comparable(other))


def added(one: Value, other: Value, sign: int = 1) -> Value:
    """The sum of two numbers, or their difference."""
    if one.keys() != {"N"} or other.keys() != {"N"}:
        raise invalid("An operand in the update expression has an incorrect data type")
    return {"N": _number(str(Decimal(one["N"]) + sign * Decimal(other["N"])))}


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}")
    if len(number.as_tuple().digits) > 38:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    if number and not -130 <= number.adjusted() <= 125:
        raise invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    return f"{number.normalize():f}" if number else "0"
