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

_MODULES = {"bedrock-agent-runtime": "travel_tui.local.runtime.operations"}
"""The module of each service; its OPERATIONS are functions by the operation's name."""


def operation(service: str, name: str) -> Operation:
    """The function that answers an operation; raises UnknownOperationException where there is none."""
    module = _MODULES.get(service)
    found: Operation | None = import_module(module).OPERATIONS.get(name) if module else None
    if found is None:
        raise ServiceError("UnknownOperationException", f"The local endpoint does not have {name} of {service}.")
    return found
