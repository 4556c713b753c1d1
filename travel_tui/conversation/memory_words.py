"""Words for a memory, by what its service does: summaries of ended sessions, or records of each message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from travel_tui.text import count

if TYPE_CHECKING:
    from travel_tui.capabilities import Capabilities


@dataclass(frozen=True, slots=True)
class MemoryWords:
    """What the entries of a memory are called, and when they are made."""

    entry: str
    entries: str
    made: str
    """When an entry is made, as a sentence."""
    made_of_open: str
    """When those of a session are made that is still open, as a sentence."""
    after_end: str
    """What happens once the user has ended a session, to go on the sentence "End the session with F2"."""
    end_hint: str
    """What the key for ending a session does."""
    deleted_session: str
    """What the deletion of a session's entries means, as a sentence with the session's id left out."""

    def count(self, number: int) -> str:
        """Return the number of entries in words."""
        return count(number, self.entry, self.entries)


_SUMMARIES = MemoryWords(
    entry="summary",
    entries="summaries",
    made="A memory is created when a session ends.",
    made_of_open="The session is still open; its memory is created when it ends.",
    after_end=". The service creates its memory.",
    end_hint="end session and create its memory",
    deleted_session="The agent will no longer know what was said in session {session_id}.",
)
_RECORDS = MemoryWords(
    entry="record",
    entries="records",
    made="Messages become records after a while.",
    made_of_open="The records of a message come some time after it.",
    after_end=" and watch its messages become records.",
    end_hint="end session and wait for its records",
    deleted_session=(
        "This deletes the records and the events of session {session_id}; facts and preferences that came of it stay, "
        "since they name no session."
    ),
)


def memory_words(capabilities: Capabilities) -> MemoryWords:
    """Return the words for the memory of a service."""
    return _SUMMARIES if capabilities.ends_sessions else _RECORDS
