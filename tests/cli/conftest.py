from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.endpoint import RunningEndpoint, running_endpoint


@pytest.fixture
def endpoint() -> Iterator[RunningEndpoint]:
    """An endpoint with TRAVELDEMO on it."""
    with running_endpoint() as running:
        yield running
