"""Opens the agent of a config with the config's backend; nothing else imports a backend.

Importing this is cheap: a backend, and boto3 with it, is imported when an agent is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.backends.shared.threads import in_thread
from travel_tui.config import BACKENDS, AgentConfig

if TYPE_CHECKING:
    from travel_tui.agent import Agent
    from travel_tui.backends.shared.credentials import Credentials
    from travel_tui.capabilities import Capabilities


def open_agent(config: AgentConfig, *, isolated: Credentials | None = None) -> Agent:
    """Open the agent that `config` names; nothing is sent. Raises AgentError.

    It imports an SDK, which takes a while: call it in a thread. With `isolated` no profile, no AWS file, no AWS
    variable and no proxy is read.
    """
    match config.backend:
        case "bedrock-agents":
            from travel_tui.backends.bedrock_agents.client import open_agent as open_bedrock_agent

            return open_bedrock_agent(config, isolated=isolated)
        case "agentcore":
            from travel_tui.backends.agentcore.client import open_agent as open_harness

            return open_harness(config, isolated=isolated)
        case _:
            raise _unknown(config)


async def open_agent_in_thread(config: AgentConfig, *, isolated: Credentials | None = None) -> Agent:
    """Open the agent in a thread of its own, which exit does not wait for. Raises AgentError."""
    return await in_thread(lambda: open_agent(config, isolated=isolated))


def capabilities_of(config: AgentConfig) -> Capabilities:
    """Return the capabilities of the config's backend. Raises AgentError."""
    match config.backend:
        case "bedrock-agents":
            from travel_tui.backends.bedrock_agents.capabilities import BEDROCK_AGENTS

            return BEDROCK_AGENTS
        case "agentcore":
            from travel_tui.backends.agentcore.capabilities import AGENTCORE

            return AGENTCORE
        case _:
            raise _unknown(config)


def all_capabilities() -> tuple[Capabilities, ...]:
    """Return the capabilities of every backend, for what is checked before the agent is known."""
    from travel_tui.backends.agentcore.capabilities import AGENTCORE
    from travel_tui.backends.bedrock_agents.capabilities import BEDROCK_AGENTS

    return (BEDROCK_AGENTS, AGENTCORE)


def _unknown(config: AgentConfig) -> AgentError:
    what = f"The agent {config.name} has an unknown backend, {config.backend!r}."
    advice = "Correct backend in the config, or leave it out; nothing was sent."
    return AgentError(Problem(ErrorKind.INVALID, what, f"Backends: {', '.join(BACKENDS)}.", advice))
