"""The json protocols, 1.0 and 1.1: a header names the operation; input, output and errors are JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, ServiceModel

from travel_tui.local.json_text import write_json
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError, status_of
from travel_tui.local.wire.http import Request, Response
from travel_tui.local.wire.jsonvalue import decode, encode, read_object

_INVALID_INPUT = {"logs": "InvalidParameterException"}
"""Error code for invalid input of services that do not use ValidationException."""


def find(request: Request, model: ServiceModel) -> tuple[str, Mapping[str, str]] | None:
    """Return the operation that the header x-amz-target names, if it is one of this service."""
    prefix, _, name = request.headers.get("x-amz-target", "").rpartition(".")
    return (name, {}) if prefix == model.metadata["targetPrefix"] and name in model.operation_names else None


def parse(request: Request, operation: OperationModel, _labels: Mapping[str, str]) -> Params:
    """Parse the operation's input. Values of the wrong type stay unchanged, so that validation reports them."""
    content = read_object(request.body or b"{}")
    params: Params = decode(operation.input_shape, content) if operation.input_shape else {}
    return params


def respond(operation: OperationModel, output: Mapping[str, Any], request_id: str) -> Response:
    """Return the response of an operation; without a body if it has no output."""
    shape = operation.output_shape
    body = b"" if shape is None else write_json(encode(shape, output))
    return Response(200, _headers(operation.service_model, request_id), body)


def fail(error: ServiceError, model: ServiceModel | None, request_id: str) -> Response:
    """Return the response of an operation that was rejected or failed."""
    code = error.code
    if code == "ValidationException" and model:
        code = _INVALID_INPUT.get(model.service_name, code)
    body = write_json({"__type": code, "message": error.message})
    return Response(status_of(code, model), _headers(model, request_id), body)


def _headers(model: ServiceModel | None, request_id: str) -> dict[str, str]:
    version = model.metadata.get("jsonVersion", "1.1") if model else "1.1"
    return {"x-amzn-requestid": request_id, "content-type": f"application/x-amz-json-{version}"}
