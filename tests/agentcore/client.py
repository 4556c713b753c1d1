"""The client on a harness of a local endpoint, with a pilot user."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.agentcore.harness import HARNESS, agent_of, config_at
from tests.endpoint import RunningEndpoint
from tests.tui.client import HUGE, PilotUser, running_client
from travel_tui.agent import Agent
from travel_tui.agentcore_config import HERE, AgentCoreConfig
from travel_tui.cli.app_context import app_context
from travel_tui.clock import Clock
from travel_tui.ids import Ids
from travel_tui.tui.app import TravelApp

RUN_HERE = replace(HARNESS, run_functions=HERE)


@asynccontextmanager
async def client_of(
    endpoint: RunningEndpoint, target: AgentCoreConfig = RUN_HERE, size: tuple[int, int] = HUGE, memory_id: str = "anna"
) -> AsyncIterator[PilotUser]:
    """Run the client headless with an archive in memory."""
    config = replace(config_at(endpoint.url, target), memory_id=memory_id)

    async def open_agent() -> Agent:
        return agent_of(endpoint, target)

    context = replace(app_context(config, Clock(), Ids(), None), open_agent=open_agent)
    async with running_client(TravelApp(context), size) as user:
        yield user
