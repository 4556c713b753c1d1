"""The demo's harness: like the demo's agent, and with the operations of its memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, ErrorKind, MemoryRecord, Problem
from travel_tui.cli.demo_endpoint import DemoAgent
from travel_tui.memory_store import memory_store

if TYPE_CHECKING:
    from travel_tui.memory_store import (
        FailedExtraction,
        MemoryStore,
        RecordQuery,
        StoredEvent,
        StoredSession,
        Strategy,
    )


class DemoHarness(DemoAgent):
    """The harness behind a DemoEndpoint; implements travel_tui.memory_store.MemoryStore too."""

    async def _store(self) -> MemoryStore:
        if (store := memory_store(await self.now())) is None:
            raise AgentError(Problem(ErrorKind.INVALID, "The demo's agent has no memory store."))
        return store

    async def strategies(self) -> Sequence[Strategy]:
        return await (await self._store()).strategies()

    async def list_users(self, known: Collection[str] = ()) -> list[str]:
        return await (await self._store()).list_users(known)

    async def list_sessions(self, memory_id: str) -> list[StoredSession]:
        return await (await self._store()).list_sessions(memory_id)

    async def list_events(self, memory_id: str, session_id: str, most: int | None = None) -> list[StoredEvent]:
        return await (await self._store()).list_events(memory_id, session_id, most)

    async def list_records(self, memory_id: str, query: RecordQuery) -> list[MemoryRecord]:
        return await (await self._store()).list_records(memory_id, query)

    async def retrieve(self, memory_id: str, text: str, query: RecordQuery, most: int) -> list[MemoryRecord]:
        return await (await self._store()).retrieve(memory_id, text, query, most)

    async def preview_recall(self, memory_id: str, session_id: str, text: str) -> tuple[list[MemoryRecord], int] | None:
        return await (await self._store()).preview_recall(memory_id, session_id, text)

    async def delete_record(self, record: MemoryRecord) -> None:
        await (await self._store()).delete_record(record)

    async def edit_record(self, record: MemoryRecord, text: str) -> None:
        await (await self._store()).edit_record(record, text)

    async def add_record(self, memory_id: str, strategy: Strategy, text: str, session_id: str | None = None) -> str:
        return await (await self._store()).add_record(memory_id, strategy, text, session_id)

    async def failed_extractions(self, memory_id: str) -> list[FailedExtraction]:
        return await (await self._store()).failed_extractions(memory_id)

    async def restart_extraction(self, job_id: str) -> None:
        await (await self._store()).restart_extraction(job_id)
