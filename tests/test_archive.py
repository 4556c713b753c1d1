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
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import NOON, REFUSED, summary
from travel_tui.agent import (
    Cause,
    MemoryInjected,
    ModelUsage,
    Parameter,
    ReturnControl,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    Trouble,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from travel_tui.archive import Archive, ArchiveError, Change, TurnState, file
from travel_tui.archive.records import event_from_json, event_to_json, joined
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


def turn(archive: Archive, text: str = "Hello", session_id: str = "session-1") -> int:
    archive.open_session(session_id, AGENT, "anna", NOON)
    return archive.begin_turn(session_id, text, NOON)


def test_a_turn_is_read_back_as_it_was_seen(archive: Archive) -> None:
    number = turn(archive, "Book a trip.")
    call = ToolCall("travel", "book_trip", (Parameter("origin", "Boston"),), "t-1")
    for event in (TraceStep("rationale", {"n": [1, None]}), TextDelta("Book"), TextDelta("ed."), call, TurnCompleted()):
        archive.add_event(number, event)
    archive.finish_turn(number, TurnState.ANSWERED, 0.5, 1.5)
    (found,) = archive.turns("session-1")
    assert (found.number, found.text, found.answer, found.state) == (1, "Book a trip.", "Booked.", TurnState.ANSWERED)
    assert (found.sent_at, found.first_text_s, found.total_s, found.trouble) == (NOON, 0.5, 1.5, None)
    assert found.events == (TraceStep("rationale", {"n": [1, None]}), TextDelta("Booked."), call, TurnCompleted())


def test_the_last_turns_are_read_and_those_before_a_turn(archive: Archive) -> None:
    archive.open_session("one", AGENT, "anna", NOON)
    for number in range(1, 8):
        turn_id = archive.begin_turn("one", f"Question {number}", NOON + timedelta(minutes=number))
        archive.add_event(turn_id, TextDelta(f"Answer {number}"))
        archive.finish_turn(turn_id, TurnState.ANSWERED)

    def read(last: int | None = None, before: int | None = None) -> list[tuple[int, str]]:
        return [(turn.number, turn.answer) for turn in archive.turns("one", last=last, before=before)]

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
    archive.end_session("session-1", NOON + timedelta(minutes=1))
    archive.store_session("session-1", NOON + timedelta(minutes=2), 46.7)
    archive.open_session("session-2", AGENT, "ben", NOON + timedelta(hours=1))
    newest, first = archive.sessions(AGENT)
    assert (newest.session_id, newest.turns, newest.ended_at) == ("session-2", 0, None)
    assert (first.turns, first.summary_latency_s) == (2, 46.7)
    assert first.stored_at == NOON + timedelta(minutes=2)
    assert [found.session_id for found in archive.sessions(memory_id="anna")] == ["session-1"]
    assert len(archive.sessions(limit=1)) == 1
    assert archive.sessions("another") == []
    assert archive.latencies(AGENT) == [46.7]


def test_the_same_session_id_at_two_agents_is_two_sessions(archive: Archive) -> None:
    turn(archive, "To the first.")
    archive.open_session("session-1", "OTHER/ALIAS@us-east-1", None, NOON + timedelta(hours=1))
    archive.begin_turn("session-1", "To the second.", NOON)
    assert [found.text for found in archive.turns("session-1")] == ["To the second."]
    assert [found.turns for found in archive.sessions()] == [1, 1]


def test_a_session_that_goes_on_counts_on(archive: Archive) -> None:
    turn(archive)
    archive.end_session("session-1", NOON)
    turn(archive)
    assert [found.number for found in archive.turns("session-1")] == [1, 2]
    assert archive.sessions()[0].ended_at is None


def test_failures_keep_their_trouble(archive: Archive) -> None:
    number = turn(archive)
    archive.add_event(number, TextDelta("Hi"))
    archive.finish_turn(number, TurnState.FAILED, trouble=REFUSED)
    (found,) = archive.turns("session-1")
    assert (found.state, found.trouble, found.answer) == (TurnState.FAILED, REFUSED, "Hi")


def test_a_turn_that_nobody_receives_any_more_reads_as_cut_off_with_its_text(path: Path) -> None:
    with closing(Archive(path, CLOCK)) as killed:
        number = turn(killed)
        killed.add_event(number, TextDelta("Your booking id is 9f0b"))
        assert killed.turns("session-1")[0].state is TurnState.SENT
    with closing(Archive(path, CLOCK)) as again:
        (found,) = again.turns("session-1")
    assert (found.state, found.answer) == (TurnState.FAILED, "Your booking id is 9f0b")
    assert found.trouble is not None
    assert found.trouble.cause is Cause.CUT_OFF


def test_memory_is_remembered_after_the_service_forgot_it(archive: Archive) -> None:
    one, two = summary("session-1", "First."), summary("session-2", "Second.")
    assert archive.record_memory(AGENT, "anna", [one], NOON)
    assert not archive.record_memory(AGENT, "anna", [one], NOON)
    assert archive.record_memory(AGENT, "anna", [two, summary("session-1", "First, corrected.")], NOON)
    assert archive.record_memory(AGENT, "anna", [], NOON)
    assert not archive.record_memory(AGENT, "anna", [], NOON)
    assert archive.record_memory(AGENT, "anna", [one], NOON)
    assert [(found.change, found.summary.text) for found in archive.memory_history(AGENT, "anna")] == [
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
    assert {found.summary.text for found in archive.memory_history(AGENT, "anna")} == {"Newer.", "half ?"}


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


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    with closing(Archive(None, CLOCK)) as archive:
        turn(archive)
        assert len(archive.turns("session-1")) == 1
    assert [found.name for found in tmp_path.iterdir()] == ["home"]


def test_a_locked_archive_says_who_may_hold_it(archive: Archive, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = turn(archive)
    archive._connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match="locked by another program") as locked:
            archive.add_event(number, TextDelta("Hi"))
        assert f"fuser -v {path}" in str(locked.value)
        assert len(archive.turns("session-1")) == 1, "reading goes on"
        other.execute("ROLLBACK")
    archive.add_event(number, TextDelta("Hi"))
    assert archive.turns("session-1")[0].answer == "Hi"


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
        archive.finish_turn(number, TurnState.ANSWERED)
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
        with pytest.raises(ArchiveError, match=r"damaged.*Start travel-tui again"):
            archive.turns("session-1")
    with closing(Archive(path, CLOCK)) as archive:
        assert archive.notice is not None
        assert archive.sessions() == []
    with closing(Archive(path, CLOCK)) as archive:
        assert archive.notice is None


def test_an_archive_of_a_newer_version_is_left_alone(path: Path) -> None:
    Archive(path, CLOCK).close()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveError, match="pip install --upgrade travel-tui"):
        Archive(path, CLOCK)
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("PRAGMA user_version").fetchone() == (99,)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    with pytest.raises(ArchiveError, match="ls -ld"):
        Archive(tmp_path / "taken" / "archive.sqlite3", CLOCK)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ArchiveError, match="cannot be opened"):
        Archive(tmp_path / "folder", CLOCK)


