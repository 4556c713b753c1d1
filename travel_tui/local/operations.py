"""Which function answers which operation. A service's module is imported when its first request comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING

from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

if TYPE_CHECKING:
    from travel_tui.local.endpoint import Endpoint

Operation = Callable[["Endpoint", Params], Awaitable[Params]]
"""Takes the validated input and returns the output, both by the service model's names; refuses with a ServiceError."""

Step = Callable[..., None]
"""Takes the endpoint and what the step is about; does what follows by itself on a state that passes."""

_MODULES = {
    "bedrock-agent": "travel_tui.local.control.agents.operations",
    "bedrock-agent-runtime": "travel_tui.local.runtime.operations",
    "dynamodb": "travel_tui.local.control.dynamodb.operations",
    "iam": "travel_tui.local.control.iam.operations",
    "lambda": "travel_tui.local.control.functions.operations",
    "logs": "travel_tui.local.control.logs",
    "sts": "travel_tui.local.control.sts",
}
"""The module of each service; its OPERATIONS, and where it has any its STEPS, are functions by name."""


def operation(service: str, name: str) -> Operation:
    """The function that answers an operation; raises UnknownOperationException where there is none."""
    module = _MODULES.get(service)
    found: Operation | None = import_module(module).OPERATIONS.get(name) if module else None
    if found is None:
        raise ServiceError("UnknownOperationException", f"The local endpoint does not have {name} of {service}.")
    return found


def step(service: str, name: str) -> Step:
    """The function that takes a service's step."""
    found: Step = import_module(_MODULES[service]).STEPS[name]
    return found
