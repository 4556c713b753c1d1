"""What a memory service offers beyond an agent's own operations, as plain types: strategies, events, single records.

An agent whose service has it implements `MemoryStore` too; `memory_store` finds out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from travel_tui.agent import MemoryKind, MemoryRecord, ReturnedResult, ToolCall


@dataclass(frozen=True, slots=True)
class Strategy:
    """One way in which a memory makes records of what was said."""

    strategy_id: str
    name: str
    kind: MemoryKind
    namespace: str
    """Template of the namespace of its records, such as /facts/{actorId}/."""
    active: bool = True
    """Only what is said while it is active becomes records."""


class Role(StrEnum):
    """Who an event's part is from."""

    USER = "user"
    AGENT = "agent"
    TOOL = "tool"
    OTHER = "other"
    BLOB = "blob"
    """A document that is no message."""


@dataclass(frozen=True, slots=True)
class EventPart:
    """One payload of an event, as what was said; `raw` is the payload's text where that is something else."""

    role: Role
    text: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event of the short-term memory."""

    event_id: str
    at: datetime
    parts: tuple[EventPart, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session of the short-term memory; one whose events were deleted stays listed."""

    session_id: str
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FailedExtraction:
    """An extraction of records from events that failed and can be started again."""

    job_id: str
    reason: str
    strategy_id: str = ""
    session_id: str = ""
    events: int = 0
    """Number of messages that it was about."""


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which records to list or to find; None where that does not matter."""

    kind: MemoryKind | None = None
    namespace: str | None = None
    """Path: everything under it."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to add; `request_id` names it in the answer (1 to 80 letters, digits, hyphens and underscores)."""

    request_id: str
    namespace: str
    text: str
    at: datetime
    """Time of what it is about."""


@dataclass(frozen=True, slots=True)
class AddedRecord:
    """What became of a NewRecord: the id of the record, or the reason why it was refused."""

    request_id: str
    record_id: str = ""
    reason: str = ""


@runtime_checkable
class MemoryStore(Protocol):
    """A memory of records. All methods raise AgentError; `memory_id` is the user whose records they are."""

    async def strategies(self) -> Sequence[Strategy]:
        """Return the memory's strategies; read once."""
        ...

    async def list_users(self, known: Collection[str] = ()) -> list[str]:
        """Return the memory ids for which the service has events, without those of the `known` ones."""
        ...

    async def list_sessions(self, memory_id: str) -> list[StoredSession]:
        """Return the sessions of the short-term memory, newest first."""
        ...

    async def list_events(self, memory_id: str, session_id: str, most: int | None = None) -> list[StoredEvent]:
        """Return the events of a session, newest first; at most `most`."""
        ...

    async def list_records(self, memory_id: str, query: RecordQuery) -> list[MemoryRecord]:
        """Return the records of a user, newest first; with a namespace all records there, whoever's they are."""
        ...

    async def retrieve(self, memory_id: str, text: str, query: RecordQuery, most: int) -> list[MemoryRecord]:
        """Return the records that fit `text` best, best first, with their scores."""
        ...

    async def preview_recall(self, memory_id: str, session_id: str, text: str) -> tuple[list[MemoryRecord], int] | None:
        """Return what would be recalled for a message, best first, and the number of calls made.

        None where that cannot be told: there is no harness, or it has no memory.
        """
        ...

    async def delete_record(self, record: MemoryRecord) -> None:
        """Delete one record."""
        ...

    async def edit_record(self, record: MemoryRecord, text: str) -> None:
        """Replace the text of a record."""
        ...

    async def add_record(self, memory_id: str, strategy: Strategy, text: str, session_id: str | None = None) -> str:
        """Add a record and return its id; `session_id` is needed where the strategy's namespace has it."""
        ...

    async def failed_extractions(self, memory_id: str) -> list[FailedExtraction]:
        """Return the extractions that failed for a user."""
        ...

    async def restart_extraction(self, job_id: str) -> None:
        """Start a failed extraction again."""
        ...


@runtime_checkable
class FunctionRunner(Protocol):
    """An agent whose returned functions were provisioned as a Lambda function."""

    @property
    def function_name(self) -> str | None:
        """Name or ARN of that function; None if there is none."""
        ...

    async def run_function(self, call: ToolCall) -> ReturnedResult:
        """Invoke it for a returned call. Raises AgentError."""
        ...


MAX_BATCH = 100
"""Records that one call adds (BatchCreateMemoryRecords in botocore's service model)."""
MAX_RECORD_TEXT = 16_000
"""Characters of a record's text (MemoryContent in botocore's service model)."""


@runtime_checkable
class RecordImporter(MemoryStore, Protocol):
    """A memory that takes records that were made elsewhere."""

    def actor_of(self, memory_id: str) -> str:
        """Return the service's name for a user."""
        ...

    def namespace_of(self, strategy: Strategy, memory_id: str, session_id: str) -> str:
        """Return where a strategy files a user's record of a session. Raises AgentError if that needs other values."""
        ...

    async def is_managed(self) -> bool:
        """Return whether the memory belongs to a harness, and is deleted with it."""
        ...

    async def recalls_from(self, namespace: str, memory_id: str) -> bool | None:
        """Return whether the harness retrieves from a namespace in new sessions; None without a harness."""
        ...

    async def add_records(self, strategy: Strategy, records: Sequence[NewRecord], token: str) -> list[AddedRecord]:
        """Add up to MAX_BATCH records and return what became of each; repeated with a token, it is done once."""
        ...


def record_importer(agent: object) -> RecordImporter | None:
    """Return the agent as a memory that takes records; None if its service has none."""
    return agent if isinstance(agent, RecordImporter) else None


def memory_store(agent: object) -> MemoryStore | None:
    """Return the agent's memory store; None if its service has none."""
    return agent if isinstance(agent, MemoryStore) else None
