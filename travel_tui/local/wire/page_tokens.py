"""Tokens of the next page: each is good for the list that returned it, as on AWS, and for no other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel

from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_ASKED = frozenset({"nextToken", "Marker"})
_ANSWERED = frozenset({"nextToken", "Marker", "NextMarker"})
"""Members that hold a token. DynamoDB continues after keys instead, which mean the same in every list."""
_SIZES = frozenset({"maxResults", "maxItems", "MaxItems", "limit"})
"""Members that may change from page to page."""
_REFUSALS = {"lambda": "InvalidParameterValueException"}
"""Error code of an unknown token, for services that do not use ValidationException."""


class ListTokens:
    """The tokens of one list: an operation with its input, in an account and a Region."""

    def __init__(self, operation: OperationModel, scope: str, params: Params) -> None:
        self._service, self._operation = operation.service_model.service_name, operation.name
        self._scope = scope
        self._params = params

    def read(self, params: Params) -> Params:
        """Return the input with its token as the operation wrote it. Raises for a token of another list."""
        found = {name: params[name] for name in _ASKED if isinstance(params.get(name), str)}
        if not found:
            return params
        mark = self._mark()
        for name, token in found.items():
            if not token.startswith(mark):
                raise ServiceError(
                    _REFUSALS.get(self._service, "ValidationException"),
                    f"The {name} is not one that this operation returned for the same list.",
                )
        return {**params, **{name: token.removeprefix(mark) for name, token in found.items()}}

    def write(self, output: Mapping[str, Any]) -> dict[str, Any]:
        """Return the output with its token marked as one of this list."""
        found = {name: output[name] for name in _ANSWERED if isinstance(output.get(name), str)}
        return {**output, **{name: f"{self._mark()}{token}" for name, token in found.items()}}

    def _mark(self) -> str:
        asked = {name: value for name, value in self._params.items() if name not in _ASKED | _SIZES}
        which = json.dumps([self._service, self._operation, self._scope, asked], sort_keys=True, default=str)
        return f"{hashlib.sha256(which.encode()).hexdigest()[:16]}."
