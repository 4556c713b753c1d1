"""Clients of one endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.endpoint import RunningEndpoint
from tests.local.agentcore.clients import DEMO, AgentCore


@pytest.fixture
def core(endpoint: RunningEndpoint) -> Iterator[AgentCore]:
    """AgentCore at the endpoint that all tests share."""
    with closing(AgentCore(endpoint)) as clients:
        yield clients


@pytest.fixture
def demo(core: AgentCore) -> str:
    """The ARN of the built-in harness."""
    return str(core.control.get_harness(harnessId=DEMO)["harness"]["arn"])
