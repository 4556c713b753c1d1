"""Shared lookups, checks, errors and output conversion of the operations on agents."""

from __future__ import annotations

from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.operation_table import to_output
from travel_tui.local.state.resources import Document
from travel_tui.local.state.timestamps import to_text
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

SERVICE = "bedrock-agent"
PAGE = 10
"""Page size: the service model's maximum for a list, regardless of maxResults."""
_PASSING = {"CREATING": "Creating", "PREPARING": "Preparing", "UPDATING": "Updating", "DELETING": "Deleting"}


def agent_of(endpoint: RegionalEndpoint, params: Params) -> Document:
    """Return the agent in the input. Raises ResourceNotFoundException."""
    agent = endpoint.agents.agent(params["agentId"])
    if agent is None:
        raise not_found_error(f"agent {params['agentId']}")
    return agent


def settled_agent_of(endpoint: RegionalEndpoint, params: Params, refusal: str = "ValidationException") -> Document:
    """Return the agent to change. Raises the error `refusal` while an earlier change is in progress."""
    agent = agent_of(endpoint, params)
    state = _PASSING.get(agent["agentStatus"])
    if state:
        raise ServiceError(refusal, f"operation can't be performed on Agent when it is in {state} state")
    return agent


def changed_draft(endpoint: RegionalEndpoint, agent: Document) -> None:
    """Mark an agent's DRAFT as different from what was prepared."""
    endpoint.agents.save_agent(agent | {"agentStatus": "NOT_PREPARED", "updatedAt": now_text(endpoint)})


def not_found_error(what: str) -> ServiceError:
    """Return the error for a resource that does not exist."""
    return ServiceError(
        "ResourceNotFoundException",
        f"Failed to retrieve resource because it doesn't exist: {what}. "
        "Retry your request with a different resource identifier.",
    )


def validation_error(message: str) -> ServiceError:
    """Return the error for invalid input."""
    return ServiceError("ValidationException", message)


def conflict_error(message: str) -> ServiceError:
    """Return the error for a conflict with the current state."""
    return ServiceError("ConflictException", message)


def now_text(endpoint: RegionalEndpoint) -> str:
    """Return the current time in the documents' format."""
    return to_text(endpoint.clock.now())


def pick_members(params: Params, *names: str) -> dict[str, Any]:
    """Return the given members that are present in the input."""
    return {name: params[name] for name in names if name in params}


def model_output(shape: str, document: Document) -> dict[str, Any]:
    """Convert a stored document to bedrock-agent's output."""
    return to_output(SERVICE, shape, document)
