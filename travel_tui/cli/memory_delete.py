"""Deletion of a memory in two steps, plan and execution, optionally with the archive's copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from travel_tui.agent import MemoryRecord
from travel_tui.cli.command_context import archive_records, open_context
from travel_tui.cli.session_ids import resolve
from travel_tui.cli.sessions_output import key_of, states_of
from travel_tui.conversation.lifecycle import SessionState
from travel_tui.text import count

if TYPE_CHECKING:
    from travel_tui.tui.context import AppContext


@dataclass(frozen=True, slots=True)
class DeletionPlan:
    """The records of a session to delete, or without session_id the whole memory; `kept` is what remains.

    `sessions` and `seen` count the archived sessions and changes of records of the deleted part.
    """

    memory_id: str
    session_id: str | None
    records: tuple[MemoryRecord, ...]
    kept: tuple[MemoryRecord, ...]
    sessions: int = 0
    seen: int = 0
    summarising: tuple[str, ...] = ()
    """The ids of ended sessions whose summaries are still to come, so far as the archive has them."""

    @property
    def copy(self) -> str:
        """Describe the archive's copy; empty if there is none."""
        if self.sessions:
            return f"{count(self.sessions, 'session')}, and their recorded memory"
        return "the recorded memory" if self.seen else ""


async def plan_deletion(
    context: AppContext, wanted: str | None, memory_id: str | None, *, copy_too: bool = False
) -> DeletionPlan:
    """Plan a deletion; with `copy_too`, also if only the archive has something to delete.

    Raises AgentError, ArchiveError, and click's exceptions if nothing is stored of the session.
    """
    from travel_tui.archive import sessions_of
    from travel_tui.cli.command_context import fetch_memories
    from travel_tui.conversation.memory_words import memory_words

    words = memory_words(context.capabilities)
    async with open_context(context) as opened:
        session_id, record = await resolve(opened, wanted, memory_id) if wanted else (None, None)
        memory_id = (record.memory_id if record else None) or context.memory_id
        found = await fetch_memories(opened, memory_id)
        doomed = tuple(each for each in found if session_id in (None, each.session_id))
        key, archive = context.agent_key, opened.archive
        here = await archive.run(sessions_of, archive, key, memory_id, session_id)
        history = await archive.run(archive.memory_history, key, memory_id)
        seen = sum(session_id in (None, each.record.session_id) for each in history)
        if session_id and not doomed and not (copy_too and (here or seen)):
            raise click.ClickException(
                f"The memory {memory_id} has no {words.entry} of session {session_id}; "
                f"`travel-tui memory list{context.options}` lists its {words.entries}. A {words.entry} still being "
                "created cannot be deleted yet."
            )
        kept = tuple(each for each in found if each not in doomed)
        every = await archive.run(archive.sessions, key, memory_id)
        states = await archive.run(states_of, archive, every, context.clock.now())
        awaited = tuple(each.session_id for each in every if states[key_of(each)] is SessionState.SUMMARISING)
        return DeletionPlan(memory_id, session_id, doomed, kept, len(here), seen, awaited)


async def delete_memories(context: AppContext, doomed: DeletionPlan) -> None:
    """Delete the memory, and archive when and by whom it was deleted. Raises AgentError, ArchiveError."""
    from travel_tui.archive import memory_deletion

    async with open_context(context) as opened:
        async with memory_deletion(opened.archive, context.agent_key, doomed.memory_id, doomed.session_id):
            await (await opened.agent()).delete_memory(doomed.memory_id, doomed.session_id)
        await opened.archive.run(archive_records, opened, doomed.memory_id, doomed.kept)


async def delete_local_copy(context: AppContext, doomed: DeletionPlan) -> None:
    """Delete the archive's copy: turns, traces, notes and history of the memory. Raises ArchiveError."""
    from travel_tui.archive import delete_memory

    async with open_context(context) as opened:
        await opened.archive.run(delete_memory, opened.archive, context.agent_key, doomed.memory_id, doomed.session_id)
