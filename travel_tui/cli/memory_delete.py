"""Deleting a memory, in two steps: what would go, and its going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from travel_tui.agent import SessionSummary
from travel_tui.cli.headless import keep_seen, seated

if TYPE_CHECKING:
    from travel_tui.tui.setting import Setting


@dataclass(frozen=True, slots=True)
class Doomed:
    """What is to go: the summary of one session, or with no session_id all of the memory. `kept` stays."""

    memory_id: str
    session_id: str | None
    summaries: tuple[SessionSummary, ...]
    kept: tuple[SessionSummary, ...]


async def to_be_forgotten(setting: Setting, wanted: str | None, memory_id: str | None) -> Doomed:
    """What there is to delete. Raises AgentError, ArchiveError, and click's where there is no such summary."""
    from travel_tui.cli.memory import look

    async with seated(setting) as seat:
        record = seat.session(wanted, memory_id) if wanted else None
        session_id = record.session_id if record else wanted
        memory_id = (record.memory_id if record else None) or setting.memory_id
        found = await look(seat, memory_id)
        doomed = tuple(each for each in found if session_id in (None, each.session_id))
        if session_id and not doomed:
            raise click.ClickException(
                f"The memory {memory_id} has no summary of session {session_id}; `travel-tui memory list` shows what "
                "it has. One that is still being made cannot be deleted yet."
            )
        return Doomed(memory_id, session_id, doomed, tuple(each for each in found if each not in doomed))


async def forget(setting: Setting, doomed: Doomed) -> None:
    """Delete it, and note in the archive that it is gone. Raises AgentError, ArchiveError."""
    async with seated(setting) as seat:
        await (await seat.agent()).forget(doomed.memory_id, doomed.session_id)
        await seat.archive.run(keep_seen, seat, doomed.memory_id, doomed.kept)
