"""Tags whose keys AWS keeps for itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_CODES = {"iam": "InvalidInput", "lambda": "InvalidParameterValueException"}
"""Error code for invalid input of services that do not use ValidationException."""


def check_tag_keys(service: str, params: Params) -> None:
    """Raise the service's error for invalid input if the input sets a tag whose key begins with aws:, in any case."""
    tags = params.get("tags", params.get("Tags", ()))
    if any(key.lower().startswith("aws:") for key in _keys(tags)):
        raise ServiceError(
            _CODES.get(service, "ValidationException"),
            "aws: prefixed tag key names are not allowed for external use.",
        )


def _keys(tags: Any) -> Iterable[str]:
    """Return the keys of tags, which are a map or a list of structures."""
    return tags if isinstance(tags, dict) else [tag["Key"] for tag in tags]
