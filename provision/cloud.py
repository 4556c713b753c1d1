"""Calls to AWS while something is built or removed, and the clock on which states are waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from provision.spec import Spec
from travel_tui.bedrock.boto_clients import ClientMaker

ABSENT = frozenset({"ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException"})
THERE = frozenset(
    {"EntityAlreadyExists", "ResourceConflictException", "ResourceInUseException", "ResourceAlreadyExistsException"}
)
"""What a service answers to a second creation."""


class CallError(Exception):
    """A call that failed; `code` and `message` are AWS's own, empty where nothing was answered."""

    def __init__(self, service: str, operation: str, error: Exception) -> None:
        super().__init__(str(error))
        details = error.response.get("Error", {}) if isinstance(error, ClientError) else {}
        self.service, self.operation, self.error = service, operation, error
        self.code = str(details.get("Code", ""))
        self.message = str(details.get("Message", ""))

    @property
    def action(self) -> str:
        """The permission that the call needs, as IAM names it."""
        prefix = {"bedrock-agent": "bedrock"}.get(self.service, self.service)
        return f"{prefix}:{self.operation}"


@dataclass(frozen=True, slots=True)
class Clock:
    """Time while states pass. `now` is in seconds."""

    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class Cloud:
    """The account that is built in."""

    maker: ClientMaker
    spec: Spec
    clock: Clock = field(default_factory=Clock)
    _clients: dict[str, Any] = field(default_factory=dict)

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """One call; boto3 repeats what may be. Raises CallError."""
        try:
            answer: dict[str, Any] = getattr(self._client(service), xform_name(operation))(**parameters)
        except (ClientError, BotoCoreError, HTTPClientError) as error:
            raise CallError(service, operation, error) from error
        return answer

    def find(self, service: str, operation: str, **parameters: Any) -> dict[str, Any] | None:
        """The answer of a call that looks; None where what it looks for is not there. Raises CallError."""
        try:
            return self.call(service, operation, **parameters)
        except CallError as error:
            if error.code in ABSENT:
                return None
            raise

    def all(self, service: str, operation: str, key: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, page by page. Raises CallError."""
        try:
            for page in self._client(service).get_paginator(xform_name(operation)).paginate(**parameters):
                yield from page.get(key, [])
        except (ClientError, BotoCoreError, HTTPClientError) as error:
            raise CallError(service, operation, error) from error

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.maker.client(service)
        return self._clients[service]
