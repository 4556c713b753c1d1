"""Recall files as tests of pytest: what is collected, and what of them pytest tells."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.endpoint import RunningEndpoint
from tests.pytest_plugin.runs import run_here
from travel_tui.local.faults import read_fault
from travel_tui.pytest_plugin.detection import PATTERNS, is_recall_file

pytest_plugins = ["pytester"]

CHECKS = """\
tests:
  first: {sessions: [{turns: [{user: Hello}]}]}
  broken:
    category: abstention
    sessions:
      - {memory_id: anna, turns: [{user: I live in Oslo.}], end_session: true}
      - memory_id: anna
        wait_memory: {timeout_s: 60}
        turns: [{user: Where do I live?, assert: [{type: icontains, value: Bergen}]}]
  kept: {repeat: 2, sessions: [{turns: [{user: Hello}]}]}
"""


@pytest.fixture
def checks(pytester: pytest.Pytester, endpoint: RunningEndpoint, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with recall files; the first turn that its tests send is throttled."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    endpoint.do(lambda its: its.faults.clear())
    endpoint.do(lambda its: its.faults.add([read_fault("InvokeAgent=throttlingException:1")]))
    folder = pytester.mkdir("checks")
    (folder / "moved.yaml").write_text(CHECKS)
    return folder


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest on the agent of the endpoint that runs, within this process."""
    return run_here(pytester, "--travel-agent", "default", *arguments)


@pytest.mark.usefixtures("checks")
def test_each_test_passes_fails_or_is_an_error_where_it_is_undecided(pytester: pytest.Pytester) -> None:
    done = run(pytester, "checks", "--junitxml", "junit.xml")
    assert done.ret == 1
    done.assert_outcomes(passed=2, failed=1, errors=1)
    done.stdout.fnmatch_lines(
        [
            "*ERROR at setup of first*",
            "*ThrottlingException*",
            "*_ broken _*",
            "answer: icontains 'Bergen': never stored (summary: no, prompt: no, answer: no)",
            "  it answered: *Oslo*",
            "*User   I live in Oslo.",
            "*memory before: *Oslo*",
            "*User   Where do I live?",
            "FAILED checks/moved.yaml::broken - RecallFailed: answer: *",
            "ERROR checks/moved.yaml::first - Undecided: *",
        ]
    )
    done.stdout.no_fnmatch_line("*.py:*")
    suite = ET.parse(pytester.path / "junit.xml").getroot()[0]
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["errors"]) == ("4", "1", "1")
    cases = {case.attrib["name"]: case for case in suite}
    assert list(cases) == ["first", "broken", "kept[1]", "kept[2]"]
    assert "never stored" in str(cases["broken"].find("failure").attrib["message"])  # type: ignore[union-attr]


@pytest.mark.usefixtures("checks")
def test_only_undecided_tests_have_an_exit_status_of_their_own_and_can_be_run_again(pytester: pytest.Pytester) -> None:
    assert run(pytester, "checks", "-k", "first or kept").ret == 6


@pytest.mark.usefixtures("checks")
def test_undecided_tests_are_run_again_where_that_is_asked_for(pytester: pytest.Pytester) -> None:
    done = run(pytester, "checks", "-k", "not abstention", "--reruns", "1", "--only-rerun", "Undecided")
    assert done.ret == 0
    done.stdout.fnmatch_lines(["*3 passed, 1 deselected, 1 rerun*"])


def test_a_test_that_moves_the_clock_is_skipped_on_an_agent_of_the_config(
    pytester: pytest.Pytester, checks: Path
) -> None:
    (checks / "moved.yaml").write_text("tests:\n  later:\n    sessions: [{memory_id: a, advance_days: 31}]\n")
    done = run(pytester, "checks", "-rs")
    done.assert_outcomes(skipped=1)
    done.stdout.fnmatch_lines(["SKIPPED * advance_days needs the local endpoint: run it without --travel-agent"])


