"""Items: put, got, updated and deleted by their key."""

from __future__ import annotations

import json
from typing import Any

from travel_tui.local.control.dynamodb.conditions import condition, projected
from travel_tui.local.control.dynamodb.tables import table_of
from travel_tui.local.control.dynamodb.tokens import Names
from travel_tui.local.control.dynamodb.updates import Update, update
from travel_tui.local.control.dynamodb.values import Item, Value, invalid, normal
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.jsonvalue import decode, encode
from travel_tui.local.wire.models import service_model

_LARGEST = 400 * 1024
"""Bytes of an item (DynamoDB quotas); here of its JSON, which is a little more."""
_LEGACY = ("Expected", "ConditionalOperator", "AttributeUpdates", "AttributesToGet")


def put_item(endpoint: Endpoint, params: Params) -> Params:
    """PutItem."""
    table = _table(endpoint, params)
    if params.get("ReturnValues", "NONE") not in {"NONE", "ALL_OLD"}:
        raise invalid("Return values set to invalid value")
    item = {name: normal(value) for name, value in _read(params["Item"]).items()}
    for name, kind in _keys(table).items():
        if name not in item:
            raise invalid(f"One or more parameter values were invalid: Missing the key {name} in the item")
        _check_key(name, kind, item[name])
    _check_size(item)
    key = _key_text(table, item)
    old, names = endpoint.control.items.get(table["TableName"], key), _names(params)
    _check_condition(params, names, old)
    endpoint.control.items.put(table["TableName"], key, item)
    return _answer(params, table, old if params.get("ReturnValues") == "ALL_OLD" else None)


def get_item(endpoint: Endpoint, params: Params) -> Params:
    """GetItem; every read is consistent."""
    table = _table(endpoint, params)
    item, names = endpoint.control.items.get(table["TableName"], _asked_key(table, params)), _names(params)
    if "ProjectionExpression" in params:
        found = projected(params["ProjectionExpression"], names, item or {})
        item = found if item is not None else None
    names.check_all_used()
    return {"Item": _write(item) if item is not None else None, **_capacity(params, table, 0.5)}


def update_item(endpoint: Endpoint, params: Params) -> Params:
    """UpdateItem; one that is not there is made."""
    table = _table(endpoint, params)
    key, name = _asked_key(table, params), table["TableName"]
    old, names = endpoint.control.items.get(name, key), _names(params)
    changes = update(params["UpdateExpression"], names) if "UpdateExpression" in params else Update()
    for path in changes.paths:
        if path[0] in _keys(table):
            raise invalid(
                f"One or more parameter values were invalid: Cannot update attribute {path[0]}. This attribute is part "
                "of the key"
            )
    _check_condition(params, names, old)
    before = old if old is not None else {n: normal(v) for n, v in _read(params["Key"]).items()}
    new = changes.of(before)
    _check_size(new)
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


def delete_item(endpoint: Endpoint, params: Params) -> Params:
    """DeleteItem; one that is not there is no error."""
    table = _table(endpoint, params)
    if params.get("ReturnValues", "NONE") not in {"NONE", "ALL_OLD"}:
        raise invalid("Return values set to invalid value")
    key, name = _asked_key(table, params), table["TableName"]
    old, names = endpoint.control.items.get(name, key), _names(params)
    _check_condition(params, names, old)
    endpoint.control.items.delete(name, key)
    return _answer(params, table, old if params.get("ReturnValues") == "ALL_OLD" else None)


def _table(endpoint: Endpoint, params: Params) -> Document:
    for name in _LEGACY:
        if name in params:
            raise invalid(f"The local endpoint takes expressions alone, not the older parameter {name}.")
    try:
        table = table_of(endpoint, params)
    except ServiceError as error:
        if error.code != "ResourceNotFoundException":
            raise
        raise ServiceError(error.code, "Requested resource not found") from None
    if table["TableStatus"] not in {"ACTIVE", "UPDATING"}:
        raise ServiceError("ResourceNotFoundException", "Requested resource not found")
    return table


def _names(params: Params) -> Names:
    values = params.get("ExpressionAttributeValues")
    return Names(params.get("ExpressionAttributeNames"), _read(values) if values else None)


def _check_condition(params: Params, names: Names, item: Item | None) -> None:
    """Hold the condition, where there is one, against the item as it is; then nothing may be left over."""
    text = params.get("ConditionExpression")
    wanted = condition(text, names) if text is not None else None
    names.check_all_used()
    if wanted and not wanted(item or {}):
        raise ServiceError("ConditionalCheckFailedException", "The conditional request failed")


def _keys(table: Document) -> dict[str, str]:
    """The key attributes and their types, partition key first."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    return {key["AttributeName"]: types[key["AttributeName"]] for key in table["KeySchema"]}


def _asked_key(table: Document, params: Params) -> str:
    key = {name: normal(value) for name, value in _read(params["Key"]).items()}
    keys = _keys(table)
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
    return json.dumps([item[name] for name in _keys(table)])


def _check_size(item: Item) -> None:
    if len(json.dumps(item, ensure_ascii=False).encode()) > _LARGEST:
        raise invalid("Item size has exceeded the maximum allowed size")


def _some(item: Item | None, names: set[str]) -> Item | None:
    return {name: value for name, value in (item or {}).items() if name in names} or None


def _answer(params: Params, table: Document, attributes: Item | None) -> Params:
    shown = {"Attributes": _write(attributes)} if attributes is not None else {}
    return {**shown, **_capacity(params, table, 1.0)}


def _capacity(params: Params, table: Document, units: float) -> dict[str, Any]:
    if params.get("ReturnConsumedCapacity", "NONE") == "NONE":
        return {}
    return {"ConsumedCapacity": {"TableName": table["TableName"], "CapacityUnits": units}}


def _read(attributes: dict[str, Any]) -> Item:
    """Attributes of an input as the wire has them, bytes as base64."""
    return {name: encode(service_model("dynamodb").shape_for("AttributeValue"), v) for name, v in attributes.items()}


def _write(item: Item) -> dict[str, Any]:
    return {name: decode(service_model("dynamodb").shape_for("AttributeValue"), v) for name, v in item.items()}
