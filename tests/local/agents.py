"""Changes of the built-in agent, for tests of what an agent's settings do."""

from __future__ import annotations

import json
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
        document = endpoint.at("us-east-1").agents.agent(agent_id)
        assert document
        agent(document)
        endpoint.at("us-east-1").agents.save_agent(document)
        (found,) = endpoint.at("us-east-1").agents.action_groups(agent_id)
        group(found)
        endpoint.at("us-east-1").agents.save_action_group(found)
        endpoint.at("us-east-1").agents.save_as_version(agent_id, DRAFT)

    return change


def returning_control(group: Document) -> None:
    """Let the caller run the group's functions."""
    group["actionGroupExecutor"] = {"customControl": "RETURN_CONTROL"}


def returning_an_api(group: Document) -> None:
    """Let the caller run an operation of an OpenAPI schema."""
    returning_control(group)
    claim = {"name": "claim_id", "in": "path", "description": "the id of the claim", "schema": {"type": "string"}}
    status = {"description": "get the status of a claim", "parameters": [claim], "responses": {}}
    del group["functionSchema"]
    schema = {"openapi": "3.0.0", "paths": {"/claims/{claim_id}/status": {"get": status}}}
    group["apiSchema"] = {"payload": json.dumps(schema)}


def confirming(group: Document) -> None:
    """Let the caller ask for a confirmation of every function."""
    for function in group["functionSchema"]["functions"]:
        function["requireConfirmation"] = "ENABLED"


def confirming_and_returning(group: Document) -> None:
    """Both."""
    returning_control(group)
    confirming(group)
