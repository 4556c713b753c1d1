"""`travel-tui local` as a process: its beginning, its end, and what survives a kill."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.endpoint import WAIT_S, EndpointProcess, endpoint_process
from tests.parts import in_part
from travel_tui.local.state.folder import read_endpoint_file


def refused(*flags: str) -> subprocess.CompletedProcess[str]:
    """A start that fails."""
    command = [sys.executable, "-P", "-m", "travel_tui", "local", *flags]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=WAIT_S)


def kill(running: EndpointProcess) -> None:
    running.process.kill()
    running.process.wait(WAIT_S)


def test_a_kill_loses_nothing_that_was_seen(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with endpoint_process(state) as first, first.user() as user:
        user.say("My name is Edda.", "ended", "memory")
        user.end("ended", "memory")
        user.say("My name is Bruno.", "running", "other")
        kill(first)
    with endpoint_process(state) as second, second.user() as user:
        assert "Edda" in user.await_summary("ended", "memory")
        assert "Bruno" in user.say("What is my name?", "running", "other")
        assert "Edda" in user.say("What is my name?", "next", "memory")


@pytest.mark.slow
def test_summaries_due_in_the_past_and_in_another_time_are_still_written(tmp_path: Path) -> None:
    with endpoint_process(tmp_path, "--summary-delay", "3600", "--now", "2040-01-01T00:00:00Z") as first:
        with first.user() as user:
            user.say("My name is Edda.", "s-1", "memory")
            user.end("s-1", "memory")
        kill(first)
    with endpoint_process(tmp_path) as second, second.user() as user:
        assert "Edda" in user.await_summary("s-1", "memory")


def test_its_files_are_private(tmp_path: Path) -> None:
    state = tmp_path / "deeper" / "state"
    with endpoint_process(state) as running, running.user() as user:
        user.say("hello", "s-1", "memory")
        assert stat.S_IMODE(state.stat().st_mode) == 0o700
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in state.iterdir()}
        assert set(modes.values()) == {0o600}, modes
        assert "endpoint.json" in modes
        told = json.loads((state / "endpoint.json").read_text())
        assert (told["url"], told["pid"]) == (running.url, running.process.pid)


@pytest.mark.parametrize("number", in_part([signal.SIGTERM, signal.SIGINT, signal.SIGHUP], 3))
def test_a_signal_ends_it_cleanly_and_lets_an_open_answer_finish(tmp_path: Path, number: int) -> None:
    with endpoint_process(tmp_path, "--pace", "0.001") as running, running.user() as user:
        with user.stream("hello", "s-1", enableTrace=True) as stream:
            next(stream)
            running.process.send_signal(number)
            assert any("chunk" in event for event in stream)
        assert running.process.wait(WAIT_S) == 0
        assert read_endpoint_file(tmp_path) is None
        assert not list(tmp_path.parent.glob("travel-tui-endpoint-*"))


def test_under_nohup_a_closed_terminal_does_not_end_it(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the child inherits it, as nohup does it
    try:
        with endpoint_process(tmp_path) as running, running.user() as user:
            running.process.send_signal(signal.SIGHUP)
            user.say("hello", "s-1", "memory")
            assert running.process.poll() is None
    finally:
        signal.signal(signal.SIGHUP, before)


def test_it_ends_with_its_standard_input(tmp_path: Path) -> None:
    with endpoint_process(tmp_path, "--until-stdin-closes") as running:
        assert running.process.stdin
        running.process.stdin.write("dropped\n")
        running.process.stdin.close()
        assert running.process.wait(WAIT_S) == 0


def test_a_busy_port_is_said_clearly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = refused("--port", port, "--state", str(tmp_path))
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_one_on_the_same_state_says_where_the_first_runs(tmp_path: Path) -> None:
    with endpoint_process(tmp_path) as running:
        done = refused("--port", "0", "--state", str(tmp_path))
        assert done.returncode == 1
        assert running.url in done.stderr
        assert str(running.process.pid) in done.stderr


def test_a_state_that_is_no_database_is_said_clearly(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite3").write_text("not a database, but long enough to be read as one" * 100)
    done = refused("--port", "0", "--state", str(tmp_path))
    assert done.returncode == 1
    assert "state.sqlite3" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_state_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "state.sqlite3") as database:
        database.execute("PRAGMA user_version=999")
    database.close()
    done = refused("--port", "0", "--state", str(tmp_path))
    assert done.returncode == 1
    assert "newer travel-tui" in done.stderr


def test_a_state_folder_that_cannot_be_made_is_said_clearly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = refused("--port", "0", "--state", str(tmp_path / "file" / "state"))
    assert done.returncode == 1
    assert "--state" in done.stderr


@pytest.mark.parametrize(
    "flags",
    [
        ("--state", "x", "--in-memory"),
        ("--pace", "-1"),
        ("--summary-format", "haiku"),
        ("--now", "yesterday"),
        ("--port", "70000"),
        ("--account", "12345678901"),
    ],
)
def test_wrong_flags_are_used_wrongly(flags: tuple[str, ...]) -> None:
    done = refused(*flags)
    assert done.returncode == 2
    assert flags[0].removeprefix("--") in done.stderr


def test_in_memory_keeps_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--in-memory", "--require-key"]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    surroundings = {**os.environ, "TMPDIR": str(scratch), "XDG_DATA_HOME": str(scratch / "data")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("listening on ")
        key = Path(process.stdout.readline().removeprefix("its key is in ").strip())
        assert read_endpoint_file(key.parent) is not None
        process.terminate()
        assert process.wait(WAIT_S) == 0
    assert list(scratch.iterdir()) == []


@pytest.mark.slow
def test_what_a_kill_leaves_in_the_temporary_folder_goes_with_the_next_start(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--in-memory", "--pace", "0"]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    surroundings = {**os.environ, "TMPDIR": str(scratch)}

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings)
        assert process.stdout
        assert process.stdout.readline().startswith("listening on ")
        return process

    def left() -> set[str]:
        return {folder.name for folder in scratch.iterdir()}

    with start() as killed:
        killed.kill()
        killed.wait(WAIT_S)
        of_killed = left()
        assert len(of_killed) == 1
        with start() as first, start() as second:
            assert len(left()) == 2
            assert not left() & of_killed
            for process in (first, second):
                process.terminate()
                assert process.wait(WAIT_S) == 0
    assert left() == set()
