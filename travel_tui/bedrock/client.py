"""Opens agents. Importing this is cheap: boto3 is imported when an agent is opened, in the thread that opens it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError
from travel_tui.bedrock.threads import in_thread
from travel_tui.config import AgentConfig

if TYPE_CHECKING:
    from travel_tui.bedrock.runtime import BedrockAgent


@dataclass(frozen=True, slots=True)
class Credentials:
    """Keys for a loopback endpoint; real ones stay with boto3's own chain."""

    access_key: str
    secret_key: str = field(repr=False)


def open_agent(config: AgentConfig, *, isolated: Credentials | None = None) -> BedrockAgent:
    """The agent that `config` names; nothing is sent. Raises AgentError.

    Importing boto3 takes some 0.4 s and making the clients 0.1 s (measured on two cores): call it in a thread.
    With `isolated` no profile, no AWS file, no AWS variable and no proxy is read.
    """
    from travel_tui.bedrock.boto_clients import make_clients
    from travel_tui.bedrock.errors import Place, explain
    from travel_tui.bedrock.runtime import BedrockAgent

    place = Place(config.agent_id, config.alias_id, config.region, config.profile, config.endpoint_url)
    try:
        clients = make_clients(config, isolated)
    except Exception as error:
        raise AgentError(explain(error, place)) from error
    url = config.endpoint_url or clients.own_endpoint  # AWS_ENDPOINT_URL and the AWS config can name one too
    return BedrockAgent(clients, replace(place, region=clients.region, endpoint_url=url))


async def open_agent_in_thread(config: AgentConfig, *, isolated: Credentials | None = None) -> BedrockAgent:
    """As `open_agent`, in a thread of its own, which exit does not wait for."""
    return await in_thread(lambda: open_agent(config, isolated=isolated))
