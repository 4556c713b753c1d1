"""A name and password in an endpoint's URL are in no file and in nothing that is printed."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.endpoint import RunningEndpoint
from tests.fakes import NOON
from tests.tui.client import running_client
from travel_tui.agent import ErrorKind, Problem, TurnFailed
from travel_tui.archive import Archive, SessionKey, TurnStatus, UserStore
from travel_tui.cli import travel_tui
from travel_tui.cli.agent_options import AgentSelection
from travel_tui.cli.chosen_context import chosen_context
from travel_tui.clock import Clock
from travel_tui.endpoint_url import hide_userinfo, shown_refused, without_userinfo
from travel_tui.ids import Ids
from travel_tui.paths import archive_file, config_file
from travel_tui.tui.app import TravelApp

SECRET, NAME = "s3cr3t", "annasname"
OPEN, LOCKED = "http://127.0.0.1:4571", f"http://{NAME}:{SECRET}@127.0.0.1:4571"
KEY = "TRAVELDEMO/TSTALIASID@"


def locked(url: str) -> str:
    return url.replace("//", f"//{NAME}:{SECRET}@")


def check(done: Result) -> Result:
    for word in (SECRET, NAME):
        assert word not in done.output
        assert word not in repr(done.exception)
    return done


def run(*arguments: str, given: str = "") -> Result:
    return check(CliRunner().invoke(travel_tui, arguments, input=given))


def in_files(*words: str) -> list[str]:
    """The files below the home folder whose name or content has one of the words."""
    home = Path(os.environ["HOME"])
    return [
        str(each)
        for each in home.rglob("*")
        if any(word in each.name or (each.is_file() and word.encode() in each.read_bytes()) for word in words)
    ]


def test_no_command_prints_or_keeps_them(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    url = locked(endpoint.url)
    place = ("--endpoint-url", url)
    options = (*place, "--memory", "anna")
    assert run("ask", "I live in Oslo.", *options).exit_code == 0
    assert run("ask", "--session", "last", "--end", *options).exit_code == 0
    assert run("memory", "wait", "--session", "last", *options).exit_code == 0
    for command in ("list", "export"):
        assert "Oslo" in run("memory", command, *options).stdout
    assert endpoint.url in run("sessions", "--all", "--json").stdout
    run("sessions", "delete", "nosuch", *options)
    run("ask", "Hello", "--session", "last", *options)
    assert run("doctor", *place).exit_code == 0
    assert (
        "Written to"
        in run("connect", *place, "--agent-id", "TRAVELDEMO", "--alias-id", "TSTALIASID", "--name", "t").stdout
    )
    assert run("config", "show").exit_code == 0
    assert run("recall", "run", "single-session-user", *place, "--out", str(tmp_path / "home" / "out")).exit_code in (
        0,
        1,
    )
    assert run("recall", "run", "--resume", "last", *place).exit_code in (0, 1)
    assert run("provision", "--yes", "--name", "bert", *place).exit_code == 0
    assert run("destroy", "--yes", "--name", "bert", *place).exit_code == 0
    assert in_files(SECRET, NAME) == []
    with closing(Archive(archive_file(), Clock())) as archive:
        assert {each.agent for each in archive.sessions()} == {f"{KEY}{endpoint.url}"}


def test_no_error_prints_or_keeps_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nobody = ("--endpoint-url", locked("http://127.0.0.1:9"))
    anyone = (["ask", "Hello"], ["memory", "list"], ["doctor"], ["connect"], ["provision", "--yes"])
    for command in anyone:
        assert run(*command, *nobody).exit_code != 0
    for wrong in (f"{NAME}:{SECRET}@127.0.0.1", f"http://{NAME}:{SECRET}/x@127.0.0.1", f"http://a:{SECRET} x@[:"):
        assert "is not a URL" in run("ask", "Hello", "--endpoint-url", wrong).output
        monkeypatch.setenv("AWS_ENDPOINT_URL", wrong)
        for command in (["ask", "Hello", "--agent-id", "TRAVELDEMO"], ["doctor"], ["connect"]):
            assert run(*command).exit_code != 0
        monkeypatch.delenv("AWS_ENDPOINT_URL")
        config_file().parent.mkdir(parents=True, exist_ok=True)
        config_file().write_text(f'[agents.t]\nagent_id = "A"\nalias_id = "A"\nendpoint_url = "{wrong}"\n')
        assert "Expected: a URL" in run("ask", "Hello").output
        config_file().unlink()
    monkeypatch.setenv("AWS_ENDPOINT_URL", locked("http://127.0.0.1:9"))
    for command in (["ask", "Hello", "--agent-id", "TRAVELDEMO"], *anyone[1:]):
        assert run(*command).exit_code != 0
    assert in_files(SECRET, NAME) == []


async def test_the_client_shows_and_keeps_none_of_them(
    endpoint: RunningEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text(
        f'[agents.t]\nagent_id = "TRAVELDEMO"\nalias_id = "TSTALIASID"\nendpoint_url = "{locked(endpoint.url)}"\n'
    )
    context = chosen_context(AgentSelection(), Clock(), Ids(None))
    assert SECRET not in repr(context)
    assert context.place_label == "LOCAL"
    config_file().unlink()
    folder = tmp_path / "home" / "evidence"
    async with running_client(TravelApp(context)) as user:
        await user.say("I live in Oslo.")
        await user.sees("1 turn", "enter send")
        await user.say(f"/export {folder}")
        shown = await user.sees("Written to")
        assert SECRET not in shown
    assert in_files(SECRET, NAME) == []


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (LOCKED, OPEN),
        (OPEN, OPEN),
        (f"{KEY}{LOCKED}", f"{KEY}{OPEN}"),
        (f"{KEY}us-east-1", f"{KEY}us-east-1"),
        ("http://host/a@b", "http://host/a@b"),
        ("HTTPS://a@[::1]:5/x", "HTTPS://[::1]:5/x"),
    ],
)
def test_a_url_without_them_is_the_same_place(url: str, clean: str) -> None:
    assert without_userinfo(url) == clean


def test_in_messages_they_are_left_out() -> None:
    assert hide_userinfo(f'Could not connect to "{LOCKED}/agents".') == f'Could not connect to "{OPEN}/agents".'
    assert shown_refused(f"{NAME}:{SECRET}@host") == "host"
    assert shown_refused("nope") == "nope"


def test_an_archive_that_has_them_is_opened_without_and_sessions_that_become_one_are_merged() -> None:
    path, locked_key, open_key = archive_file(), f"{KEY}{LOCKED}", f"{KEY}{OPEN}"
    problem = Problem(ErrorKind.UNREACHABLE, "Nothing answers.", f"Could not connect to {LOCKED}/agents.")
    with closing(Archive(path, Clock(NOON))) as archive:
        for agent, texts in ((locked_key, ("one", "three")), (open_key, ("two", "four"))):
            session = SessionKey(agent, "shared", "anna")
            archive.open_session(session, NOON)
            for text in texts:
                at = NOON.replace(minute=("one", "two", "three", "four").index(text))
                turn = archive.begin_turn(session, text, at)
                archive.add_event(turn, TurnFailed(problem))
                archive.finish_turn(turn, TurnStatus.FAILED, problem=problem)
        alone = SessionKey(locked_key, "alone", None)
        archive.open_session(alone, NOON)
        archive.begin_turn(alone, f"My endpoint is {OPEN}/@x", NOON)
        archive.end_session(SessionKey(open_key, "shared", "anna"), NOON)
        UserStore(archive, locked_key).name("anna", "Anna")
        UserStore(archive, open_key).save_draft("anna", "half a sen")
    with closing(sqlite3.connect(path)) as old:
        old.execute("ALTER TABLE sessions DROP COLUMN removed_by")
        old.execute("ALTER TABLE deletions DROP COLUMN record_id")
        old.execute("PRAGMA user_version = 5")
        old.commit()
    assert in_files(SECRET)
    with closing(Archive(path, Clock(NOON))) as archive:
        found = {(each.session_id, each.agent): each for each in archive.sessions()}
        assert set(found) == {("shared", open_key), ("alone", open_key)}
        turns = archive.turns(SessionKey(open_key, "shared", "anna"))
        assert [(turn.number, turn.text) for turn in turns] == [(1, "one"), (2, "two"), (3, "three"), (4, "four")]
        assert found["shared", open_key].ended_at == NOON, "as the one that was used last"
        assert turns[0].problem == Problem(problem.cause, problem.what, f"Could not connect to {OPEN}/agents.")
        assert turns[0].events == (TurnFailed(turns[0].problem),)
        assert [turn.text for turn in archive.turns(SessionKey(open_key, "alone", None))] == [
            f"My endpoint is {OPEN}/@x"
        ]
        people = UserStore(archive, open_key)
        assert [user.name for user in people.users()] == ["Anna"]
        assert people.draft("anna") == "half a sen"
        assert in_files(SECRET, NAME) == []
