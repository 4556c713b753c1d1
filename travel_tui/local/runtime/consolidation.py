"""Consolidation: a new record replaces those on its subject, and repeats none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from travel_tui.ids import Ids
from travel_tui.local.memory_extraction.drafts import Draft
from travel_tui.local.runtime.memory_strategies import ActiveStrategy, namespace_for
from travel_tui.local.runtime.record_metadata import extracted, same_partition
from travel_tui.local.state.memory_events import MemoryEvent
from travel_tui.local.state.memory_records import RECORD_TYPE, MemoryRecords, RecordScope, StoredRecord, new_record_id
from travel_tui.local.state.resources import Document

_MAX_ENDED = 1_000
"""Records with a word that are looked through."""


def store_drafts(
    records: MemoryRecords,
    ids: Ids,
    memory: Document,
    strategy: ActiveStrategy,
    drafts: Sequence[Draft],
    events: Sequence[MemoryEvent],
    now: datetime,
) -> None:
    """Store what a strategy made of events."""
    event = events[-1]
    days = strategy.record_expiry_days
    for draft in drafts:
        schema = strategy.schema_for(draft.record_type)
        record = StoredRecord(
            memory_arn=memory["arn"],
            record_id=new_record_id(ids),
            strategy_id=strategy.strategy_id,
            namespace=render(strategy.template_for(draft.record_type), strategy.strategy_id, event),
            text=draft.text,
            metadata={RECORD_TYPE: {"stringValue": draft.record_type}} | extracted(schema, events),
            created_at=now,
            origin_at=event.event_at,
            subject=draft.subject,
            expires_at=now + timedelta(days=days) if days else None,
        )
        known = [
            each for each in records.on_subject(record, now) if same_partition(schema, record.metadata, each.metadata)
        ]
        if any(each.text == record.text for each in known):
            continue
        ended = [
            each
            for each in _ended(records, record, draft, now)
            if same_partition(schema, record.metadata, each.metadata)
        ]
        for each in {each.row: each for each in (*known, *ended)}.values():
            records.delete(each)
        records.add(record)


def _ended(records: MemoryRecords, record: StoredRecord, draft: Draft, now: datetime) -> list[StoredRecord]:
    """Return the records of a namespace that have every word of what a draft says has ended."""
    scope = RecordScope(record.memory_arn, record.namespace, tree=False, strategy_id=record.strategy_id)
    rows: set[int] | None = None
    for word in draft.retracts.split():
        having = set(records.rows_with(scope, word, _MAX_ENDED))
        rows = having if rows is None else rows & having
    return records.by_rows(rows, scope, now) if rows else []


def render(template: str, strategy_id: str, event: MemoryEvent) -> str:
    """Return the namespace for an event: the template with its variables replaced."""
    own: Mapping[str, str] = event.document.get("namespaceVariables", {})
    return namespace_for(template, event.key.actor_id, event.key.session_id, strategy_id, own)
