"""Routing of a request to its service and operation: by its signing name, then by the service's own protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel

from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.http import Request
from travel_tui.local.wire.models import service_model
from travel_tui.local.wire.protocol import WireProtocol, protocol_of

SERVICES: dict[str, tuple[str, ...]] = {
    "bedrock": ("bedrock-agent-runtime", "bedrock-agent"),
    "bedrock-agentcore": ("bedrock-agentcore", "bedrock-agentcore-control"),
    "dynamodb": ("dynamodb",),
    "iam": ("iam",),
    "lambda": ("lambda",),
    "logs": ("logs",),
    "sts": ("sts",),
}
"""botocore's services by signing name, in the order in which they are tried."""

_TAGS = {"ListTagsForResource", "TagResource", "UntagResource"}
"""Operations of both Bedrock services with equal paths; routed to bedrock-agent, since only agents have tags here."""
_UNSIGNED = "bedrock"
"""Signing name assumed for unsigned requests; trying the models of all services would take a second."""

_SCOPE = re.compile(r"Credential=[^/,]+/\d{8}/([^/,]+)/([^/,]+)/aws4_request")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,3}-\d")
"""A Region in ARNs, as in the models' pattern of a Lambda function's ARN."""


@dataclass(frozen=True, slots=True)
class Route:
    """The operation of a request."""

    service: str
    operation: OperationModel
    protocol: WireProtocol
    labels: Mapping[str, str]

    @property
    def model(self) -> ServiceModel:
        """The model of the operation's service."""
        return self.operation.service_model


def signed_as(request: Request) -> str | None:
    """Return the service in the request's credential scope; None if it is not signed."""
    found = _SCOPE.search(request.headers.get("authorization", ""))
    return found[2] if found else None


def signed_region(request: Request) -> str | None:
    """Return the Region in the request's credential scope; None if it is not signed.

    Raises InvalidSignatureException, as AWS does, for what is no Region.
    """
    found = _SCOPE.search(request.headers.get("authorization", ""))
    if found and not _REGION.fullmatch(found[1]):
        raise ServiceError(
            "InvalidSignatureException",
            f"Credential should be scoped to a valid region, such as us-east-1, not {found[1][:64]!r}.",
        )
    return found[1] if found else None


def route(request: Request) -> Route:
    """Return the operation of a request. Raises UnknownOperationException if no service here has it."""
    signing_name = signed_as(request)
    if signing_name and signing_name not in SERVICES:
        raise ServiceError(
            "UnknownOperationException",
            f"The local endpoint does not have the service {signing_name!r}. It has: {', '.join(sorted(SERVICES))}.",
        )
    for service in SERVICES[signing_name or _UNSIGNED]:
        model = _model_of(service)
        protocol = protocol_of(model)
        found = protocol.find(request, model)
        if found and not (service == "bedrock-agent-runtime" and found[0] in _TAGS):
            return Route(service, model.operation_model(found[0]), protocol, found[1])
    raise ServiceError(
        "UnknownOperationException",
        f"No operation of the local endpoint's services answers {request.method} {request.path}.",
    )


def _model_of(service: str) -> ServiceModel:
    """Return a service's model. Raises UnknownOperationException if the installed botocore is too old to have it."""
    try:
        return service_model(service)
    except UnknownServiceError as error:
        raise ServiceError(
            "UnknownOperationException",
            f"The installed botocore has no model of {service}. Update it: pip install --upgrade boto3",
        ) from error
