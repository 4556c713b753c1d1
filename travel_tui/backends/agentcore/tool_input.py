"""The input of a tool use as parameters of a call."""

from __future__ import annotations

import json
from typing import Any

from travel_tui.agent import Parameter

_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array"}


def parameters_of(text: str) -> tuple[Parameter, ...]:
    """Return the members of a JSON object as parameters; text that is none is one parameter called input."""
    try:
        parsed = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return (Parameter("input", text),)
    if not isinstance(parsed, dict):
        return (Parameter("input", text),)
    return tuple(
        Parameter(str(name), _text(value), _TYPES.get(type(value), "object")) for name, value in parsed.items()
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
