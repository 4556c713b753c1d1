"""Which service and operation a request is for: by the name it is signed with, then by the service's own protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.model import OperationModel, ServiceModel

from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.http import Request
from travel_tui.local.wire.models import service_model
from travel_tui.local.wire.protocol import WireProtocol, protocol_of

SERVICES: dict[str, tuple[str, ...]] = {
    "bedrock": ("bedrock-agent-runtime", "bedrock-agent"),
    "dynamodb": ("dynamodb",),
    "iam": ("iam",),
    "lambda": ("lambda",),
    "logs": ("logs",),
    "sts": ("sts",),
}
"""botocore's services by the name that their requests are signed with, those asked first in front."""

_TAGS = {"ListTagsForResource", "TagResource", "UntagResource"}
"""What both Bedrock services have on the same paths; bedrock-agent's count, because here agents alone have tags."""
_UNSIGNED = "bedrock"
"""Where requests go that are not signed; with the models of all services, asking them would take a second."""

_SCOPE = re.compile(r"Credential=[^/,]+/\d{8}/[^/,]+/([^/,]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Route:
    """The operation that a request is for."""

    service: str
    operation: OperationModel
    protocol: WireProtocol
    labels: Mapping[str, str]

    @property
    def model(self) -> ServiceModel:
        """The model of the operation's service."""
        return self.operation.service_model


def signed_as(request: Request) -> str | None:
    """The service in the request's credential scope; None where it is not signed."""
    found = _SCOPE.search(request.headers.get("authorization", ""))
    return found[1] if found else None


def route(request: Request) -> Route:
    """The operation of a request; raises UnknownOperationException where no service here has it."""
    signing_name = signed_as(request)
    if signing_name and signing_name not in SERVICES:
        raise ServiceError(
            "UnknownOperationException",
            f"The local endpoint does not have the service {signing_name!r}. It has: {', '.join(sorted(SERVICES))}.",
        )
    for service in SERVICES[signing_name or _UNSIGNED]:
        model = service_model(service)
        protocol = protocol_of(model)
        found = protocol.find(request, model)
        if found and not (service == "bedrock-agent-runtime" and found[0] in _TAGS):
            return Route(service, model.operation_model(found[0]), protocol, found[1])
    raise ServiceError(
        "UnknownOperationException",
        f"No operation of the local endpoint's services answers {request.method} {request.path}.",
    )
