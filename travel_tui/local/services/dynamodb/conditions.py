"""Parsing of condition and projection expressions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from travel_tui.local.services.dynamodb.paths import find, pick
from travel_tui.local.services.dynamodb.tokens import Names, Tokens
from travel_tui.local.services.dynamodb.values import Item, Value, comparison_key, equal, invalid

Condition = Callable[[Item], bool]
Operand = Callable[[Item], Value | None]

_PROJECTION = "ProjectionExpression"
_ORDERED = {"S", "N", "B"}
_COMPARATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def condition(text: str, names: Names, kind: str = "ConditionExpression", keys: Collection[str] = ()) -> Condition:
    """Parse a condition expression into a predicate on items. `keys` are attributes that it may not use."""
    tokens = Tokens(text, kind, names)
    try:
        found = _either(tokens)
    except RecursionError as error:
        raise invalid(f"Invalid {kind}: The expression is nested too deep;") from error
    tokens.end()
    for path in tokens.paths:
        if path[0] in keys:
            raise invalid(
                f"Filter Expression can only contain non-primary key attributes: Primary key attribute: {path[0]}"
            )
    return found


def projected(text: str, names: Names, item: Item) -> Item:
    """Return the part of an item that a projection expression selects."""
    tokens = Tokens(text, _PROJECTION, names)
    paths = [tokens.path()]
    while tokens.take(","):
        paths.append(tokens.path())
    tokens.end()
    return pick(item, paths, _PROJECTION)


def _either(tokens: Tokens) -> Condition:
    found = _both(tokens)
    while tokens.take("or"):
        found = _or(found, _both(tokens))
    return found


def _both(tokens: Tokens) -> Condition:
    found = _negated(tokens)
    while tokens.take("and"):
        found = _and(found, _negated(tokens))
    return found


def _or(one: Condition, other: Condition) -> Condition:
    return lambda item: one(item) or other(item)


def _and(one: Condition, other: Condition) -> Condition:
    return lambda item: one(item) and other(item)


def _negated(tokens: Tokens) -> Condition:
    if tokens.take("not"):
        inner = _negated(tokens)
        return lambda item: not inner(item)
    if tokens.take("("):
        inner = _either(tokens)
        tokens.expect(")")
        return inner
    if tokens.is_call() and tokens.peek() != "size":
        return _call(tokens)
    return _comparison(tokens)


def _call(tokens: Tokens) -> Condition:
    name = tokens.word()
    tokens.expect("(")
    if name in {"attribute_exists", "attribute_not_exists"}:
        path, wanted = tokens.path(), name == "attribute_exists"
        tokens.expect(")")
        return lambda item: (find(item, path) is not None) == wanted
    if name not in _FUNCTIONS:
        raise invalid(f"Invalid {tokens.kind}: Invalid function name; function: {name}")
    function, one = _FUNCTIONS[name], operand(tokens)
    tokens.expect(",")
    other = operand(tokens)
    tokens.expect(")")
    return lambda item: _holds(function, one(item), other(item))


def _holds(function: Callable[[Value, Value], bool], one: Value | None, other: Value | None) -> bool:
    return one is not None and other is not None and function(one, other)


def _begins_with(one: Value, start: Value) -> bool:
    ordered = one.keys() == start.keys() and one.keys() <= {"S", "B"}
    return bool(ordered and comparison_key(one).startswith(comparison_key(start)))


def _contains(one: Value, part: Value) -> bool:
    ((kind, content),) = one.items()
    ((wanted, sought),) = part.items()
    if kind == "L":
        return any(equal(item, part) for item in content)
    return (kind == wanted == "S" or kind == f"{wanted}S") and sought in content


_FUNCTIONS: dict[str, Callable[[Value, Value], bool]] = {
    "attribute_type": lambda one, wanted: next(iter(one)) == wanted.get("S"),
    "begins_with": _begins_with,
    "contains": _contains,
}


def _comparison(tokens: Tokens) -> Condition:
    one = operand(tokens)
    if tokens.take("between"):
        low = operand(tokens)
        tokens.expect("and")
        high = operand(tokens)
        return lambda item: _compare(">=", one(item), low(item)) and _compare("<=", one(item), high(item))
    if tokens.take("in"):
        tokens.expect("(")
        choices = [operand(tokens)]
        while tokens.take(","):
            choices.append(operand(tokens))
        tokens.expect(")")
        return lambda item: any(equal(one(item), choice(item)) for choice in choices)
    comparator = tokens.expect("=", "<>", *_COMPARATORS)
    other = operand(tokens)
    if comparator in {"=", "<>"}:
        return lambda item: equal(one(item), other(item)) == (comparator == "=")
    return lambda item: _compare(comparator, one(item), other(item))


def _compare(comparator: str, one: Value | None, other: Value | None) -> bool:
    if one is None or other is None or one.keys() != other.keys() or not one.keys() <= _ORDERED:
        return False
    return _COMPARATORS[comparator](comparison_key(one), comparison_key(other))


def operand(tokens: Tokens) -> Operand:
    """Parse an operand: a value, a path, or the size of the value at a path."""
    if tokens.peek().startswith(":"):
        value = tokens.names.value(tokens.word(), tokens.kind)
        return lambda _: value
    if tokens.peek() == "size" and tokens.is_call():
        tokens.word()
        tokens.expect("(")
        path = tokens.path()
        tokens.expect(")")
        return lambda item: _size(find(item, path))
    path = tokens.path()
    return lambda item: find(item, path)


def _size(value: Value | None) -> Value | None:
    if value is None or value.keys() & {"N", "BOOL", "NULL"}:
        return None
    ((kind, content),) = value.items()
    return {"N": str(len(comparison_key(value) if kind in {"S", "B"} else content))}
