"""What happens to TRAVELDEMO in tests, done by somebody else through boto3."""

from __future__ import annotations

from typing import Any

from tests.endpoint import RunningEndpoint, until
from travel_tui.local.faults import read_fault

AGENT_ID = "TRAVELDEMO"
TEST_ALIAS = "TSTALIASID"
LOOKS = ("GetAgentAlias", "GetAgent", "GetAgentVersion", "ListAgentActionGroups", "GetAgentActionGroup")
"""What connect asks of bedrock-agent where both ids are given."""


def forbid(endpoint: RunningEndpoint, *operations: str, error: str = "AccessDeniedException") -> None:
    """Let those operations be refused."""
    endpoint.do(lambda running: running.faults.add(read_fault(f"{operation}={error}") for operation in operations))


def change(control: Any, *, prepare: bool = True, **settings: Any) -> None:
    """Change settings of the agent's draft, None taking one away, and prepare it."""
    agent = control.get_agent(agentId=AGENT_ID)["agent"]
    names = control.meta.service_model.operation_model("UpdateAgent").input_shape.members
    kept = {name: value for name, value in agent.items() if name in names}
    control.update_agent(**{name: value for name, value in (kept | settings).items() if value is not None})
    until(lambda: control.get_agent(agentId=AGENT_ID)["agent"]["agentStatus"] == "NOT_PREPARED")
    if prepare:
        control.prepare_agent(agentId=AGENT_ID)
        until(lambda: control.get_agent(agentId=AGENT_ID)["agent"]["agentStatus"] == "PREPARED")


def add_alias(control: Any, name: str, **settings: Any) -> str:
    """An alias at a new version of the agent; its id."""
    made = control.create_agent_alias(agentId=AGENT_ID, agentAliasName=name, **settings)["agentAlias"]
    alias = {"agentId": AGENT_ID, "agentAliasId": made["agentAliasId"]}
    until(lambda: control.get_agent_alias(**alias)["agentAlias"]["agentAliasStatus"] == "PREPARED")
    return str(made["agentAliasId"])
