"""Update expressions: SET, REMOVE, ADD and DELETE."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from travel_tui.local.control.dynamodb.conditions import Operand, operand
from travel_tui.local.control.dynamodb.paths import Path, check_apart, find, put, remove
from travel_tui.local.control.dynamodb.tokens import Names, Tokens
from travel_tui.local.control.dynamodb.values import Item, Value, added, invalid

Change = Callable[[Item, Item], None]
"""Changes the second item by what stands in the first."""

_KIND = "UpdateExpression"


@dataclass(slots=True)
class Update:
    """What an update expression changes."""

    paths: list[Path] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def of(self, item: Item) -> Item:
        """The item as it is afterwards. All that is read is read from the item as it was."""
        updated = copy.deepcopy(item)
        for change in self.changes:
            change(item, updated)
        return updated


def update(text: str, names: Names) -> Update:
    """What an update expression changes."""
    tokens, found = Tokens(text, _KIND, names), Update()
    clauses = {"set": _set, "remove": _remove, "add": _add, "delete": _delete}
    while tokens.peek():
        name = tokens.need(*clauses)
        clause = clauses.pop(name)
        clause(tokens, found)
        while tokens.take(","):
            clause(tokens, found)
    check_apart(found.paths)
    return found


def _set(tokens: Tokens, found: Update) -> None:
    path = tokens.path()
    tokens.need("=")
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
    path, value = tokens.path(), tokens.names.value(tokens.word(), _KIND)
    found.paths.append(path)

    def change(old: Item, new: Item) -> None:
        before = find(old, path)
        ((kind, content),) = value.items()
        if kind == "N":
            put(new, path, added(before or {"N": "0"}, value))
        elif kind in {"SS", "NS", "BS"} and (before is None or kind in before):
            put(new, path, {kind: list(dict.fromkeys([*(before or {kind: []})[kind], *content]))})
        else:
            raise invalid("An operand in the update expression has an incorrect data type")

    found.changes.append(change)


def _delete(tokens: Tokens, found: Update) -> None:
    path, value = tokens.path(), tokens.names.value(tokens.word(), _KIND)
    found.paths.append(path)

    def change(old: Item, new: Item) -> None:
        before = find(old, path)
        ((kind, content),) = value.items()
        if before is None:
            return
        if kind not in {"SS", "NS", "BS"} or kind not in before:
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
    tokens.need("(")
    if name == "if_not_exists":
        path = tokens.path()
        tokens.need(",")
        other = _value(tokens)
        tokens.need(")")
        return lambda item: find(item, path) or other(item)
    if name == "list_append":
        one = _value(tokens)
        tokens.need(",")
        more = _value(tokens)
        tokens.need(")")
        return lambda item: _appended(_known(one(item)), _known(more(item)))
    raise invalid(f"Invalid {_KIND}: Invalid function name; function: {name}")


def _sum(one: Operand, other: Operand, sign: int) -> Operand:
    return lambda item: added(_known(one(item)), _known(other(item)), sign)


def _appended(one: Value, more: Value) -> Value:
    if "L" not in one or "L" not in more:
        raise invalid("An operand in the update expression has an incorrect data type")
    return {"L": [*one["L"], *more["L"]]}


def _known(value: Value | None) -> Value:
    if value is None:
        raise invalid("The provided expression refers to an attribute that does not exist in the item")
    return value
