"""The endpoint of the tests of the plugin, and what a run in a process of its own leaves out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.endpoint import RunningEndpoint, running_endpoint
from tests.pytest_plugin.runs import WITHOUT_OTHERS


@pytest.fixture(scope="module")
def endpoint() -> Iterator[RunningEndpoint]:
    with running_endpoint() as running:
        yield running


@pytest.fixture(autouse=True)
def _without_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(WITHOUT_OTHERS))