def test_two_programs_write_at_once_and_nothing_is_lost(path: Path) -> None:
    def write(name: str) -> None:
        with closing(Archive(path, CLOCK)) as archive:
            for number in range(20):
                turn_id = turn(archive, f"{name} {number}", name)
                archive.add_event(turn_id, TextDelta("Hi"))
                archive.finish_turn(turn_id, TurnState.ANSWERED)

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
from travel_tui.archive import Archive
from travel_tui.clock import Clock

moment = datetime(2026, 11, 23, tzinfo=UTC)
archive = Archive(Path(sys.argv[1]), Clock(moment))
archive.open_session("session-1", "agent", None, moment)
for number in range(10_000):
    turn = archive.begin_turn("session-1", f"turn {number}", moment)
    print(f"sent {number}", flush=True)
    archive.add_event(turn, TextDelta(f"answer {number}"))
    print(f"seen {number}", flush=True)
"""


@pytest.mark.parametrize("after", [1, 7, 40, 133])
def test_what_was_written_survives_kill_9(path: Path, after: int) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline().split() for _ in range(after)]
        writer.kill()
        lines += [line.split() for line in writer.stdout if line.endswith("\n")]
    told = {kind: int(number) for kind, number in lines}
    with closing(Archive(path, CLOCK)) as archive:
        found = archive.turns("session-1")
    assert archive.notice is None
    assert len(found) >= told["sent"] + 1
    for kept in found[: told.get("seen", -1) + 1]:
        assert kept.answer == f"answer {kept.number - 1}"


TEXT = st.text(st.characters(codec=None), max_size=12)  # half surrogates too: a trace can have them
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
CALL = st.builds(ToolCall, TEXT, TEXT, st.lists(st.builds(Parameter, TEXT, TEXT, TEXT), max_size=3).map(tuple), TEXT)
EVENTS: st.SearchStrategy[TurnEvent] = st.one_of(
    st.builds(TextDelta, TEXT),
    CALL,
    st.builds(ToolResult, TEXT, TEXT),
    st.builds(ModelUsage, st.integers(0, 10**9), st.integers(0, 10**9)),
    st.builds(MemoryInjected, TEXT),
    st.builds(ReturnControl, TEXT, st.lists(CALL, max_size=2).map(tuple)),
    st.builds(TraceStep, TEXT, st.dictionaries(TEXT, PLAIN, max_size=3)),
    st.builds(TurnCompleted),
    st.builds(TurnFailed, st.builds(Trouble, st.sampled_from(Cause), TEXT, TEXT, TEXT)),
)


@given(st.lists(EVENTS, max_size=8))
@settings(max_examples=80)
def test_any_events_are_read_back_as_they_were(events: list[TurnEvent]) -> None:
    with closing(Archive(None, CLOCK)) as archive:
        number = turn(archive)
        for event in events:
            archive.add_event(number, event)
        assert list(archive.turns("session-1")[0].events) == joined(events)
        archive.finish_turn(number, TurnState.ANSWERED)
        assert list(archive.turns("session-1")[0].events) == joined(events)


@given(TEXT)
@settings(max_examples=40)
def test_any_text_can_be_kept(text: str) -> None:
    with closing(Archive(None, CLOCK)) as archive:
        turn(archive, text)
        assert archive.turns("session-1")[0].text == text.encode("utf-8", "replace").decode()


def test_an_event_that_a_newer_version_wrote_is_skipped(archive: Archive) -> None:
    assert event_from_json('{"event":"Dream","text":"of trains"}') is None
    assert event_from_json('{"event":"TextDelta","colour":"blue"}') is None
    assert event_from_json("[]") is None
    number = turn(archive)
    archive._connection.execute("INSERT INTO events (turn, event) VALUES (?, ?)", (number, '{"event":"Dream"}'))
    archive.add_event(number, TextDelta("Hi"))
    archive.finish_turn(number, TurnState.ANSWERED)
    assert archive.turns("session-1")[0].events == (TextDelta("Hi"),)
    kept = archive._connection.execute("SELECT count(*) FROM events").fetchone()
    assert kept == (2,), "what this version cannot read is not thrown away"


def test_an_event_is_stored_by_its_name() -> None:
    assert event_to_json(TextDelta("Zürich")) == '{"event":"TextDelta","text":"Z\\u00fcrich"}'


async def test_calls_in_the_archives_thread_keep_their_order_and_are_done_before_it_closes(path: Path) -> None:
    archive = Archive(path, CLOCK)
    number = turn(archive)
    for piece in "abcdef":
        archive.run(archive.add_event, number, TextDelta(piece))
    archive.close()
    with closing(Archive(path, CLOCK)) as again:
        assert again.turns("session-1")[0].answer == "abcdef"
