"""Query: the items of a partition key, in the order of their sort key."""

from __future__ import annotations

import json

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.dynamodb.conditions import condition, projected
from travel_tui.local.services.dynamodb.items import active_table, capacity, key_types, names_of, written
from travel_tui.local.services.dynamodb.tokens import Names, Tokens
from travel_tui.local.services.dynamodb.values import Item, Value, comparison_key, equal, invalid
from travel_tui.local.wire.call import Params

_KIND = "KeyConditionExpression"
_PAGE = 1024 * 1024
"""Maximum bytes of items that one call reads (DynamoDB quotas); here of their JSON, which is a little larger."""
_COMPARATORS = ("=", "<", "<=", ">", ">=")


def query(endpoint: RegionalEndpoint, params: Params) -> Params:
    """Query."""
    table = active_table(endpoint, params)
    keys, names = key_types(table), names_of(params)
    _check_select(params)
    if _KIND not in params:
        raise invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
    chosen = condition(params[_KIND], names, _KIND)
    partition = _partition(params[_KIND], names, keys)
    wanted = None
    if "FilterExpression" in params:
        wanted = condition(params["FilterExpression"], names, "FilterExpression", keys)
    there = [item for item in endpoint.control.items.all(table["TableName"]) if chosen(item)]
    sort_key = list(keys)[1:]
    backwards = not params.get("ScanIndexForward", True)
    there.sort(key=lambda item: [comparison_key(item[name]) for name in sort_key], reverse=backwards)
    if "ExclusiveStartKey" in params:
        start = _start(params["ExclusiveStartKey"], keys, partition)
        there = [item for item in there if _is_after(item, start, sort_key, backwards=backwards)]
    read, more = _page(there, params.get("Limit"))
    found = [item for item in read if wanted is None or wanted(item)]
    if "ProjectionExpression" in params:
        found = [projected(params["ProjectionExpression"], names, item) for item in found]
    names.check_all_used()
    return {
        "Items": None if params.get("Select") == "COUNT" else [written(item) for item in found],
        "Count": len(found),
        "ScannedCount": len(read),
        "LastEvaluatedKey": written({name: read[-1][name] for name in keys}) if more else None,
        **capacity(params, table, 0.5),
    }


def _check_select(params: Params) -> None:
    select, projects = params.get("Select"), "ProjectionExpression" in params
    if select == "ALL_PROJECTED_ATTRIBUTES":
        raise invalid("One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES needs an index to query")
    if select == "SPECIFIC_ATTRIBUTES" and not projects:
        raise invalid(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
        )
    if select in {"ALL_ATTRIBUTES", "COUNT"} and projects:
        what = "get ALL_ATTRIBUTES" if select == "ALL_ATTRIBUTES" else "get only the Count"
        raise invalid(f"Cannot specify the ProjectionExpression when choosing to {what}")


def _partition(text: str, names: Names, keys: dict[str, str]) -> Value:
    """Return the partition key's value. Rejects conditions that are not on the keys of the table."""
    tokens = Tokens(text, _KIND, names)
    clauses = _clauses(tokens)
    tokens.end()
    hash_key = next(iter(keys))
    if len(clauses) > len(set(keys)) or len({name for name, _, _ in clauses}) < len(clauses):
        raise invalid("Query key condition not supported")
    if hash_key not in {name for name, _, _ in clauses}:
        raise invalid(f"Query condition missed key schema element: {hash_key}")
    for name, operator, values in clauses:
        if name not in keys or (name == hash_key and operator != "="):
            raise invalid("Query key condition not supported")
        if any(keys[name] not in value for value in values):
            raise invalid(
                "One or more parameter values were invalid: Condition parameter type does not match schema type"
            )
    return next(values[0] for name, _, values in clauses if name == hash_key)


def _clauses(tokens: Tokens) -> list[tuple[str, str, list[Value]]]:
    """Parse the conditions, each an attribute, an operator and its values."""
    found = _group(tokens)
    while tokens.take("and"):
        found += _group(tokens)
    return found


def _group(tokens: Tokens) -> list[tuple[str, str, list[Value]]]:
    if tokens.take("("):
        found = _clauses(tokens)
        tokens.expect(")")
        return found
    if tokens.is_call():
        if tokens.peek() != "begins_with":
            raise invalid(f"Invalid operator used in {_KIND}: {tokens.peek()}")
        tokens.word()
        tokens.expect("(")
        name = _attribute(tokens)
        tokens.expect(",")
        value = _value(tokens)
        tokens.expect(")")
        return [(name, "begins_with", [value])]
    name = _attribute(tokens)
    if tokens.take("between"):
        low = _value(tokens)
        tokens.expect("and")
        return [(name, "between", [low, _value(tokens)])]
    operator = tokens.take(*_COMPARATORS)
    if operator is None:
        raise invalid(f"Invalid operator used in {_KIND}: {tokens.peek().upper()}")
    return [(name, operator, [_value(tokens)])]


def _attribute(tokens: Tokens) -> str:
    path = tokens.path()
    if len(path) > 1:
        raise invalid(f"Invalid {_KIND}: {_KIND}s cannot have conditions on nested attributes")
    return str(path[0])


def _value(tokens: Tokens) -> Value:
    return tokens.names.value(tokens.word(), _KIND)


def _start(key: Item, keys: dict[str, str], partition: Value) -> Item:
    if key.keys() != keys.keys() or any(kind not in key[name] for name, kind in keys.items()):
        raise invalid("The provided starting key is invalid: The provided key element does not match the schema")
    if not equal(key[next(iter(keys))], partition):
        raise invalid("The provided starting key is outside query boundaries based on provided conditions")
    return key


def _is_after(item: Item, start: Item, sort_key: list[str], *, backwards: bool) -> bool:
    for name in sort_key:
        here, last = comparison_key(item[name]), comparison_key(start[name])
        return bool(here < last if backwards else here > last)
    return False  # the partition has one item, and that is the one it starts after


def _page(items: list[Item], limit: int | None) -> tuple[list[Item], bool]:
    """Return the items that one call reads, and whether another has to go on, as it has to once `limit` is reached."""
    read: list[Item] = []
    size = 0
    for item in items:
        read.append(item)
        size += len(json.dumps(item))
        if len(read) == limit:
            return read, True
        if size > _PAGE:
            return read, len(read) < len(items)
    return read, False
