"""What is deleted from the archive is not in its files any more, and what others have stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes import NOON, FakeAgent, Gate, summary
from tests.test_conversation import conversation, key, said
from travel_tui.agent import TextDelta, TurnCompleted
from travel_tui.archive import (
    Archive,
    ArchiveError,
    NoteKind,
    Notes,
    SessionKey,
    TurnStatus,
    UserStore,
    delete_memory,
    delete_sessions,
    size_of,
)
from travel_tui.clock import Clock

AGENT, OTHER = "A/T@us-east-1", "B/T@us-east-1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.sqlite3"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with closing(Archive(path, Clock(NOON))) as opened:
        yield opened


def talked(archive: Archive, session: SessionKey, word: str) -> None:
    """A session in which that word is everywhere, and was rewritten, so that old rows have it too."""
    archive.open_session(session, NOON)
    for number in range(20):
        turn = archive.begin_turn(session, f"{word}-asked {number}", NOON)
        for piece in range(30):
            archive.add_event(turn, TextDelta(f"{word}-answered {piece} " * 10))
        archive.finish_turn(turn, TurnStatus.ANSWERED)
    Notes(archive, session.agent).add(session.memory_id, session.session_id, NoteKind.NOTE, f"{word}-noted", NOON)
    if session.memory_id:
        seen = [summary(session.session_id, f"{word}-remembered", session.memory_id)]
        archive.record_memory(session.agent, session.memory_id, seen, NOON)
        UserStore(archive, session.agent).save_draft(session.memory_id, f"{word}-asked 3")


def anywhere(path: Path, word: str) -> list[str]:
    """The files beside the archive, and it, that have the word."""
    return [each.name for each in path.parent.iterdir() if each.is_file() and word.encode() in each.read_bytes()]


def test_the_words_of_a_deleted_session_are_in_no_file_also_while_another_has_it_open(
    archive: Archive, path: Path
) -> None:
    gone, stays = SessionKey(AGENT, "s-1", "anna"), SessionKey(OTHER, "s-1", "anna")
    with closing(Archive(path, Clock(NOON))) as other:
        talked(other, gone, "oslo")
        talked(archive, stays, "rome")
        assert anywhere(path, "oslo")
        assert size_of(archive, [gone]) > 20 * 30 * 10 * len("oslo-answered")
        delete_sessions(archive, [gone])
        assert anywhere(path, "oslo") == []
        assert other.turns(gone) == []
    assert anywhere(path, "oslo") == []
    assert [each.key for each in archive.sessions()] == [stays]
    assert len(archive.turns(stays)) == 20
    assert [note.text for note in Notes(archive, OTHER).of("anna", ["s-1"])] == ["rome-noted"]
    assert UserStore(archive, OTHER).draft("anna") == "rome-asked 3"
    assert [each.record.text for each in archive.memory_history(OTHER, "anna")] == ["rome-remembered"]
    assert archive.memory_history(AGENT, "anna") == []
    assert UserStore(archive, AGENT).users() == []


def test_all_that_is_known_of_a_memory_goes_and_that_of_another_user_stays(archive: Archive, path: Path) -> None:
    for session_id in ("s-1", "s-2"):
        talked(archive, SessionKey(AGENT, session_id, "anna"), "oslo")
    talked(archive, SessionKey(AGENT, "s-1", "bert"), "rome")
    UserStore(archive, AGENT).name("anna", "oslo-name")
    archive.record_memory(AGENT, "anna", [summary("elsewhere", "oslo-elsewhere")], NOON)
    delete_memory(archive, AGENT, "anna", "s-2")
    assert [each.session_id for each in archive.sessions(AGENT, "anna")] == ["s-1"]
    delete_memory(archive, AGENT, "anna")
    assert anywhere(path, "oslo") == []
    assert [each.memory_id for each in archive.sessions()] == ["bert"]
    assert [user.memory_id for user in UserStore(archive, AGENT).users()] == ["bert"]


def test_nothing_is_deleted_while_somebody_reads_what_could_not_be_overwritten(archive: Archive, path: Path) -> None:
    session = SessionKey(AGENT, "s-1", "anna")
    talked(archive, session, "oslo")
    archive._connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turns").fetchone()
        with pytest.raises(ArchiveError, match=r"nothing was deleted.*fuser"):
            delete_sessions(archive, [session])
        reader.execute("ROLLBACK")
    assert len(archive.turns(session)) == 20
    delete_sessions(archive, [session])
    assert anywhere(path, "oslo") == []


async def test_a_session_that_is_deleted_while_it_goes_on_begins_anew_and_loses_no_turn(
    archive: Archive, path: Path
) -> None:
    gate = Gate()
    agent = FakeAgent([[TextDelta("One."), TurnCompleted()], [TextDelta("Tw"), gate, TextDelta("o."), TurnCompleted()]])
    service = conversation(agent, archive)
    await said(service, "first")
    events = service.send("second")
    assert await anext(events) == TextDelta("Tw")
    with closing(Archive(path, Clock(NOON))) as other:
        delete_sessions(other, [key(service)])
    gate.open()
    assert [event async for event in events] == [TextDelta("o."), TurnCompleted()]
    assert (service.unsaved, archive.turns(key(service))) == (None, [])
    await said(service, "third")
    await service.end()
    assert [turn.text for turn in archive.turns(key(service))] == ["third"]
    assert [each.ended_at for each in archive.sessions()] == [NOON]
