"""AWS calls for provisioning and removal, and the clock used to wait for states."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from provision.spec import Spec
from travel_tui.agent import AgentError
from travel_tui.backends.shared.boto_clients import ClientFactory
from travel_tui.endpoint_url import hide_userinfo

ABSENT = frozenset({"ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException"})
THERE = frozenset(
    {"EntityAlreadyExists", "ResourceConflictException", "ResourceInUseException", "ResourceAlreadyExistsException"}
)
"""Error codes for creating a resource that already exists."""

_PREFIXES = {"bedrock-agent": "bedrock", "bedrock-agentcore-control": "bedrock-agentcore"}
"""What IAM calls a service, where boto3 has another name."""


class CallError(Exception):
    """A failed call; `code` and `message` are AWS's own, empty if there was no response."""

    def __init__(self, service: str, operation: str, error: Exception) -> None:
        super().__init__(hide_userinfo(str(error)))
        details = error.response.get("Error", {}) if isinstance(error, ClientError) else {}
        self.service, self.operation, self.error = service, operation, error
        self.code = str(details.get("Code", ""))
        self.message = str(details.get("Message", ""))

    @property
    def action(self) -> str:
        """Return the permission that the call needs, as named by IAM."""
        return f"{_PREFIXES.get(self.service, self.service)}:{self.operation}"


@dataclass(frozen=True, slots=True)
class WaitClock:
    """Time source for waiting. `now` is in seconds."""

    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class AwsSession:
    """Session in the account where resources are created."""

    maker: ClientFactory
    spec: Spec
    clock: WaitClock = field(default_factory=WaitClock)
    _clients: dict[str, Any] = field(default_factory=dict)

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Make one call; boto3 retries if allowed. Raises CallError, and AgentError if an AWS setting is invalid."""
        try:
            answer: dict[str, Any] = getattr(self._client(service), xform_name(operation))(**parameters)
        except AgentError:  # the client could not be created; the error says what to do
            raise
        except Exception as error:
            raise CallError(service, operation, error) from error
        return answer

    def find(self, service: str, operation: str, **parameters: Any) -> dict[str, Any] | None:
        """Make a call that looks something up; None if it is not found. Raises CallError."""
        try:
            return self.call(service, operation, **parameters)
        except CallError as error:
            if error.code in ABSENT:
                return None
            raise

    def all(self, service: str, operation: str, key: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield every item of a list, page by page. Raises CallError."""
        try:
            for page in self._client(service).get_paginator(xform_name(operation)).paginate(**parameters):
                yield from page.get(key, [])
        except AgentError:
            raise
        except Exception as error:
            raise CallError(service, operation, error) from error

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.maker.client(service)
        return self._clients[service]
