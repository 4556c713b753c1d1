"""Changes of the built-in agent, for tests of what an agent's settings do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.endpoint import AGENT
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.agents import DRAFT

Document = dict[str, Any]


def changed(group: Callable[[Document], object], agent: Callable[[Document], object] = lambda _: None) -> Any:
    """An action for `RunningEndpoint.do` that changes the built-in agent and its action group and prepares it."""

    def change(endpoint: Endpoint) -> None:
        agent_id = AGENT["agentId"]
        document = endpoint.agents.agent(agent_id)
        assert document
        agent(document)
        endpoint.agents.save_agent(document)
        (found,) = endpoint.agents.action_groups(agent_id)
        group(found)
        endpoint.agents.save_action_group(found)
        endpoint.agents.freeze(agent_id, DRAFT)

    return change


def returning_control(group: Document) -> None:
    """Let the caller run the group's functions."""
    group["actionGroupExecutor"] = {"customControl": "RETURN_CONTROL"}


def confirming(group: Document) -> None:
    """Let the caller ask for a confirmation of every function."""
    for function in group["functionSchema"]["functions"]:
        function["requireConfirmation"] = "ENABLED"


def confirming_and_returning(group: Document) -> None:
    """Both."""
    returning_control(group)
    confirming(group)
