"""Short-term memory through boto3: actors, sessions, events, and extractions that failed. Calls block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from travel_tui.backends.agentcore.event_payloads import parts_of
from travel_tui.memory_store import FailedExtraction, StoredEvent, StoredSession

PAGE = 100
JOBS_PAGE = 50
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class ShortTermMemory:
    """The events of one memory. Methods raise errors of boto3."""

    def __init__(self, client: Any, memory_id: str) -> None:
        self._client, self._memory_id = client, memory_id

    def actors(self) -> list[str]:
        """Return the ids of all actors, also of those whose events were deleted."""
        return [str(each["actorId"]) for each in self._pages("list_actors", "actorSummaries")]

    def sessions(self, actor: str) -> list[StoredSession]:
        """Return the sessions of an actor, newest first."""
        found = [
            StoredSession(str(each["sessionId"]), each.get("createdAt"))
            for each in self._pages("list_sessions", "sessionSummaries", actorId=actor)
        ]
        return sorted(found, key=lambda each: each.created_at or _EARLIEST, reverse=True)

    def events(self, actor: str, session_id: str, most: int | None = None) -> list[StoredEvent]:
        """Return the events of a session, newest first."""
        found = self._pages("list_events", "events", most, actorId=actor, sessionId=session_id, includePayloads=True)
        events = [_event(each) for each in found]
        return sorted(events, key=lambda each: each.at, reverse=True)

    def delete_session(self, actor: str, session_id: str) -> None:
        """Delete all events of a session; the session stays listed."""
        for each in list(self._pages("list_events", "events", actorId=actor, sessionId=session_id)):
            self._client.delete_event(
                memoryId=self._memory_id, actorId=actor, sessionId=session_id, eventId=each["eventId"]
            )

    def failed(self, actor: str) -> list[FailedExtraction]:
        """Return the extractions that failed for an actor."""
        jobs = self._pages(
            "list_memory_extraction_jobs", "jobs", page=JOBS_PAGE, filter={"actorId": actor, "status": "FAILED"}
        )
        return [
            FailedExtraction(
                str(each["jobID"]),
                str(each.get("failureReason") or "no reason given"),
                str(each.get("strategyId") or ""),
                str(each.get("sessionId") or ""),
                len((each.get("messages") or {}).get("messagesList") or ()),
            )
            for each in jobs
        ]

    def restart(self, job_id: str) -> None:
        """Start a failed extraction again."""
        self._client.start_memory_extraction_job(
            memoryId=self._memory_id, extractionJob={"jobId": job_id}, clientToken=str(uuid4())
        )

    def _pages(
        self, operation: str, key: str, most: int | None = None, *, page: int = PAGE, **arguments: Any
    ) -> Iterator[Mapping[str, Any]]:
        config: dict[str, Any] = {"PageSize": min(page, most or page)}
        if most is not None:
            config["MaxItems"] = most
        pages = self._client.get_paginator(operation).paginate(
            memoryId=self._memory_id, PaginationConfig=config, **arguments
        )
        for each in pages:
            yield from each.get(key) or ()


def _event(found: Mapping[str, Any]) -> StoredEvent:
    metadata = {
        str(name): str((value or {}).get("stringValue", "")) for name, value in (found.get("metadata") or {}).items()
    }
    parts = tuple(part for payload in found.get("payload") or () for part in parts_of(payload))
    return StoredEvent(str(found["eventId"]), found["eventTimestamp"], parts, metadata)
