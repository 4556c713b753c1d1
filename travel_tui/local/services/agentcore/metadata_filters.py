"""Filters of records by their metadata."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from travel_tui.local.runtime.memory_search import Accept
from travel_tui.local.services.agentcore.lookups import validation_error
from travel_tui.local.state.timestamps import from_text

_UNARY = {"EXISTS", "NOT_EXISTS"}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "EQUALS_TO": lambda value, wanted: bool(value == wanted),
    "CONTAINS": lambda value, wanted: isinstance(value, list | str) and wanted in value,
    "BEFORE": lambda value, wanted: bool(value < wanted),
    "AFTER": lambda value, wanted: bool(value > wanted),
    "GREATER_THAN": lambda value, wanted: bool(value > wanted),
    "GREATER_THAN_OR_EQUALS": lambda value, wanted: bool(value >= wanted),
    "LESS_THAN": lambda value, wanted: bool(value < wanted),
    "LESS_THAN_OR_EQUALS": lambda value, wanted: bool(value <= wanted),
}


def accepts(filters: list[dict[str, Any]] | None) -> Accept | None:
    """Return the predicate for filters, all of which must hold; None without any. Raises ValidationException."""
    if not filters:
        return None
    for each in filters:
        if (each["operator"] in _UNARY) == ("right" in each):
            needs = "takes no right side" if each["operator"] in _UNARY else "needs a right side"
            raise validation_error(f"The operator {each['operator']} {needs}.")
    return lambda record: all(_holds(each, record.metadata) for each in filters)


def _holds(expression: dict[str, Any], metadata: dict[str, Any]) -> bool:
    value: dict[str, Any] | None = metadata.get(expression["left"]["metadataKey"])
    if expression["operator"] in _UNARY:
        return bool((value is not None) == (expression["operator"] == "EXISTS"))
    if value is None:
        return False
    left, right = _plain(value), _plain(expression["right"]["metadataValue"])
    try:
        return _COMPARE[expression["operator"]](left, right)
    except TypeError:  # values of different types cannot be compared, so the filter does not hold
        return False


def _plain(value: dict[str, Any]) -> Any:
    ((kind, content),) = value.items()
    return from_text(content) if kind == "dateTimeValue" and not isinstance(content, datetime) else content
