"""What a memory would recall for a message, retrieved after its turn where the service does not tell what it put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, MemoryInjected, TraceStep, TurnEvent
from travel_tui.memory.record_text import readable
from travel_tui.memory_store import memory_store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from travel_tui.agent import Agent, MemoryRecord

KIND = "recallPreview"
"""Kind of the trace step; no service has one of this name."""
_NOTE = "Retrieved after the turn with the harness's own settings; the service does not tell what it put in the prompt."


async def preview_recall(
    agent: Agent, memory_id: str, session_id: str, text: str, sent_at: datetime | None
) -> tuple[list[TurnEvent], int]:
    """Return the events to add to a turn, and the number of calls made; none where it cannot be told or is off.

    What was stored after `sent_at`, the time of the turn if it is known, could not be recalled for it.
    """
    if (store := memory_store(agent)) is None:
        return [], 0
    try:
        found = await store.preview_recall(memory_id, session_id, text)
    except AgentError as error:
        step = TraceStep(KIND, {"error": str(error)}, title="Would be recalled", note=error.problem.what, failed=True)
        return [step], 1
    if found is None:
        return [], 0
    records, calls = found
    if sent_at is not None:
        records = [each for each in records if each.stored_at is None or each.stored_at <= sent_at]
    return [_step(records), MemoryInjected("\n".join(readable(each.text) for each in records), derived=True)], calls


def _step(records: Sequence[MemoryRecord]) -> TraceStep:
    told = [
        {"record_id": each.record_id, "kind": str(each.kind), "namespace": each.namespace, "score": each.score,
         "text": readable(each.text)}
        for each in records
    ]  # fmt: skip
    note = f"{len(records)} found"
    return TraceStep(KIND, {"records": told, "note": _NOTE}, title="Would be recalled", note=note)
