"""AWS errors: a code from the service model, and a message."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from travel_tui.local.unicode import well_formed

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
"""HTTP status of errors that any service may return although its model does not list them."""


class ServiceError(Exception):
    """An operation was rejected or failed; the client receives `code` and `message`.

    `reason` goes into the member of that name where the error's shape has one, such as in AgentCore's.
    """

    def __init__(self, code: str, message: str, reason: str = "FieldValidationFailed") -> None:
        self.code = code
        self.message = well_formed(message)  # it may repeat what was sent
        super().__init__(f"{code}: {self.message}")
        self.reason = reason


def internal_failure() -> ServiceError:
    """Return the client's error for an internal failure, which is logged where it is caught."""
    return ServiceError("InternalServerException", "The local endpoint failed; its log on standard error says how.")


def error_content(error: ServiceError, model: ServiceModel | None) -> dict[str, str]:
    """Return the members of an error that a client receives."""
    content = {"message": error.message}
    return content | {"reason": error.reason} if model and _has_reason(error.code, model) else content


@cache
def _has_reason(code: str, model: ServiceModel) -> bool:
    return any(shape.name == code and "reason" in shape.required_members for shape in model.error_shapes)


@cache
def status_of(code: str, model: ServiceModel | None) -> int:
    """Return an error's HTTP status: from the service's model, else AWS's general status, else 400."""
    for shape in model.error_shapes if model else ():
        error = shape.metadata.get("error", {})
        if code in {shape.name, error.get("code")} and "httpStatusCode" in error:
            return int(error["httpStatusCode"])
    return _UNMODELLED.get(code, 400)
