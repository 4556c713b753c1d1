"""`travel-tui recall` as a command: the ready checks hold, and each way in which recall breaks has its name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.terminal import installed
from tests.endpoint import running_endpoint, until
from tests.parts import rows_in_part
from travel_tui.cli import travel_tui
from travel_tui.paths import recall_results

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


@pytest.mark.parametrize("backend", ["bedrock-agents", "agentcore"])
def test_the_ready_checks_hold_and_every_report_is_written(backend: str, tmp_path: Path) -> None:
    done = run("run", "all", "--target", "local", "--backend", backend, "--jobs", "8", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    suite = ET.fromstring((tmp_path / "junit.xml").read_text())
    assert len(list(suite.iter("testcase"))) >= 10
    assert not list(suite.iter("failure"))
    page = (tmp_path / "report.html").read_text()
    assert "http" not in page.replace("http-equiv", "").replace("https://json", "")
    assert ("Memory in prompt" in page, "Would be recalled" in page) == (backend != "agentcore", backend == "agentcore")
    assert [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert "| category | passed | failed | undecided |" in (tmp_path / "report.md").read_text()


@pytest.mark.parametrize("arguments", [("local", "--port", "0"), ("recall", "run", "all", "--target", "local")])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("x", "one of stall, drop, "),
        ("InvokeAgentt=drop", "Did you mean"),
        ("InvokeAgent=x", "It has: "),
        ("", "such as"),
    ],
)
def test_a_fault_that_there_is_not_is_wrong_use_and_those_there_are_are_named(
    arguments: tuple[str, ...], fault: str, said: str
) -> None:
    done = CliRunner().invoke(travel_tui, [*arguments, "--fault", fault])
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("Error: ") == 1


@pytest.mark.parametrize("option", ["--out", "--junit", "--html"])
def test_a_place_that_takes_no_report_is_refused_before_anything_is_sent(option: str, moved: Path) -> None:
    done = run("run", str(moved), "--target", "local", option, "/proc/none")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "/proc/none" in done.stderr
    assert "cannot be written" in done.stderr
    assert not recall_results().exists()


@pytest.mark.slow
def test_a_result_that_cannot_be_printed_is_a_failure_and_its_reports_are_written(moved: Path, tmp_path: Path) -> None:
    command = f"{installed()} recall run {moved} --target local --out {tmp_path}/reports >/dev/full"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (done.returncode, "No space left on device" in done.stderr) == (1, True)
    assert (tmp_path / "reports" / "junit.xml").exists()
    again = subprocess.run(
        f"{installed()} recall show last >/dev/full", shell=True, capture_output=True, text=True, check=False
    )
    assert (again.returncode, again.stderr.count("Error: ")) == (1, 1)
    assert run("show", "last", "--junit", "/proc/none").exit_code == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    rows_in_part(
        [
            ("InvokeAgent=summary-forgets", "never stored"),
            ("InvokeAgent=memory-not-injected", "stored but not put in the prompt"),
            ("InvokeAgent=memory-ignored", "in the prompt but not used"),
        ],
        3,
    ),
)
def test_each_break_is_named(moved: Path, fault: str, said: str) -> None:
    done = run("run", str(moved), "--target", "local", "--fault", fault)
    assert done.exit_code == 1, done.output
    assert said in done.output


def test_a_summary_that_never_comes_is_undecided_and_no_break(moved: Path) -> None:
    moved.write_text(MOVED.replace("timeout_s: 60", "timeout_s: 1"))
    done = run("run", str(moved), "--target", "local", "--fault", "InvokeAgent=summary-never")
    assert done.exit_code == 3, done.output


def test_a_run_that_has_sent_its_turns_is_undecided_and_can_be_resumed(moved: Path) -> None:
    moved.write_text(f"{MOVED}  greeted: {{sessions: [{{turns: [{{user: Hello}}]}}]}}\n")
    with running_endpoint() as endpoint:
        place = ("--endpoint-url", endpoint.url)
        done = run("run", str(moved), "--jobs", "1", "--max-turns", "1", *place)
        assert done.exit_code == 3, done.output
        assert "undecided: The run has sent 1 turn, the limit of --max-turns." in done.stdout
        assert "1 of 2 did not run." in done.stdout
        assert "1 of 2 tests did not run: resume with `travel-tui recall run --resume " in done.stderr
        again = run("run", "--resume", "last", "--again", "--max-turns", "3", "--budget-tokens", "100000", *place)
        assert again.exit_code == 0, again.output
        short = run("run", str(moved), "--jobs", "1", "--budget-tokens", "1", *place)
        assert (short.exit_code, "the limit of --budget-tokens is 1." in short.stderr) == (3, True), short.output


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
        ("tests: [", "line 2, column 1: invalid YAML"),
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_today_is_a_day_of_the_zone_and_of_the_clock_that_was_moved_on(tmp_path: Path) -> None:
    file = tmp_path / "days.yaml"
    file.write_text(
        "tests:\n  days:\n    sessions:\n"
        "      - {memory_id: alice, turns: [{user: 'Book a flight from Oslo to Rome, tomorrow to 2099-01-09.'}]}\n"
        "      - memory_id: bob\n        advance_days: 30\n"
        "        turns: [{user: 'Book a flight from Oslo to Rome, tomorrow to 2099-01-09.'}]\n"
    )
    begun: list[date] = []
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):  # it is never the same day there
        done = run("run", str(file), "--target", "local", "--tz", zone, "--json")
        assert done.exit_code == 0, done.output
        steps = [json.loads(line) for line in max(recall_results().glob("*.jsonl")).read_text().splitlines()]
        turns = [each["data"] for each in steps if each["type"] == "step" and "day" in each["data"]]
        first, second = (date.fromisoformat(each["day"]) for each in turns)
        assert second - first in (timedelta(30), timedelta(31))
        for day, turn in zip((first, second), turns, strict=True):
            starts = {date.fromisoformat(call["parameters"]["start_date"]) for call in turn["calls"]}
            assert starts <= {day, day + timedelta(1)}, "midnight may pass between the two"
            assert starts
        begun.append(first)
    assert begun[0] > begun[1]
    resumed = run("run", "--resume", "last", "--tz", "UTC")
    assert (resumed.exit_code, "leave out others" in resumed.output) == (2, True)


@pytest.mark.parametrize("option", ["--junit", "--html", "--markdown", "--jsonl", "--out"])
def test_a_report_that_could_not_be_written_is_refused_before_anything_is_sent(
    moved: Path, tmp_path: Path, option: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    for where in (
        tmp_path / "file" / "report",
        tmp_path / "loop" / "report",
        Path("/proc/no/report"),
        tmp_path / ("x" * 256),
    ):
        done = run("run", str(moved), "--target", "local", option, str(where))
        assert (done.exit_code, "Nothing was sent" in done.output) == (2, True), done.output
    assert not list(recall_results().glob("*"))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "home", "loop", "moved.yaml"]


def test_a_report_replaces_neither_another_one_nor_a_file_of_checks_nor_a_pipe(
    moved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for options in (["--junit", str(moved)], ["--junit", "a.xml", "--html", f"{tmp_path}/../{tmp_path.name}/a.xml"]):
        done = CliRunner().invoke(travel_tui, ["recall", "run", str(moved), *options])
        assert (done.exit_code, "Choose another file. Nothing was sent" in done.output) == (2, True), done.output
    assert moved.read_text() == MOVED
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with os.fdopen(os.open(pipe, os.O_RDWR | os.O_NONBLOCK), "rb", buffering=0) as reading:
        done = run("run", str(moved), "--target", "local", "--jsonl", str(pipe))
        assert done.exit_code == 0, done.output
        assert json.loads(reading.read(1_000_000) or b"")["outcome"] == "held"
    assert pipe.is_fifo()
