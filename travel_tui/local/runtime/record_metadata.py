"""Metadata of records: what a strategy's schema takes from events, and what every record has.

A key that is STRICTLY_CONSISTENT is copied from the events, and keeps records with different values apart. Any other
takes the last value that events bring along; what AWS's model would infer from the conversation, rules do not. Source:
AgentCore developer guide, long-term-memory-metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from travel_tui.local.state.memory_events import MemoryEvent
from travel_tui.local.state.memory_records import StoredRecord
from travel_tui.local.state.timestamps import from_text

SYSTEM = "x-amz-agentcore-memory-"
"""Begins the keys that the service sets itself."""
CREATED, UPDATED = f"{SYSTEM}createdAt", f"{SYSTEM}updatedAt"
TYPES = {"stringValue": "STRING", "stringListValue": "STRINGLIST", "numberValue": "NUMBER"}
"""Types of keys by the member that holds a value."""


@dataclass(frozen=True, slots=True)
class SchemaKey:
    """A key of a strategy's metadata schema."""

    name: str
    type: str
    strict: bool
    validation: Mapping[str, Any]

    def value(self, text: str) -> dict[str, Any] | None:
        """Return the value for a record, from an event's text; None if the schema does not allow it."""
        if self.type == "NUMBER":
            limits = self.validation.get("numberValidation", {})
            try:
                number = float(text)
            except ValueError:
                return None
            within = limits.get("minValue", number) <= number <= limits.get("maxValue", number)
            return {"numberValue": number} if within else None
        member = "stringListValidation" if self.type == "STRINGLIST" else "stringValidation"
        allowed = self.validation.get(member, {}).get("allowedValues")
        if not text or (allowed and text not in allowed):
            return None
        return {"stringListValue": [text]} if self.type == "STRINGLIST" else {"stringValue": text}


def schema_keys(schema: Mapping[str, Any] | None) -> tuple[SchemaKey, ...]:
    """Return the keys of a memoryRecordSchema."""
    return tuple(
        SchemaKey(
            entry["key"],
            entry.get("type", "STRING"),
            entry.get("extractionType") == "STRICTLY_CONSISTENT",
            entry.get("extractionConfig", {}).get("llmExtractionConfig", {}).get("validation", {}),
        )
        for entry in (schema or {}).get("metadataSchema", [])
    )


def partitions(keys: Sequence[SchemaKey], events: Sequence[MemoryEvent]) -> list[list[MemoryEvent]]:
    """Group events by the values of the strict keys, in order."""
    groups: dict[tuple[str, ...], list[MemoryEvent]] = {}
    for event in events:
        groups.setdefault(tuple(_text(event, key.name) for key in keys if key.strict), []).append(event)
    return list(groups.values())


def of_partition(
    keys: Sequence[SchemaKey], group: Sequence[MemoryEvent], events: Iterable[MemoryEvent]
) -> list[MemoryEvent]:
    """Return those of further events that have the strict values of a group."""
    strict = [key.name for key in keys if key.strict]
    wanted = [_text(group[0], name) for name in strict]
    return [event for event in events if [_text(event, name) for name in strict] == wanted]


def extracted(keys: Sequence[SchemaKey], events: Sequence[MemoryEvent]) -> dict[str, Any]:
    """Return the metadata that events give to a record that was made of them."""
    found = {}
    for key in keys:
        text = next((text for event in reversed(events) if (text := _text(event, key.name))), "")
        if value := key.value(text):
            found[key.name] = value
    return found


def same_partition(keys: Sequence[SchemaKey], one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two records' metadata have the same strict values, so that one may replace the other."""
    return all(one.get(key.name) == other.get(key.name) for key in keys if key.strict)


def whole_metadata(record: StoredRecord) -> dict[str, Any]:
    """Return a record's metadata with that which the service sets; times are datetimes."""
    told = {
        name: {"dateTimeValue": from_text(value["dateTimeValue"])} if "dateTimeValue" in value else value
        for name, value in record.metadata.items()
    }
    return {CREATED: {"dateTimeValue": record.created_at}, UPDATED: {"dateTimeValue": record.created_at}, **told}


def _text(event: MemoryEvent, key: str) -> str:
    found: str = event.document.get("metadata", {}).get(key, {}).get("stringValue", "")
    return found
