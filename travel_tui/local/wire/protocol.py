"""Wire protocols of the services. A protocol is a module with the four functions below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from botocore.model import OperationModel, ServiceModel

from travel_tui.local.wire import json_rpc, query, rest_json
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.http import Request, Response


class WireProtocol(Protocol):
    """Finds operations, parses inputs, and formats outputs and errors."""

    def find(self, request: Request, model: ServiceModel) -> tuple[str, Mapping[str, str]] | None:
        """Return the operation's name and the path labels, or None if the model has no such operation."""
        ...

    def parse(self, request: Request, operation: OperationModel, labels: Mapping[str, str]) -> Params:
        """Parse the operation's input without validating it."""
        ...

    def respond(self, operation: OperationModel, output: Mapping[str, Any], request_id: str) -> Response:
        """Return the response for an output."""
        ...

    def fail(self, error: ServiceError, model: ServiceModel | None, request_id: str) -> Response:
        """Return the response for an error."""
        ...


_PROTOCOLS: dict[str, WireProtocol] = {"rest-json": rest_json, "json": json_rpc, "query": query}


def guess_protocol(request: Request) -> WireProtocol:
    """Return the protocol that a request is written in, as far as it can be told without knowing its service."""
    if "x-amz-target" in request.headers:
        return json_rpc
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return query if is_form else rest_json


def protocol_of(model: ServiceModel) -> WireProtocol:
    """Return the protocol that clients of this service use with the endpoint."""
    return _PROTOCOLS[model.metadata["protocol"]]
