"""Calls to moto and to the endpoint, and where the two answer differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.local.services.clients import permission, trust


@dataclass(frozen=True)
class Differs:
    """A difference in an answer: whom the model is for, and why."""

    right: Literal["ours", "moto", "both"]
    why: str


@dataclass(frozen=True)
class Call:
    """A call, and the differences of its answers by their places; "" is the whole answer."""

    service: str
    operation: str
    asked: dict[str, Any] = field(default_factory=dict)
    differs: Mapping[str, Differs] = field(default_factory=dict)


_PASSES = "AWS's states pass: a new table is CREATING, and one that is deleted is DELETING"
UNCHECKED = {"": Differs("ours", "MalformedPolicyDocument is in the model; moto takes a role's trust policy unread")}
LAST_USED = {"Role.RoleLastUsed": Differs("ours", "the model's CreateRole shows no use of a role that is new")}
BOUNDARIES = {"Policy.PermissionsBoundaryUsageCount": Differs("ours", "a member of the model that AWS shows")}
TABLE = {
    "LocalSecondaryIndexes": Differs("ours", "AWS leaves out a list of what a table does not have"),
    "GlobalSecondaryIndexes": Differs("ours", "AWS leaves out a list of what a table does not have"),
    "ProvisionedThroughput.NumberOfDecreasesToday": Differs("ours", "the model's minimum is 1; moto shows 0"),
    "TableId": Differs("ours", "a member of the model that AWS shows"),
    "WarmThroughput": Differs("moto", "AWS shows it; the endpoint throttles nothing and has none"),
}
CONSUMED = {"ConsumedCapacity": Differs("ours", "the model shows it where ReturnConsumedCapacity asks for it")}


def in_table(name: str, **more: Differs) -> dict[str, Differs]:
    return {f"{name}.{key}": each for key, each in (TABLE | more).items()}


def iam() -> Iterator[Call]:
    role, policy = {"RoleName": "r"}, {"PolicyArn": "arn:aws:iam::123456789012:policy/p"}
    tags, lambda_trust = [{"Key": "a", "Value": "b"}], trust("lambda.amazonaws.com")
    documented = {**role, "AssumeRolePolicyDocument": lambda_trust}
    yield Call("iam", "create_role", {**documented, "Description": "d", "Tags": tags, "Path": "/p/"}, LAST_USED)
    yield Call("iam", "create_role", documented)
    yield Call("iam", "create_role", {"RoleName": "x", "AssumeRolePolicyDocument": "{"}, UNCHECKED)
    yield Call(
        "iam",
        "delete_role",
        {"RoleName": "x"},
        {"": Differs("ours", "there is no such role, because its policy was refused")},
    )
    yield Call("iam", "get_role", role)
    yield Call("iam", "get_role", {"RoleName": "none"})
    yield Call("iam", "list_roles")
    yield Call("iam", "tag_role", {**role, "Tags": [{"Key": "c", "Value": "d"}]})
    yield Call("iam", "untag_role", {**role, "TagKeys": ["a"]})
    yield Call("iam", "list_role_tags", role)
    yield Call("iam", "update_assume_role_policy", {**role, "PolicyDocument": trust("bedrock.amazonaws.com")})
    yield Call("iam", "update_assume_role_policy", {"RoleName": "none", "PolicyDocument": lambda_trust})
    asked = {"PolicyName": "p", "PolicyDocument": permission()}
    yield Call("iam", "create_policy", {**asked, "Description": "d", "Tags": tags}, BOUNDARIES)
    yield Call("iam", "create_policy", asked)
    yield Call("iam", "create_policy", {"PolicyName": "q", "PolicyDocument": "{"})
    yield Call("iam", "get_policy", policy, BOUNDARIES)
    yield Call("iam", "get_policy", {"PolicyArn": "arn:aws:iam::123456789012:policy/none"})
    yield Call("iam", "attach_role_policy", {**role, **policy})
    yield Call("iam", "attach_role_policy", {**role, "PolicyArn": "arn:aws:iam::123456789012:policy/none"})
    yield Call("iam", "list_attached_role_policies", role)
    yield Call("iam", "get_policy", policy, BOUNDARIES)
    yield Call("iam", "put_role_policy", {**role, "PolicyName": "own", "PolicyDocument": permission()})
    yield Call("iam", "get_role_policy", {**role, "PolicyName": "own"})
    yield Call("iam", "get_role_policy", {**role, "PolicyName": "none"})
    yield Call("iam", "list_role_policies", role)
    yield Call("iam", "delete_role", role)
    yield Call("iam", "detach_role_policy", {**role, **policy})
    yield Call("iam", "detach_role_policy", {**role, **policy})
    yield Call("iam", "delete_role", role)
    yield Call("iam", "delete_role_policy", {**role, "PolicyName": "own"})
    yield Call("iam", "delete_role_policy", {**role, "PolicyName": "own"})
    yield Call("iam", "delete_role", role)
    yield Call("iam", "delete_role", role)
    yield Call("iam", "delete_policy", policy)
    yield Call("iam", "delete_policy", policy)
    yield Call("iam", "create_role", documented, LAST_USED)
    yield Call("iam", "create_policy", asked, BOUNDARIES)
    yield Call("iam", "attach_role_policy", {**role, **policy})
    in_use = Differs("ours", "DeleteConflict is in the model; moto deletes a policy that is attached")
    yield Call("iam", "delete_policy", policy, {"": in_use})


def tables() -> Iterator[Call]:
    table, arn = {"TableName": "table"}, {"ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/table"}
    keys: dict[str, Any] = {
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    passes = Differs("ours", _PASSES)
    size = Differs("ours", "AWS counts the bytes of items")
    of_new = in_table("TableDescription", TableStatus=passes)
    yield Call("dynamodb", "create_table", {**table, **keys, "Tags": [{"Key": "a", "Value": "b"}]}, of_new)
    yield Call("dynamodb", "create_table", {**table, **keys})
    other = {"AttributeDefinitions": [{"AttributeName": "j", "AttributeType": "S"}]}
    yield Call("dynamodb", "create_table", {"TableName": "other", **keys, **other})
    yield Call("dynamodb", "describe_table", table, in_table("Table"))
    yield Call("dynamodb", "describe_table", {"TableName": "none"})
    yield Call("dynamodb", "list_tables")
    yield Call("dynamodb", "tag_resource", {**arn, "Tags": [{"Key": "c", "Value": "d"}]})
    yield Call("dynamodb", "untag_resource", {**arn, "TagKeys": ["a"]})
    yield Call("dynamodb", "list_tags_of_resource", arn)
    yield Call("dynamodb", "describe_time_to_live", table)
    wanted = {**table, "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "until"}}
    yield Call("dynamodb", "update_time_to_live", wanted)
    yield Call("dynamodb", "describe_time_to_live", table)
    already = Differs("ours", "AWS refuses a change that changes nothing")
    yield Call("dynamodb", "update_time_to_live", wanted, {"": already})
    yield Call("dynamodb", "put_item", {**table, "Item": {"k": {"S": "a"}}})
    yield Call("dynamodb", "delete_table", table, in_table("TableDescription", TableStatus=passes, TableSizeBytes=size))
    yield Call("dynamodb", "delete_table", table)
    yield Call("dynamodb", "get_item", {**table, "Key": {"k": {"S": "a"}}})


def items() -> Iterator[Call]:
    table, key = {"TableName": "table"}, {"k": {"S": "a"}}
    one, text = {":v": {"N": "1"}}, {":v": {"S": "1"}}
    created = {
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    passes = Differs("ours", _PASSES)
    yield Call("dynamodb", "create_table", {**table, **created}, in_table("TableDescription", TableStatus=passes))
    kinds = {"l": {"L": [{"S": "x"}]}, "s": {"SS": ["b", "a"]}, "b": {"B": b"x"}, "e": {"S": ""}, "z": {"NULL": True}}
    put = {**table, "Item": {**key, **kinds, "n": {"N": "1.0"}}}
    yield Call("dynamodb", "put_item", {**put, "ReturnConsumedCapacity": "TOTAL"})
    yield Call("dynamodb", "put_item", {**table, "Item": {"x": {"S": "a"}}})
    yield Call("dynamodb", "put_item", {**table, "Item": {"k": {"S": ""}}})
    yield Call("dynamodb", "put_item", {**table, "Item": {"k": {"N": "1"}}})
    yield Call("dynamodb", "put_item", {**put, "ConditionExpression": "attribute_not_exists(k)"})
    number = Differs("ours", "AWS keeps numbers without trailing zeros (DynamoDB, data types)")
    old = {**table, "Item": {**key, "n": {"N": "2"}}, "ReturnValues": "ALL_OLD"}
    yield Call("dynamodb", "put_item", old, {"Attributes.n.N": number})
    yield Call("dynamodb", "put_item", {**table, "Item": key, "ReturnValues": "ALL_NEW"})
    yield Call("dynamodb", "get_item", {**table, "Key": key})
    yield Call("dynamodb", "get_item", {**table, "Key": {"k": {"S": "none"}}})
    yield Call("dynamodb", "get_item", {**table, "Key": {"j": {"S": "none"}}})
    names = {"ExpressionAttributeNames": {"#n": "n"}}
    yield Call("dynamodb", "get_item", {**table, "Key": key, "ProjectionExpression": "#n", **names})
    yield Call("dynamodb", "get_item", {**table, "Key": key, "ProjectionExpression": "name"})
    yield Call("dynamodb", "get_item", {**table, "Key": key, **names})

    def update(expression: str, **more: Any) -> dict[str, Any]:
        return {**table, "Key": key, "UpdateExpression": expression, **more}

    added = update("SET n = n + :v, m = if_not_exists(m, :v)", ExpressionAttributeValues=one, ReturnValues="ALL_NEW")
    yield Call("dynamodb", "update_item", added, CONSUMED)
    yield Call("dynamodb", "update_item", update("REMOVE m", ReturnValues="UPDATED_OLD"), CONSUMED)
    yield Call("dynamodb", "update_item", update("SET k = :v", ExpressionAttributeValues=text))
    yield Call("dynamodb", "update_item", update("SET n ="))
    condition = update("SET n = :v", ExpressionAttributeValues=text, ConditionExpression="n > :v")
    breaks = Differs("ours", "a comparison of two types is false; moto raises TypeError")
    yield Call("dynamodb", "update_item", condition, {"": breaks})
    new = {**update("ADD c :v", ExpressionAttributeValues=one, ReturnValues="UPDATED_NEW"), "Key": {"k": {"S": "new"}}}
    only = Differs("ours", "UPDATED_NEW returns the updated attributes alone (API reference)")
    yield Call("dynamodb", "update_item", new, {**CONSUMED, "Attributes.k": only})
    yield Call("dynamodb", "delete_item", {**table, "Key": key, "ReturnValues": "ALL_OLD"})
    yield Call("dynamodb", "delete_item", {**table, "Key": key})


def logs() -> Iterator[Call]:
    group, arn = {"logGroupName": "/g"}, {"resourceArn": "arn:aws:logs:us-east-1:123456789012:log-group:/g"}
    yield Call("logs", "create_log_group", {**group, "tags": {"a": "b"}})
    yield Call("logs", "create_log_group", group)
    of_class = Differs("ours", "a member of the model that AWS shows")
    yield Call("logs", "describe_log_groups", {"logGroupNamePrefix": "/g"}, {"logGroups.0.logGroupClass": of_class})
    yield Call("logs", "tag_resource", {**arn, "tags": {"c": "d"}})
    yield Call("logs", "untag_resource", {**arn, "tagKeys": ["a"]})
    yield Call("logs", "list_tags_for_resource", arn)
    yield Call("logs", "filter_log_events", group)
    yield Call("logs", "filter_log_events", {"logGroupName": "/none"})
    yield Call("logs", "delete_log_group", group)
    yield Call("logs", "delete_log_group", group)


def sts() -> Iterator[Call]:
    made_up = Differs("both", "who calls is made up: here the account itself, there a user")
    yield Call("sts", "get_caller_identity", {}, {"UserId": made_up, "Arn": made_up})


GROUPS = (iam, items, logs, sts, tables)
"""Calls that go together."""
