"""What `demo --fresh` and `destroy` remove is over in the archive too, and is told as removed by them."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.headless import lines, run
from tests.cli.terminal import running
from tests.endpoint import RunningEndpoint
from tests.fakes import NOON, summary
from travel_tui.archive import Archive, ArchiveError, Change, DeletedBy, SessionKey, note_removal
from travel_tui.clock import Clock
from travel_tui.paths import archive_file, local_state


def test_what_fresh_removed_is_over_in_the_archive_and_told_as_removed_by_it() -> None:
    told, forgotten = "I am vegetarian.", "removed by `demo --fresh`"
    for each in ("I live in Oslo.", told):
        lines(run(None, "ask", each, "--demo", "--json"))
    last = ("--session", "last", "--demo")
    lines(run(None, "ask", *last, "--end", "--json"))
    lines(run(None, "memory", "wait", *last, "--json"))
    lines(run(None, "ask", "Hello, this is Bert.", "--demo", "--memory", "bert", "--json"))
    with running("demo", "--fresh") as terminal:
        terminal.sees("No memories:", forgotten)
        assert "open session" not in terminal.flat()
        terminal.send("/resume\r")
        terminal.sees("No open session to resume")
        terminal.send("/history\r")
        terminal.sees(f"{forgotten}; copy kept", "vegetarian")
        terminal.send("\x1b")
        terminal.until(lambda: "enter send" in terminal.flat(), "the chat")
        terminal.send("\x11")
        assert terminal.ended() == 0
    found = lines(run(None, "sessions", "--demo", "--json"))
    assert [(each["state"], each["removed_by"]) for each in found] == [
        ("ended", "demo --fresh"), ("forgotten", "demo --fresh"), ("ended", "demo --fresh"),
    ]  # fmt: skip
    assert all(each["ended_at"] for each in found)
    for command in (("ask", "More?"), ("memory", "wait")):
        refused = run(None, *command, "--session", found[0]["session_id"], "--demo")
        assert refused.exit_code == 1
        assert forgotten in refused.stderr
    kept = lines(run(None, "memory", "export", "--demo", "--json"))
    assert [each["deleted_by"] for each in kept] == ["demo --fresh"]


def test_fresh_removes_nothing_where_the_archive_cannot_take_it() -> None:
    lines(run(None, "ask", "I live in Oslo.", "--demo", "--json"))
    database = local_state() / "demo" / "state.sqlite3"
    before = database.read_bytes()
    archive_file().unlink()
    archive_file().mkdir()
    with running("demo", "--fresh") as terminal:
        assert terminal.ended() == 1
        assert "Nothing was removed." in " ".join(terminal.text().split())
    assert database.read_bytes() == before


KEY, OTHER = "AGENT/ALIAS@here", "AGENT/SECOND@here"


def test_a_removal_is_of_one_agent_and_counts_until_something_new_comes(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"
    keys = [KEY, OTHER, "AGENT/ALIAS@there", "AGENT2/ALIAS@here"]
    with closing(Archive(path, Clock(NOON))) as archive:
        for agent in keys:
            for session_id in ("one", "two"):
                archive.open_session(SessionKey(agent, session_id, "anna"), NOON)
            archive.end_session(SessionKey(agent, "one", "anna"), NOON)
            archive.record_memory(agent, "anna", [summary("one", "Anna likes trains.")], NOON)
    later = NOON + timedelta(hours=1)
    note_removal(path, KEY, DeletedBy.DEMO_RESET, later)
    note_removal(path, "AGENT/*@here", DeletedBy.DESTROY, later)
    with closing(Archive(path, Clock(NOON))) as archive:
        ends = {(each.agent, each.session_id): (each.ended_at, each.removed_by) for each in archive.sessions()}
        assert ends[KEY, "one"] == (NOON, "demo --fresh")
        assert ends[KEY, "two"] == (later, "demo --fresh")
        assert ends[OTHER, "two"] == (later, "destroy")
        assert [ends[key, "two"] for key in keys[2:]] == [(None, None)] * 2
        told = {key: [(each.change, each.deleted_by) for each in archive.memory_history(key, "anna")] for key in keys}
        assert told[KEY] == [(Change.SEEN, None), (Change.GONE, "demo --fresh")]
        assert told[OTHER] == [(Change.SEEN, None), (Change.GONE, "destroy")]
        assert told[keys[2]] == told[keys[3]] == [(Change.SEEN, None)]
        archive.begin_turn(SessionKey(KEY, "two", "anna"), "Again", later)
        archive.open_session(SessionKey(KEY, "two", "anna"), later)
        again = next(each for each in archive.sessions(KEY) if each.session_id == "two")
        assert (again.ended_at, again.removed_by) == (None, None)
        archive.record_memory(KEY, "anna", [summary("one", "Anna likes trains.")], later)
        archive.record_memory(KEY, "anna", [], later)
        assert archive.last_deleted_by(KEY, "anna") is DeletedBy.ELSEWHERE


def test_a_removal_makes_no_archive_and_leaves_a_damaged_one_to_the_client(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"
    note_removal(path, KEY, DeletedBy.DEMO_RESET, NOON)
    assert not path.exists()
    path.write_bytes(b"no database" * 100)
    note_removal(path, KEY, DeletedBy.DEMO_RESET, NOON)
    assert path.read_bytes() == b"no database" * 100
    path.unlink()
    path.mkdir()
    with pytest.raises(ArchiveError, match="is a directory"):
        note_removal(path, KEY, DeletedBy.DEMO_RESET, NOON)


def test_what_destroy_removed_is_over_and_an_agent_built_anew_has_nothing_of_it(endpoint: RunningEndpoint) -> None:
    place = ("--endpoint-url", endpoint.url)
    assert run(None, "provision", "--yes", "--name", "travel", *place).exit_code == 0
    session = lines(run(None, "ask", "I live in Oslo.", "--json"))[0]["session_id"]
    lines(run(None, "ask", "--session", session, "--end", "--json"))
    lines(run(None, "memory", "wait", "--session", session, "--json"))
    lines(run(None, "ask", "Hello", "--json"))
    assert run(None, "destroy", "--yes", *place).exit_code == 0
    found = lines(run(None, "sessions", "--all", "--json"))
    assert [(each["state"], each["removed_by"]) for each in found] == [("ended", "destroy"), ("forgotten", "destroy")]
