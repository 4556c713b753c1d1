"""Lookup of the function for an operation. A service's module is imported on its first request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travel_tui.local.wire.errors import ServiceError

if TYPE_CHECKING:
    from travel_tui.local.endpoint import Step
    from travel_tui.local.services.operation_table import Operation


def operation(service: str, name: str) -> Operation:
    """The function that answers an operation; raises UnknownOperationException where there is none."""
    found = operations_of(service).get(name)
    if found is None:
        from travel_tui.local.members.table import MISSING

        missing = MISSING.get(service, {}).get(name)
        why = f"{missing} ({name})" if missing else f"does not have {name} of {service}"
        raise ServiceError("UnknownOperationException", f"The local endpoint {why}.")
    return found


def step(service: str, name: str) -> Step:
    """The function that takes a service's step; raises KeyError where there is none."""
    return _steps(service)[name]


def operations_of(service: str) -> dict[str, Operation]:
    """A service's functions by the names of its operations; empty for a service that the endpoint does not have."""
    match service:
        case "bedrock-agent":
            from travel_tui.local.services.bedrock_agent.operations import OPERATIONS
        case "bedrock-agent-runtime":
            from travel_tui.local.services.bedrock_agent_runtime.operations import OPERATIONS
        case "bedrock-agentcore":
            from travel_tui.local.services.agentcore.operations import DATA_OPERATIONS as OPERATIONS
        case "bedrock-agentcore-control":
            from travel_tui.local.services.agentcore.operations import CONTROL_OPERATIONS as OPERATIONS
        case "dynamodb":
            from travel_tui.local.services.dynamodb.operations import OPERATIONS
        case "iam":
            from travel_tui.local.services.iam.operations import OPERATIONS
        case "lambda":
            from travel_tui.local.services.lambda_.operations import OPERATIONS
        case "logs":
            from travel_tui.local.services.logs import OPERATIONS
        case "sts":
            from travel_tui.local.services.sts import OPERATIONS
        case _:
            return {}
    return OPERATIONS


def _steps(service: str) -> dict[str, Step]:
    """A service's functions by the names of its steps; empty for a service without any."""
    match service:
        case "bedrock-agent":
            from travel_tui.local.services.bedrock_agent.operations import STEPS
        case "bedrock-agentcore-control":
            from travel_tui.local.services.agentcore.operations import STEPS
        case "dynamodb":
            from travel_tui.local.services.dynamodb.operations import STEPS
        case "lambda":
            from travel_tui.local.services.lambda_.operations import STEPS
        case _:
            return {}
    return STEPS
