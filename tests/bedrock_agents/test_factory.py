"""Opening an agent with the backend that its config names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from travel_tui.agent import AgentError, check_id
from travel_tui.agentcore_config import AGENTCORE, AgentCoreConfig
from travel_tui.backends.factory import capabilities_of, open_agent, open_agent_in_thread
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.config import BACKENDS, AgentConfig

AGENT = AgentConfig("travel", "AGENT", "ALIAS", "us-east-1", endpoint_url="http://127.0.0.1:9")
OTHER = replace(AGENT, backend="other")
SAID = (
    "The agent travel has an unknown backend, 'other'. Backends: bedrock-agents, agentcore. Correct backend in the "
    "config, or leave it out; nothing was sent."
)


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_of_the_config_can_be_opened(backend: str) -> None:
    harness = AgentCoreConfig("arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/travel-a1B2c3D4e5")
    config = replace(AGENT, backend=backend, agentcore=harness if backend == AGENTCORE else None)
    assert open_agent(config, isolated=Credentials("key", "secret"))
    assert capabilities_of(config).max_text > 0


async def test_an_unknown_backend_is_refused_with_those_there_are() -> None:
    for opening in (open_agent, capabilities_of):
        with pytest.raises(AgentError) as refused:
            opening(OTHER)
        assert str(refused.value) == SAID
    with pytest.raises(AgentError, match="Backends: bedrock-agents"):
        await open_agent_in_thread(OTHER)


@pytest.mark.parametrize("value", ["anna", "a", "a b", "x" * 100, "x" * 101, ""])
def test_ids_that_commands_take_are_those_that_bedrock_takes(value: str) -> None:
    assert capabilities_of(AGENT).check_id("memory", value) == check_id("memory", value)
