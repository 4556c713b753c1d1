"""The demo's agent without a screen: `--demo`, with no config and no demo running, or beside one."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.headless import BOOKING, lines, run
from tests.cli.terminal import installed, running
from tests.cli.test_demo import alive, data, endpoint_pid
from tests.endpoint import running_endpoint, until
from travel_tui.cli import travel_tui
from travel_tui.local.state.folder import endpoint_on


def is_gone() -> bool:
    """Whether no endpoint runs for the demo."""
    return endpoint_on(data() / "local" / "demo") is None


@pytest.mark.slow
def test_a_session_is_remembered_though_its_endpoint_ends_with_each_command() -> None:
    asked = lines(run(None, "ask", "I'm Anna and I am vegetarian.", "--demo", "--json"))
    session = asked[0]["session_id"]
    assert asked[0] == {"event": "session", "session_id": session, "memory_id": "anna", "new": True}
    until(is_gone)
    lines(run(None, "ask", "--session", "last", "--end", "--demo", "--json"))
    (waited,) = lines(run(None, "memory", "wait", "--session", "last", "--demo", "--json"))
    assert (waited["session_id"], waited["memory_id"]) == (session, "anna")
    assert "vegetarian" in waited["text"]
    (listed,) = lines(run(None, "sessions", "--demo", "--json"))
    assert (listed["session_id"], listed["state"]) == (session, "stored")
    assert lines(run(None, "memory", "delete", "--yes", "--demo", "--json"))[0]["deleted"] == [session]
    assert "vegetarian" in run(None, "memory", "export", "--demo").stdout


@pytest.mark.slow
def test_commands_at_the_same_time_share_one_endpoint_that_ends_with_the_last() -> None:
    command = [installed(), "ask", BOOKING, "--demo", "--end"]
    asked = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    done = [each.communicate(timeout=60) for each in asked]
    assert [each.returncode for each in asked] == [0, 0, 0], done
    assert all("Your booking id is" in out for out, _ in done)
    until(is_gone)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--agent", "bert"], "--agent"),
        (["--agent-id", "ABC", "--alias-id", "DEF"], "--agent-id and --alias-id"),
        (["--endpoint-url", "http://127.0.0.1:1", "--region", "us-east-1"], "--region and --endpoint-url"),
        (["--config", "mine.toml"], "--config"),
    ],
)
@pytest.mark.parametrize("command", [["ask", "Hello"], ["memory", "list"], ["sessions"]])
def test_it_goes_with_no_other_agent(command: list[str], options: list[str], named: str) -> None:
    done = run(None, *command, "--demo", *options)
    assert done.exit_code == 2
    assert f"--demo selects the demo's own agent: leave out {named}." in done.stderr
    assert not data().exists()


def test_sessions_with_every_agent_are_not_those_of_the_demo_alone() -> None:
    done = run(None, "sessions", "--all", "--demo")
    assert done.exit_code == 2
    assert "--all lists the sessions with every agent: leave out --demo." in done.stderr


def test_what_is_said_to_come_next_names_the_same_agent() -> None:
    with running_endpoint() as endpoint:
        session = lines(run(endpoint, "ask", "Hello", "--agent-id", "TRAVELDEMO", "--json"))[0]["session_id"]
        waited = run(endpoint, "memory", "wait", "--session", "last", "--agent-id", "TRAVELDEMO", "--timeout", "0.1")
        said = re.search(r"`travel-tui (ask .*?)` ends it", waited.stderr)
        assert said, waited.stderr
        ends = CliRunner().invoke(travel_tui, [*shlex.split(said[1]), "--json"])
        assert lines(ends)[-1]["event"] == "ended"
        assert lines(ends)[0]["session_id"] == session


def test_without_a_config_the_way_to_the_demos_agent_is_named() -> None:
    done = run(None, "memory", "list")
    assert done.exit_code == 1
    assert "--demo speaks to the agent of `travel-tui demo`." in done.stderr


@pytest.mark.slow
def test_a_running_demo_is_joined_and_what_it_saves_runs_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with running("demo") as terminal:
        terminal.sees("No memories yet")
        pid = endpoint_pid()
        assert run(None, "ask", "Hello", "--demo").exit_code == 0
        assert endpoint_pid() == pid
        assert alive(pid)
        terminal.send("I'm Anna and I am vegetarian.\r")
        terminal.sees("1 turn", "enter send")
        terminal.send("/fact vegetarian\r")
        terminal.sees("vegetarian", "enter send")
        terminal.send("\x1bOQ")
        terminal.sees("stored after")
        terminal.send("/save held\r")
        terminal.sees("Saved.")
        said = re.search(r"Run it with: (travel-tui recall run \S+ --target local)", terminal.flat().replace("▌ ", ""))
        assert said, terminal.flat()
    _, *arguments = shlex.split(said[1])
    done = subprocess.run([installed(), *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout
    until(lambda: not alive(pid))
