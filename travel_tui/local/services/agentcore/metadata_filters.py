"""Filters of records by their metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from travel_tui.local.runtime.memory_search import Accept
from travel_tui.local.runtime.record_metadata import CREATED, UPDATED, whole_metadata
from travel_tui.local.services.agentcore.lookups import validation_error
from travel_tui.local.state.memory_records import RECORD_TYPE
from travel_tui.local.state.resources import Document

_ALWAYS = frozenset({RECORD_TYPE, CREATED, UPDATED})
_UNARY = {"EXISTS", "NOT_EXISTS"}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "EQUALS_TO": lambda value, wanted: bool(value == wanted),
    "CONTAINS": lambda value, wanted: isinstance(value, list) and wanted in value,
    "BEFORE": lambda value, wanted: bool(value < wanted),
    "AFTER": lambda value, wanted: bool(value > wanted),
    "GREATER_THAN": lambda value, wanted: bool(value > wanted),
    "GREATER_THAN_OR_EQUALS": lambda value, wanted: bool(value >= wanted),
    "LESS_THAN": lambda value, wanted: bool(value < wanted),
    "LESS_THAN_OR_EQUALS": lambda value, wanted: bool(value <= wanted),
}


def accepts(memory: Document, filters: list[dict[str, Any]] | None) -> Accept | None:
    """Return the predicate for filters, all of which must hold; None without any.

    Raises ValidationException for a key that is neither indexed nor the service's own.
    """
    if not filters:
        return None
    indexed = {key["key"] for key in memory.get("indexedKeys", [])}
    for each in filters:
        key = each["left"]["metadataKey"]
        if key not in indexed and key not in _ALWAYS:
            raise validation_error(f"The metadata key {key} is not an indexed key of memory {memory['id']}.")
        if (each["operator"] in _UNARY) == ("right" in each):
            needs = "takes no right side" if each["operator"] in _UNARY else "needs a right side"
            raise validation_error(f"The operator {each['operator']} {needs}.")
    return lambda record: _hold(filters, whole_metadata(record))


def _hold(filters: list[dict[str, Any]], metadata: dict[str, Any]) -> bool:
    return all(_holds(each, metadata) for each in filters)


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
    ((_, content),) = value.items()
    return content
