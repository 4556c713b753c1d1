"""moto as an oracle: the same calls to it and to the endpoint, and every difference with its reason.

moto keeps its answers to botocore's models too. Where the two differ, `Differs` says which of them the model is for, or
what the service's API reference says of the member.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.endpoint import running_endpoint
from tests.local.services.clients import Aws
from tests.local.services.moto_calls import GROUPS, Call

MADE_UP = {"RoleId", "PolicyId", "creationTime"}
"""Members that are compared by their types."""


def answered(client: Any, call: Call) -> dict[str, Any]:
    """What a call answers: its output, or the status and the code of its error."""
    try:
        output: dict[str, Any] = getattr(client, call.operation)(**call.asked)
    except ClientError as error:
        told = error.response
        return {"error": (told["ResponseMetadata"]["HTTPStatusCode"], told["Error"]["Code"])}
    except TypeError as error:
        return {"error": repr(error)}
    del output["ResponseMetadata"]
    return output


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """The places at which two answers differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        if ("error" in one) != ("error" in other):
            yield place
            return
        for name in sorted({*one, *other}):
            here = f"{place}.{name}" if place else name
            if name not in one or name not in other:
                yield here
            elif name not in MADE_UP:
                yield from differences(one[name], other[name], here)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from differences(first, second, f"{place}.{number}")
    elif place == "error":
        if one != other:
            yield ""
    elif one != other and not (isinstance(one, datetime) and isinstance(other, datetime)):
        yield place


@pytest.mark.parametrize("calls", GROUPS)
def test_the_endpoint_answers_as_moto_does_but_where_a_reason_is_given(
    calls: Callable[[], Iterator[Call]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client: Any = boto3.client(next(calls()).service, region_name="us-east-1")  # type: ignore[call-overload]
        expected = [answered(client, call) for call in calls()]
    with running_endpoint() as endpoint, closing(Aws(endpoint)) as aws:
        found = [answered(getattr(aws, call.service), call) for call in calls()]
    for call, theirs, ours in zip(calls(), expected, found, strict=True):
        assert set(differences(theirs, ours)) == set(call.differs), json.dumps(
            [call.operation, theirs, ours], default=str, indent=2
        )
