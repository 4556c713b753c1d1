"""Outcomes of recall checks as pytest knows them: a break is a failure, what could not be decided an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from travel_tui.recall.results import TestResult

UNDECIDED_STATUS = 6
"""Exit status where nothing failed and something is undecided; pytest's own are 0 to 5."""
_MARK = "travel_undecided"


class RecallFailed(pytest.fail.Exception):  # type: ignore[name-defined,misc] # a class when it runs
    """Recall broke. Shown without Python's frames, which say nothing about an agent."""

    __module__ = "builtins"  # as pytest's own outcomes, so that reports have the bare name

    def __init__(self, text: str) -> None:
        super().__init__(text, pytrace=False)


class Undecided(pytest.fail.Exception):  # type: ignore[name-defined,misc] # a class when it runs
    """It could not be decided whether recall works: a summary did not come in time, or a call failed."""

    __module__ = "builtins"

    def __init__(self, text: str) -> None:
        super().__init__(text, pytrace=False)


def mark_undecided(report: pytest.TestReport) -> None:
    """Mark the report of a phase that ended with Undecided; the mark passes from pytest-xdist's workers."""
    vars(report)[_MARK] = True


def is_undecided(report: pytest.TestReport | pytest.CollectReport) -> bool:
    """Whether the report is a failed one of an undecided test."""
    return bool(vars(report).get(_MARK)) and report.outcome == "failed"


def raise_undecided(result: TestResult) -> None:
    """Raise Undecided if the result is."""
    from travel_tui.recall.results import Outcome

    if result.outcome is Outcome.UNDECIDED:
        raise Undecided(told(result))


def raise_broken(result: TestResult) -> None:
    """Raise RecallFailed if an expectation broke."""
    from travel_tui.recall.results import Outcome

    if result.outcome is Outcome.BROKE:
        raise RecallFailed(told(result))


def told(result: TestResult) -> str:
    """Return why a test did not pass, with the three answers, and its conversation; the first line is the reason."""
    from travel_tui.recall.report.formatting import line, why_with_answers
    from travel_tui.recall.report.text import conversation
    from travel_tui.recall.results import Outcome

    reasons = why_with_answers(result)
    if result.outcome is Outcome.UNDECIDED:
        reasons = [line(result.reason, 400), *(each for each in reasons if not each.startswith("undecided: "))]
    return "\n".join([*reasons, "", *conversation(result)])
