"""What a newer travel-tui has written is refused in one sentence by every command, and stays as it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.terminal import running
from tests.endpoint import RunningEndpoint
from travel_tui.cli import travel_tui
from travel_tui.paths import archive_file, config_file, local_state, recall_results

NEWER = 99
AGENT = ("--agent-id", "TRAVELDEMO")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(travel_tui, arguments)


def database(path: Path, *, in_log: bool = False) -> Path:
    """A database of a newer version, with a table that nobody knows yet; `in_log` as a kill leaves it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if in_log:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE of_the_future (x)")
        connection.execute(f"PRAGMA user_version = {NEWER}")
        if in_log:
            kept = {each: each.read_bytes() for each in path.parent.glob(f"{path.name}*")}
    if in_log:
        for each, data in kept.items():
            each.write_bytes(data)
    return path


def text(path: Path, data: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def record(endpoint: RunningEndpoint) -> Path:
    """Where provision keeps what it did, found by letting it begin."""
    done = run("provision", "--yes", "--endpoint-url", endpoint.url, "--name", "anna")
    assert done.exit_code == 0, done.output
    (found,) = (config_file().parent / "provision").glob("*.json")
    return text(found, {"version": NEWER, "agent_id": "X"})


def files(folder: Path) -> dict[Path, bytes]:
    """All files but those that SQLite makes beside a database, and locks."""
    found = [each for each in folder.rglob("*") if each.is_file() and each.suffix != ".lock"]
    return {each: each.read_bytes() for each in found if not each.name.endswith("-shm")}


CASES: dict[str, tuple[Callable[[RunningEndpoint], Path], list[tuple[str, ...]]]] = {
    "archive": (
        lambda _: database(archive_file()),
        [
            ("ask", "Hello", *AGENT, "--endpoint-url", "URL"),
            ("sessions",),
            ("memory", "list", *AGENT, "--endpoint-url", "URL"),
            ("memory", "wait", "--session", "s-1", *AGENT, "--endpoint-url", "URL"),
            ("memory", "delete", "--yes", *AGENT, "--endpoint-url", "URL"),
            ("memory", "export", *AGENT, "--endpoint-url", "URL"),
        ],
    ),
    "archive, in its log": (lambda _: database(archive_file(), in_log=True), [("sessions",)]),
    "config": (
        lambda _: text(config_file(), f'version = {NEWER}\n[agents.a]\nagent_id = "A"\nalias_id = "B"\n'),
        [
            ("ask", "Hello"),
            ("chat",),
            ("config", "show"),
            ("config", "use", "a"),
            ("connect", *AGENT, "--alias-id", "TSTALIASID", "--endpoint-url", "URL", "--yes"),
            ("destroy", "--yes", "--endpoint-url", "URL"),
            ("memory", "list"),
            ("provision", "--yes", "--endpoint-url", "URL"),
            ("recall", "run", "story"),
            ("sessions",),
        ],
    ),
    "state": (
        lambda _: database(local_state() / "state.sqlite3"),
        [("local", "--port", "0"), ("local", "--port", "0", "--state", "STATE")],
    ),
    "state's endpoint.json": (
        lambda _: text(local_state() / "endpoint.json", {"version": NEWER, "at": "somewhere"}),
        [("local", "--port", "0")],
    ),
    "demo": (
        lambda _: database(local_state() / "demo" / "state.sqlite3"),
        [("demo",), ("demo", "--fresh")],
    ),
    "demo that is the same every time": (
        lambda _: database(local_state() / "demo-repeatable" / "archive.sqlite3"),
        [("demo", "--seed", "1"), ("demo", "--now", "2027-07-01T10:00:00Z")],
    ),
    "record of provision": (
        record,
        [
            ("provision", "--yes", "--name", "anna", "--endpoint-url", "URL"),
            ("destroy", "--yes", "--name", "anna", "--endpoint-url", "URL"),
        ],
    ),
    "result of recall": (
        lambda _: text(recall_results() / "20270701T000000-x.jsonl", {"type": "run", "version": NEWER}),
        [("recall", "show", "last"), ("recall", "run", "--resume", "last")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_newer_file_is_refused_in_one_sentence_and_left_as_it_is(
    case: str, endpoint: RunningEndpoint, tmp_path: Path
) -> None:
    make, commands = CASES[case]
    made = make(endpoint)
    before = files(tmp_path)
    calls = len(endpoint.do(lambda each: list(each.calls)))
    for command in commands:
        put_in = {"URL": endpoint.url, "STATE": str(made.parent)}
        done = run(*(put_in.get(each, each) for each in command))
        assert done.exit_code in (1, 2), (command, done.output)
        assert "Traceback" not in done.output
        (line,) = done.stderr.strip().splitlines()[-1:]
        assert line.startswith("Error: "), (command, done.stderr)
        assert str(NEWER) in line, (command, line)
        assert "pipx upgrade travel-tui" in line
        assert files(tmp_path) == before, command
    asked = endpoint.do(lambda each: [call["operation"] for call in each.calls])[calls:]
    assert not set(asked) & {"InvokeAgent", "DeleteAgentMemory", "DeleteAgent", "CreateAgent"}, asked


def test_doctor_says_that_an_archive_is_newer(tmp_path: Path) -> None:
    database(archive_file())
    before = files(tmp_path)
    done = run("doctor", *AGENT, "--endpoint-url", "http://127.0.0.1:9")
    assert f"version {NEWER}" in " ".join(done.stdout.split())
    assert "aside" not in done.stdout
    assert files(tmp_path) == before


def test_the_screen_says_that_an_archive_is_newer_and_leaves_it(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    database(archive_file())
    before = archive_file().read_bytes()
    with running("chat", *AGENT, "--endpoint-url", endpoint.url) as terminal:
        terminal.sees("newer travel-tui")
    assert archive_file().read_bytes() == before
    assert [each.name for each in archive_file().parent.iterdir() if "damaged" in each.name] == []
