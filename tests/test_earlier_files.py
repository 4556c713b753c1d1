"""Files of earlier versions open with all that is in them; tests/fixtures/README.md tells how each came about."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.cli.headless import lines, run
from tests.endpoint import RunningEndpoint, running_endpoint
from tests.fakes import FakeAgent
from tests.tui.client import client, running_client
from travel_tui.archive import Archive, DeletedBy, NoteKind, Notes, UserStore
from travel_tui.cli import travel_tui
from travel_tui.clock import Clock
from travel_tui.config import load
from travel_tui.paths import archive_file, config_file, private_folder

FIXTURES = Path(__file__).parent / "fixtures"
WRITTEN = FIXTURES / "2d845f9"
SOON_AFTER = datetime(2026, 11, 29, 0, 25, tzinfo=UTC)
FIRST, SECOND = "TRAVELDEMO/TSTALIASID@http://127.0.0.1:4571", "TRAVELDEMO/TSTALIASID@http://127.0.0.1:4572"
SHARED_ID = "a56a2215-50bf-4c4b-9856-039b6032d223"
MEMORIES = {"trip": "9ff2d928", "dog": "289e092c", "seat": "e1673dc6", "trains": "52667670"}


@pytest.fixture(autouse=True)
def files() -> None:
    """The config and the archive of 2d845f9, where a user has them."""
    for file in (config_file(), archive_file()):
        private_folder(file.parent)
        shutil.copy(WRITTEN / file.name, file)


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[RunningEndpoint]:
    """An endpoint on a copy of the state."""
    state = tmp_path / "local"
    shutil.copytree(WRITTEN / "local", state)
    with running_endpoint(state=state, now=SOON_AFTER) as running:
        yield running


def shown(*arguments: str) -> Result:
    """What a command prints where all goes well."""
    done = CliRunner().invoke(travel_tui, arguments)
    assert done.exit_code == 0, done.output
    return done


def test_every_session_is_listed_with_its_agent_and_its_state() -> None:
    listed = lines(run(None, "sessions", "--all", "-n", "100", "--json"))
    assert [(each["memory_id"], each["turns"], each["state"]) for each in reversed(listed)] == [
        ("anna", 1, "stored"),
        ("anna", 2, "open"),
        ("anna", 2, "open"),
        ("anna", 1, "forgotten"),
        ("anna", 1, "forgotten"),
        ("anna", 1, "stored"),
        ("bert", 1, "open"),
        ("bert", 1, "stored"),
        ("bert", 1, "open"),
        ("carla", 1, "open"),
        ("anna", 1, listed[1]["state"]),
        ("dora", 1, "open"),
    ]
    assert listed[1]["state"] in ("summarising", "overdue"), "by the time of day"
    shared = [each["agent"] for each in listed if each["session_id"] == SHARED_ID]
    assert sorted(shared) == [FIRST, SECOND]


def test_turns_notes_and_the_draft_are_there() -> None:
    with closing(Archive(archive_file(), Clock(SOON_AFTER))) as archive:
        sessions = {(each.agent, each.session_id[:8]): each for each in archive.sessions()}
        turns = {key: archive.turns(each.key) for key, each in sessions.items()}
        assert sum(map(len, turns.values())) == 14
        booked, resumed = turns[FIRST, "9ff2d928"][0], turns[FIRST, SHARED_ID[:8]]
        assert "Your booking id is" in booked.answer
        assert {"ToolCall", "ToolResult", "TraceStep", "TurnCompleted"} <= {
            type(each).__name__ for each in booked.events
        }
        assert [each.text for each in resumed] == ["My sister Clara lives in Bergen.", "Where does my sister live?"]
        (cut_short,) = turns[SECOND, "b2688af8"]
        assert (cut_short.answer, cut_short.state.value) == ("I'm", "failed")
        assert cut_short.problem is not None
        assert cut_short.problem.what == "The connection broke."
        notes = Notes(archive, FIRST).of("anna", [each.session_id for each in sessions.values()])
        assert [(note.kind, note.text) for note in notes] == [
            (NoteKind.NOTE, "The booking id comes from the action group."),
            (NoteKind.FACT, "Oslo"),
            (NoteKind.EXPECT, "booking id"),
            (NoteKind.NOTE, "Changed from its memory alone."),
        ]
        assert UserStore(archive, FIRST).draft("anna") == "Is breakfast incl"


def test_every_change_of_a_memory_is_there_and_nobody_is_said_to_have_deleted_what_is_gone() -> None:
    with closing(Archive(archive_file(), Clock(SOON_AFTER))) as archive:
        history = archive.memory_history(FIRST, "anna")
    assert [((each.record.session_id or "")[:8], each.change.value) for each in history] == [
        *((MEMORIES[name], "seen") for name in ("trip", "dog", "seat", "trains")),
        (MEMORIES["dog"], "gone"),
        (MEMORIES["trains"], "changed"),
        (MEMORIES["seat"], "gone"),
    ]
    texts = [each.record.text for each in history]
    assert "The user is vegetarian." in texts[0]
    assert "The user's dog is called Fido." in texts[1]
    assert "The user likes trains." in texts[3]
    assert "The user likes night trains." in texts[5]
    assert {each.deleted_by for each in history if each.change.value == "gone"} == {DeletedBy.UNKNOWN}


def test_every_agent_key_and_colour_of_the_config_counts() -> None:
    agents = shown("config", "show").output
    for expected in (
        "H1WF3RX7RO / L0QKUARZ4A",
        "http://127.0.0.1:4572",
        "eu-west-1",
        "bert, kept 30 days",
        "function_role",
    ):
        assert expected in agents
    config = load(config_file())
    assert config is not None
    assert list(config.agents) == ["travel", "second", "built"]
    assert (dict(config.keys), config.theme, config.stage) == ({"session.end": "f6"}, "textual-light", True)
    shown("config", "use", "second")
    assert "# F2 is taken by my terminal" in config_file().read_text()


@pytest.mark.parametrize("folder", ["evidence", "redacted"])
async def test_evidence_opens_and_its_hashes_hold(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(WRITTEN / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    async with running_client(client(FakeAgent())) as user:
        await user.say(f"/open {folder}")
        await user.sees(f"Evidence in {folder}", "All hashes verified.", "2 sessions, 3 turns")
        await user.sees("Your booking id is", "The booking id comes from the action group.", "The user is vegetarian.")


def test_a_result_of_recall_checks_is_shown_and_reported_as_it_was(tmp_path: Path) -> None:
    result = str(WRITTEN / "recall" / "broke.jsonl")
    assert "✗ 1/breaks#1 failed" in " ".join(shown("recall", "show", result).output.split())
    assert "User I live in Oslo." in " ".join(shown("recall", "show", result, "holds").output.split())
    shown("recall", "show", result, "--out", str(tmp_path / "report"))
    then, now = WRITTEN / "recall" / "report", tmp_path / "report"
    for old, new in zip(_results(then), _results(now), strict=True):
        assert has_all_of(new, old), "what a program read is there, and reads the same"
    assert _cases(now) == _cases(then) == [("holds#1", []), ("breaks#1", ["failure"])]
    assert "was not there within 1 s" in shown("recall", "show", str(WRITTEN / "recall" / "undecided.jsonl")).output


def has_all_of(new: Any, old: Any) -> bool:
    """Whether a JSON value has all of an older one: new keys may have come, in objects of any depth."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(key in new and has_all_of(new[key], value) for key, value in old.items())
    if isinstance(old, list):
        return isinstance(new, list) and len(new) == len(old) and all(map(has_all_of, new, old))
    return bool(new == old)


