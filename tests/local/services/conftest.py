"""Clients of one endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.endpoint import RunningEndpoint
from tests.local.services.clients import Aws


@pytest.fixture
def aws(endpoint: RunningEndpoint) -> Iterator[Aws]:
    """Clients of the endpoint that all tests share."""
    with closing(Aws(endpoint)) as clients:
        yield clients
