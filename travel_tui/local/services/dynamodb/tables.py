"""Operations on DynamoDB tables, their time to live and their tags."""

from __future__ import annotations

import re
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.dynamodb.values import invalid
from travel_tui.local.services.operation_table import to_output
from travel_tui.local.services.tags import merged, without
from travel_tui.local.state.resources import Document
from travel_tui.local.state.scope import scope_of_arn
from travel_tui.local.state.timestamps import to_text
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_KIND = "table"
_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
_PAGE = 100


def create_table(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateTable: with one key and without indexes."""
    name = _name(params["TableName"])
    keys, defined = params.get("KeySchema", []), params.get("AttributeDefinitions", [])
    _check_keys(keys, defined)
    if endpoint.control.resources.get(_KIND, name):
        raise ServiceError("ResourceInUseException", f"Table already exists: {name}")
    table: Document = {
        "TableName": name,
        "TableStatus": "CREATING",
        "TableArn": endpoint.scope.arn("dynamodb", f"table/{name}"),
        "TableId": endpoint.ids.uuid(),
        "CreationDateTime": to_text(endpoint.clock.now()),
        "KeySchema": keys,
        "AttributeDefinitions": defined,
        "DeletionProtectionEnabled": params.get("DeletionProtectionEnabled", False),
        "tags": merged([], params.get("Tags", [])),
        "ttl": {"TimeToLiveStatus": "DISABLED"},
        **_billing(params, params.get("BillingMode", "PROVISIONED")),
        **_encryption(params),
        **({"TableClassSummary": {"TableClass": params["TableClass"]}} if "TableClass" in params else {}),
    }
    endpoint.control.resources.put(_KIND, name, table)
    _later(endpoint, "table_active", endpoint.settings.durations.table.creating, table)
    return {"TableDescription": _shown(endpoint, table)}


def describe_table(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DescribeTable."""
    return {"Table": _shown(endpoint, table_of(endpoint, params))}


def list_tables(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListTables."""
    after, size = params.get("ExclusiveStartTableName", ""), params.get("Limit", _PAGE)
    names = [table["TableName"] for table in endpoint.control.resources.all(_KIND) if table["TableName"] > after]
    return {"TableNames": names[:size], "LastEvaluatedTableName": names[size - 1] if len(names) > size else None}


def update_table(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateTable: billing mode, table class and deletion protection."""
    table = table_of(endpoint, params)
    _check_active(table)
    if "DeletionProtectionEnabled" in params:
        table["DeletionProtectionEnabled"] = params["DeletionProtectionEnabled"]
    if "TableClass" in params:
        table["TableClassSummary"] = {"TableClass": params["TableClass"]}
    if "BillingMode" in params or "ProvisionedThroughput" in params:
        table.pop("BillingModeSummary", None)
        table |= _billing(params, params.get("BillingMode", "PROVISIONED"))
    table |= _encryption(params)
    table["TableStatus"] = "UPDATING"
    endpoint.control.resources.put(_KIND, table["TableName"], table)
    _later(endpoint, "table_active", endpoint.settings.durations.table.updating, table)
    return {"TableDescription": _shown(endpoint, table)}


def delete_table(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteTable: also deletes its items."""
    table = table_of(endpoint, params)
    _check_active(table)
    if table["DeletionProtectionEnabled"]:
        raise invalid(
            f"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            f"first: {table['TableName']}"
        )
    table["TableStatus"] = "DELETING"
    endpoint.control.resources.put(_KIND, table["TableName"], table)
    _later(endpoint, "table_deleted", endpoint.settings.durations.table.deleting, table)
    return {"TableDescription": _shown(endpoint, table)}


def table_active(endpoint: RegionalEndpoint, name: str, table_id: str) -> None:
    """Complete CREATING and UPDATING of a table."""
    table = endpoint.control.resources.get(_KIND, name)
    if table and table["TableId"] == table_id and table["TableStatus"] != "DELETING":
        endpoint.control.resources.put(_KIND, name, table | {"TableStatus": "ACTIVE"})


def table_deleted(endpoint: RegionalEndpoint, name: str, _table_id: str) -> None:
    """Complete DELETING of a table."""
    endpoint.control.resources.delete(_KIND, name)
    endpoint.control.items.clear(name)


def update_time_to_live(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateTimeToLive: stored and returned only. No item expires; on AWS that takes days."""
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


def describe_time_to_live(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DescribeTimeToLive."""
    return {"TimeToLiveDescription": table_of(endpoint, params)["ttl"]}


def time_to_live_changed(endpoint: RegionalEndpoint, name: str, table_id: str) -> None:
    """Complete ENABLING and DISABLING of time to live."""
    table = endpoint.control.resources.get(_KIND, name)
    if table and table["TableId"] == table_id:
        ttl = table["ttl"]
        on = {"TimeToLiveStatus": "ENABLED", "AttributeName": ttl.get("AttributeName")}
        table["ttl"] = on if ttl["TimeToLiveStatus"] == "ENABLING" else {"TimeToLiveStatus": "DISABLED"}
        endpoint.control.resources.put(_KIND, name, table)


def list_tags_of_resource(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListTagsOfResource: returns all at once; a table has at most 50."""
    return {"Tags": table_of(endpoint, {"TableName": params["ResourceArn"]})["tags"]}


def tag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """TagResource."""
    table = table_of(endpoint, {"TableName": params["ResourceArn"]})
    tags = merged(table["tags"], params["Tags"])
    endpoint.control.resources.put(_KIND, table["TableName"], table | {"tags": tags})


def untag_resource(endpoint: RegionalEndpoint, params: Params) -> None:
    """UntagResource."""
    table = table_of(endpoint, {"TableName": params["ResourceArn"]})
    tags = without(table["tags"], params["TagKeys"])
    endpoint.control.resources.put(_KIND, table["TableName"], table | {"tags": tags})


def table_of(endpoint: RegionalEndpoint, params: Params) -> Document:
    """Return the table in the input, given by name or ARN."""
    name = _name(params["TableName"])
    if params["TableName"].startswith("arn:") and scope_of_arn(params["TableName"]) != endpoint.scope:
        raise _table_missing(params["TableName"])
    table = endpoint.control.resources.get(_KIND, name)
    if table is None:
        raise _table_missing(name)
    return table


def _table_missing(name: str) -> ServiceError:
    return ServiceError("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")


def _name(name_or_arn: str) -> str:
    name = name_or_arn.rpartition(":table/")[2]
    if not _NAME.fullmatch(name):
        raise invalid(
            f"Invalid table name {name!r}: it must be 3 to 255 characters long, of a-z, A-Z, 0-9, '_', '-' and '.'"
        )
    return name


def _later(endpoint: RegionalEndpoint, step: str, seconds: float, table: Document) -> None:
    endpoint.schedule(seconds, "dynamodb", step, table["TableName"], table["TableId"])


def _check_active(table: Document) -> None:
    if table["TableStatus"] != "ACTIVE":
        being = {"CREATING": "created", "UPDATING": "updated", "DELETING": "deleted"}[table["TableStatus"]]
        raise ServiceError(
            "ResourceInUseException",
            f"Attempt to change a resource which is still in use: Table is being {being}: {table['TableName']}",
        )


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


def _encryption(params: Params) -> dict[str, Any]:
    asked = params.get("SSESpecification", {})
    if not asked.get("Enabled"):
        return {"SSEDescription": None} if asked else {}
    key = {"KMSMasterKeyArn": asked["KMSMasterKeyId"]} if "KMSMasterKeyId" in asked else {}
    return {"SSEDescription": {"Status": "ENABLED", "SSEType": asked.get("SSEType", "KMS"), **key}}


def _shown(endpoint: RegionalEndpoint, table: Document) -> dict[str, Any]:
    number, size = endpoint.control.items.size(table["TableName"])
    return to_output("dynamodb", "TableDescription", table | {"ItemCount": number, "TableSizeBytes": size})
