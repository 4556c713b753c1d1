"""The result of a function call, from a Lambda function or from the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from travel_tui.local.wire.errors import ServiceError

FIRST_ERROR = 400
"""The lowest HTTP status that tells of an error."""
STATUS_CODES = range(100, 600)
"""The statuses that HTTP has."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """A function's result. `state` is None on success, else REPROMPT; FAILURE raises an error instead."""

    text: str
    state: str | None = None
    session_attributes: Mapping[str, str] | None = None
    """New attributes of the session; None leaves them unchanged."""
    prompt_attributes: Mapping[str, str] | None = None
    """New prompt attributes of the turn; None leaves them unchanged."""


def failed(message: str) -> ServiceError:
    """Return the error of a turn whose function cannot be called, fails, or returns an invalid response."""
    return ServiceError("DependencyFailedException", message)
