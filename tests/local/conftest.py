"""One endpoint for all tests that change nothing of it; they keep apart by session and memory ids of their own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.endpoint import RunningEndpoint, User, running_endpoint

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[RunningEndpoint]:
    """An endpoint that takes any credentials."""
    with running_endpoint() as running:
        yield running


@pytest.fixture
def user(endpoint: RunningEndpoint) -> User:
    """A client of it."""
    return endpoint.user(signed=False)


@pytest.fixture
def new_id() -> Callable[[str], str]:
    """Makes ids that no other test has."""
    return lambda kind: f"{kind}-{next(_numbers)}"
