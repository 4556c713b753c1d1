"""`travel-tui recall` as a command: the ready checks hold, and each way in which recall breaks has its name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.terminal import installed
from tests.endpoint import until
from travel_tui.cli import travel_tui

MOVED = """\
target: {type: bedrock-agent, agent: default}
tests:
  moved:
    category: knowledge-update
    sessions:
      - {memory_id: alice, turns: [{user: I live in Oslo.}], end_session: true}
      - wait_memory: {timeout_s: 60}
        memory_id: alice
        memory_assert: [{type: icontains, value: Oslo}]
        turns: [{user: Where do I live?, assert: [{type: icontains, value: Oslo}]}]
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(travel_tui, ["recall", *arguments])


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    file = tmp_path / "moved.yaml"
    file.write_text(MOVED)
    return file


def test_the_ready_checks_hold_and_every_report_is_written(tmp_path: Path) -> None:
    done = run("run", "all", "--target", "local", "--jobs", "8", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    suite = ET.fromstring((tmp_path / "junit.xml").read_text())
    assert len(list(suite.iter("testcase"))) >= 10
    assert not list(suite.iter("failure"))
    assert "http" not in (tmp_path / "report.html").read_text().replace("http-equiv", "").replace("https://json", "")
    assert [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert "| category | held | broke | undecided |" in (tmp_path / "report.md").read_text()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("InvokeAgent=summary-forgets", "never stored"),
        ("InvokeAgent=memory-not-injected", "stored but not put in the prompt"),
        ("InvokeAgent=memory-ignored", "in the prompt but not used"),
    ],
)
def test_each_break_is_named(moved: Path, fault: str, said: str) -> None:
    done = run("run", str(moved), "--target", "local", "--fault", fault)
    assert done.exit_code == 1, done.output
    assert said in done.output


def test_a_summary_that_never_comes_is_undecided_and_no_break(moved: Path) -> None:
    moved.write_text(MOVED.replace("timeout_s: 60", "timeout_s: 1"))
    done = run("run", str(moved), "--target", "local", "--fault", "InvokeAgent=summary-never")
    assert done.exit_code == 3, done.output


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (MOVED.replace("sessions:", "sesions:"), "line 5, column 5"),
        (MOVED.replace("timeout_s: 60", "timeout_s: soon"), "line 7"),
        (
            MOVED.replace(
                "type: icontains, value: Oslo}]\n        turns", "type: icontain, value: Oslo}]\n        turns"
            ),
            "line 9",
        ),
        ("tests: [", "line 2, column 1: it is not YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(moved: Path, text: str, place: str) -> None:
    moved.write_text(text)
    done = run("run", str(moved), "--target", "local")
    assert done.exit_code == 2, done.output
    assert place in done.output


def test_a_new_check_runs_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert run("new", str(file)).exit_code == 0
    assert run("run", str(file), "--target", "local").exit_code == 0


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    many = tmp_path / "many.yaml"
    head, _, body = MOVED.partition("  moved:\n")
    many.write_text(head + "".join(f"  moved{n}:\n{body}" for n in range(12)))
    command = [installed(), "recall", "run", str(many), "--target", "local", "--jobs", "1"]
    results = Path(os.environ["XDG_DATA_HOME"]) / "travel-tui" / "recall"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: any(len(file.read_text().splitlines()) > 12 for file in results.glob("*.jsonl")))
        process.send_signal(signal.SIGKILL)
    done = run("run", "--resume", "last")
    assert done.exit_code == 0, done.output
    assert "12" in done.output
