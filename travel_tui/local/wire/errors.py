"""Errors as AWS answers them: a code that the service model knows, and a message."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.model import ServiceModel

_UNMODELLED = {
    "AccessDeniedException": 403,
    "ExpiredTokenException": 403,
    "InternalServerException": 500,
    "InvalidSignatureException": 403,
    "MissingAuthenticationTokenException": 403,
    "RequestEntityTooLargeException": 413,
    "SerializationException": 400,
    "UnknownOperationException": 404,
    "UnrecognizedClientException": 403,
}
"""HTTP status of errors that any service may answer though its model does not list them."""


class ServiceError(Exception):
    """An operation is refused or failed; reaches the client as `code` with `message`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def internal_failure() -> ServiceError:
    """What a client is told of an error of the endpoint's own, which is logged where it is caught."""
    return ServiceError("InternalServerException", "The local endpoint failed; its log on standard error says how.")


@cache
def status_of(code: str, model: ServiceModel | None) -> int:
    """The HTTP status of an error: as the service's model says, else as AWS answers in general, else 400."""
    for shape in model.error_shapes if model else ():
        error = shape.metadata.get("error", {})
        if code in {shape.name, error.get("code")} and "httpStatusCode" in error:
            return int(error["httpStatusCode"])
    return _UNMODELLED.get(code, 400)
