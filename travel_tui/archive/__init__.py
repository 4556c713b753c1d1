"""What was said and seen is never lost: the archive, its records and its errors."""

from travel_tui.archive.file import ArchiveError
from travel_tui.archive.notes import Hit, Kind, Note, Notes
from travel_tui.archive.people import People, User
from travel_tui.archive.records import Change, MemoryRecord, SessionRecord, TurnRecord, TurnState
from travel_tui.archive.store import Archive

__all__ = [
    "Archive",
    "ArchiveError",
    "Change",
    "Hit",
    "Kind",
    "MemoryRecord",
    "Note",
    "Notes",
    "People",
    "SessionRecord",
    "TurnRecord",
    "TurnState",
    "User",
]
