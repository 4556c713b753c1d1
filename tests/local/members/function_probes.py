"""Probes of the members of lambda and logs."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.endpoint import until
from tests.local.members.probes import World, probe
from tests.local.services.clients import refused, zipped

SOURCE = """
import os
def other(event, context):
    return [os.environ.get('GREETING'), context.memory_limit_in_mb]
"""
FUNCTION: dict[str, Any] = {
    "Runtime": "python3.13",
    "Handler": "code.other",
    "Timeout": 5,
    "MemorySize": 256,
    "Environment": {"Variables": {"GREETING": "b"}},
    "Description": "d",
}


def check_function(world: World, name: str) -> None:
    found = world.lambda_.get_function(FunctionName=name)["Configuration"]
    assert {key: found[key] for key in FUNCTION} == FUNCTION
    answer = json.loads(world.lambda_.invoke(FunctionName=name)["Payload"].read())
    assert answer[0] == "b"
    assert int(answer[1]) == 256


SET = ("Description", "Environment.Variables", "Handler", "MemorySize", "Runtime", "Timeout")


@probe("lambda", "CreateFunction", "Code.ZipFile", "Tags", "Architectures", *SET)
def a_new_function(world: World) -> None:
    name = world.name("function")
    more = {"Role": world.lambda_role, "Tags": {"a": "b"}, "Architectures": ["arm64"]}
    world.function(name, SOURCE, **FUNCTION, **more)
    check_function(world, name)
    found = world.lambda_.get_function(FunctionName=name)
    assert (found["Tags"], found["Configuration"]["Architectures"]) == ({"a": "b"}, ["arm64"])


@probe("lambda", "UpdateFunctionConfiguration", "RevisionId", "Role", *SET)
def a_changed_function(world: World) -> None:
    name = world.name("function")
    world.function(name, SOURCE, Role=world.lambda_role)
    role = world.role(world.name("role"), "lambda.amazonaws.com")
    with refused("PreconditionFailedException"):
        world.lambda_.update_function_configuration(FunctionName=name, RevisionId="another")
    world.lambda_.update_function_configuration(FunctionName=name, Role=role, **FUNCTION)
    check_function(world, name)
    assert world.lambda_.get_function(FunctionName=name)["Configuration"]["Role"] == role


@probe("lambda", "UpdateFunctionCode", "DryRun", "RevisionId", "ZipFile", "Architectures")
def changed_code(world: World) -> None:
    name = world.name("function")
    old = world.function(name, Role=world.lambda_role, Handler="code.other")["CodeSha256"]
    code = zipped({"code.py": "def other(event, context):\n    return 'new'\n"})
    with refused("PreconditionFailedException"):
        world.lambda_.update_function_code(FunctionName=name, ZipFile=code, RevisionId="another")
    world.lambda_.update_function_code(FunctionName=name, ZipFile=code, DryRun=True)
    assert world.lambda_.get_function(FunctionName=name)["Configuration"]["CodeSha256"] == old
    world.lambda_.update_function_code(FunctionName=name, ZipFile=code, Architectures=["arm64"])
    assert world.lambda_.get_function(FunctionName=name)["Configuration"]["Architectures"] == ["arm64"]
    assert world.lambda_.invoke(FunctionName=name)["Payload"].read() == b'"new"'


@probe("lambda", "GetFunction", "Qualifier")
@probe("lambda", "GetFunctionConfiguration", "Qualifier")
@probe("lambda", "DeleteFunction", "Qualifier")
@probe("lambda", "GetPolicy", "Qualifier")
@probe("lambda", "Invoke", "Qualifier")
def a_qualifier(world: World) -> None:
    name = world.echo
    world.lambda_.get_function(FunctionName=name, Qualifier="$LATEST")
    for call in (
        world.lambda_.get_function,
        world.lambda_.get_function_configuration,
        world.lambda_.delete_function,
        world.lambda_.get_policy,
        world.lambda_.invoke,
    ):
        with refused("ResourceNotFoundException", "keeps no versions"):
            call(FunctionName=name, Qualifier="7")


@probe("lambda", "ListFunctions", "Marker", "MaxItems", "FunctionVersion", "MasterRegion")
def pages_of_functions(world: World) -> None:
    for _ in range(2):
        world.function(world.name("function"), Role=world.lambda_role)
    more = {"MaxItems": 1, "FunctionVersion": "ALL", "MasterRegion": "ALL"}
    first = world.lambda_.list_functions(**more)
    second = world.lambda_.list_functions(**more, Marker=first["NextMarker"])
    assert len({page["Functions"][0]["FunctionName"] for page in (first, second)}) == 2


@probe("lambda", "AddPermission", "RevisionId", "SourceAccount", "SourceArn", "Qualifier")
@probe("lambda", "RemovePermission", "RevisionId", "Qualifier")
def a_permission(world: World) -> None:
    name = world.name("function")
    world.function(name, Role=world.lambda_role)
    asked = {"FunctionName": name, "StatementId": "one"}
    more = {"Action": "lambda:InvokeFunction", "Principal": "bedrock.amazonaws.com"}
    source = {"SourceAccount": "123456789012", "SourceArn": "arn:aws:bedrock:us-east-1:123456789012:agent/A"}
    for wrong, code in (({"RevisionId": "x"}, "PreconditionFailedException"), ({"Qualifier": "7"}, "ResourceNot")):
        with refused(code if "Exception" in code else "ResourceNotFoundException"):
            world.lambda_.add_permission(**asked, **more, **wrong)
    world.lambda_.add_permission(**asked, **more, **source)
    (statement,) = json.loads(world.lambda_.get_policy(FunctionName=name)["Policy"])["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"AWS:SourceAccount": source["SourceAccount"]},
        "ArnLike": {"AWS:SourceArn": source["SourceArn"]},
    }
    with refused("PreconditionFailedException"):
        world.lambda_.remove_permission(**asked, RevisionId="x")
    with refused("ResourceNotFoundException"):
        world.lambda_.remove_permission(**asked, Qualifier="7")
    world.lambda_.remove_permission(**asked)


@probe("lambda", "Invoke", "InvocationType", "LogType", "Payload")
def an_invocation(world: World) -> None:
    name = world.echo
    assert world.lambda_.invoke(FunctionName=name, InvocationType="DryRun")["StatusCode"] == 204
    answer = world.lambda_.invoke(FunctionName=name, Payload=b'{"n": 1}', LogType="Tail")
    assert json.loads(answer["Payload"].read()) == {"echo": {"n": 1}}
    assert b"got {'n': 1}" in base64.b64decode(answer["LogResult"])


@probe("logs", "CreateLogGroup", "tags")
@probe("logs", "DescribeLogGroups", "limit", "logGroupNamePattern", "logGroupNamePrefix", "nextToken")
def log_groups(world: World) -> None:
    name = world.name("group")
    for number in "123":
        world.logs.create_log_group(logGroupName=f"{name}/{number}", tags={"a": number})
    asked = {"logGroupNamePrefix": name, "limit": 2}
    first = world.logs.describe_log_groups(**asked)
    second = world.logs.describe_log_groups(**asked, nextToken=first["nextToken"])
    assert [len(page["logGroups"]) for page in (first, second)] == [2, 1]
    (found,) = world.logs.describe_log_groups(logGroupNamePattern=f"{name[-8:]}/2")["logGroups"]
    assert world.logs.list_tags_for_resource(resourceArn=found["logGroupArn"])["tags"] == {"a": "2"}


@probe(
    "logs",
    "FilterLogEvents",
    "endTime",
    "filterPattern",
    "limit",
    "logGroupIdentifier",
    "logGroupName",
    "logStreamNamePrefix",
    "logStreamNames",
    "nextToken",
    "startTime",
    "interleaved",
    "startFromHead",
    "unmask",
)
def log_events(world: World) -> None:
    name = world.name("function")
    world.function(name, Role=world.lambda_role)
    for payload in (b'"one"', b'"two"'):
        world.lambda_.invoke(FunctionName=name, Payload=payload)
    of = {"logGroupName": f"/aws/lambda/{name}"}
    events = until(lambda: world.logs.filter_log_events(**of)["events"])
    assert len(events) == 8

    def found(**more: Any) -> int:
        return len(world.logs.filter_log_events(**{**of, **more})["events"])

    arn = world.logs.describe_log_groups(logGroupNamePrefix=of["logGroupName"])["logGroups"][0]["logGroupArn"]
    assert len(world.logs.filter_log_events(logGroupIdentifier=arn)["events"]) == 8
    assert found(filterPattern="two") == found(limit=1) == 1
    first = world.logs.filter_log_events(**of, limit=5)
    assert found(nextToken=first["nextToken"]) == 3
    assert found(logStreamNames=[events[0]["logStreamName"]]) == found(logStreamNamePrefix="20") == 8
    assert found(logStreamNames=["none"]) == found(logStreamNamePrefix="none") == 0
    assert found(startTime=events[-1]["timestamp"] + 1) == found(endTime=events[0]["timestamp"]) == 0
    assert found(interleaved=True, startFromHead=True, unmask=True) == 8