def _results(report: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (report / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def _cases(report: Path) -> list[tuple[str | None, list[str]]]:
    tests = ET.parse(report / "junit.xml").iter("testcase")
    return [(test.get("name"), [each.tag for each in test]) for test in tests]


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    journal = shutil.copy(WRITTEN / "recall" / "interrupted.jsonl", tmp_path)
    (result,) = lines(run(None, "recall", "run", "--resume", str(journal), "--json"))
    assert (result["name"], result["outcome"]) == ("story", "held")


def test_a_saved_conversation_runs(tmp_path: Path) -> None:
    check = shutil.copy(WRITTEN / "recall" / "trip.yaml", tmp_path)
    (result,) = lines(run(None, "recall", "run", str(check), "--target", "local", "--json"))
    assert result["outcome"] == "held"


def test_the_endpoint_starts_with_its_memories_bookings_and_open_sessions(endpoint: RunningEndpoint) -> None:
    listed = lines(run(endpoint, "memory", "list", "--memory", "anna", "--json"))
    known = [each["session_id"][:8] for each in listed if each["session_id"][:8] in MEMORIES.values()]
    assert known == [MEMORIES["trains"], MEMORIES["trip"]], "another summary is due soon, and may be there by now"
    asked = run(endpoint, "ask", "Which trips do I have?", "--memory", "anna")
    assert "f5ff61d7" in asked.stdout
    open_one = "2992ff19-c8d7-4843-84b7-9ccbd834e167"
    assert "23 July 2027" in run(endpoint, "ask", "Which trips do I have?", "--session", open_one).stdout
    goes_on = run(endpoint, "ask", "Where does my sister live?", "--memory", "anna", "--session", SHARED_ID)
    assert "Bergen" in goes_on.stdout
    user = endpoint.user()
    user.say("Please cancel my trip from Boston to NYC.", "another", "anna")
    assert "is cancelled" in user.say("yes, please", "another", "anna"), "the booking was found"


def test_the_summary_that_was_due_comes(endpoint: RunningEndpoint) -> None:
    endpoint.advance(hours=2)
    ended = "07c499a3-77c4-42de-8ce4-b500b02e7ade"
    assert "passport" in endpoint.user().await_summary(ended, "anna")


def test_what_was_provisioned_is_there_and_can_be_destroyed(endpoint: RunningEndpoint) -> None:
    for record in (WRITTEN / "provision").iterdir():
        port = endpoint.url.rpartition(":")[2]
        kept = config_file().parent / "provision" / record.name.replace("4571", port)
        private_folder(kept.parent)
        shutil.copy(record, kept)
    named = ("--name", "built")
    run(endpoint, "provision", *named, "--alias", "live", "--yes")  # the function's code is another by now
    assert "Everything is up to date." in run(endpoint, "provision", *named, "--alias", "live", "--yes").stdout
    assert run(endpoint, "destroy", *named, "--yes").exit_code == 0
    assert "agents.built" not in config_file().read_text()


def test_no_file_names_a_folder_or_a_key_of_whoever_wrote_it() -> None:
    for file in FIXTURES.rglob("*"):
        if file.is_file():
            text = file.read_bytes().decode("utf-8", "replace")
            assert not re.search(r"/(work|root|home|tmp|Users)/|AKIA|ASIA|aws_secret|secret_access_key", text), file
    for database in WRITTEN.rglob("*.sqlite3"):
        with closing(sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