@pytest.mark.usefixtures("checks")
def test_in_tests_in_python_what_is_undecided_is_an_error_too(
    pytester: pytest.Pytester, endpoint: RunningEndpoint
) -> None:
    endpoint.do(lambda its: its.faults.add([read_fault("InvokeAgent=summary-never")]))
    pytester.makepyfile(
        test_agent="""
        def test_failed_call(travel_agent):
            travel_agent.session().ask("Hello")

        def test_awaited(travel_agent):
            first = travel_agent.session("anna")
            assert first.ask("I live in Oslo.").text
            first.end()
            travel_agent.wait_memory("anna", timeout_s=0.1)

        def test_recall(recall):
            recall("checks/moved.yaml", only="kept")
        """
    )
    done = run(pytester, "test_agent.py", "-W", "default")
    assert done.ret == 6
    done.assert_outcomes(passed=1, errors=2)
    done.stdout.fnmatch_lines(
        [
            "*not cleaned up: a summary may still come to memory anna.*",
            "ERROR test_agent.py::test_failed_call - Undecided: *",
            "ERROR test_agent.py::test_awaited - Undecided: *",
        ]
    )
    done.stdout.no_fnmatch_line("*.py:*: Undecided")


def test_a_recall_file_that_cannot_be_used_is_an_error_with_its_place(pytester: pytest.Pytester, checks: Path) -> None:
    (checks / "wrong.yaml").write_text(CHECKS.replace("user: Hello", "usr: Hello", 1))
    done = run(pytester, "checks")
    assert done.ret == 2
    done.stdout.fnmatch_lines(["*wrong.yaml*line 2, column*usr*"])


@pytest.mark.usefixtures("checks")
def test_the_number_of_repetitions_can_be_chosen(pytester: pytest.Pytester) -> None:
    listed = run(pytester, "checks", "--co", "-q", "--travel-repeat", "2").stdout.lines
    assert [line for line in listed if "broken" in line] == [f"checks/moved.yaml::broken[{n}]" for n in (1, 2)]
    assert run(pytester, "checks", "--travel-repeat", "0").ret == 4


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("moved.yaml", CHECKS, True),
        ("moved.yml", f"# moved\ndescription: A move\nvars: {{city: Oslo}}\n{CHECKS}", True),
        ("moved.txt", CHECKS, False),
        ("wrong.yaml", "# yaml-language-server: $schema=recall.schema.json\ntsts: {}\n", True),
        ("wrong.recall.yaml", "no: [", True),
        ("docker-compose.yaml", "services: {web: {image: nginx}}\n", False),
        ("agenteval.yml", "evaluator: {model: claude}\ntarget: {type: x}\ntests:\n  one: {steps: [a]}\n", False),
        ("promptfooconfig.yaml", "prompts: [a]\ntests:\n  - vars: {sessions: 1}\n", False),
        ("matrix.yaml", "tests: [a, b]\ntarget: all\n", False),
        ("fixtures.yaml", "tests:\n  one: {turns: [a]}\n", False),
        ("two.yaml", f"{CHECKS}---\nkind: Deployment\n", False),
        ("latin.yaml", "tests:\n  é: {sessions: [{}]}\n", False),
    ],
)
def test_a_recall_file_is_told_from_other_yaml(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="latin-1")
    assert is_recall_file(file, tmp_path, PATTERNS) is expected


def test_a_pattern_names_recall_files_by_their_folder(tmp_path: Path) -> None:
    file = tmp_path / "checks" / "empty.yaml"
    file.parent.mkdir()
    file.write_text("")
    assert is_recall_file(file, tmp_path, ["checks/*.yaml"])
    assert not is_recall_file(file, tmp_path, ["*.recall.yaml"])


def test_a_run_without_recall_files_imports_nothing_of_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "values.yaml").write_text("tests: {}\n")
    (tmp_path / "test_imports.py").write_text(
        "import sys\n\n\ndef test_imports():\n"
        "    wanted = {'textual', 'boto3', 'botocore', 'yaml', 'click', 'rich', 'travel_tui.recall.parser'}\n"
        "    assert not wanted & set(sys.modules)\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "travel_tui.pytest_plugin.plugin", "-q", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
