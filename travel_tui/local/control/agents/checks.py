"""What the operations on agents have in common: what is found, refused and answered."""

from __future__ import annotations

from typing import Any

from travel_tui.local.control.table import shown
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.moments import to_text
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

SERVICE = "bedrock-agent"
PAGE = 10
"""Entries on a page: the most that the service model lets a list hold, whatever maxResults asks for."""
_PASSING = {"CREATING": "Creating", "PREPARING": "Preparing", "UPDATING": "Updating", "DELETING": "Deleting"}


def agent_of(endpoint: Endpoint, params: Params) -> Document:
    """The agent that an operation is about."""
    agent = endpoint.agents.agent(params["agentId"])
    if agent is None:
        raise missing(f"agent {params['agentId']}")
    return agent


def settled_agent_of(endpoint: Endpoint, params: Params, refusal: str = "ValidationException") -> Document:
    """The agent that an operation changes; refused while a change of it is still being made."""
    agent = agent_of(endpoint, params)
    state = _PASSING.get(agent["agentStatus"])
    if state:
        raise ServiceError(refusal, f"operation can't be performed on Agent when it is in {state} state")
    return agent


def changed_draft(endpoint: Endpoint, agent: Document) -> None:
    """Keep that an agent's DRAFT is no longer what was prepared."""
    endpoint.agents.save_agent(agent | {"agentStatus": "NOT_PREPARED", "updatedAt": now_text(endpoint)})


def missing(what: str) -> ServiceError:
    """The error of a resource that does not exist."""
    return ServiceError(
        "ResourceNotFoundException",
        f"Failed to retrieve resource because it doesn't exist: {what}. "
        "Retry your request with a different resource identifier.",
    )


def invalid(message: str) -> ServiceError:
    """The error of input that cannot be."""
    return ServiceError("ValidationException", message)


def conflict(message: str) -> ServiceError:
    """The error of what stands against an operation."""
    return ServiceError("ConflictException", message)


def now_text(endpoint: Endpoint) -> str:
    """The moment, as documents have it."""
    return to_text(endpoint.clock.now())


def given(params: Params, *names: str) -> dict[str, Any]:
    """Those members of an input that were sent."""
    return {name: params[name] for name in names if name in params}


def answer(shape: str, document: Document) -> dict[str, Any]:
    """A kept document as bedrock-agent answers it."""
    return shown(SERVICE, shape, document)
