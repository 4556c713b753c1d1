"""Long-term records of a memory through boto3: listed, retrieved, deleted, edited and added. Calls block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from travel_tui.agent import AgentError, ErrorKind, MemoryKind, MemoryRecord, Problem
from travel_tui.backends.agentcore.actor import actor_id
from travel_tui.backends.agentcore.namespaces import filled, places_of, session_of
from travel_tui.backends.agentcore.resource import HarnessMemory, Retrieval
from travel_tui.memory_store import RecordQuery, Strategy

PAGE = 100
MOST_QUERY = 10_000
"""Characters of a searchQuery."""
_REFLECTION = "REFLECTION"
_TYPE = "x-amz-agentcore-memory-recordType"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Records:
    """The records of one memory. Methods raise errors of boto3, and AgentError where the service refused a part."""

    def __init__(self, client: Any, resource: HarnessMemory) -> None:
        self._client, self._resource = client, resource

    def of_user(self, memory_id: str) -> list[MemoryRecord]:
        """Return a user's records, newest first."""
        places = places_of(actor_id(memory_id), self._resource.strategies)
        found = {
            str(each["memoryRecordId"]): each
            for path in places.paths
            for each in self._pages("list_memory_records", namespacePath=path)
            if places.has(_namespace(each))
        }
        return self._records(memory_id, found.values())

    def query(self, memory_id: str, query: RecordQuery) -> list[MemoryRecord]:
        """Return the records that fit the query, newest first."""
        if query.namespace is None:
            found = self.of_user(memory_id)
        else:
            found = self._records(memory_id, self._pages("list_memory_records", namespacePath=query.namespace))
        return [each for each in found if query.kind in (None, each.kind)]

    def retrieve(self, memory_id: str, text: str, query: RecordQuery, most: int) -> list[MemoryRecord]:
        """Return the records that fit `text` best, best first."""
        places = places_of(actor_id(memory_id), self._resource.strategies)
        paths = places.paths if query.namespace is None else (query.namespace,)
        found = {
            each.record_id: each
            for path in paths
            for each in self._retrieved(memory_id, text, path, min(most, PAGE))
            if query.kind in (None, each.kind) and (query.namespace is not None or places.has(each.namespace))
        }
        return sorted(found.values(), key=lambda each: each.score or 0.0, reverse=True)[:most]

    def would_recall(
        self, memory_id: str, session_id: str, text: str, retrievals: Sequence[Retrieval]
    ) -> list[MemoryRecord]:
        """Return what these retrievals find for a message, best first."""
        found: dict[str, MemoryRecord] = {}
        for each in retrievals:
            values = {"actorId": actor_id(memory_id), "sessionId": session_id}
            if each.strategy_id is not None:
                values["memoryStrategyId"] = each.strategy_id
            path = filled(each.namespace, values)
            for record in self._retrieved(memory_id, text, path, each.top_k, each.strategy_id):
                if (record.score or 0.0) >= each.min_score:
                    found[record.record_id] = record
        return sorted(found.values(), key=lambda each: each.score or 0.0, reverse=True)

    def delete(self, records: Sequence[MemoryRecord]) -> None:
        """Delete records, a hundred a call."""
        for start in range(0, len(records), PAGE):
            batch = [{"memoryRecordId": each.record_id} for each in records[start : start + PAGE]]
            answer = self._client.batch_delete_memory_records(memoryId=self._resource.memory_id, records=batch)
            _check(answer, "deleted")

    def edit(self, record: MemoryRecord, text: str) -> None:
        """Replace the text of a record; its namespace stays."""
        changed = {"memoryRecordId": record.record_id, "timestamp": datetime.now(UTC), "content": {"text": text}}
        answer = self._client.batch_update_memory_records(memoryId=self._resource.memory_id, records=[changed])
        _check(answer, "changed")

    def add(self, memory_id: str, strategy: Strategy, text: str, session_id: str | None) -> str:
        """Add a record and return its id."""
        values = {"actorId": actor_id(memory_id), "memoryStrategyId": strategy.strategy_id}
        namespace = filled(strategy.namespace, values | ({"sessionId": session_id} if session_id else {}))
        answer = self._client.batch_create_memory_records(
            memoryId=self._resource.memory_id,
            clientToken=str(uuid4()),
            records=[
                {
                    "requestIdentifier": "added",
                    "namespaces": [namespace],
                    "content": {"text": text},
                    "timestamp": datetime.now(UTC),
                    "memoryStrategyId": strategy.strategy_id,
                }
            ],
        )
        _check(answer, "added")
        return str(answer["successfulRecords"][0]["memoryRecordId"])

    def _retrieved(
        self, memory_id: str, text: str, path: str, top_k: int, strategy_id: str | None = None
    ) -> list[MemoryRecord]:
        criteria: dict[str, Any] = {"searchQuery": text[:MOST_QUERY], "topK": max(1, min(top_k, PAGE))}
        if strategy_id is not None:
            criteria["memoryStrategyId"] = strategy_id
        found = self._pages("retrieve_memory_records", namespacePath=path, searchCriteria=criteria)
        return [self._record(memory_id, each) for each in found]

    def _pages(self, operation: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        pages = self._client.get_paginator(operation).paginate(
            memoryId=self._resource.memory_id, PaginationConfig={"PageSize": PAGE}, **arguments
        )
        for page in pages:
            yield from page.get("memoryRecordSummaries") or ()

    def _records(self, memory_id: str, found: Iterable[Mapping[str, Any]]) -> list[MemoryRecord]:
        newest = sorted(found, key=lambda each: each.get("createdAt") or _EARLIEST, reverse=True)
        return [self._record(memory_id, each) for each in newest]

    def _record(self, memory_id: str, found: Mapping[str, Any]) -> MemoryRecord:
        namespace, strategy_id = _namespace(found), str(found.get("memoryStrategyId", ""))
        strategies = [each for each in self._resource.strategies if each.strategy_id == strategy_id]
        values = {"actorId": actor_id(memory_id), "memoryStrategyId": strategy_id}
        sessions = [session_of(each.namespace, namespace, values) for each in strategies]
        return MemoryRecord(
            memory_id,
            next((each for each in sessions if each), None),
            str((found.get("content") or {}).get("text", "")),
            started_at=found.get("timestamp") or found.get("createdAt"),
            record_id=str(found.get("memoryRecordId", "")),
            kind=_kind(found, strategies),
            namespace=namespace,
            stored_at=found.get("createdAt"),
            score=found.get("score"),
        )


def _kind(found: Mapping[str, Any], strategies: Sequence[Strategy]) -> MemoryKind:
    recorded = ((found.get("metadata") or {}).get(_TYPE) or {}).get("stringValue")
    if recorded == _REFLECTION:
        return MemoryKind.REFLECTION
    return strategies[0].kind if strategies else MemoryKind.OTHER


def _namespace(found: Mapping[str, Any]) -> str:
    return str(next(iter(found.get("namespaces") or ()), ""))


def _check(answer: Mapping[str, Any], done: str) -> None:
    """Raise AgentError if a batch, which answers with success either way, failed for some of its records."""
    failed = answer.get("failedRecords") or ()
    if not failed:
        return
    whole = len(failed) + len(answer.get("successfulRecords") or ())
    why = str(failed[0].get("errorMessage") or f"Error {failed[0].get('errorCode', '')}".strip())
    what = "The record was not" if whole == 1 else f"{len(failed)} of {whole} records were not"
    why = why if why.endswith(".") else f"{why}."
    raise AgentError(Problem(ErrorKind.INVALID, f"{what} {done}.", why, "Refresh the memory, and try again."))
