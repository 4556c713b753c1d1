"""Runs side by side: rates with their intervals, where recall was lost, and what it cost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.local.models.model_server import Said, model_server
from tests.recall.test_command import MOVED
from travel_tui.cli import travel_tui
from travel_tui.recall import results
from travel_tui.recall.comparison import Rate, Row, compare
from travel_tui.recall.report.comparison_html import comparison_page
from travel_tui.recall.report.comparison_text import comparison_text
from travel_tui.recall.results import Check, Outcome, Run, SessionResult, TurnResult
from travel_tui.recall.verdict import RecallVerdict


def result(name: str, verdict: RecallVerdict, attempt: int = 1, tokens: int | None = 100) -> results.TestResult:
    """A test of one turn with one expectation."""
    check = Check("answer", "Oslo", verdict)
    turn = TurnResult("Where?", "Oslo", (), None, 2.0, (check,), input_tokens=tokens, output_tokens=tokens and 7)
    session = SessionResult("one", "session", "memory", waited_s=3.0, turns=(turn,))
    return results.TestResult(
        f"1/{name}/{attempt}", "f.yaml", name, "moves", attempt, check.outcome, "", 2.0, (session,)
    )


def run(model: str, *tests: results.TestResult) -> Run:
    """A run of these tests."""
    return Run("r", "2031-01-15T12:00:00+00:00", "the local endpoint", tests, len(tests), model)


LARGE = run("large", *(result("city", RecallVerdict.HELD, n) for n in range(10)), result("food", RecallVerdict.HELD))
SMALL = run(
    "small <b>",
    *(result("city", RecallVerdict.NOT_USED if n else RecallVerdict.NEVER_STORED, n) for n in range(10)),
    result("food", RecallVerdict.NOT_INJECTED),
    replace(result("new", RecallVerdict.HELD, tokens=None), outcome=Outcome.UNDECIDED),
)


@pytest.mark.parametrize(
    ("passed", "failed", "low", "high"),
    [(10, 0, 0.722, 1.0), (0, 10, 0.0, 0.278), (5, 5, 0.237, 0.763), (1, 0, 0.207, 1.0)],
)
def test_intervals_are_wilson_scores(passed: int, failed: int, low: float, high: float) -> None:
    found = Rate(passed, failed, 3).interval
    assert found is not None
    assert found == pytest.approx((low, high), abs=0.001)


def test_nothing_decided_has_no_rate() -> None:
    assert (Rate(0, 0, 3).rate, Rate(0, 0, 3).interval) == (None, None)
    assert not Row("x", (Rate(0, 0, 3), Rate(5, 0, 0))).beyond_chance


def test_what_differs_comes_first_and_says_whether_it_can_be_chance() -> None:
    lines = list(comparison_text(compare([LARGE, SMALL])))
    text = "\n".join(lines)
    assert "2 of 2 compared tests differ:" in text
    assert lines[lines.index("Not run everywhere:") + 1] == "  new: not in A"
    city, food = (next(each for each in lines if each.startswith(f"  {name}:")) for name in ("city", "food"))
    assert city.endswith("city: A 100% (10 of 10, 72–100%), B 0% (0 of 10, 0–28%)")
    assert food.endswith("can be chance")
    assert next(each for each in lines if each.startswith("new ")).split(maxsplit=1)[1].split("  ")[0] == "not run"
    assert "none decided, 1 undecided" in text
    assert "No test differs." in "\n".join(comparison_text(compare([LARGE, LARGE])))


def test_tests_that_only_one_run_has_are_told_apart_and_count_as_no_difference() -> None:
    other = run("m", result("bed", RecallVerdict.HELD))
    found = compare([LARGE, other])
    assert not any(row.differs for row in found.tests)
    text = "\n".join(comparison_text(found))
    assert "No test is in two of the runs." in text
    assert "  city: not in B\n  food: not in B\n  bed: not in A\n" in text
    page = comparison_page(found)
    assert "<li>bed: not in A</li>" in page
    three = compare([LARGE, SMALL, other])
    assert [row.name for row in three.differences] == ["city", "food"]
    assert "food: not in C" in "\n".join(comparison_text(three))


def test_each_run_says_where_it_lost_what_and_what_it_cost() -> None:
    large, small = compare([LARGE, SMALL]).columns
    assert not any(large.lost.values())
    assert dict(small.lost) == {
        "never stored": 1,
        "stored, not in the prompt": 1,
        "in the prompt, not used": 9,
        "other": 0,
    }
    assert (large.input_tokens, large.output_tokens, large.turn_s, large.memory_s) == (1_100, 77, 2.0, 3.0)
    assert compare([run("m", result("x", RecallVerdict.HELD, tokens=None))]).columns[0].input_tokens is None


def test_the_page_has_it_all_escaped() -> None:
    page = comparison_page(compare([LARGE, SMALL]))
    assert "small &lt;b&gt;" in page
    assert "<b>" not in page
    assert "72–100%" in page
    assert "http" not in page.replace("http-equiv", "")


def recall(*arguments: str) -> Result:
    return CliRunner().invoke(travel_tui, ["recall", *arguments])


def results_of(done: Result) -> str:
    """The file that a run named at its end."""
    return done.stderr.partition("Results: ")[2].partition(" (show")[0]


@pytest.mark.slow
def test_the_script_a_model_and_its_recording_are_compared(tmp_path: Path) -> None:
    check, recording, page = tmp_path / "moved.yaml", tmp_path / "model.json", tmp_path / "compared.html"
    check.write_text(MOVED)
    local = ("run", str(check), "--target", "local")
    with model_server() as server:
        server.says(Said("Noted."), Said("<topic name='user profile'>Lives in Oslo.</topic>"), Said("In Bergen."))
        played = recall(*local, "--model", server.address, "--record", str(recording))
        assert f"Answers come from the model m at {server.url}" in played.stderr
        asked = len(server.asked)
        replayed = recall(*local, "--replay", str(recording))
        assert len(server.asked) == asked
    runs = [recall(*local), played, replayed]
    assert [done.exit_code for done in runs] == [0, 1, 1]

    files = [results_of(done) for done in runs]
    found = json.loads(recall("compare", *files, "--json", "--html", str(page)).stdout)
    assert [rate["passed"] for rate in found["tests"][0]["rates"]] == [1, 0, 0]
    assert [each["lost"]["in the prompt, not used"] for each in found["runs"]] == [0, 1, 1]
    assert found["runs"][1]["output_tokens"] == found["runs"][2]["output_tokens"] > 0
    assert "moved" in page.read_text()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("compare",), "Name 2 to 26 results"),
        (("compare", "one"), "Name 2 to 26 results"),
        (("compare", "missing", "missing"), "cannot be read"),
        (("run", "isolation", "--record", "x", "--target", "local"), "--record needs --model"),
        (("run", "isolation", "--model", "gpt", "--target", "local"), "names no model"),
        (
            ("run", "isolation", "--model", "bedrock:m", "--agent-id", "A", "--region", "us-east-1"),
            "need --target local",
        ),
    ],
)
def test_wrong_use_is_refused(arguments: tuple[str, ...], why: str) -> None:
    done = recall(*arguments)
    assert (done.exit_code, why in done.stderr) == (2, True), done.stderr
