"""Probes of the members of dynamodb and iam."""

from __future__ import annotations

from typing import Any

from tests.local.members.probes import World, probe
from tests.local.services.clients import permission, refused, trust

KEYS = {
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
}
THROUGHPUT = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}
CONDITION: dict[str, Any] = {
    "ConditionExpression": "#v = :v",
    "ExpressionAttributeNames": {"#v": "v"},
    "ExpressionAttributeValues": {":v": {"S": "one"}},
}
WRITE = (*CONDITION, "ReturnConsumedCapacity", "ReturnValues", "ReturnItemCollectionMetrics")
COUNTED = {"ReturnConsumedCapacity": "TOTAL", "ReturnItemCollectionMetrics": "SIZE"}
KEY = {"k": {"S": "a"}}


def table(world: World, **more: Any) -> str:
    name = world.name("table")
    world.dynamodb.create_table(**{"TableName": name, "BillingMode": "PAY_PER_REQUEST", **KEYS, **more})
    return name


def with_item(world: World) -> str:
    name = table(world)
    world.dynamodb.put_item(TableName=name, Item={**KEY, "v": {"S": "one"}})
    return name


SHOWN = {"BillingMode", "ProvisionedThroughput", "TableClass", "SSESpecification", "DeletionProtectionEnabled"}
SETTINGS: dict[str, Any] = {
    "BillingMode": "PROVISIONED",
    "ProvisionedThroughput": THROUGHPUT,
    "TableClass": "STANDARD_INFREQUENT_ACCESS",
    "SSESpecification": {"Enabled": True},
    "DeletionProtectionEnabled": True,
}


def check_table(world: World, name: str) -> None:
    found = world.dynamodb.describe_table(TableName=name)["Table"]
    throughput = found["ProvisionedThroughput"]
    assert {key: throughput[key] for key in THROUGHPUT} == THROUGHPUT
    assert found["TableClassSummary"]["TableClass"] == SETTINGS["TableClass"]
    assert found["SSEDescription"] == {"Status": "ENABLED", "SSEType": "KMS"}
    with refused("ValidationException", "protected"):
        world.dynamodb.delete_table(TableName=name)


@probe("dynamodb", "CreateTable", "AttributeDefinitions", "KeySchema", "Tags", *SHOWN)
def a_new_table(world: World) -> None:
    name = table(world, Tags=[{"Key": "a", "Value": "b"}], **SETTINGS)
    check_table(world, name)
    found = world.dynamodb.describe_table(TableName=name)["Table"]
    assert {key: found[key] for key in KEYS} == KEYS
    assert world.dynamodb.list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"] == [{"Key": "a", "Value": "b"}]


@probe("dynamodb", "UpdateTable", *SHOWN)
def a_changed_table(world: World) -> None:
    name = table(world)
    world.dynamodb.update_table(TableName=name, **SETTINGS)
    check_table(world, name)


@probe("dynamodb", "ListTables", "ExclusiveStartTableName", "Limit")
def pages_of_tables(world: World) -> None:
    names = sorted(table(world) for _ in range(2))
    found = world.dynamodb.list_tables(Limit=1, ExclusiveStartTableName=names[0])
    assert len(found["TableNames"]) == 1
    assert names[0] < found["TableNames"][0] <= names[1]


@probe("dynamodb", "UpdateTimeToLive", "TimeToLiveSpecification")
def a_time_to_live(world: World) -> None:
    name, wanted = table(world), {"Enabled": True, "AttributeName": "until"}
    world.dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)
    found = world.dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert found == {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}


def check_write(world: World, write: Any, new: str, **asked: Any) -> None:
    name = with_item(world)
    old = write(TableName=name, ReturnValues="ALL_OLD", **asked, **CONDITION, **COUNTED)
    assert old["Attributes"]["v"] == {"S": "one"}
    assert old["ConsumedCapacity"] == {"TableName": name, "CapacityUnits": 1.0}
    with refused("ConditionalCheckFailedException"):
        write(TableName=name, **asked, **CONDITION)
    assert world.dynamodb.get_item(TableName=name, Key=KEY).get("Item", {}).get("v", {}).get("S", "") == new


@probe("dynamodb", "PutItem", *WRITE)
def a_put_item(world: World) -> None:
    check_write(world, world.dynamodb.put_item, "two", Item={**KEY, "v": {"S": "two"}})


@probe("dynamodb", "DeleteItem", *WRITE)
def a_deleted_item(world: World) -> None:
    check_write(world, world.dynamodb.delete_item, "", Key=KEY)


@probe("dynamodb", "UpdateItem", "UpdateExpression", *WRITE)
def an_updated_item(world: World) -> None:
    name = with_item(world)
    values = {":v": {"S": "one"}, ":new": {"S": "two"}}
    asked = {**CONDITION, "ExpressionAttributeValues": values, "UpdateExpression": "SET #v = :new", **COUNTED}
    old = world.dynamodb.update_item(TableName=name, Key=KEY, ReturnValues="ALL_OLD", **asked)
    assert old["Attributes"]["v"] == {"S": "one"}
    assert old["ConsumedCapacity"]["CapacityUnits"] == 1.0
    with refused("ConditionalCheckFailedException"):
        world.dynamodb.update_item(TableName=name, Key=KEY, **asked)
    assert world.dynamodb.get_item(TableName=name, Key=KEY)["Item"]["v"] == {"S": "two"}


