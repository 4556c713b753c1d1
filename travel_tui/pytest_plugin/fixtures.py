"""The fixtures of the plugin. What they need is imported when a test asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from travel_tui.pytest_plugin.agent import TravelAgent
    from travel_tui.pytest_plugin.endpoint import TravelEndpoint
    from travel_tui.pytest_plugin.recall_fixture import Recall
    from travel_tui.pytest_plugin.snapshot import TuiSnapshot


@pytest.fixture(scope="session")
def travel_endpoint(pytestconfig: pytest.Config) -> Iterator[TravelEndpoint]:
    """A local endpoint for each process of the run, to which AWS's variables lead until the run ends."""
    from travel_tui.pytest_plugin.endpoint import endpoint_in_environment
    from travel_tui.pytest_plugin.worker import worker_of

    with endpoint_in_environment(worker_of(pytestconfig)) as endpoint:
        yield endpoint


@pytest.fixture
def travel_agent(request: pytest.FixtureRequest) -> Iterator[TravelAgent]:
    """The agent that recall checks run on, of --travel-agent or the local endpoint, with memories of its own."""
    from travel_tui.pytest_plugin.agent import TravelAgent
    from travel_tui.pytest_plugin.worker import worker_of

    worker = worker_of(request.config)
    agent = TravelAgent(worker, *worker.chosen())
    yield agent
    if left := agent.clean_up():
        request.node.warn(pytest.PytestWarning(f"not cleaned up: {left}"))


@pytest.fixture
def recall(request: pytest.FixtureRequest) -> Recall:
    """Run recall checks from a test: `recall("checks/moved.yaml")`, or the text of a file."""
    from travel_tui.pytest_plugin.recall_fixture import Recall
    from travel_tui.pytest_plugin.worker import worker_of

    return Recall(worker_of(request.config), request.path.parent)


@pytest.fixture
def tui_snapshot(request: pytest.FixtureRequest) -> TuiSnapshot:
    """Bring the client into a state and compare its screen with the stored one."""
    from travel_tui.pytest_plugin.snapshot import TuiSnapshot

    return TuiSnapshot(
        request.path, request.node.nodeid.partition("::")[2], update=request.config.getoption("tui_snapshot_update")
    )
