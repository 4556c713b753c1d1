"""Events in the archive: by name, in the order in which they came, and without a file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import NOON
from travel_tui.agent import (
    ErrorKind,
    MemoryInjected,
    ModelUsage,
    Parameter,
    Problem,
    ReturnControl,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)
from travel_tui.archive import Archive, SessionKey, TurnStatus
from travel_tui.archive.records import event_from_json, event_to_json, merge_text_deltas
from travel_tui.clock import Clock

KEY = SessionKey("TRAVELDEMO/TSTALIASID@local", "session-1", "anna")


def test_an_event_is_stored_by_its_name() -> None:
    assert event_to_json(TextDelta("Zürich")) == '{"event":"TextDelta","text":"Z\\u00fcrich"}'


async def test_calls_in_the_archives_thread_keep_their_order_and_are_done_before_it_closes(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive.sqlite3", Clock(NOON))
    archive.open_session(KEY, NOON)
    number = archive.begin_turn(KEY, "Hello", NOON)
    for piece in "abcdef":
        archive.run(archive.add_event, number, TextDelta(piece))
    archive.close()
    with closing(Archive(tmp_path / "archive.sqlite3", Clock(NOON))) as again:
        assert again.turns(KEY)[0].answer == "abcdef"


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    with closing(Archive(None, Clock(NOON))) as archive:
        archive.open_session(KEY, NOON)
        archive.begin_turn(KEY, "Hello", NOON)
        assert len(archive.turns(KEY)) == 1
    assert [found.name for found in tmp_path.iterdir()] == ["home"]


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
    st.builds(TurnFailed, st.builds(Problem, st.sampled_from(ErrorKind), TEXT, TEXT, TEXT)),
)


def turn(archive: Archive, text: str = "Hello") -> int:
    archive.open_session(KEY, NOON)
    return archive.begin_turn(KEY, text, NOON)


@given(st.lists(EVENTS, max_size=8))
@settings(max_examples=80)
def test_any_events_are_read_back_as_they_were(events: list[TurnEvent]) -> None:
    with closing(Archive(None, Clock(NOON))) as archive:
        number = turn(archive)
        for event in events:
            archive.add_event(number, event)
        assert list(archive.turns(KEY)[0].events) == merge_text_deltas(events)
        archive.finish_turn(number, TurnStatus.ANSWERED)
        assert list(archive.turns(KEY)[0].events) == merge_text_deltas(events)


@given(TEXT)
@settings(max_examples=40)
def test_any_text_can_be_kept(text: str) -> None:
    with closing(Archive(None, Clock(NOON))) as archive:
        turn(archive, text)
        assert archive.turns(KEY)[0].text == text.encode("utf-8", "replace").decode()


def test_an_event_that_a_newer_version_wrote_is_skipped() -> None:
    assert event_from_json('{"event":"Dream","text":"of trains"}') is None
    assert event_from_json('{"event":"TextDelta","colour":"blue"}') is None
    assert event_from_json("[]") is None
    with closing(Archive(None, Clock(NOON))) as archive:
        number = turn(archive)
        archive._connection.execute("INSERT INTO events (turn, event) VALUES (?, ?)", (number, '{"event":"Dream"}'))
        archive.add_event(number, TextDelta("Hi"))
        archive.finish_turn(number, TurnStatus.ANSWERED)
        assert archive.turns(KEY)[0].events == (TextDelta("Hi"),)
        kept = archive._connection.execute("SELECT count(*) FROM events").fetchone()
        assert kept == (2,), "what this version cannot read is not thrown away"
