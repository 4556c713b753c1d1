"""sts and iam: roles, policies, and how they hang together."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.local.services.clients import ACCOUNT, Aws, permission, refused, trust

NewId = Callable[[str], str]
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def test_the_caller_is_the_account(aws: Aws) -> None:
    assert aws.sts.get_caller_identity()["Account"] == ACCOUNT


def test_a_role_lives_and_dies(aws: Aws, new_id: NewId) -> None:
    name = new_id("role")
    tags = [{"Key": "who", "Value": "QA and CI"}]
    document = trust("lambda.amazonaws.com")
    made = aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, Description="a <b> & c", Tags=tags)
    role = aws.iam.get_role(RoleName=name)["Role"]
    assert role["Arn"] == made["Role"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/{name}"
    assert role["AssumeRolePolicyDocument"] == json.loads(document)
    assert (role["Description"], role["Tags"], role["Path"]) == ("a <b> & c", tags, "/")
    with refused("EntityAlreadyExists", name):
        aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    aws.iam.tag_role(RoleName=name, Tags=[{"Key": "who", "Value": "CI"}, {"Key": "more", "Value": ""}])
    aws.iam.untag_role(RoleName=name, TagKeys=["more"])
    assert aws.iam.list_role_tags(RoleName=name)["Tags"] == [{"Key": "who", "Value": "CI"}]
    aws.iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust("bedrock.amazonaws.com"))
    assert "bedrock" in json.dumps(aws.iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"])
    aws.iam.delete_role(RoleName=name)
    with refused("NoSuchEntity", name):
        aws.iam.get_role(RoleName=name)


def test_a_role_in_use_cannot_be_deleted(aws: Aws, new_id: NewId) -> None:
    name = new_id("role")
    aws.role(name, "lambda.amazonaws.com")
    aws.iam.attach_role_policy(RoleName=name, PolicyArn=BASIC)
    aws.iam.attach_role_policy(RoleName=name, PolicyArn=BASIC)
    attached = aws.iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert attached == [{"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": BASIC}]
    with refused("DeleteConflict", "detach"):
        aws.iam.delete_role(RoleName=name)
    aws.iam.detach_role_policy(RoleName=name, PolicyArn=BASIC)
    with refused("NoSuchEntity"):
        aws.iam.detach_role_policy(RoleName=name, PolicyArn=BASIC)
    aws.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=permission())
    with refused("DeleteConflict", "policies"):
        aws.iam.delete_role(RoleName=name)
    assert aws.iam.list_role_policies(RoleName=name)["PolicyNames"] == ["own"]
    found = aws.iam.get_role_policy(RoleName=name, PolicyName="own")
    assert found["PolicyDocument"] == json.loads(permission())
    aws.iam.delete_role_policy(RoleName=name, PolicyName="own")
    with refused("NoSuchEntity", "own"):
        aws.iam.get_role_policy(RoleName=name, PolicyName="own")
    with refused("NoSuchEntity", "own"):
        aws.iam.delete_role_policy(RoleName=name, PolicyName="own")
    aws.iam.delete_role(RoleName=name)


def test_a_policy_lives_and_dies(aws: Aws, new_id: NewId) -> None:
    name = new_id("policy")
    tags = [{"Key": "k", "Value": "v"}]
    made = aws.iam.create_policy(PolicyName=name, PolicyDocument=permission(), Description="d", Tags=tags)
    arn = made["Policy"]["Arn"]
    with refused("EntityAlreadyExists", name):
        aws.iam.create_policy(PolicyName=name, PolicyDocument=permission())
    found = aws.iam.get_policy(PolicyArn=arn)["Policy"]
    assert (found["DefaultVersionId"], found["AttachmentCount"], found["Tags"]) == ("v1", 0, tags)
    aws.iam.delete_policy(PolicyArn=arn)
    with refused("NoSuchEntity", arn):
        aws.iam.get_policy(PolicyArn=arn)


def test_an_attached_policy_cannot_be_deleted(aws: Aws, new_id: NewId) -> None:
    role, name = new_id("role"), new_id("policy")
    arn = aws.iam.create_policy(PolicyName=name, PolicyDocument=permission())["Policy"]["Arn"]
    aws.role(role, "lambda.amazonaws.com")
    aws.iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    with refused("DeleteConflict", "attached"):
        aws.iam.delete_policy(PolicyArn=arn)
    assert aws.iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    aws.iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    aws.iam.delete_policy(PolicyArn=arn)


def test_policies_of_aws_are_there_and_stay(aws: Aws, new_id: NewId) -> None:
    assert aws.iam.get_policy(PolicyArn=BASIC)["Policy"]["Path"] == "/service-role/"
    with refused("InvalidInput", "AWS managed"):
        aws.iam.delete_policy(PolicyArn=BASIC)
    role = new_id("role")
    aws.role(role, "lambda.amazonaws.com")
    with refused("NoSuchEntity", "not attachable"):
        aws.iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRoll")
    with refused("InvalidInput", "not valid"):
        aws.iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:s3:::a-bucket-and-no-policy")


def test_roles_come_in_pages(aws: Aws, new_id: NewId) -> None:
    path = f"/{new_id('pages')}/"
    names = [new_id("role") for _ in range(5)]
    for name in names:
        aws.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    pages = list(aws.iam.get_paginator("list_roles").paginate(PathPrefix=path, PaginationConfig={"PageSize": 2}))
    assert [len(page["Roles"]) for page in pages] == [2, 2, 1]
    assert sorted(role["RoleName"] for page in pages for role in page["Roles"]) == sorted(names)
    with refused("ValidationError", "Marker is not one"):
        aws.iam.list_roles(Marker="made-up")


STATEMENT = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.mark.parametrize(
    "document",
    [
        "not json",
        "[]",
        "{}",
        json.dumps({"Version": "2011-01-01", "Statement": STATEMENT}),
        json.dumps({"Statement": {**STATEMENT, "Effect": "Maybe"}}),
        json.dumps({"Statement": {**STATEMENT, "Effect": []}}),
        json.dumps({"Version": {"a": 5}, "Statement": STATEMENT}),
        json.dumps({"Statement": {**STATEMENT, "Condition": 5}}),
        json.dumps({"Statement": {**STATEMENT, "Condition": None}}),
        json.dumps({"Statement": {**STATEMENT, "Condition": {"StringEquals": 5}}}),
        json.dumps({"Statement": {k: v for k, v in STATEMENT.items() if k != "Action"}}),
        json.dumps({"Statement": {k: v for k, v in STATEMENT.items() if k != "Principal"}}),
        json.dumps({"Statement": {**STATEMENT, "Resource": "*"}}),
        json.dumps({"Statement": {**STATEMENT, "Action": "s3:GetObject"}}),
    ],
)
def test_what_is_no_trust_policy_is_refused(aws: Aws, new_id: NewId, document: str) -> None:
    with refused("MalformedPolicyDocument"):
        aws.iam.create_role(RoleName=new_id("role"), AssumeRolePolicyDocument=document)


@pytest.mark.parametrize(
    "document",
    [
        trust("lambda.amazonaws.com"),
        json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:GetObject"}}),
        json.dumps({"Statement": {"Effect": "Allow", "Action": "everything", "Resource": "*"}}),
    ],
)
def test_what_is_no_permission_is_refused(aws: Aws, new_id: NewId, document: str) -> None:
    with refused("MalformedPolicyDocument"):
        aws.iam.create_policy(PolicyName=new_id("policy"), PolicyDocument=document)


def test_input_that_the_model_forbids_is_refused_in_the_words_of_the_protocol(aws: Aws) -> None:
    with refused("ValidationError", "RoleName"):
        aws.iam.get_role(RoleName="no spaces here")


def test_tags_of_aws_are_refused_by_every_service(aws: Aws, new_id: NewId) -> None:
    role, words = new_id("role"), "aws: prefixed tag key names are not allowed"
    arn = aws.role(role, "lambda.amazonaws.com")
    tags = [{"Key": "mine", "Value": ""}, {"Key": "aws:x", "Value": ""}]
    with refused("InvalidInput", words):
        aws.iam.tag_role(RoleName=role, Tags=tags)
    with refused("ValidationException", words):
        aws.bedrock_agent.create_agent(agentName=new_id("agent"), agentResourceRoleArn=arn, tags={"Aws:x": ""})
    with refused("ValidationException", words):
        aws.dynamodb.tag_resource(ResourceArn=f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/any", Tags=tags)
    with refused("InvalidParameterException", words):
        aws.logs.create_log_group(logGroupName=new_id("group"), tags={"aws:x": ""})
    assert aws.iam.list_role_tags(RoleName=role)["Tags"] == []


def test_an_operation_that_is_not_there_is_named(aws: Aws) -> None:
    with refused("InvalidAction", "CreateUser"):
        aws.iam.create_user(UserName="somebody")
