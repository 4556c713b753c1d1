"""Builds a service's table of operations from plain functions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.jsonvalue import decode
from travel_tui.local.wire.models import shape_named
from travel_tui.local.wire.size import size_up_to

Operation = Callable[[RegionalEndpoint, Params], Awaitable[Params]]
"""Takes the validated input and returns the output, both by the service model's names; refuses with a ServiceError."""
PlainOperation = Callable[[RegionalEndpoint, Params], Params | None]
"""A synchronous operation; returns None for an empty response."""
Prepare = Callable[[Params], Params]
_LARGE = 50_000
"""Approximate bytes of an input above which it is prepared in a thread."""


def operations(*functions: PlainOperation, prepare: Prepare | None = None) -> dict[str, Operation]:
    """Return the operations by AWS's names: create_role becomes CreateRole. Each runs in a transaction.

    `prepare`, if given, converts each input for the functions; large inputs are converted in a thread.
    """
    return {"".join(word.title() for word in f.__name__.split("_")): _whole(f, prepare) for f in functions}


def _whole(function: PlainOperation, prepare: Prepare | None) -> Operation:
    @wraps(function)
    async def run(endpoint: RegionalEndpoint, params: Params) -> Params:
        if prepare:
            large = size_up_to(params, _LARGE) > _LARGE
            params = await asyncio.to_thread(prepare, params) if large else prepare(params)
        with endpoint.control.database.transaction():
            return function(endpoint, params) or {}

    return run


def to_output(service: str, shape: str, document: dict[str, Any]) -> dict[str, Any]:
    """Convert a stored document to an output shape: timestamps are parsed, members unknown to the shape dropped."""
    found: dict[str, Any] = decode(shape_named(service, shape), document)
    return found
