"""From plain functions to a service's table of operations."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from travel_tui.local.endpoint import Endpoint
from travel_tui.local.operations import Operation
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.jsonvalue import decode
from travel_tui.local.wire.models import service_model

PlainOperation = Callable[[Endpoint, Params], Params | None]
"""Does all it does at once; None where the operation has nothing to say."""


def operations(*functions: PlainOperation) -> dict[str, Operation]:
    """The operations by AWS's names: create_role is CreateRole. Each is kept whole, or where it raises not at all."""
    return {"".join(word.title() for word in f.__name__.split("_")): _whole(f) for f in functions}


def _whole(function: PlainOperation) -> Operation:
    @wraps(function)
    async def run(endpoint: Endpoint, params: Params) -> Params:
        with endpoint.control.database.transaction():
            return function(endpoint, params) or {}

    return run


def shown(service: str, shape: str, document: dict[str, Any]) -> dict[str, Any]:
    """A kept document as an output has it: timestamps read, and none but the shape's own members."""
    found: dict[str, Any] = decode(service_model(service).shape_for(shape), document)
    return found
