"""Clients of the shared endpoint, and what the probes of members share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.endpoint import RunningEndpoint
from tests.local.members.probes import World


@pytest.fixture(scope="session")
def world(endpoint: RunningEndpoint) -> Iterator[World]:
    """The endpoint as the probes meet it."""
    with closing(World(endpoint)) as clients:
        yield clients
