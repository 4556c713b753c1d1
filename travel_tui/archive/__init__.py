"""What was said and seen is never lost: the archive, its records and its errors."""

from travel_tui.archive.file import ArchiveError
from travel_tui.archive.people import People, User
from travel_tui.archive.records import Change, MemoryRecord, SessionRecord, TurnRecord, TurnState
from travel_tui.archive.store import Archive

__all__ = [
    "Archive",
    "ArchiveError",
    "Change",
    "MemoryRecord",
    "People",
    "SessionRecord",
    "TurnRecord",
    "TurnState",
    "User",
]
