"""DynamoDB tables: their life, their time to live, their tags."""

from __future__ import annotations

import re
from typing import Any

from travel_tui.local.control.dynamodb.values import invalid
from travel_tui.local.control.table import shown
from travel_tui.local.control.tags import merged, without
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.settings import ACCOUNT
from travel_tui.local.state.moments import to_text
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_KIND = "table"
_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
_PAGE = 100
_NOT_HERE = (
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "VectorIndexes",
    "StreamSpecification",
    "GlobalSecondaryIndexUpdates",
    "VectorIndexUpdates",
    "ReplicaUpdates",
)


def create_table(endpoint: Endpoint, params: Params) -> Params:
    """CreateTable, of one key and without indexes."""
    name = _name(params["TableName"])
    _refuse_what_is_not_here(params)
    keys, defined = params.get("KeySchema", []), params.get("AttributeDefinitions", [])
    _check_keys(keys, defined)
    if endpoint.control.resources.get(_KIND, name):
        raise ServiceError("ResourceInUseException", f"Table already exists: {name}")
    table: Document = {
        "TableName": name,
        "TableStatus": "CREATING",
        "TableArn": f"arn:aws:dynamodb:{endpoint.settings.region}:{ACCOUNT}:table/{name}",
        "TableId": endpoint.ids.uuid(),
        "CreationDateTime": to_text(endpoint.clock.now()),
        "KeySchema": keys,
        "AttributeDefinitions": defined,
        "DeletionProtectionEnabled": params.get("DeletionProtectionEnabled", False),
        "tags": merged([], params.get("Tags", [])),
        "ttl": {"TimeToLiveStatus": "DISABLED"},
        **_billing(params, params.get("BillingMode", "PROVISIONED")),
        **({"TableClassSummary": {"TableClass": params["TableClass"]}} if "TableClass" in params else {}),
    }
    endpoint.control.resources.put(_KIND, name, table)
    _later(endpoint, "table_active", endpoint.settings.durations.table_creating, table)
    return {"TableDescription": _shown(endpoint, table)}


def describe_table(endpoint: Endpoint, params: Params) -> Params:
    """DescribeTable."""
    return {"Table": _shown(endpoint, table_of(endpoint, params))}


def list_tables(endpoint: Endpoint, params: Params) -> Params:
    """ListTables."""
    after, size = params.get("ExclusiveStartTableName", ""), params.get("Limit", _PAGE)
    names = [table["TableName"] for table in endpoint.control.resources.all(_KIND) if table["TableName"] > after]
    return {"TableNames": names[:size], "LastEvaluatedTableName": names[size - 1] if len(names) > size else None}


def update_table(endpoint: Endpoint, params: Params) -> Params:
    """UpdateTable: billing, class and protection."""
    table = table_of(endpoint, params)
    _refuse_what_is_not_here(params)
    _check_active(table)
    if "DeletionProtectionEnabled" in params:
        table["DeletionProtectionEnabled"] = params["DeletionProtectionEnabled"]
    if "TableClass" in params:
        table["TableClassSummary"] = {"TableClass": params["TableClass"]}
    if "BillingMode" in params or "ProvisionedThroughput" in params:
        table.pop("BillingModeSummary", None)
        table |= _billing(params, params.get("BillingMode", "PROVISIONED"))
    table["TableStatus"] = "UPDATING"
    endpoint.control.resources.put(_KIND, table["TableName"], table)
    _later(endpoint, "table_active", endpoint.settings.durations.table_updating, table)
    return {"TableDescription": _shown(endpoint, table)}


def delete_table(endpoint: Endpoint, params: Params) -> Params:
    """DeleteTable, with its items."""
    table = table_of(endpoint, params)
    _check_active(table)
    if table["DeletionProtectionEnabled"]:
        raise invalid(
            f"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            f"first: {table['TableName']}"
        )
    table["TableStatus"] = "DELETING"
    endpoint.control.resources.put(_KIND, table["TableName"], table)
    _later(endpoint, "table_deleted", endpoint.settings.durations.table_deleting, table)
    return {"TableDescription": _shown(endpoint, table)}


def table_active(endpoint: Endpoint, name: str, table_id: str) -> None:
    """The step that ends CREATING and UPDATING."""
    table = endpoint.control.resources.get(_KIND, name)
    if table and table["TableId"] == table_id and table["TableStatus"] != "DELETING":
        endpoint.control.resources.put(_KIND, name, table | {"TableStatus": "ACTIVE"})


def table_deleted(endpoint: Endpoint, name: str, _table_id: str) -> None:
    """The step that ends DELETING."""
    endpoint.control.resources.delete(_KIND, name)
    endpoint.control.items.clear(name)


