"""docs/headless.md: its examples run one after the other, and what they print has the shape that it shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from provision.finding import Verdict
from tests.cli.terminal import installed
from tests.docs.examples import blocks, commands, environment
from tests.endpoint import running_endpoint
from travel_tui.agent import Cause
from travel_tui.cli.ask import ask
from travel_tui.cli.doctor import doctor
from travel_tui.cli.memory import memory
from travel_tui.cli.sessions import sessions
from travel_tui.conversation import SessionState

PAGE = Path(__file__).resolve().parents[2] / "docs" / "headless.md"
TEXT = PAGE.read_text(encoding="utf-8")


class Ran(NamedTuple):
    """An example and what it printed."""

    command: str
    output: str


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Ran]]:
    """All examples, as a reader runs them."""
    home = tmp_path_factory.mktemp("reader")
    with running_endpoint() as endpoint:
        surroundings = {
            "PATH": f"{Path(installed()).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            **environment(endpoint.url, PAGE),
        }
        done = []
        for command in commands("ask", endpoint.url, PAGE):
            got = subprocess.run(
                ["sh", "-c", command],
                env=surroundings, cwd=home, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, check=False, timeout=60,
            )  # fmt: skip
            assert got.returncode == 0, f"{command}\n{got.stdout}{got.stderr}"
            done.append(Ran(command, got.stdout))
        assert (home / "anna.md").read_text(encoding="utf-8").startswith("# Memory anna")
        yield done


def objects(ran: list[Ran], *words: str) -> list[dict[str, Any]]:
    """What the example with these words printed as JSON."""
    (output,) = [each.output for each in ran if all(word in each.command for word in ("--json", *words))]
    return [json.loads(line) for line in output.splitlines()]


def shown(language: str) -> list[dict[str, Any]]:
    """The objects that the page shows."""
    return [json.loads(line) for block in blocks(language, "", PAGE) for line in block.splitlines()]


def test_the_conversation_is_remembered_and_listed(ran: list[Ran]) -> None:
    booked, thanked, ended, waited, asked, changed, listed, held = [each.output for each in ran[:8]]
    assert "Your booking id is" in booked
    assert thanked
    assert ended == ""
    assert "Boston to NYC" in waited
    assert "23 July 2027" in asked
    assert "23 July 2027" in changed
    assert "Boston to NYC" in listed
    assert len(held.splitlines()) == 2


def test_every_event_has_the_shape_that_is_shown(ran: list[Ran]) -> None:
    found: dict[str, set[str]] = {}
    for each in objects(ran, "ask"):
        assert found.setdefault(each["event"], set(each)) == set(each)
    assert found == {each["event"]: set(each) for each in shown("json")}
    rows = re.search(r"\| event \|.*?\n\n", TEXT, re.DOTALL)
    assert rows
    named = set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in rows.group().splitlines()[2:] if line)))
    assert named == {*found, "return_control", "failed"}


def test_a_failure_has_the_shape_that_is_shown() -> None:
    with running_endpoint() as endpoint:
        done = subprocess.run(
            [installed(), "ask", "Hello", "--agent-id", "NOSUCHAGNT", "--json", "--endpoint-url", endpoint.url],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    failed = json.loads(done.stdout.splitlines()[-1])
    (example,) = shown("failed")
    assert set(failed) == set(example)
    assert failed["cause"] == example["cause"]
    (listed,) = re.findall(r"`cause` is one of: (.*?)\.\n", TEXT, re.DOTALL)
    assert {" ".join(each.split()) for each in listed.split(",")} == {cause.value for cause in Cause}


@pytest.mark.parametrize("command", ["wait", "list", "delete", "export", "sessions"])
def test_the_other_commands_print_what_is_shown(ran: list[Ran], command: str) -> None:
    (printed,) = objects(ran, command)
    (example,) = shown(command)
    assert set(printed) == set(example)
    assert printed["memory_id"] == example["memory_id"] == "bo"
    for key, value in example.items():
        assert value is None or printed[key] is None or type(printed[key]) is type(value), key


def test_doctor_prints_what_is_shown(ran: list[Ran]) -> None:
    printed = objects(ran, "doctor")
    (example,) = shown("doctor")
    assert example in printed
    sections = TEXT.split("`section` is")[1].split(". ")[0]
    assert {each["section"] for each in printed} == set(re.findall(r"`([^`]+)`", sections))
    assert set(re.findall(r"`(\w+)`", TEXT.split("`verdict` is")[1].split("##")[0])) - {"advice"} == set(Verdict)


def test_every_flag_and_state_that_is_named_is_there() -> None:
    flags = {
        flag
        for command in (ask, doctor, sessions, *memory.commands.values())
        for each in command.params
        for flag in each.opts
    }
    assert set(re.findall(r"--[a-z][a-z-]+", TEXT)) - flags == {"--help"}
    rows = re.search(r"\| state \|.*?\n\n", TEXT, re.DOTALL)
    assert rows
    assert set(re.findall(r"^\| `(\w+)` \|", rows.group(), re.MULTILINE)) == set(SessionState) - {SessionState.ENDING}
