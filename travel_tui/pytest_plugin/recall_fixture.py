"""Recall checks that a test in Python runs."""

from __future__ import annotations

from pathlib import Path

from travel_tui.pytest_plugin.outcome import RecallFailed, raise_broken, raise_undecided
from travel_tui.pytest_plugin.worker import Worker
from travel_tui.recall.parser import read_file, read_text
from travel_tui.recall.results import TestResult
from travel_tui.recall.runner import jobs_of
from travel_tui.recall.yaml_nodes import ScenarioError


class Recall:
    """Runs the tests of recall files on the agent of the run, one after the other."""

    def __init__(self, worker: Worker, folder: Path) -> None:
        """Paths are relative to `folder`."""
        self._worker = worker
        self._folder = folder

    def __call__(self, source: str | Path, *, only: str = "", check: bool = True) -> list[TestResult]:
        """Run a recall file, or the text of one; return the results, one for each test and repetition.

        `only` selects tests with that text in their name or category. With `check`, the first one in which recall broke
        raises RecallFailed, and the first undecided one Undecided. A file that cannot be used raises RecallFailed.
        """
        try:
            if isinstance(source, str) and "\n" in source:
                scenario = read_text(source, "the text")
            else:
                scenario = read_file(self._folder / source)
        except ScenarioError as error:
            raise RecallFailed(str(error)) from None
        jobs = jobs_of([scenario], only=only)
        if not jobs:
            raise RecallFailed(f"No test of {scenario.source} has {only!r} in its name or category.")
        results = [self._worker.run(scenario, job.test, job.attempt) for job in jobs]
        if check:
            for result in results:
                raise_broken(result)
            for result in results:
                raise_undecided(result)
        return results
