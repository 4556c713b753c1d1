"""Record of memory deletions made with this client, to tell who deleted a record that is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from travel_tui.agent import AgentError, ErrorKind
from travel_tui.archive.connection import ArchiveConnection
from travel_tui.archive.file import ArchiveError
from travel_tui.archive.records import DeletedBy

NOTHING_DONE = frozenset(
    {
        ErrorKind.UNREACHABLE,
        ErrorKind.CREDENTIALS,
        ErrorKind.DENIED,
        ErrorKind.NOT_FOUND,
        ErrorKind.INVALID,
        ErrorKind.THROTTLED,
        ErrorKind.CONFLICT,
    }
)
"""Errors after which nothing was deleted; after any other error the deletion may have happened."""

DELETED_BY = """CASE WHEN change = 'gone' THEN coalesce((
    SELECT deleted_by FROM deletions WHERE deletions.agent = memories.agent
    AND deletions.memory_id = memories.memory_id
    AND CASE WHEN deletions.record_id IS NOT NULL THEN deletions.record_id = memories.record_id
        ELSE deletions.session_id IS NULL OR deletions.session_id = memories.session_id END
    AND deletions.after < memories.id AND deletions.after >= (
        SELECT max(id) FROM memories AS seen WHERE seen.agent = memories.agent
        AND seen.memory_id = memories.memory_id AND seen.record_id = memories.record_id AND seen.id < memories.id
    ) ORDER BY deletions.id DESC LIMIT 1
), 'elsewhere') END"""
"""SQL expression for who deleted a missing record: the deletion between its last sighting and its absence."""


@asynccontextmanager
async def memory_deletion(
    archive: ArchiveConnection, agent: str, memory_id: str, session_id: str | None, record_id: str | None = None
) -> AsyncIterator[None]:
    """Keep that the call in the block deletes a session's records, one record, or with None for both all of a memory.

    It is stored before the call, as a deletion that may have happened, since the process can be killed in between.
    Raises ArchiveError before the block, which is then not entered.
    """
    noted = await archive.run(_begin, archive, agent, memory_id, session_id, record_id)
    try:
        yield
    except AgentError as error:
        if error.problem.cause in NOTHING_DONE:
            with suppress(ArchiveError):
                await archive.run(_withdraw, archive, noted)
        raise
    with suppress(ArchiveError):  # it stays recorded as possible, which is true
        await archive.run(_confirm, archive, noted)


def _begin(
    archive: ArchiveConnection, agent: str, memory_id: str, session_id: str | None, record_id: str | None
) -> int:
    with archive.transaction() as connection:
        row = connection.execute(
            "INSERT INTO deletions (agent, memory_id, session_id, record_id, after, deleted_by) "
            "VALUES (?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM memories), ?) RETURNING id",
            (agent, memory_id, session_id, record_id, DeletedBy.UNKNOWN),
        ).fetchone()
    return int(row[0])


def _confirm(archive: ArchiveConnection, noted: int) -> None:
    with archive.transaction() as connection:
        connection.execute("UPDATE deletions SET deleted_by = ? WHERE id = ?", (DeletedBy.YOU, noted))


def _withdraw(archive: ArchiveConnection, noted: int) -> None:
    with archive.transaction() as connection:
        connection.execute("DELETE FROM deletions WHERE id = ?", (noted,))
