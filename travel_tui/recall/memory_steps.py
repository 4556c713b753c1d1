"""The steps of a test on a memory: wait for it, delete of it, read it and retrieve from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from travel_tui.agent import Agent, AgentError, MemoryKind, MemoryRecord
from travel_tui.memory_store import RecordQuery, memory_store
from travel_tui.recall.expectations import is_under
from travel_tui.recall.memory_wait import AwaitedMemory, wait_for
from travel_tui.recall.rate_limiter import RateLimiter
from travel_tui.recall.scenario import MAX_TOP
from travel_tui.recall.undecided import UndecidedError

Data = dict[str, Any]
DELETED_S = 60.0
"""Seconds until a deletion must be visible: AWS accepts it (202) and performs it later."""


class MemorySteps:
    """Calls to one agent's memory; each result is plain data for the journal. All raise AgentError."""

    def __init__(self, agent: Agent, pace: RateLimiter) -> None:
        self._agent, self._pace = agent, pace

    async def wait(self, memory_id: str, awaited: Iterable[str], kinds: Sequence[MemoryKind], timeout_s: float) -> Data:
        """Wait for the memory of these sessions. Raises UndecidedError if it does not come in time."""
        there = [AwaitedMemory(each, kinds) for each in awaited]
        found, missing = await wait_for(self._agent, self._pace, memory_id, there=there, timeout_s=timeout_s)
        if missing:
            why = await self._failures(memory_id) or f"{missing}."
            raise UndecidedError(f"The memory of an ended session did not arrive within {timeout_s:g} s: {why}")
        return _as_data(found)

    async def _failures(self, memory_id: str) -> str:
        """Return why extractions failed, as a sentence; empty if none is known to have failed."""
        if (store := memory_store(self._agent)) is None:
            return ""
        await self._pace.turn()
        with suppress(AgentError):  # a permission that nothing else needs
            reasons = dict.fromkeys(each.reason for each in await store.failed_extractions(memory_id))
            return f"its extraction failed with {', '.join(reasons)}." if reasons else ""
        return ""

    async def delete(self, memory_id: str, session_id: str | None) -> Data:
        """Delete what came of a session, or all of a memory. Raises UndecidedError if it can still be read."""
        await self._pace.turn()
        before = await self._agent.list_memories(memory_id)
        unnamed = await self._without_session(memory_id, session_id, before) if session_id else []
        await self._pace.turn()
        await self._agent.delete_memory(memory_id, session_id)
        if (store := memory_store(self._agent)) is not None:
            for each in unnamed:
                await self._pace.turn()
                await store.delete_record(each)
        gone = {each.record_id for each in before if session_id in (None, each.session_id) or each in unnamed}
        found, missing = await wait_for(self._agent, self._pace, memory_id, gone=gone, timeout_s=DELETED_S)
        if missing:
            raise UndecidedError(f"Deleted memories could still be read {DELETED_S:g} s later.")
        return _as_data(found)

    async def _without_session(
        self, memory_id: str, session_id: str, records: Iterable[MemoryRecord]
    ) -> list[MemoryRecord]:
        """Return the records that name no session and were made of this one's events."""
        if (store := memory_store(self._agent)) is None:
            return []
        session = AwaitedMemory(session_id)
        await self._pace.turn()
        await session.read_events(store, memory_id)
        if session.began is None or session.last is None:
            return []
        return [
            each
            for each in records
            if each.session_id is None and each.started_at and session.began <= each.started_at <= session.last
        ]

    async def read(self, memory_id: str) -> Data:
        """List the memory."""
        await self._pace.turn()
        return _as_data(await self._agent.list_memories(memory_id))

    async def retrieve(self, memory_id: str, query: str, kind: MemoryKind | None, namespace: str, top: int) -> Data:
        """Return the first records that a retrieval finds, best first. Raises UndecidedError without a store."""
        if (store := memory_store(self._agent)) is None:  # the command rejects such tests before anything runs
            raise UndecidedError("Only a memory of records can be searched.")
        await self._pace.turn()
        found = await store.retrieve(memory_id, query, RecordQuery(kind), MAX_TOP)
        return _as_data([each for each in found if is_under(each.namespace, namespace)][:top])


def _as_data(records: Iterable[MemoryRecord]) -> Data:
    return {
        "memory": [
            {"session_id": each.session_id, "text": each.text, "kind": str(each.kind), "namespace": each.namespace}
            for each in records
        ]
    }
