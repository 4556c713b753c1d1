"""What was said and seen is kept: through kills, locks, damage and two programs at once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import NOON, REFUSED, summary
from travel_tui.agent import (
    ErrorKind,
    Parameter,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnCompleted,
)
from travel_tui.archive import Archive, ArchiveError, Change, NoteKind, Notes, SessionKey, TurnStatus, UserStore, file
from travel_tui.clock import Clock

CLOCK = Clock(NOON)
AGENT = "TRAVELDEMO/TSTALIASID@local"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "archive.sqlite3"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with closing(Archive(path, CLOCK)) as opened:
        yield opened


def key(session_id: str = "session-1", agent: str = AGENT, memory_id: str | None = "anna") -> SessionKey:
    return SessionKey(agent, session_id, memory_id)


def turn(archive: Archive, text: str = "Hello", session_id: str = "session-1") -> int:
    archive.open_session(key(session_id), NOON)
    return archive.begin_turn(key(session_id), text, NOON)


def test_a_turn_is_read_back_as_it_was_seen(archive: Archive) -> None:
    number = turn(archive, "Book a trip.")
    call = ToolCall("travel", "book_trip", (Parameter("origin", "Boston"),), "t-1")
    for event in (TraceStep("rationale", {"n": [1, None]}), TextDelta("Book"), TextDelta("ed."), call, TurnCompleted()):
        archive.add_event(number, event)
    archive.finish_turn(number, TurnStatus.ANSWERED, 0.5, 1.5)
    (found,) = archive.turns(key())
    assert (found.number, found.text, found.answer, found.state) == (1, "Book a trip.", "Booked.", TurnStatus.ANSWERED)
    assert (found.sent_at, found.first_text_s, found.total_s, found.problem) == (NOON, 0.5, 1.5, None)
    assert found.events == (TraceStep("rationale", {"n": [1, None]}), TextDelta("Booked."), call, TurnCompleted())


def test_the_last_turns_are_read_and_those_before_a_turn(archive: Archive) -> None:
    archive.open_session(key("one"), NOON)
    for number in range(1, 8):
        turn_id = archive.begin_turn(key("one"), f"Question {number}", NOON + timedelta(minutes=number))
        archive.add_event(turn_id, TextDelta(f"Answer {number}"))
        archive.finish_turn(turn_id, TurnStatus.ANSWERED)

    def read(last: int | None = None, before: int | None = None) -> list[tuple[int, str]]:
        return [(turn.number, turn.answer) for turn in archive.turns(key("one"), last=last, before=before)]

    assert read(last=2) == [(6, "Answer 6"), (7, "Answer 7")]
    assert read(last=3, before=6) == [(3, "Answer 3"), (4, "Answer 4"), (5, "Answer 5")]
    assert read(last=9, before=2) == [(1, "Answer 1")]
    assert read(before=3) == [(1, "Answer 1"), (2, "Answer 2")]
    assert len(read()) == 7
    (session,) = archive.sessions(AGENT)
    assert session.last_sent_at == NOON + timedelta(minutes=7)


def test_sessions_are_listed_newest_first_with_their_life(archive: Archive) -> None:
    turn(archive)
    turn(archive)
    archive.end_session(key(), NOON + timedelta(minutes=1))
    archive.store_session(key(), NOON + timedelta(minutes=2), 46.7)
    archive.open_session(key("session-2", memory_id="ben"), NOON + timedelta(hours=1))
    newest, first = archive.sessions(AGENT)
    assert (newest.session_id, newest.turns, newest.ended_at) == ("session-2", 0, None)
    assert (first.turns, first.summary_latency_s) == (2, 46.7)
    assert first.stored_at == NOON + timedelta(minutes=2)
    assert [found.session_id for found in archive.sessions(memory_id="anna")] == ["session-1"]
    assert len(archive.sessions(limit=1)) == 1
    assert archive.sessions("another") == []
    assert archive.latencies(AGENT) == [46.7]


def test_a_session_with_a_newer_turn_comes_before_one_that_was_begun_later(archive: Archive) -> None:
    for number, session_id in enumerate(("first", "second", "third")):
        archive.open_session(key(session_id, memory_id=session_id), NOON + timedelta(hours=number))
    archive.begin_turn(key("second", memory_id="second"), "Hello", NOON + timedelta(hours=1))
    archive.begin_turn(key("first", memory_id="first"), "Hello again", NOON + timedelta(hours=5))
    assert [each.session_id for each in archive.sessions(AGENT)] == ["first", "third", "second"]
    assert [each.session_id for each in archive.sessions(AGENT, limit=1)] == ["first"]
    users = [(user.memory_id, user.last_at) for user in UserStore(archive, AGENT).users()]
    assert [memory_id for memory_id, _ in users] == ["first", "third", "second"]
    assert users[0][1] == NOON + timedelta(hours=5)


def test_the_same_session_id_at_two_agents_is_two_sessions(archive: Archive) -> None:
    second = key(agent="OTHER/ALIAS@us-east-1")
    turn(archive, "To the first.")
    archive.open_session(second, NOON + timedelta(hours=1))
    archive.begin_turn(second, "To the second.", NOON)
    archive.begin_turn(key(), "To the first again.", NOON)
    archive.end_session(key(), NOON + timedelta(hours=2))
    archive.store_session(key(), NOON + timedelta(hours=2), 3.0)
    Notes(archive, AGENT).add("anna", "session-1", NoteKind.NOTE, "mine", NOON)
    assert [found.text for found in archive.turns(second)] == ["To the second."]
    assert [found.text for found in archive.turns(key())] == ["To the first.", "To the first again."]
    assert [(found.turns, found.ended_at is None, found.stored_at) for found in archive.sessions(second.agent)] == [
        (1, True, None)
    ]
    assert Notes(archive, second.agent).of("anna", ["session-1"]) == []
    assert [note.number for note in Notes(archive, AGENT).of("anna", ["session-1"])] == [2]


def test_the_same_session_with_another_memory_is_another_users_and_ends_with_it(archive: Archive) -> None:
    for memory_id in ("anna", "bert", None):
        archive.open_session(key(memory_id=memory_id), NOON)
        archive.begin_turn(key(memory_id=memory_id), f"I am {memory_id}.", NOON)
    assert [found.text for found in archive.turns(key())] == ["I am anna."]
    assert [found.turns for found in archive.sessions(AGENT, "anna")] == [1]
    archive.end_session(key(memory_id="bert"), NOON)
    assert [found.ended_at for found in archive.sessions()] == [NOON] * 3, "the service has one session for the id"
    archive.store_session(key(memory_id="bert"), NOON, 2.0)
    assert [found.memory_id for found in archive.sessions() if found.stored_at] == ["bert"]


def test_a_session_that_goes_on_counts_on(archive: Archive) -> None:
    turn(archive)
    archive.end_session(key(), NOON)
    turn(archive)
    assert [found.number for found in archive.turns(key())] == [1, 2]
    assert archive.sessions()[0].ended_at is None


def test_failures_keep_their_problem(archive: Archive) -> None:
    number = turn(archive)
    archive.add_event(number, TextDelta("Hi"))
    archive.finish_turn(number, TurnStatus.FAILED, problem=REFUSED)
    (found,) = archive.turns(key())
    assert (found.state, found.problem, found.answer) == (TurnStatus.FAILED, REFUSED, "Hi")


def test_a_turn_that_nobody_receives_any_more_reads_as_cut_off_with_its_text(path: Path) -> None:
    with closing(Archive(path, CLOCK)) as killed:
        number = turn(killed)
        killed.add_event(number, TextDelta("Your booking id is 9f0b"))
        assert killed.turns(key())[0].state is TurnStatus.SENT
    with closing(Archive(path, CLOCK)) as again:
        (found,) = again.turns(key())
    assert (found.state, found.answer) == (TurnStatus.FAILED, "Your booking id is 9f0b")
    assert found.problem is not None
    assert found.problem.cause is ErrorKind.CUT_OFF


def test_memory_is_remembered_after_the_service_forgot_it(archive: Archive) -> None:
    one, two = summary("session-1", "First."), summary("session-2", "Second.")
    assert archive.record_memory(AGENT, "anna", [one], NOON)
    assert not archive.record_memory(AGENT, "anna", [one], NOON)
    assert archive.record_memory(AGENT, "anna", [two, summary("session-1", "First, corrected.")], NOON)
    assert archive.record_memory(AGENT, "anna", [], NOON)
    assert not archive.record_memory(AGENT, "anna", [], NOON)
    assert archive.record_memory(AGENT, "anna", [one], NOON)
    assert [(found.change, found.record.text) for found in archive.memory_history(AGENT, "anna")] == [
        (Change.SEEN, "First."),
        (Change.CHANGED, "First, corrected."),
        (Change.SEEN, "Second."),
        (Change.GONE, "First, corrected."),
        (Change.GONE, "Second."),
        (Change.SEEN, "First."),
    ]
    assert archive.memory_history(AGENT, "ben") == []


def test_a_memory_that_cannot_change_is_not_recorded_again(archive: Archive) -> None:
    twice = [summary("session-1", "Newer."), summary("session-1", "Older."), summary("session-2", "half \ud83d")]
    assert archive.record_memory(AGENT, "anna", twice, NOON)
    assert not archive.record_memory(AGENT, "anna", twice, NOON)
    assert {found.record.text for found in archive.memory_history(AGENT, "anna")} == {"Newer.", "half ?"}


def test_the_file_is_private(path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o644)
    with closing(Archive(path, CLOCK)) as archive:
        turn(archive)
        for name in os.listdir(path.parent):  # noqa: PTH208 - with those that SQLite makes beside it
            assert (path.parent / name).stat().st_mode & 0o077 == 0


def test_a_folder_made_for_it_is_private(archive: Archive, path: Path) -> None:
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert archive.notice is None


def test_a_locked_archive_says_who_may_hold_it(archive: Archive, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = turn(archive)
    archive._connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match="locked by another program") as locked:
            archive.add_event(number, TextDelta("Hi"))
        assert f"fuser -v {path}" in str(locked.value)
        assert len(archive.turns(key())) == 1, "reading goes on"
        other.execute("ROLLBACK")
    archive.add_event(number, TextDelta("Hi"))
    assert archive.turns(key())[0].answer == "Hi"


def test_an_archive_that_is_locked_at_the_start_is_not_taken_for_damaged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "BUSY_S", 0.01)
    Archive(path, CLOCK).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ArchiveError, match="locked"):
            Archive(path, CLOCK)
    assert path.exists()


def a_filled_archive(path: Path) -> bytes:
    with closing(Archive(path, CLOCK)) as archive:
        number = turn(archive)
        archive.add_events(number, [ToolResult(f"result {count}", "t-1") for count in range(3000)])
        archive.finish_turn(number, TurnStatus.ANSWERED)
    return path.read_bytes()


@pytest.mark.parametrize("damage", ["no database", "cut short", "a broken head"])
def test_a_damaged_archive_is_set_aside_and_said_so(path: Path, damage: str) -> None:
    data = a_filled_archive(path)
    broken = {
        "no database": b"This is not a database." * 100,
        "cut short": data[: len(data) // 2],
        "a broken head": b"\xff" * 100 + data[100:],
    }[damage]
    path.write_bytes(broken)
    with closing(Archive(path, CLOCK)) as archive:
        kept = path.with_name("archive.sqlite3.damaged-20261123T120000")
        assert archive.notice is not None
        assert str(kept) in archive.notice
        assert kept.read_bytes() == broken
        assert turn(archive)
    with closing(Archive(path, CLOCK)) as archive:
        assert archive.notice is None


def test_damage_that_shows_only_in_use_is_told_and_set_aside_at_the_next_start(path: Path) -> None:
    data = a_filled_archive(path)
    middle = len(data) // 2
    path.write_bytes(data[:middle] + b"\xff" * 20_000 + data[middle + 20_000 :])
    with closing(Archive(path, CLOCK)) as archive:
        assert archive.notice is None
        with pytest.raises(ArchiveError, match=r"damaged.*Restart travel-tui"):
            archive.turns(key())
    with closing(Archive(path, CLOCK)) as archive:
        assert archive.notice is not None
        assert archive.sessions() == []
    with closing(Archive(path, CLOCK)) as archive:
        assert archive.notice is None


def test_an_archive_of_a_newer_version_is_left_alone(path: Path) -> None:
    Archive(path, CLOCK).close()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveError, match="pipx upgrade travel-tui"):
        Archive(path, CLOCK)
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("PRAGMA user_version").fetchone() == (99,)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    with pytest.raises(ArchiveError, match="ls -ld"):
        Archive(tmp_path / "taken" / "archive.sqlite3", CLOCK)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ArchiveError, match="is a directory"):
        Archive(tmp_path / "folder", CLOCK)


def test_an_archive_that_is_moved_or_deleted_in_use_is_told_instead_of_written_to_nowhere(path: Path) -> None:
    with closing(Archive(path, CLOCK)) as archive:
        turn(archive, "Kept.")
        aside = path.with_name("aside")
        path.rename(aside)
        with pytest.raises(ArchiveError, match=r"moved or deleted .* restart travel-tui"):
            archive.begin_turn(key(), "Lost.", NOON)
        assert not path.exists()
        aside.rename(path)
        archive.begin_turn(key(), "Kept, too.", NOON)
        path.unlink()
        with closing(Archive(path, CLOCK)) as other:
            turn(other, "Another's.")
        with pytest.raises(ArchiveError, match="moved or deleted"):
            archive.begin_turn(key(), "Lost.", NOON)
    with closing(Archive(path, CLOCK)) as archive:
        assert [found.text for found in archive.turns(key())] == ["Another's."]


def test_two_programs_write_at_once_and_nothing_is_lost(path: Path) -> None:
    def write(name: str) -> None:
        with closing(Archive(path, CLOCK)) as archive:
            for number in range(20):
                turn_id = turn(archive, f"{name} {number}", name)
                archive.add_event(turn_id, TextDelta("Hi"))
                archive.finish_turn(turn_id, TurnStatus.ANSWERED)

    threads = [threading.Thread(target=write, args=(f"session-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(Archive(path, CLOCK)) as archive:
        assert sorted(found.turns for found in archive.sessions()) == [20] * 4


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from travel_tui.agent import TextDelta
from travel_tui.archive import Archive, SessionKey
from travel_tui.clock import Clock

session = SessionKey(sys.argv[2], "session-1", "anna")
moment = datetime(2026, 11, 23, tzinfo=UTC)
archive = Archive(Path(sys.argv[1]), Clock(moment))
archive.open_session(session, moment)
for number in range(10_000):
    turn = archive.begin_turn(session, f"turn {number}", moment)
    print(f"sent {number}", flush=True)
    archive.add_event(turn, TextDelta(f"answer {number}"))
    print(f"seen {number}", flush=True)
"""


@pytest.mark.parametrize("after", [1, 7, 40, 133])
def test_what_was_written_survives_kill_9(path: Path, after: int) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, path, AGENT], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline().split() for _ in range(after)]
        writer.kill()
        lines += [line.split() for line in writer.stdout if line.endswith("\n")]
    told = {kind: int(number) for kind, number in lines}
    with closing(Archive(path, CLOCK)) as archive:
        found = archive.turns(key())
    assert archive.notice is None
    assert len(found) >= told["sent"] + 1
    for kept in found[: told.get("seen", -1) + 1]:
        assert kept.answer == f"answer {kept.number - 1}"
