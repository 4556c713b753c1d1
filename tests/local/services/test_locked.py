"""An endpoint that takes signed requests alone refuses in every protocol, and its functions have its key."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from tests.endpoint import client_at, running_endpoint
from tests.local.services.clients import ACCOUNT, Aws, refused

SOURCE = "import boto3\ndef handler(event, context):\n    return boto3.client('sts').get_caller_identity()['Account']\n"
CALLS: dict[str, Any] = {
    "sts": lambda client: client.get_caller_identity(),
    "dynamodb": lambda client: client.list_tables(),
    "lambda": lambda client: client.list_functions(),
}


@pytest.mark.parametrize("service", CALLS)
def test_another_key_is_refused_so_that_the_client_can_read_it(service: str) -> None:
    with (
        running_endpoint(require_key=True) as endpoint,
        closing(client_at(endpoint.url, service=service)) as client,
        refused("UnrecognizedClientException", "endpoint.json"),
    ):
        CALLS[service](client)


def test_its_functions_ask_it_with_its_own_key() -> None:
    with running_endpoint(require_key=True, allow_uploads=True) as endpoint, closing(Aws(endpoint)) as aws:
        aws.function("who", SOURCE, Timeout=20)
        answer = json.loads(aws.lambda_.invoke(FunctionName="who")["Payload"].read())
        assert answer == ACCOUNT
