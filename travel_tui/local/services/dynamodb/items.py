"""Operations on items: put, get, update and delete by key."""

from __future__ import annotations

import json
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.dynamodb.conditions import condition, projected
from travel_tui.local.services.dynamodb.tables import table_of
from travel_tui.local.services.dynamodb.tokens import Names
from travel_tui.local.services.dynamodb.updates import Update, update
from travel_tui.local.services.dynamodb.values import Item, Value, invalid, normalise
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.jsonvalue import decode, encode
from travel_tui.local.wire.models import shape_named

_LARGEST = 400 * 1024
"""Maximum bytes of an item (DynamoDB quotas); here of its JSON, which is a little larger."""


def normalised(params: Params) -> Params:
    """Return the input with its attribute values in stored form. Rejects an item that is too large."""
    given: Params = {
        name: _read(params[name])
        for name in ("Item", "Key", "ExclusiveStartKey", "ExpressionAttributeValues")
        if name in params
    }
    if "Item" in given:
        _check_size(given["Item"])
    return {**params, **given}


def put_item(endpoint: RegionalEndpoint, params: Params) -> Params:
    """PutItem."""
    table = active_table(endpoint, params)
    if params.get("ReturnValues", "NONE") not in {"NONE", "ALL_OLD"}:
        raise invalid("Return values set to invalid value")
    item: Item = params["Item"]
    for name, kind in key_types(table).items():
        if name not in item:
            raise invalid(f"One or more parameter values were invalid: Missing the key {name} in the item")
        _check_key(name, kind, item[name])
    key = _key_text(table, item)
    old, names = endpoint.control.items.get(table["TableName"], key), names_of(params)
    _check_condition(params, names, old)
    endpoint.control.items.put(table["TableName"], key, item)
    return _answer(params, table, old if params.get("ReturnValues") == "ALL_OLD" else None)


def get_item(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetItem: every read is consistent."""
    table = active_table(endpoint, params)
    item, names = endpoint.control.items.get(table["TableName"], _asked_key(table, params)), names_of(params)
    if "ProjectionExpression" in params:
        found = projected(params["ProjectionExpression"], names, item or {})
        item = found if item is not None else None
    names.check_all_used()
    return {"Item": written(item) if item is not None else None, **capacity(params, table, 0.5)}


def update_item(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateItem: creates the item if it does not exist."""
    table = active_table(endpoint, params)
    key, name = _asked_key(table, params), table["TableName"]
    old, names = endpoint.control.items.get(name, key), names_of(params)
    changes = update(params["UpdateExpression"], names) if "UpdateExpression" in params else Update()
    for path in changes.paths:
        if path[0] in key_types(table):
            raise invalid(
                f"One or more parameter values were invalid: Cannot update attribute {path[0]}. This attribute is part "
                "of the key"
            )
    _check_condition(params, names, old)
    before = old if old is not None else params["Key"]
    new = changes.of(before)
    _check_size(new)
    for value in new.values():
        normalise(value)  # what is set at a path can nest too deep
    endpoint.control.items.put(name, key, new)
    touched = {str(path[0]) for path in changes.paths}
    returned = {
        "NONE": None,
        "ALL_OLD": old,
        "ALL_NEW": new,
        "UPDATED_OLD": _some(old, touched),
        "UPDATED_NEW": _some(new, touched),
    }[params.get("ReturnValues", "NONE")]
    return _answer(params, table, returned)


def delete_item(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteItem: a missing item is not an error."""
    table = active_table(endpoint, params)
    if params.get("ReturnValues", "NONE") not in {"NONE", "ALL_OLD"}:
        raise invalid("Return values set to invalid value")
    key, name = _asked_key(table, params), table["TableName"]
    old, names = endpoint.control.items.get(name, key), names_of(params)
    _check_condition(params, names, old)
    endpoint.control.items.delete(name, key)
    return _answer(params, table, old if params.get("ReturnValues") == "ALL_OLD" else None)


def active_table(endpoint: RegionalEndpoint, params: Params) -> Document:
    """Return the table in the input, which must be in use. Raises ResourceNotFoundException."""
    try:
        table = table_of(endpoint, params)
    except ServiceError as error:
        if error.code != "ResourceNotFoundException":
            raise
        raise ServiceError(error.code, "Requested resource not found") from None
    if table["TableStatus"] not in {"ACTIVE", "UPDATING"}:
        raise ServiceError("ResourceNotFoundException", "Requested resource not found")
    return table


def names_of(params: Params) -> Names:
    """Return the placeholders of the input."""
    return Names(params.get("ExpressionAttributeNames"), params.get("ExpressionAttributeValues"))


def _check_condition(params: Params, names: Names, item: Item | None) -> None:
    """Check the condition, if any, against the current item, and reject unused placeholders."""
    text = params.get("ConditionExpression")
    wanted = condition(text, names) if text is not None else None
    names.check_all_used()
    if wanted and not wanted(item or {}):
        raise ServiceError("ConditionalCheckFailedException", "The conditional request failed")


def key_types(table: Document) -> dict[str, str]:
    """Return the key attributes and their types, partition key first."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    return {key["AttributeName"]: types[key["AttributeName"]] for key in table["KeySchema"]}


def _asked_key(table: Document, params: Params) -> str:
    key: Item = params["Key"]
    keys = key_types(table)
    if key.keys() != keys.keys() or any(kind not in key[name] for name, kind in keys.items()):
        raise invalid("The provided key element does not match the schema")
    for name, kind in keys.items():
        _check_key(name, kind, key[name])
    return _key_text(table, key)


def _check_key(name: str, kind: str, value: Value) -> None:
    if kind not in value:
        raise invalid(
            f"One or more parameter values were invalid: Type mismatch for key {name} expected: {kind} actual: "
            f"{next(iter(value))}"
        )
    if not value[kind]:
        raise invalid(
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            f"empty {'string' if kind == 'S' else 'binary'} value. Key: {name}"
        )


def _key_text(table: Document, item: Item) -> str:
    return json.dumps([item[name] for name in key_types(table)])


def _check_size(item: Item) -> None:
    if len(json.dumps(item, ensure_ascii=False).encode()) > _LARGEST:
        raise invalid("Item size has exceeded the maximum allowed size")


def _some(item: Item | None, names: set[str]) -> Item | None:
    return {name: value for name, value in (item or {}).items() if name in names} or None


def _answer(params: Params, table: Document, attributes: Item | None) -> Params:
    shown = {"Attributes": written(attributes)} if attributes is not None else {}
    return {**shown, **capacity(params, table, 1.0)}


def capacity(params: Params, table: Document, units: float) -> dict[str, Any]:
    """Return the consumed capacity, if the input asks for it."""
    if params.get("ReturnConsumedCapacity", "NONE") == "NONE":
        return {}
    return {"ConsumedCapacity": {"TableName": table["TableName"], "CapacityUnits": units}}


def _read(attributes: dict[str, Any]) -> Item:
    """Convert input attributes to stored form: as on the wire, with bytes as base64."""
    shape = shape_named("dynamodb", "AttributeValue")
    return {name: normalise(encode(shape, value)) for name, value in attributes.items()}


def written(item: Item) -> dict[str, Any]:
    """Convert an item to output."""
    shape = shape_named("dynamodb", "AttributeValue")
    return {name: decode(shape, value) for name, value in item.items()}
