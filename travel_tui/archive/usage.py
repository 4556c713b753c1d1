"""Tokens used by the turns of a session, as far as the service reported them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travel_tui.agent import ModelUsage
from travel_tui.archive.records import event_from_json

if TYPE_CHECKING:
    from travel_tui.archive.store import Archive


def usage_of(archive: Archive, agent: str, memory_id: str | None, session_id: str) -> list[tuple[int, ModelUsage]]:
    """Return the usage of each model invocation of a session, with the number of its turn. Raises ArchiveError."""
    rows = archive.rows(
        "SELECT number, event FROM events JOIN turns ON turns.id = events.turn "
        "JOIN sessions ON sessions.id = turns.session WHERE agent = ? AND memory_id IS ? AND session_id = ? "
        'AND event LIKE \'{"event":"ModelUsage"%\' ORDER BY events.id',
        (agent, memory_id, session_id),
    )
    found = ((int(number), event_from_json(event)) for number, event in rows)
    return [(number, event) for number, event in found if isinstance(event, ModelUsage)]
