from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.endpoint import RunningEndpoint, client_at, running_endpoint


@pytest.fixture
def endpoint() -> Iterator[RunningEndpoint]:
    """An endpoint with TRAVELDEMO on it."""
    with running_endpoint() as running:
        yield running


@pytest.fixture
def control(endpoint: RunningEndpoint) -> Iterator[Any]:
    """boto3's bedrock-agent client of the endpoint, as whoever looks after the agents has it."""
    with closing(client_at(endpoint.url, endpoint.key, "bedrock-agent")) as client:
        yield client
