"""Local archive of conversations and memories: records, storage and errors."""

from travel_tui.archive.deleted_by import memory_deletion
from travel_tui.archive.deletion import delete_memory, delete_sessions, sessions_of, set_aside, size_of
from travel_tui.archive.file import ArchiveError
from travel_tui.archive.notes import Hit, MatchPart, Note, NoteKind, Notes
from travel_tui.archive.records import (
    Change,
    DeletedBy,
    MemoryHistoryEntry,
    SessionKey,
    SessionRecord,
    TurnRecord,
    TurnStatus,
)
from travel_tui.archive.removal import note_removal
from travel_tui.archive.store import Archive
from travel_tui.archive.usage import usage_of
from travel_tui.archive.users import User, UserStore

__all__ = [
    "Archive",
    "ArchiveError",
    "Change",
    "DeletedBy",
    "Hit",
    "MatchPart",
    "MemoryHistoryEntry",
    "Note",
    "NoteKind",
    "Notes",
    "SessionKey",
    "SessionRecord",
    "TurnRecord",
    "TurnStatus",
    "User",
    "UserStore",
    "delete_memory",
    "delete_sessions",
    "memory_deletion",
    "note_removal",
    "sessions_of",
    "set_aside",
    "size_of",
    "usage_of",
]
