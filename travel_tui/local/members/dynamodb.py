"""Optional members of dynamodb's operations."""

from __future__ import annotations

from travel_tui.local.members.member import Member, Members, effective, refused, stored, without_effect

_BY_KEY = "has tables without indexes, which are read and written by their key alone"
_ONE_TABLE = "has no replicas of tables"
_EXPRESSIONS = "takes expressions alone, not the older parameters"

_TABLE: dict[str, Member] = {
    **effective("DeletionProtectionEnabled"),
    **stored("nothing is throttled", "BillingMode", "ProvisionedThroughput"),
    **stored("nothing is billed", "TableClass"),
    **stored("nothing is encrypted", "SSESpecification"),
    **refused("has no streams", "StreamSpecification", accepted=({"StreamEnabled": False},)),
    **refused("throttles nothing", "WarmThroughput", "OnDemandThroughput"),
    **refused(_ONE_TABLE, "GlobalTableSettingsReplicationMode"),
}
_WRITE: dict[str, Member] = {
    **effective(
        "ConditionExpression",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "ReturnConsumedCapacity",
        "ReturnValues",
    ),
    **without_effect("it is about local secondary indexes, and there are none", "ReturnItemCollectionMetrics"),
    **refused(
        "returns no item with a condition that failed", "ReturnValuesOnConditionCheckFailure", accepted=("NONE",)
    ),
    **refused(_EXPRESSIONS, "ConditionalOperator", "Expected"),
}

MEMBERS: dict[str, Members] = {
    "CreateTable": {
        **effective("AttributeDefinitions", "KeySchema", "Tags"),
        **_TABLE,
        **refused(_BY_KEY, "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "VectorIndexes"),
        **refused("has no resource policies of tables", "ResourcePolicy"),
        **refused(_ONE_TABLE, "GlobalTableSourceArn"),
    },
    "UpdateTable": {
        **_TABLE,
        **refused(_BY_KEY, "AttributeDefinitions", "GlobalSecondaryIndexUpdates", "VectorIndexUpdates"),
        **refused(
            _ONE_TABLE,
            "ReplicaUpdates",
            "GlobalTableWitnessUpdates",
            "MultiRegionConsistency",
            "DisassociationProtectionEnabled",
        ),
    },
    "ListTables": effective("ExclusiveStartTableName", "Limit"),
    "UpdateTimeToLive": stored("no item expires; on AWS that takes days", "TimeToLiveSpecification"),
    "ListTagsOfResource": refused("returns all tags at once", "NextToken"),
    "PutItem": _WRITE,
    "GetItem": {
        **effective("ExpressionAttributeNames", "ProjectionExpression", "ReturnConsumedCapacity"),
        **without_effect("every read is consistent", "ConsistentRead"),
        **refused(_EXPRESSIONS, "AttributesToGet"),
    },
    "Query": {
        **effective(
            "ExclusiveStartKey",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "FilterExpression",
            "KeyConditionExpression",
            "Limit",
            "ProjectionExpression",
            "ReturnConsumedCapacity",
            "ScanIndexForward",
            "Select",
        ),
        **without_effect("every read is consistent", "ConsistentRead"),
        **refused(_BY_KEY, "IndexName"),
        **refused(_EXPRESSIONS, "AttributesToGet", "ConditionalOperator", "KeyConditions", "QueryFilter"),
    },
    "UpdateItem": {**_WRITE, **effective("UpdateExpression"), **refused(_EXPRESSIONS, "AttributeUpdates")},
    "DeleteItem": _WRITE,
}

REASONS: dict[str, str] = {
    "DeleteItem": "a function of an action group that cancels something",
    "ListTables": "to see what is there",
    "Query": "awslabs' helper for agents reads its tables with it",
    "UntagResource": "to undo TagResource",
    "UpdateTable": "to lift the protection against deletion",
}
