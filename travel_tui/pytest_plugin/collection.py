"""Recall files as pytest collects them: one item for each test and repetition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from travel_tui.pytest_plugin.outcome import raise_broken, raise_undecided
from travel_tui.pytest_plugin.worker import worker_of
from travel_tui.recall.parser import read_file
from travel_tui.recall.report.text import conversation
from travel_tui.recall.results import Outcome, TestResult
from travel_tui.recall.scenario import Scenario, Test
from travel_tui.recall.yaml_nodes import ScenarioError


class RecallFile(pytest.File):
    """A recall file."""

    def collect(self) -> Iterator[RecallItem]:
        """Yield the tests of the file; one that cannot be used is an error of collection, with its place."""
        try:
            scenario = read_file(self.path)
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None
        for test in scenario.tests:
            repeat = self.config.getoption("travel_repeat") or test.repeat
            for attempt in range(1, repeat + 1):
                name = test.name if repeat == 1 else f"{test.name}[{attempt}]"
                yield RecallItem.from_parent(self, name=name, scenario=scenario, test=test, attempt=attempt)


class RecallItem(pytest.Item):
    """One repetition of a test.

    Its set-up holds the conversations, and its call tells what came of them. So a test that could not be decided is an
    error, as all that keeps pytest from running a test, and one in which recall broke a failure.
    """

    def __init__(self, *, scenario: Scenario, test: Test, attempt: int, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type] # name and parent, as pytest hands them on
        self._scenario, self._test, self._attempt = scenario, test, attempt
        self._result: TestResult | None = None
        if test.category:
            self.extra_keyword_matches.add(test.category)

    def setup(self) -> None:
        """Run the check. Raises Undecided."""
        self._result = worker_of(self.config).run(self._scenario, self._test, self._attempt)
        if self._result.uncleaned:
            self.warn(pytest.PytestWarning(f"not cleaned up: {self._result.uncleaned}"))
        raise_undecided(self._result)

    def runtest(self) -> None:
        """Raise RecallFailed if recall broke."""
        if self._result is None:
            raise RuntimeError("a recall check is run by its set-up, which pytest has left out")
        raise_broken(self._result)
        if self._result.outcome is Outcome.HELD:
            self.add_report_section("call", "conversation", "\n".join(conversation(self._result)))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the file and the name; lines are not known."""
        return self.path, None, self.name
