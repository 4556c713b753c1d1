"""Opens harnesses and memories. Importing this is cheap: boto3 is imported when an agent is opened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.config import AgentConfig

if TYPE_CHECKING:
    from travel_tui.backends.agentcore.runtime import AgentCoreAgent
    from travel_tui.backends.shared.credentials import Credentials

DATA: Final = "bedrock-agentcore"
CONTROL: Final = "bedrock-agentcore-control"
ANSWER_S: Final = 3_660
"""Seconds that a turn may be silent: a stream lasts up to an hour (AWS quotas), and boto3's 60 s are too short."""
FUNCTION_S: Final = 900
"""The longest timeout of a Lambda function, in seconds."""


def open_agent(config: AgentConfig, *, isolated: Credentials | None = None) -> AgentCoreAgent:
    """Create the agent described by `config`; nothing is sent. Raises AgentError. Call it in a thread."""
    from travel_tui.backends.agentcore.errors import HarnessLocation
    from travel_tui.backends.agentcore.runtime import AgentCoreAgent
    from travel_tui.backends.shared.boto_clients import Clients, RetryPolicy, client_factory
    from travel_tui.backends.shared.errors import AgentLocation

    target = config.agentcore
    if target is None:
        advice = "`travel-tui connect` writes it."
        raise AgentError(Problem(ErrorKind.INVALID, "The agent's config has no harness and no memory.", "", advice))
    place = AgentLocation(config.agent_id, config.alias_id, config.region, config.profile, config.endpoint_url)
    maker = client_factory(place, isolated)
    clients = Clients(
        turns=maker.client(DATA, RetryPolicy(read_s=ANSWER_S, attempts=1)),
        reads=maker.client(DATA),
    )

    def lambda_client() -> Any:
        return maker.client("lambda", RetryPolicy(read_s=FUNCTION_S, attempts=1))

    url = config.endpoint_url or clients.own_endpoint  # AWS_ENDPOINT_URL and the AWS config can set one too
    location = HarnessLocation(
        replace(place, region=clients.region, endpoint_url=url), target.harness_arn, target.memory_resource
    )
    return AgentCoreAgent(target, clients, lambda: maker.client(CONTROL), lambda_client, location)
