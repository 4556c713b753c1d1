"""Update expressions: SET, REMOVE, ADD and DELETE."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from travel_tui.local.services.dynamodb.conditions import Operand, operand
from travel_tui.local.services.dynamodb.paths import Path, check_apart, find, put, remove
from travel_tui.local.services.dynamodb.tokens import Names, Tokens
from travel_tui.local.services.dynamodb.values import TYPES, Item, Value, add, invalid

Change = Callable[[Item, Item], None]
"""Changes the second item, based on the values in the first."""

_KIND = "UpdateExpression"
_SETS = ("SS", "NS", "BS")


@dataclass(slots=True)
class Update:
    """A parsed update expression."""

    paths: list[Path] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def of(self, item: Item) -> Item:
        """Return the updated item. All values are read from the item before the update."""
        updated: Item = json.loads(json.dumps(item))  # a copy; deepcopy takes ten times as long
        for change in self.changes:
            change(item, updated)
        return updated


def update(text: str, names: Names) -> Update:
    """Parse an update expression."""
    tokens, found = Tokens(text, _KIND, names), Update()
    clauses = {"set": _set, "remove": _remove, "add": _add, "delete": _delete}
    while tokens.peek():
        name = tokens.expect(*clauses)
        clause = clauses.pop(name)
        clause(tokens, found)
        while tokens.take(","):
            clause(tokens, found)
    check_apart(found.paths, _KIND)
    return found


def _set(tokens: Tokens, found: Update) -> None:
    path = tokens.path()
    tokens.expect("=")
    value = _value(tokens)
    if sign := tokens.take("+", "-"):
        value = _sum(value, _value(tokens), -1 if sign == "-" else 1)
    found.paths.append(path)
    found.changes.append(lambda old, new: put(new, path, _known(value(old))))


def _remove(tokens: Tokens, found: Update) -> None:
    path = tokens.path()
    found.paths.append(path)
    found.changes.append(lambda _, new: remove(new, path))


def _add(tokens: Tokens, found: Update) -> None:
    path, value = tokens.path(), _operand(tokens, "ADD", "N", *_SETS)
    found.paths.append(path)

    def change(old: Item, new: Item) -> None:
        before = find(old, path)
        ((kind, content),) = value.items()
        if kind == "N":
            put(new, path, add(before or {"N": "0"}, value))
        elif before is None or kind in before:
            put(new, path, {kind: list(dict.fromkeys([*(before or {kind: []})[kind], *content]))})
        else:
            raise invalid("An operand in the update expression has an incorrect data type")

    found.changes.append(change)


def _operand(tokens: Tokens, operator: str, *kinds: str) -> Value:
    """Return the value that ADD or DELETE names, which must be of one of the types."""
    value = tokens.names.value(tokens.word(), _KIND)
    (kind,) = value
    if kind not in kinds:
        raise invalid(
            f"Invalid {_KIND}: Incorrect operand type for operator or function; operator: {operator}, operand type: "
            f"{TYPES[kind]}"
        )
    return value


def _delete(tokens: Tokens, found: Update) -> None:
    path, value = tokens.path(), _operand(tokens, "DELETE", *_SETS)
    found.paths.append(path)

    def change(old: Item, new: Item) -> None:
        before = find(old, path)
        ((kind, content),) = value.items()
        if before is None:
            return
        if kind not in before:
            raise invalid("An operand in the update expression has an incorrect data type")
        left = [member for member in before[kind] if member not in content]
        if left:
            put(new, path, {kind: left})
        else:
            remove(new, path)

    found.changes.append(change)


def _value(tokens: Tokens) -> Operand:
    if not tokens.is_call():
        return operand(tokens)
    name = tokens.word()
    tokens.expect("(")
    if name == "if_not_exists":
        path = tokens.path()
        tokens.expect(",")
        other = _value(tokens)
        tokens.expect(")")
        return lambda item: find(item, path) or other(item)
    if name == "list_append":
        one = _value(tokens)
        tokens.expect(",")
        more = _value(tokens)
        tokens.expect(")")
        return lambda item: _appended(_known(one(item)), _known(more(item)))
    raise invalid(f"Invalid {_KIND}: Invalid function name; function: {name}")


def _sum(one: Operand, other: Operand, sign: int) -> Operand:
    return lambda item: add(_known(one(item)), _known(other(item)), sign)


def _appended(one: Value, more: Value) -> Value:
    if "L" not in one or "L" not in more:
        raise invalid("An operand in the update expression has an incorrect data type")
    return {"L": [*one["L"], *more["L"]]}


def _known(value: Value | None) -> Value:
    if value is None:
        raise invalid("The provided expression refers to an attribute that does not exist in the item")
    return value
