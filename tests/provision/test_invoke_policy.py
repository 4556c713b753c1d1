"""Whether a resource policy lets an agent invoke a function."""

from __future__ import annotations

from typing import Any

import pytest

from provision.invoke_policy import allows_invoke

ARN = "arn:aws:bedrock:us-east-1:123456789012:agent/ABCDEFGHIJ"
SERVICE = {"Service": "bedrock.amazonaws.com"}


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": SERVICE, "Action": "lambda:InvokeFunction", **more}


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values) if len(values) > 1 else values[0]}}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], False),
        ([allow()], True),
        (allow(), True),
        ([allow(**when("ArnLike", "AWS:SourceArn", ARN))], True),
        ([allow(**when("ArnEquals", "aws:SourceArn", ARN.replace("ABCDEFGHIJ", "*")))], True),
        ([allow(**when("ArnLike", "AWS:SourceArn", ARN.replace("ABCDEFGHIJ", "ABCDEFGHI?")))], True),
        ([allow(**when("ArnLike", "AWS:SourceArn", ARN.replace("ABCDEFGHIJ", "OTHERAGENT")))], False),
        ([allow(**when("ArnLike", "AWS:SourceArn", ARN.replace("ABCDEFGHIJ", "OTHERAGENT"), ARN))], True),
        ([allow(**when("StringEquals", "AWS:SourceAccount", "123456789012"))], True),
        ([allow(**when("StringEquals", "AWS:SourceAccount", "210987654321"))], False),
        ([allow(**when("StringEquals", "aws:PrincipalOrgID", "o-1"))], None),
        ([allow(**when("StringNotLike", "AWS:SourceArn", ARN))], None),
        ([allow(**when("StringEquals", "aws:PrincipalOrgID", "o-1")), allow()], True),
        ([allow(Principal={"Service": "s3.amazonaws.com"})], False),
        ([allow(Principal={"Service": ["s3.amazonaws.com", "bedrock.amazonaws.com"]})], True),
        ([allow(Principal={"AWS": "arn:aws:iam::123456789012:root"})], False),
        ([allow(Principal="*")], True),
        ([allow(Action="lambda:GetFunction")], False),
        ([allow(Action="lambda:*")], True),
        ([allow(Action=["lambda:GetFunction", "lambda:invokefunction"])], True),
        ([allow(), allow(Effect="Deny")], False),
        ([allow(), allow(Effect="Deny", **when("ArnLike", "AWS:SourceArn", "arn:aws:bedrock:*:*:agent/OTHER"))], True),
        ([allow(), allow(Effect="Deny", **when("StringEquals", "aws:PrincipalOrgID", "o-1"))], None),
        ([allow(Effect="Deny", **when("StringEquals", "aws:PrincipalOrgID", "o-1"))], False),
    ],
)
def test_a_policy_is_read_as_iam_reads_it(statements: Any, expected: bool | None) -> None:
    assert allows_invoke({"Version": "2012-10-17", "Statement": statements}, ARN) is expected
