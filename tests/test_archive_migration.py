"""An archive that an earlier version wrote is opened with all that is in it, or left as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import NOON
from travel_tui.agent import MemoryKind, session_summary
from travel_tui.archive import (
    Archive,
    ArchiveError,
    DeletedBy,
    NoteKind,
    Notes,
    SessionKey,
    TurnStatus,
    UserStore,
    file,
)
from travel_tui.archive.migrations import MIGRATIONS
from travel_tui.clock import Clock

VERSION_3 = Path(__file__).parent / "archives" / "version_3.sql"
VERSION_6 = VERSION_3.with_name("version_6.sql")
A, B = "AAAAAAAAAA/TSTALIASID@us-east-1", "BBBBBBBBBB/TSTALIASID@http://127.0.0.1:4571"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(VERSION_3, tmp_path)


def written(dump: Path, folder: Path) -> Path:
    """An archive with what is in a dump."""
    file = folder / "archive.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(dump.read_text())
    return file


def test_all_that_version_3_kept_is_there_and_each_agent_has_its_own(path: Path) -> None:
    with closing(Archive(path, Clock(NOON))) as archive:
        assert [(each.session_id, each.agent, each.memory_id, each.turns) for each in archive.sessions()] == [
            ("alone", A, None, 1),
            ("shared", B, "bert", 1),
            ("shared", A, "anna", 1),
        ]
        (first,) = archive.turns(SessionKey(A, "shared", "anna"))
        assert (first.text, first.answer, first.state) == ("I live in Oslo.", "Noted.", TurnStatus.ANSWERED)
        assert [type(event).__name__ for event in first.events][:3] == ["MemoryInjected", "ToolCall", "ToolResult"]
        assert [turn.text for turn in archive.turns(SessionKey(B, "shared", "bert"))] == ["I live in Rome."]
        assert [(note.kind, note.text) for note in Notes(archive, A).of("anna", ["shared"])] == [
            (NoteKind.NOTE, "the first"),
            (NoteKind.FACT, "Oslo"),
        ]
        assert UserStore(archive, A).draft("anna") == "half a sen"
        assert [each.record.text for each in archive.memory_history(A, "anna")] == ["Anna lives in Oslo."]
        assert archive.latencies(A) == [46.7]
        archive.end_session(SessionKey(B, "shared", "bert"), NOON)
        archive.begin_turn(SessionKey(A, "shared", "carl"), "Another user.", NOON)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_summaries_of_version_6_become_records_and_another_one_of_the_session_is_kept_beside_them(
    tmp_path: Path,
) -> None:
    with closing(Archive(written(VERSION_6, tmp_path), Clock(NOON))) as archive:
        history = archive.memory_history(A, "anna")
        assert [(entry.change.value, entry.record.text, entry.deleted_by) for entry in history] == [
            ("seen", "Anna lives in Oslo.", None),
            ("changed", "Anna moved to Bergen.", None),
            ("seen", "Anna likes trains.", None),
            ("gone", "Anna likes trains.", DeletedBy.YOU),
        ]
        assert len({entry.record.record_id for entry in history}) == 2
        assert {entry.record.kind for entry in history} == {MemoryKind.SESSION_SUMMARY}
        listed = [
            session_summary("anna", "twice", text, NOON + start, NOON + start + timedelta(minutes=30))
            for text, start in (("Anna moved to Bergen.", timedelta(hours=2)), ("Anna lives in Oslo.", timedelta()))
        ]
        assert archive.record_memory(A, "anna", listed, NOON), "the older one was never listed by itself"
        assert [(entry.change.value, entry.record) for entry in archive.memory_history(A, "anna")[4:]] == [
            ("seen", listed[1])
        ]
        assert not archive.record_memory(A, "anna", listed, NOON)
        archive.record_memory(A, "bert", [session_summary("bert", "untimed", "Bert likes ships.")], NOON)
        assert len(archive.memory_history(A, "bert")) == 1


def test_a_damaged_time_of_a_summary_does_not_keep_the_archive_from_opening(tmp_path: Path) -> None:
    file = written(VERSION_6, tmp_path)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE memories SET started_at = '2026-11-2?' WHERE memory_id = 'anna'")
    with closing(Archive(file, Clock(NOON))) as archive:
        assert [entry.record.text for entry in archive.memory_history(A, "bert")] == ["Bert likes ships."]


def test_a_migration_that_fails_leaves_the_archive_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MIGRATIONS", (*MIGRATIONS, ("DROP TABLE events", "DROP TABLE no_such_table")))
    with pytest.raises(ArchiveError):
        Archive(path, Clock(NOON))
    with closing(sqlite3.connect(path)) as database:
        dumped = "\n".join(database.iterdump())
        assert database.execute("PRAGMA user_version").fetchone() == (3,)
    assert dumped in VERSION_3.read_text()


def test_a_semicolon_inside_a_value_of_a_migration_is_part_of_the_value(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = ("CREATE TABLE words (word TEXT)", "INSERT INTO words VALUES ('one; two')")
    monkeypatch.setattr(file, "MIGRATIONS", (*MIGRATIONS, more))
    Archive(path, Clock(NOON)).close()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT word FROM words").fetchall() == [("one; two",)]
