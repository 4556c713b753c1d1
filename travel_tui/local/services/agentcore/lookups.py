"""Shared lookups, ids, ARNs, errors and output conversion of AgentCore's operations."""

from __future__ import annotations

from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.agentcore_resources import HARNESS, MEMORY
from travel_tui.local.services.iam.roles import can_assume
from travel_tui.local.services.names import short_id
from travel_tui.local.services.operation_table import to_output
from travel_tui.local.state.resources import Document
from travel_tui.local.state.timestamps import to_text
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

CONTROL = "bedrock-agentcore-control"
PRINCIPAL = "bedrock-agentcore.amazonaws.com"
PAGE = 20
"""Default page size; AWS documents it for events and records only."""


def new_id(endpoint: RegionalEndpoint, name: str) -> str:
    """Return an id of AgentCore's form: the name and ten letters and digits."""
    return f"{name}-{short_id(endpoint.ids)}"


def memory_of(endpoint: RegionalEndpoint, params: Params) -> Document:
    """Return the memory in the input, named by its id or its ARN. Raises ResourceNotFoundException."""
    given: str = params["memoryId"]
    memory_id = given.rpartition("/")[2]
    memory = endpoint.control.resources.get(MEMORY, memory_id)
    if memory is None or given not in {memory["id"], memory["arn"]}:
        raise not_found_error(f"Memory not found: {given}")
    return memory


def harness_of(endpoint: RegionalEndpoint, params: Params) -> Document:
    """Return the harness in the input. Raises ResourceNotFoundException."""
    harness = endpoint.control.resources.get(HARNESS, params["harnessId"])
    if harness is None:
        raise not_found_error(f"Harness not found: {params['harnessId']}")
    return harness


def save_memory(endpoint: RegionalEndpoint, memory: Document) -> None:
    """Create or change a memory."""
    endpoint.control.resources.put(MEMORY, memory["id"], memory)


def save_harness(endpoint: RegionalEndpoint, harness: Document) -> None:
    """Create or change a harness."""
    endpoint.control.resources.put(HARNESS, harness["harnessId"], harness)


def strategy_of(memory: Document, strategy_id: str) -> Document:
    """Return a strategy of a memory. Raises ValidationException."""
    for strategy in memory["strategies"]:
        if strategy["strategyId"] == strategy_id:
            found: Document = strategy
            return found
    raise validation_error(f"Memory {memory['id']} has no strategy {strategy_id}.")


def check_role(endpoint: RegionalEndpoint, role: str, arn: str) -> None:
    """Raise ValidationException for a role that AgentCore cannot assume for a resource."""
    if not can_assume(endpoint, role, PRINCIPAL, arn):
        raise validation_error(
            f"Role validation failed for '{role}'. Please verify that the role exists and its trust policy allows "
            f"assumption by this service ({PRINCIPAL})."
        )


def now_text(endpoint: RegionalEndpoint) -> str:
    """Return the current time in the documents' format."""
    return to_text(endpoint.clock.now())


def control_output(shape: str, document: Document) -> dict[str, Any]:
    """Convert a stored document to the control plane's output."""
    return to_output(CONTROL, shape, document)


def not_found_error(message: str) -> ServiceError:
    """Return the error for a resource that does not exist."""
    return ServiceError("ResourceNotFoundException", message)


def validation_error(message: str) -> ServiceError:
    """Return the error for invalid input."""
    return ServiceError("ValidationException", message)


def conflict_error(message: str) -> ServiceError:
    """Return the error for a conflict with the current state."""
    return ServiceError("ConflictException", message)


def quota_error(message: str) -> ServiceError:
    """Return the error for a limit of the endpoint or of AWS."""
    return ServiceError("ServiceQuotaExceededException", message)
