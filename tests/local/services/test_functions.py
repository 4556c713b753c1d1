"""lambda: functions that are uploaded, changed, run and deleted, and the logs of what they print."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.endpoint import until
from tests.local.services.clients import ACCOUNT, ECHO, Aws, refused, zipped

NewId = Callable[[str], str]


def call(aws: Aws, name: str, event: Any = None, **more: Any) -> dict[str, Any]:
    """What an invocation answers, its payload read."""
    answer = aws.lambda_.invoke(FunctionName=name, Payload=json.dumps(event or {}), **more)
    return {**answer, "Payload": json.loads(answer["Payload"].read() or "null")}


def messages(aws: Aws, group: str) -> str:
    """All that a log group holds."""
    return "".join(event["message"] for event in aws.logs.filter_log_events(logGroupName=group)["events"])


def test_a_function_is_pending_then_active_and_runs(aws: Aws, new_id: NewId) -> None:
    name = new_id("function")
    made = aws.function(name, Tags={"a": "b"}, Environment={"Variables": {"XX": "1"}}, Description="d")
    assert (made["State"], made["LastUpdateStatus"], made["StateReasonCode"]) == ("Pending", "InProgress", "Creating")
    assert made["FunctionArn"] == f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"
    content = zipped({"code.py": ECHO})
    assert made["CodeSize"] == len(content)
    aws.lambda_.get_waiter("function_active_v2").wait(FunctionName=name)
    found = aws.lambda_.get_function(FunctionName=made["FunctionArn"])
    assert found["Tags"] == {"a": "b"}
    configuration = found["Configuration"]
    assert (configuration["State"], configuration["LastUpdateStatus"]) == ("Active", "Successful")
    assert (configuration["Timeout"], configuration["MemorySize"], configuration["Handler"]) == (3, 128, "code.handler")
    answer = call(aws, name, {"city": "Malmö"}, LogType="Tail")
    assert answer["Payload"] == {"echo": {"city": "Malmö"}}
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answer
    log = base64.b64decode(answer["LogResult"]).decode()
    assert log.startswith("START RequestId: ")
    assert "got {'city': 'Malmö'}" in log
    assert "Memory Size: 128 MB" in log
    assert "got {'city': 'Malmö'}" in messages(aws, f"/aws/lambda/{name}")


def test_the_hash_is_that_of_the_zip_file(aws: Aws, new_id: NewId) -> None:
    content = zipped({"code.py": ECHO})
    made = aws.function(new_id("function"), Code={"ZipFile": content})
    assert made["CodeSha256"] == base64.b64encode(hashlib.sha256(content).digest()).decode()


def test_what_goes_wrong_in_a_function_is_told_as_its_error(aws: Aws, new_id: NewId) -> None:
    raising, missing = new_id("function"), new_id("function")
    aws.function(raising, "def handler(event, context):\n    raise ValueError('no such city')\n")
    answer = call(aws, raising)
    assert answer["FunctionError"] == "Unhandled"
    assert (answer["Payload"]["errorType"], answer["Payload"]["errorMessage"]) == ("ValueError", "no such city")
    aws.function(missing, Handler="elsewhere.handler")
    answer = call(aws, missing)
    assert answer["Payload"]["errorType"] == "Runtime.ImportModuleError"
    assert "elsewhere" in answer["Payload"]["errorMessage"]


def test_new_code_and_configuration_are_what_runs(aws: Aws, new_id: NewId) -> None:
    name = new_id("function")
    made = aws.function(name)
    assert call(aws, name, {"n": 1})["Payload"] == {"echo": {"n": 1}}
    source = "import os\ndef handler(event, context):\n    return os.environ.get('GREETING', 'none')\n"
    new = zipped({"code.py": source})
    dry = aws.lambda_.update_function_code(FunctionName=name, ZipFile=new, DryRun=True)
    assert dry["CodeSha256"] != made["CodeSha256"]
    assert call(aws, name, {"n": 2})["Payload"] == {"echo": {"n": 2}}
    changed = aws.lambda_.update_function_code(FunctionName=name, ZipFile=new)
    assert changed["LastUpdateStatus"] == "InProgress"
    assert changed["RevisionId"] != made["RevisionId"]
    assert call(aws, name)["Payload"] == "none"
    aws.lambda_.update_function_configuration(
        FunctionName=name, Environment={"Variables": {"GREETING": "hej"}}, Timeout=9
    )
    aws.lambda_.get_waiter("function_updated_v2").wait(FunctionName=name)
    assert aws.lambda_.get_function_configuration(FunctionName=name)["Timeout"] == 9
    assert call(aws, name)["Payload"] == "hej"
    with refused("PreconditionFailedException", "RevisionId"):
        aws.lambda_.update_function_code(FunctionName=name, ZipFile=new, RevisionId=made["RevisionId"])


def test_a_role_that_lambda_cannot_assume_is_refused(aws: Aws, new_id: NewId) -> None:
    other = aws.role(new_id("role"), "bedrock.amazonaws.com")
    for role in (other, f"arn:aws:iam::{ACCOUNT}:role/nobody"):
        with refused("InvalidParameterValueException", "cannot be assumed by Lambda"):
            aws.function(new_id("function"), Role=role)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"Code": {"ZipFile": b"no zip"}}, "Could not unzip"),
        ({"Code": {"ZipFile": zipped({})}}, "non-empty zip"),
        ({"Code": {"S3Bucket": "bucket", "S3Key": "key"}}, "S3Bucket"),
        ({"Runtime": "nodejs22.x"}, "nodejs22.x"),
        ({"PackageType": "Image"}, "runs no images"),
        ({"Runtime": "python2.7"}, "The runtime parameter of python2.7 is no longer supported"),
        (
            {"Environment": {"Variables": {"AWS_REGION": "x", "MINE": "y"}}},
            "Reserved keys used in this request: AWS_REGION",
        ),
        ({"Tags": {"aws:x": "y"}}, "aws: prefixed tag key names are not allowed"),
    ],
)
def test_code_that_cannot_be_run_is_refused(aws: Aws, new_id: NewId, more: dict[str, Any], words: str) -> None:
    with refused("InvalidParameterValueException", words):
        aws.function(new_id("function"), **more)


def test_a_changed_function_is_held_to_the_same(aws: Aws, new_id: NewId) -> None:
    name = new_id("function")
    arn = aws.function(name)["FunctionArn"]
    for more in ({"Runtime": "python3.6"}, {"Environment": {"Variables": {"LAMBDA_TASK_ROOT": "x"}}}):
        with refused("InvalidParameterValueException"):
            aws.lambda_.update_function_configuration(FunctionName=name, **more)
    with refused("InvalidParameterValueException", "aws: prefixed"):
        aws.lambda_.tag_resource(Resource=arn, Tags={"AWS:x": "y"})


def test_a_name_has_64_characters_at_most(aws: Aws) -> None:
    assert aws.function("n" * 64, Role=aws.role("of-a-long-name", "lambda.amazonaws.com"))["FunctionName"] == "n" * 64
    for name in ("n" * 65, f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{'n' * 65}"):
        with refused("ValidationException", "Member must have length less than or equal to 64"):
            aws.function(name, Role=f"arn:aws:iam::{ACCOUNT}:role/of-a-long-name")


@pytest.mark.parametrize("principal", ["zork", "123", "amazonaws.com", "bedrock.example.com", "Bedrock.amazonaws.com"])
def test_a_principal_is_a_service_or_an_account(aws: Aws, new_id: NewId, principal: str) -> None:
    name = new_id("function")
    aws.function(name)
    asked = {"FunctionName": name, "Action": "lambda:InvokeFunction"}
    with refused("InvalidParameterValueException", "The provided principal was invalid"):
        aws.lambda_.add_permission(**asked, StatementId="a", Principal=principal)
    for number, good in enumerate((ACCOUNT, "*", f"arn:aws:iam::{ACCOUNT}:root", "s3.amazonaws.com")):
        aws.lambda_.add_permission(**asked, StatementId=f"s{number}", Principal=good)


def test_a_name_is_taken_once_and_free_again(aws: Aws, new_id: NewId) -> None:
    name = new_id("function")
    role = aws.function(name)["Role"]
    with refused("ResourceConflictException", name):
        aws.function(name, Role=role)
    aws.lambda_.delete_function(FunctionName=name)
    with refused(
        "ResourceNotFoundException", f"Function not found: arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"
    ):
        aws.lambda_.get_function(FunctionName=name)
    with refused("ResourceNotFoundException"):
        call(aws, name)
    aws.function(name, "def handler(event, context):\n    return 'second'\n", Role=role)
    assert call(aws, name)["Payload"] == "second"
    with refused("ResourceNotFoundException", "prod"):
        aws.lambda_.get_function(FunctionName=name, Qualifier="prod")


def test_functions_come_in_pages(aws: Aws, new_id: NewId) -> None:
    names = {new_id("paged") for _ in range(3)}
    for name in names:
        aws.function(name)
    paginator = aws.lambda_.get_paginator("list_functions")
    pages = list(paginator.paginate(PaginationConfig={"PageSize": 2}))
    assert all(len(page["Functions"]) <= 2 for page in pages)
    listed = [function for page in pages for function in page["Functions"]]
    assert names <= {function["FunctionName"] for function in listed}
    assert not any("State" in function for function in listed)


def test_permissions_make_the_functions_policy(aws: Aws, new_id: NewId) -> None:
    name = new_id("function")
    aws.function(name)
    with refused("ResourceNotFoundException"):
        aws.lambda_.get_policy(FunctionName=name)
    asked = {
        "FunctionName": name,
        "StatementId": "bedrock",
        "Action": "lambda:InvokeFunction",
        "Principal": "bedrock.amazonaws.com",
        "SourceAccount": ACCOUNT,
        "SourceArn": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:agent/*",
    }
    statement = json.loads(aws.lambda_.add_permission(**asked)["Statement"])
    assert statement["Principal"] == {"Service": "bedrock.amazonaws.com"}
    with refused("ResourceConflictException", "bedrock"):
        aws.lambda_.add_permission(**asked)
    aws.lambda_.add_permission(**{**asked, "StatementId": "other", "Principal": "210987654321"})
    document = json.loads(aws.lambda_.get_policy(FunctionName=name)["Policy"])
    assert [each["Sid"] for each in document["Statement"]] == ["bedrock", "other"]
    assert document["Statement"][1]["Principal"] == {"AWS": "arn:aws:iam::210987654321:root"}
    for sid in ("bedrock", "other"):
        aws.lambda_.remove_permission(FunctionName=name, StatementId=sid)
    with refused("ResourceNotFoundException", "bedrock"):
        aws.lambda_.remove_permission(FunctionName=name, StatementId="bedrock")


def test_tags_are_kept_by_arn(aws: Aws, new_id: NewId) -> None:
    arn = aws.function(new_id("function"))["FunctionArn"]
    aws.lambda_.tag_resource(Resource=arn, Tags={"a": "1", "b": "2"})
    aws.lambda_.untag_resource(Resource=arn, TagKeys=["a"])
    assert aws.lambda_.get_function(FunctionName=arn)["Tags"] == {"b": "2"}


def test_a_call_without_an_answer_happens_all_the_same(aws: Aws, new_id: NewId) -> None:
    name = new_id("function")
    aws.function(name)
    assert call(aws, name, InvocationType="DryRun")["StatusCode"] == 204
    assert call(aws, name, {"later": True}, InvocationType="Event")["StatusCode"] == 202
    groups = aws.logs.describe_log_groups
    group = f"/aws/lambda/{name}"
    until(lambda: groups(logGroupNamePrefix=group)["logGroups"])
    assert "'later': True" in messages(aws, group)


def test_a_body_that_is_no_json_is_refused(aws: Aws, new_id: NewId) -> None:
    name = new_id("function")
    aws.function(name)
    with refused("InvalidRequestContentException", "into json: see line 1, column 2."):
        aws.lambda_.invoke(FunctionName=name, Payload=b"{no")


def test_a_function_sees_this_endpoint_as_aws_and_none_of_the_users_keys(aws: Aws, new_id: NewId) -> None:
    name = new_id("function")
    source = (
        "import boto3, os\n"
        "def handler(event, context):\n"
        "    return [boto3.client('sts').get_caller_identity()['Account'], os.environ.get('AWS_PROFILE')]\n"
    )
    aws.function(name, source, Timeout=20)
    assert call(aws, name)["Payload"] == [ACCOUNT, None]


def test_log_groups_are_made_read_and_deleted(aws: Aws, new_id: NewId) -> None:
    name, group = new_id("function"), f"/test/{new_id('group')}"
    aws.logs.create_log_group(logGroupName=group, tags={"a": "b"})
    with refused("ResourceAlreadyExistsException"):
        aws.logs.create_log_group(logGroupName=group)
    (found,) = aws.logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert (found["logGroupName"], found["storedBytes"]) == (group, 0)
    arn = found["logGroupArn"]
    aws.logs.tag_resource(resourceArn=arn, tags={"c": "d"})
    aws.logs.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert aws.logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"c": "d"}
    aws.logs.delete_log_group(logGroupName=group)
    with refused("ResourceNotFoundException"):
        aws.logs.delete_log_group(logGroupName=group)
    with refused("InvalidParameterException", "logGroupName"):
        aws.logs.delete_log_group(logGroupName="no spaces")
    aws.function(name)
    call(aws, name, {"n": 1})
    call(aws, name, {"n": 2})
    group = f"/aws/lambda/{name}"
    first = aws.logs.filter_log_events(logGroupName=group, limit=4)
    second = aws.logs.filter_log_events(logGroupName=group, limit=4, nextToken=first["nextToken"])
    for number, page in enumerate((first, second), 1):
        said = [event["message"] for event in page["events"]]
        assert [message.partition(" ")[0] for message in said] == ["START", "got", "END", "REPORT"]
        assert said[1] == f"got {{'n': {number}}}\n"
    assert "[$LATEST]" in first["events"][0]["logStreamName"]
    assert len(aws.logs.filter_log_events(logGroupName=group, filterPattern='"got"')["events"]) == 2


def test_a_function_that_prints_nothing_has_a_log_too(aws: Aws, new_id: NewId) -> None:
    name = new_id("function")
    aws.function(name, "def handler(event, context):\n    return 1\n")
    tail = base64.b64decode(call(aws, name, LogType="Tail")["LogResult"]).decode()
    assert messages(aws, f"/aws/lambda/{name}") == tail
    assert [line.partition(" ")[0] for line in tail.splitlines()] == ["START", "END", "REPORT"]


def test_another_service_is_refused_by_its_name(aws: Aws) -> None:
    with refused("UnknownOperationException", "PutLogEvents"):
        aws.logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=[{"timestamp": 0, "message": "m"}])
    with refused("UnknownOperationException", "PutLogEvents"):
        aws.logs.put_log_events(
            logGroupName="no spaces", logStreamName="s", logEvents=[{"timestamp": 0, "message": "m"}]
        )
    with refused("UnknownOperationException", "'events'"):
        aws.events.list_rules()