def update_time_to_live(endpoint: Endpoint, params: Params) -> Params:
    """UpdateTimeToLive: kept and shown. Nothing is deleted for it; AWS takes days over that."""
    table = table_of(endpoint, params)
    _check_active(table)
    wanted, before = params["TimeToLiveSpecification"], table["ttl"]
    if before["TimeToLiveStatus"] in {"ENABLING", "DISABLING"}:
        raise invalid("Time to live has been modified multiple times within a fixed interval")
    if wanted["Enabled"] == (before["TimeToLiveStatus"] == "ENABLED"):
        raise invalid(f"TimeToLive is already {'enabled' if wanted['Enabled'] else 'disabled'}")
    if not wanted["Enabled"] and before.get("AttributeName") != wanted["AttributeName"]:
        raise invalid(f"TimeToLive is active on a different AttributeName: current is {before.get('AttributeName')}")
    status = "ENABLING" if wanted["Enabled"] else "DISABLING"
    table["ttl"] = {"TimeToLiveStatus": status, "AttributeName": wanted["AttributeName"]}
    endpoint.control.resources.put(_KIND, table["TableName"], table)
    _later(endpoint, "time_to_live_changed", endpoint.settings.durations.time_to_live_changing, table)
    return {"TimeToLiveSpecification": wanted}


def describe_time_to_live(endpoint: Endpoint, params: Params) -> Params:
    """DescribeTimeToLive."""
    return {"TimeToLiveDescription": table_of(endpoint, params)["ttl"]}


def time_to_live_changed(endpoint: Endpoint, name: str, table_id: str) -> None:
    """The step that ends ENABLING and DISABLING."""
    table = endpoint.control.resources.get(_KIND, name)
    if table and table["TableId"] == table_id:
        ttl = table["ttl"]
        on = {"TimeToLiveStatus": "ENABLED", "AttributeName": ttl.get("AttributeName")}
        table["ttl"] = on if ttl["TimeToLiveStatus"] == "ENABLING" else {"TimeToLiveStatus": "DISABLED"}
        endpoint.control.resources.put(_KIND, name, table)


def list_tags_of_resource(endpoint: Endpoint, params: Params) -> Params:
    """ListTagsOfResource: all at once; a table has at most 50."""
    return {"Tags": table_of(endpoint, {"TableName": params["ResourceArn"]})["tags"]}


def tag_resource(endpoint: Endpoint, params: Params) -> None:
    """TagResource."""
    table = table_of(endpoint, {"TableName": params["ResourceArn"]})
    tags = merged(table["tags"], params["Tags"])
    endpoint.control.resources.put(_KIND, table["TableName"], table | {"tags": tags})


def untag_resource(endpoint: Endpoint, params: Params) -> None:
    """UntagResource."""
    table = table_of(endpoint, {"TableName": params["ResourceArn"]})
    tags = without(table["tags"], params["TagKeys"])
    endpoint.control.resources.put(_KIND, table["TableName"], table | {"tags": tags})


def table_of(endpoint: Endpoint, params: Params) -> Document:
    """The table that an operation is about, by its name or ARN."""
    name = _name(params["TableName"])
    table = endpoint.control.resources.get(_KIND, name)
    if table is None:
        raise ServiceError("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")
    return table


def _name(name_or_arn: str) -> str:
    name = name_or_arn.rpartition(":table/")[2]
    if not _NAME.fullmatch(name):
        raise invalid(
            f"Invalid table name {name!r}: it must be 3 to 255 characters long, of a-z, A-Z, 0-9, '_', '-' and '.'"
        )
    return name


def _later(endpoint: Endpoint, step: str, seconds: float, table: Document) -> None:
    endpoint.control.lifecycle.after(seconds, "dynamodb", step, table["TableName"], table["TableId"])


def _check_active(table: Document) -> None:
    if table["TableStatus"] != "ACTIVE":
        being = {"CREATING": "created", "UPDATING": "updated", "DELETING": "deleted"}[table["TableStatus"]]
        raise ServiceError(
            "ResourceInUseException",
            f"Attempt to change a resource which is still in use: Table is being {being}: {table['TableName']}",
        )


def _refuse_what_is_not_here(params: Params) -> None:
    for name in _NOT_HERE:
        if params.get(name):
            raise invalid(f"The local endpoint's tables have no {name}: they are read and written by their key alone.")


def _check_keys(keys: list[dict[str, str]], defined: list[dict[str, str]]) -> None:
    if [key["KeyType"] for key in keys] not in (["HASH"], ["HASH", "RANGE"]):
        raise invalid(
            "One or more parameter values were invalid: KeySchema must have one HASH key, and behind it at most one "
            "RANGE key"
        )
    names, known = {key["AttributeName"] for key in keys}, {each["AttributeName"] for each in defined}
    if not names <= known:
        raise invalid(
            "One or more parameter values were invalid: Some index key attributes are not defined in "
            f"AttributeDefinitions. Keys: [{', '.join(sorted(names))}], AttributeDefinitions: "
            f"[{', '.join(sorted(known))}]"
        )
    if names != known or len(names) < len(keys):
        raise invalid(
            "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match "
            "number of attributes defined in AttributeDefinitions"
        )


def _billing(params: Params, mode: str) -> dict[str, Any]:
    if mode == "PAY_PER_REQUEST":
        throughput = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
        return {"BillingModeSummary": {"BillingMode": mode}, "ProvisionedThroughput": throughput}
    if "ProvisionedThroughput" not in params:
        raise invalid(
            "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be "
            "specified when BillingMode is PROVISIONED"
        )
    return {"ProvisionedThroughput": params["ProvisionedThroughput"]}


def _shown(endpoint: Endpoint, table: Document) -> dict[str, Any]:
    number, size = endpoint.control.items.size(table["TableName"])
    return shown("dynamodb", "TableDescription", table | {"ItemCount": number, "TableSizeBytes": size})
