"""Where a file of travel-tui should be there is something else: each command says so in one sentence and leaves it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from travel_tui.archive import Archive
from travel_tui.cli import travel_tui
from travel_tui.clock import Clock
from travel_tui.paths import archive_file, config_file, local_state

AGENT = ("--agent-id", "TRAVELDEMO", "--endpoint-url", "http://127.0.0.1:9")
NOT_PERMITTED = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(travel_tui, arguments)


def foreign(path: Path, version: int = 0) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE photos (name TEXT)")
        database.execute("INSERT INTO photos VALUES ('beach')")
        database.execute(f"PRAGMA user_version = {version}")
        database.commit()


def unreadable(path: Path) -> None:
    path.write_bytes(b"")
    path.chmod(0)


def link_to_a_pipe(path: Path) -> None:
    os.mkfifo(path.parent / "pipe")
    path.symlink_to("pipe")


KINDS: dict[str, tuple[Callable[[Path], None], str]] = {
    "directory": (lambda path: path.mkdir(), "is a directory"),
    "named pipe": (os.mkfifo, "is a named pipe"),
    "dangling link": (lambda path: path.symlink_to(path.parent / "away" / "file"), "link to"),
    "dangling link beside": (lambda path: path.symlink_to(path.parent / "file"), "link to"),
    "link to a pipe": (link_to_a_pipe, "is a named pipe"),
}
DATABASES = {
    **KINDS,
    "foreign": (foreign, "another program"),
    "foreign with a version": (lambda path: foreign(path, 3), "another program"),
}


def content(folder: Path) -> dict[str, object]:
    """What is in a folder: kinds and bytes of all files."""
    found: dict[str, object] = {}
    for each in sorted(folder.iterdir()):
        regular = each.is_file()
        found[each.name] = (each.lstat().st_mode, each.read_bytes() if regular else None)
    return found


def refuses(done: Result, said: str, path: Path) -> None:
    assert done.exit_code == 1, done.output
    told = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(told) == 1, done.output
    assert said in told[0]
    assert str(path) in told[0]
    assert done.exception is None or isinstance(done.exception, SystemExit)


COMMANDS = [
    ("ask", "Hello", *AGENT),
    ("sessions",),
    ("sessions", "delete", "s-1", "--yes"),
    ("memory", "list", *AGENT),
    ("memory", "wait", "--session", "s-1", *AGENT),
    ("memory", "delete", "--local-copy", "--yes", *AGENT),
    ("memory", "export", *AGENT),
]


@pytest.mark.parametrize("kind", DATABASES)
def test_an_archive_that_is_none_is_told_and_left_as_it_is(kind: str) -> None:
    make, said = DATABASES[kind]
    path = archive_file()
    path.parent.mkdir(parents=True)
    make(path)
    before = content(path.parent)
    for command in COMMANDS:
        refuses(run(*command), said, path)
        assert content(path.parent) == before, command
    done = run("doctor")
    shown = " ".join(done.stdout.split())
    assert "✗ archive" in shown
    assert said in shown
    assert "renames it" not in shown
    assert content(path.parent) == before


@NOT_PERMITTED
def test_an_archive_that_cannot_be_read_is_not_taken_for_damaged() -> None:
    archive_file().parent.mkdir(parents=True)
    unreadable(archive_file())
    refuses(run("sessions"), "Permission denied", archive_file())
    shown = " ".join(run("doctor").stdout.split())
    assert "✗ archive" in shown
    assert "Permission denied" in shown
    assert "renames it" not in shown


def test_an_archive_that_another_program_has_locked_is_not_taken_for_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.archive.health.BUSY_S", 0.01)
    Archive(archive_file(), Clock()).close()
    with closing(sqlite3.connect(archive_file(), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        shown = " ".join(run("doctor").stdout.split())
    assert "locked by another program" in shown
    assert "renames it" not in shown


def test_completion_leaves_a_damaged_archive_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    archive_file().parent.mkdir(parents=True)
    archive_file().write_bytes(b"no database" * 100)
    monkeypatch.setenv("_TRAVEL_TUI_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "travel-tui sessions delete ")
    monkeypatch.setenv("COMP_CWORD", "3")
    before = content(archive_file().parent)
    with pytest.raises(SystemExit):
        travel_tui.main(prog_name="travel-tui")
    assert content(archive_file().parent) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_config_that_is_no_file_is_told_and_left_as_it_is(kind: str) -> None:
    make, said = KINDS[kind]
    path = config_file()
    path.parent.mkdir(parents=True)
    make(path)
    before = content(path.parent)
    for command in (("ask", "Hello"), ("config", "show"), ("config", "use", "travel"), ("sessions",)):
        refuses(run(*command), said, path)
    assert content(path.parent) == before
    shown = " ".join(run("doctor").stdout.split())
    assert "✗ config" in shown
    assert said in shown
    assert content(path.parent) == before


@pytest.mark.parametrize(
    ("name", "kind"), [*(("state.sqlite3", kind) for kind in DATABASES), *(("endpoint.json", kind) for kind in KINDS)]
)
def test_a_state_of_the_demo_that_is_none_is_told_and_left_as_it_is(name: str, kind: str) -> None:
    make, said = DATABASES[kind]
    state = local_state() / "demo"
    state.mkdir(parents=True)
    make(state / name)
    before = content(state)
    refuses(run("local", "--state", str(state), "--port", "0"), said, state / name)
    assert {each: content(state)[each] for each in before} == before
    shown = " ".join(run("doctor").stdout.split())
    assert "✗ demo" in shown
    for command in (("demo",), ("memory", "list", "--demo")):
        told = run(*command).stderr
        assert (said in told, "--state" in told) == (True, False), told
    assert said in shown
    assert {each: content(state)[each] for each in before} == before
