"""Tokens of pages that continue after a position: its values as JSON, encoded."""

from __future__ import annotations

import base64
import json
from typing import Any

from travel_tui.local.services.agentcore.lookups import validation_error


def write_token(*position: str | int) -> str:
    """Return the token for a position."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def read_token(token: str | None, types: tuple[type, ...]) -> Any:
    """Return the position of a token as a tuple; None without a token. Raises ValidationException for other texts."""
    if token is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or tuple(type(value) for value in values) != types:
        raise validation_error("The nextToken is not one that this operation returned.")
    return tuple(values)
