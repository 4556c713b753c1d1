"""The json protocols, 1.0 and 1.1: a header names the operation; input, output and errors are JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, ServiceModel

from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError, status_of
from travel_tui.local.wire.http import Request, Response
from travel_tui.local.wire.jsonvalue import decode, encode

_INVALID_INPUT = {"logs": "InvalidParameterException"}
"""What services answer to input that their model does not allow, where it is not ValidationException."""


def find(request: Request, model: ServiceModel) -> tuple[str, Mapping[str, str]] | None:
    """The name of the operation that the header x-amz-target asks this service for."""
    prefix, _, name = request.headers.get("x-amz-target", "").rpartition(".")
    return (name, {}) if prefix == model.metadata["targetPrefix"] and name in model.operation_names else None


def parse(request: Request, operation: OperationModel, _labels: Mapping[str, str]) -> Params:
    """The operation's input. What cannot be read as its type stays as it came, for validation to name."""
    try:
        content = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise ServiceError("SerializationException", f"The request's body is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ServiceError("SerializationException", "The request's body is JSON, but not an object.")
    params: Params = decode(operation.input_shape, content) if operation.input_shape else {}
    return params


def respond(operation: OperationModel, output: Mapping[str, Any], request_id: str) -> Response:
    """The response of an operation; without a body where it has no output."""
    shape = operation.output_shape
    body = b"" if shape is None else _dump(encode(shape, output))
    return Response(200, _headers(operation.service_model, request_id), body)


def fail(error: ServiceError, model: ServiceModel | None, request_id: str) -> Response:
    """The response of an operation that was refused or failed."""
    code = error.code
    if code == "ValidationException" and model:
        code = _INVALID_INPUT.get(model.service_name, code)
    body = _dump({"__type": code, "message": error.message})
    return Response(status_of(code, model), _headers(model, request_id), body)


def _headers(model: ServiceModel | None, request_id: str) -> dict[str, str]:
    version = model.metadata.get("jsonVersion", "1.1") if model else "1.1"
    return {"x-amzn-requestid": request_id, "content-type": f"application/x-amz-json-{version}"}


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
