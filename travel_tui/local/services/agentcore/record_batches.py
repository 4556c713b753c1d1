"""Batches of records: created, changed and deleted by hand. What fails is listed; the rest is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from travel_tui.local.memory_extraction.drafts import BASE
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.memory_strategies import variables_in
from travel_tui.local.runtime.record_metadata import UPDATED
from travel_tui.local.services.agentcore.lookups import memory_of, quota_error, strategy_of
from travel_tui.local.services.agentcore.metadata_schemas import given_metadata
from travel_tui.local.services.agentcore.records import record_of, remove
from travel_tui.local.services.agentcore.tokens import find_result, keep_result
from travel_tui.local.state.memory_records import MAX_RECORDS, RECORD_TYPE, StoredRecord, new_record_id
from travel_tui.local.state.resources import Document
from travel_tui.local.state.timestamps import to_text
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

NO_STRATEGY = "manual"
"""Strategy id shown of records that belong to none: the service model requires one."""
_STATUS = {"ResourceNotFoundException": 404, "ServiceException": 500}


def batch_create_memory_records(endpoint: RegionalEndpoint, params: Params) -> Params:
    """BatchCreateMemoryRecords: with one clientToken it is done once."""
    memory = memory_of(endpoint, params)
    if done := find_result(endpoint, memory["arn"], params):
        return done
    if endpoint.agentcore.records.count_all() >= MAX_RECORDS:
        raise quota_error(f"This endpoint keeps up to {MAX_RECORDS:,} records. Delete some.")
    expiry = params.get("recordExpirySpecification")
    refused: list[dict[str, Any]] = []
    if endpoint.faults.happens("BatchCreateMemoryRecords", "batch-partly-fails"):
        refused = params["records"][::2]

    def create(given: dict[str, Any]) -> str:
        if given in refused:
            raise ServiceError("ServiceException", "A fault refuses this record.")
        record = _new_record(endpoint, memory, given, expiry)
        endpoint.agentcore.records.add(record)
        return record.record_id

    result = _batch(params["records"], create, lambda _: new_record_id(endpoint.ids))
    keep_result(endpoint, memory["arn"], params, result)
    return result


def batch_update_memory_records(endpoint: RegionalEndpoint, params: Params) -> Params:
    """BatchUpdateMemoryRecords: what is left out stays."""
    memory = memory_of(endpoint, params)
    expiry = params.get("recordExpirySpecification")

    def update(given: dict[str, Any]) -> str:
        sources = given.get("sourceNamespaces") or [None]
        record = record_of(endpoint, memory, given["memoryRecordId"], sources[0])
        named = given.get("memoryStrategyId")
        strategy = strategy_of(memory, named) if named else None
        own = _metadata(given_metadata(memory, strategy, given.get("metadata", {})))
        changed = replace(
            record,
            text=given.get("content", {}).get("text", record.text),
            namespace=(given["namespaces"] or [""])[0] if "namespaces" in given else record.namespace,
            strategy_id=given.get("memoryStrategyId", record.strategy_id),
            metadata=record.metadata | own | {UPDATED: {"dateTimeValue": to_text(endpoint.clock.now())}},
            origin_at=given["timestamp"],
            expires_at=_expiry(expiry, record.created_at, record.expires_at),
        )
        endpoint.agentcore.records.delete(record)
        endpoint.agentcore.records.add(changed)
        return record.record_id

    return _batch(params["records"], update, lambda given: given["memoryRecordId"])


def batch_delete_memory_records(endpoint: RegionalEndpoint, params: Params) -> Params:
    """BatchDeleteMemoryRecords."""
    memory = memory_of(endpoint, params)

    def delete(given: dict[str, Any]) -> str:
        record = record_of(endpoint, memory, given["memoryRecordId"], given.get("namespace"))
        remove(endpoint, record, "BatchDeleteMemoryRecords")
        return record.record_id

    return _batch(params["records"], delete, lambda given: given["memoryRecordId"])


def _batch(
    given: Iterable[dict[str, Any]], work: Callable[[dict[str, Any]], str], id_of: Callable[[dict[str, Any]], str]
) -> Params:
    succeeded, failed = [], []
    for each in given:
        request = {"requestIdentifier": each.get("requestIdentifier")}
        try:
            succeeded.append({"memoryRecordId": work(each), "status": "SUCCEEDED", **request})
        except ServiceError as error:
            code = _STATUS.get(error.code, 400)
            outcome = {"status": "FAILED", "errorCode": code, "errorMessage": error.message}
            failed.append({"memoryRecordId": id_of(each), **outcome, **request})
    return {"successfulRecords": succeeded, "failedRecords": failed}


def _new_record(
    endpoint: RegionalEndpoint, memory: Document, given: dict[str, Any], expiry: dict[str, Any] | None
) -> StoredRecord:
    now = endpoint.clock.now()
    namespace = (given["namespaces"] or [""])[0]
    strategy_id = given.get("memoryStrategyId")
    named = strategy_of(memory, strategy_id) if strategy_id else None
    metadata = _metadata(given_metadata(memory, named, given.get("metadata", {})))
    strategy = named or _strategy_for(memory, namespace)
    # The action REMOVE does not apply to new records.
    days = (expiry or {}).get("recordExpiryDurationDays") or (strategy or {}).get("recordExpiryDurationDays")
    return StoredRecord(
        memory_arn=memory["arn"],
        record_id=new_record_id(endpoint.ids),
        strategy_id=strategy["strategyId"] if strategy else NO_STRATEGY,
        namespace=namespace,
        text=given["content"]["text"],
        metadata={RECORD_TYPE: {"stringValue": BASE}} | metadata,
        created_at=now,
        origin_at=given["timestamp"],
        expires_at=now + timedelta(days=days) if days else None,
    )


def _strategy_for(memory: Document, namespace: str) -> Document | None:
    """Return the strategy whose templates begin like a namespace: up to their first variable."""
    for strategy in memory["strategies"]:
        for template in strategy["namespaceTemplates"]:
            start = template.partition("{")[0] if variables_in(template) else template
            if len(start) > 1 and namespace.startswith(start):
                found: Document = strategy
                return found
    return None


def _metadata(given: dict[str, Any]) -> dict[str, Any]:
    """Return metadata in the form in which records are stored."""
    return {
        name: {"dateTimeValue": to_text(value["dateTimeValue"])} if "dateTimeValue" in value else value
        for name, value in given.items()
    }


def _expiry(specification: dict[str, Any] | None, created_at: datetime, default: datetime | None) -> datetime | None:
    if specification is None:
        return default
    days = specification.get("recordExpiryDurationDays")
    return created_at + timedelta(days=days) if days else None
