"""Checks of indexed keys, metadata schemas and the metadata that callers give to records."""

from __future__ import annotations

from typing import Any

from travel_tui.local.runtime.record_metadata import SYSTEM, TYPES
from travel_tui.local.services.agentcore.lookups import quota_error, validation_error
from travel_tui.local.state.resources import Document

_MAX_INDEXED, _MAX_STRICT = 10, 3
"""Limits of a memory's and a strategy's keys (developer guide, long-term-memory-metadata)."""


def check_schemas(memory: Document) -> None:
    """Raise the error for keys of a memory and its strategies that contradict each other."""
    indexed = memory.get("indexedKeys", [])
    names = [key["key"] for key in indexed]
    if len(names) > _MAX_INDEXED:
        raise quota_error(f"A memory can have up to {_MAX_INDEXED} indexed keys.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise validation_error(f"Indexed keys must be unique: {', '.join(twice)}.")
    for strategy in memory["strategies"]:
        for schema in schemas_of(strategy):
            _check_schema(strategy, schema.get("metadataSchema", []), set(names))


def schemas_of(strategy: Document) -> list[Document]:
    """Return the schemas of a strategy's records and of its reflections."""
    reflection = strategy.get("configuration", {}).get("reflection", {})
    of_reflections = reflection.get("episodicReflectionConfiguration") or reflection.get(
        "customReflectionConfiguration", {}
    ).get("episodicReflectionOverride", {})
    found = [strategy.get("memoryRecordSchema"), of_reflections.get("memoryRecordSchema")]
    return [schema for schema in found if schema]


def _check_schema(strategy: Document, entries: list[dict[str, Any]], indexed: set[str]) -> None:
    strict = [entry for entry in entries if entry.get("extractionType") == "STRICTLY_CONSISTENT"]
    if len(strict) > _MAX_STRICT:
        raise validation_error(f"A strategy can have up to {_MAX_STRICT} STRICTLY_CONSISTENT keys.")
    is_summary = strategy["type"] == "SUMMARIZATION" or strategy.get("configuration", {}).get("type") == (
        "SUMMARY_OVERRIDE"
    )
    for entry in strict:
        for wrong, why in (
            (is_summary, "not in summary strategies"),
            (entry.get("type", "STRING") != "STRING", "of type STRING"),
            ("extractionConfig" in entry, "without an extractionConfig"),
            (entry["key"] not in indexed, "declared in indexedKeys"),
        ):
            if wrong:
                raise validation_error(f"The STRICTLY_CONSISTENT key {entry['key']} must be {why}.")


def given_metadata(memory: Document, strategy: Document | None, given: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata that a record takes of what a caller gives it.

    With a strategy that the caller names, those are the keys of its schema. Raises ValidationException.
    """
    types = {key["key"]: key["type"] for key in memory.get("indexedKeys", [])}
    for name, value in given.items():
        if name.startswith(SYSTEM):
            raise validation_error(f"The metadata key {name} is set by the service.")
        (member,) = value
        if name in types and TYPES.get(member) != types[name]:
            raise validation_error(
                f"The metadata value of {name} does not match the declared indexed key type {types[name]}."
            )
    if strategy is None:
        return given
    known = {entry["key"] for entry in strategy.get("memoryRecordSchema", {}).get("metadataSchema", [])}
    return {name: value for name, value in given.items() if name in known}
