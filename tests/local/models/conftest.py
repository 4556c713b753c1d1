"""A scripted model server and an endpoint that asks it, one of each for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.endpoint import RunningEndpoint, User, running_endpoint
from tests.local.models.model_server import ModelServer, model_server, ollama
from travel_tui.local.models.choice import ModelChoice, read_address

TIMEOUT_S = 1.0


@pytest.fixture(scope="module")
def _server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def server(_server: ModelServer) -> ModelServer:
    """The server, without a script."""
    _server.says()
    _server.dialect = ollama
    _server.gone.clear()
    return _server


@pytest.fixture(scope="module")
def endpoint(_server: ModelServer) -> Iterator[RunningEndpoint]:
    """An endpoint whose agent is the server's model."""
    with running_endpoint(model=ModelChoice(read_address(_server.address), timeout_s=TIMEOUT_S)) as running:
        yield running


@pytest.fixture
def user(endpoint: RunningEndpoint) -> User:
    """A client of the endpoint."""
    return endpoint.user(signed=False)