@probe(
    "dynamodb",
    "GetItem",
    "ExpressionAttributeNames",
    "ProjectionExpression",
    "ReturnConsumedCapacity",
    "ConsistentRead",
)
def a_part_of_an_item(world: World) -> None:
    asked = {"ProjectionExpression": "#v", "ExpressionAttributeNames": {"#v": "v"}, "ConsistentRead": True}
    found = world.dynamodb.get_item(TableName=with_item(world), Key=KEY, ReturnConsumedCapacity="TOTAL", **asked)
    assert found["Item"] == {"v": {"S": "one"}}
    assert found["ConsumedCapacity"]["CapacityUnits"] == 0.5


@probe(
    "dynamodb",
    "Query",
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
    "ConsistentRead",
)
def the_items_of_a_key(world: World) -> None:
    name = world.name("table")
    keys = [{"AttributeName": "k", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}]
    types = [{"AttributeName": "k", "AttributeType": "S"}, {"AttributeName": "n", "AttributeType": "N"}]
    world.dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=keys, AttributeDefinitions=types
    )
    for number in range(5):
        world.dynamodb.put_item(TableName=name, Item={**KEY, "n": {"N": str(number)}, "v": {"S": "one"}})
    asked: dict[str, Any] = {
        "TableName": name,
        "KeyConditionExpression": "k = :k",
        "FilterExpression": "#v = :v",
        "ExpressionAttributeNames": {"#v": "v"},
        "ExpressionAttributeValues": {":k": KEY["k"], ":v": {"S": "one"}},
        "ExclusiveStartKey": {**KEY, "n": {"N": "4"}},
        "ScanIndexForward": False,
        "Limit": 2,
        "ConsistentRead": True,
    }
    found = world.dynamodb.query(**asked, ProjectionExpression="n", ReturnConsumedCapacity="TOTAL")
    assert found["Items"] == [{"n": {"N": "3"}}, {"n": {"N": "2"}}]
    assert found["ConsumedCapacity"]["CapacityUnits"] == 0.5
    assert "Items" not in world.dynamodb.query(**asked, Select="COUNT")


@probe("iam", "CreateRole", "Path", "Tags", "Description", "MaxSessionDuration")
def a_new_role(world: World) -> None:
    name, tags = world.name("role"), [{"Key": "a", "Value": "b"}]
    more = {"Path": "/ours/", "Tags": tags, "Description": "d", "MaxSessionDuration": 7200}
    world.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"), **more)
    found = world.iam.get_role(RoleName=name)["Role"]
    assert {key: found[key] for key in more} == more
    assert found["Arn"].endswith(f":role/ours/{name}")


@probe("iam", "ListRoles", "PathPrefix", "Marker", "MaxItems")
def pages_of_roles(world: World) -> None:
    path = f"/{world.name('path')}/"
    for name in (world.name("role"), world.name("role")):
        world.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"), Path=path)
    first = world.iam.list_roles(PathPrefix=path, MaxItems=1)
    second = world.iam.list_roles(PathPrefix=path, MaxItems=1, Marker=first["Marker"])
    assert [len(page["Roles"]) for page in (first, second)] == [1, 1]
    assert not second["IsTruncated"]


@probe("iam", "ListRoleTags", "Marker", "MaxItems")
def the_tags_of_a_role(world: World) -> None:
    name = world.name("role")
    world.role(name, "lambda.amazonaws.com")
    world.iam.tag_role(RoleName=name, Tags=[{"Key": key, "Value": ""} for key in "abc"])
    first = world.iam.list_role_tags(RoleName=name, MaxItems=2)
    second = world.iam.list_role_tags(RoleName=name, Marker=first["Marker"])
    assert [tag["Key"] for found in (first, second) for tag in found["Tags"]] == ["a", "b", "c"]


@probe("iam", "CreatePolicy", "Path", "Tags", "Description")
def a_new_policy(world: World) -> None:
    more = {"Path": "/ours/", "Tags": [{"Key": "a", "Value": "b"}], "Description": "d"}
    made = world.iam.create_policy(PolicyName=world.name("policy"), PolicyDocument=permission(), **more)["Policy"]
    found = world.iam.get_policy(PolicyArn=made["Arn"])["Policy"]
    assert {key: found[key] for key in more} == more


@probe("iam", "ListAttachedRolePolicies", "PathPrefix", "Marker", "MaxItems")
def pages_of_attached_policies(world: World) -> None:
    role, path = world.name("role"), f"/{world.name('path')}/"
    world.role(role, "lambda.amazonaws.com")
    made = [
        world.iam.create_policy(PolicyName=world.name("policy"), PolicyDocument=permission(), Path=each)["Policy"]
        for each in (path, path, "/")
    ]
    for each in made:
        world.iam.attach_role_policy(RoleName=role, PolicyArn=each["Arn"])
    asked = {"RoleName": role, "PathPrefix": path, "MaxItems": 1}
    first = world.iam.list_attached_role_policies(**asked)
    second = world.iam.list_attached_role_policies(**asked, Marker=first["Marker"])
    found = {page["AttachedPolicies"][0]["PolicyArn"] for page in (first, second)}
    assert found == {each["Arn"] for each in made[:2]}


@probe("iam", "ListRolePolicies", "Marker", "MaxItems")
def pages_of_inline_policies(world: World) -> None:
    role = world.name("role")
    world.role(role, "lambda.amazonaws.com")
    for name in ("one", "two"):
        world.iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=permission())
    first = world.iam.list_role_policies(RoleName=role, MaxItems=1)
    second = world.iam.list_role_policies(RoleName=role, MaxItems=1, Marker=first["Marker"])
    assert [page["PolicyNames"] for page in (first, second)] == [["one"], ["two"]]
