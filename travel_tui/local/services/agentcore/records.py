"""Operations on records: the long-term memory."""

from __future__ import annotations

from itertools import islice
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.memory_search import search
from travel_tui.local.runtime.record_metadata import whole_metadata
from travel_tui.local.services.agentcore.lookups import PAGE, memory_of, not_found_error, strategy_of, validation_error
from travel_tui.local.services.agentcore.metadata_filters import accepts
from travel_tui.local.services.agentcore.page_tokens import read_token, write_token
from travel_tui.local.state.memory_records import RecordScope, StoredRecord, position
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

_DEFAULT_TOP_K = 10
"""Default number of retrieved records."""


def list_memory_records(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListMemoryRecords: by namespace, newest first in each."""
    memory = memory_of(endpoint, params)
    scope = _scope(memory, params, params.get("memoryStrategyId"))
    size, accept = params.get("maxResults", PAGE), accepts(memory, params.get("metadataFilters"))
    after = read_token(params.get("nextToken"), (str, str, int))
    listed = endpoint.agentcore.records.listed(scope, endpoint.clock.now(), after)
    found = list(islice((record for record in listed if accept is None or accept(record)), size + 1))
    page = found[:size]
    token = write_token(*position(page[-1])) if len(found) > size else None
    return {"memoryRecordSummaries": [shown(record) for record in page], "nextToken": token}


def retrieve_memory_records(endpoint: RegionalEndpoint, params: Params) -> Params:
    """RetrieveMemoryRecords: the best topK records in pages, each with a score from 0 to 1."""
    memory, criteria = memory_of(endpoint, params), params["searchCriteria"]
    scope = _scope(memory, params, criteria.get("memoryStrategyId"))
    accept = accepts(memory, criteria.get("metadataFilters"))
    (start,) = read_token(params.get("nextToken"), (int,)) or (0,)
    if not 0 <= start <= 100:
        raise validation_error("The nextToken is not one that this operation returned.")
    if endpoint.faults.happens("RetrieveMemoryRecords", "retrieval-empty"):
        return {"memoryRecordSummaries": []}
    now, size = endpoint.clock.now(), params.get("maxResults", PAGE)
    found = search(
        endpoint.agentcore.records, scope, criteria["searchQuery"], criteria.get("topK", _DEFAULT_TOP_K), now, accept
    )
    page = found[start : start + size]
    token = write_token(start + size) if len(found) > start + size else None
    return {"memoryRecordSummaries": [shown(record) | {"score": score} for record, score in page], "nextToken": token}


def get_memory_record(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetMemoryRecord."""
    record = record_of(endpoint, memory_of(endpoint, params), params["memoryRecordId"], params.get("namespace"))
    return {"memoryRecord": shown(record) | {"expiresAt": record.expires_at}}


def delete_memory_record(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteMemoryRecord."""
    record = record_of(endpoint, memory_of(endpoint, params), params["memoryRecordId"], params.get("namespace"))
    remove(endpoint, record, "DeleteMemoryRecord")
    return {"memoryRecordId": record.record_id}


def record_of(endpoint: RegionalEndpoint, memory: Document, record_id: str, namespace: str | None) -> StoredRecord:
    """Return a record, in a namespace if one is given. Raises ResourceNotFoundException."""
    record = endpoint.agentcore.records.get(memory["arn"], record_id, endpoint.clock.now())
    if record is None or namespace not in {None, record.namespace}:
        raise not_found_error(f"Memory record not found: {record_id}")
    return record


def remove(endpoint: RegionalEndpoint, record: StoredRecord, operation: str) -> None:
    """Delete a record, with the fault deletion-lags only later."""
    if endpoint.faults.happens(operation, "deletion-lags"):
        gone_s = endpoint.clock.seconds() + endpoint.settings.durations.record_deletion_lag
        endpoint.agentcore.records.delete(record, gone_s)
        endpoint.agentcore.extraction.wake()
    else:
        endpoint.agentcore.records.delete(record)


def shown(record: StoredRecord) -> dict[str, Any]:
    """Convert a record to the output of the operations."""
    return {
        "memoryRecordId": record.record_id,
        "content": {"text": record.text},
        "memoryStrategyId": record.strategy_id,
        "namespaces": [record.namespace] if record.namespace else [],
        "createdAt": record.created_at,
        "timestamp": record.origin_at,
        "metadata": whole_metadata(record),
    }


def _scope(memory: Document, params: Params, strategy_id: str | None) -> RecordScope:
    namespace, path = params.get("namespace"), params.get("namespacePath")
    if (namespace is None) == (path is None):
        which = "exclude each other" if namespace else "are both missing"
        raise validation_error(f"namespace and namespacePath {which}: send one of them.")
    if strategy_id is not None:
        strategy_of(memory, strategy_id)
    return RecordScope(memory["arn"], namespace or path or "", path is not None, strategy_id)
