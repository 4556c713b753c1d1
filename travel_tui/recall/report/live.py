"""The table that moves while a run does, for a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from travel_tui.recall.report.words import MARKS, line, seconds, verdicts
from travel_tui.recall.results import Outcome, TestResult
from travel_tui.recall.runner import Job, Told

_STYLES = {Outcome.HELD: "green", Outcome.BROKE: "red", Outcome.UNDECIDED: "yellow"}
_MOST_ROWS = 12


class LiveTable:
    """What runs now and how long it has, what broke so far, and the counts."""

    def __init__(self, planned: int) -> None:
        self._planned = planned
        self._doing: dict[str, tuple[Job, str, float]] = {}
        self._results: dict[str, TestResult] = {}

    def take(self, told: Told) -> None:
        """What the run says."""
        key = told.job.key
        if told.result:
            self._doing.pop(key, None)
            self._results[key] = told.result
        else:
            self._doing[key] = told.job, told.doing, time.monotonic()

    def __rich__(self) -> Group:
        table = Table.grid(padding=(0, 1))
        ended = [result for result in self._results.values() if result.outcome is not Outcome.HELD]
        for result in ended[-_MOST_ROWS:]:
            mark = Text(MARKS[result.outcome], _STYLES[result.outcome])
            table.add_row(mark, line(result.key, 40), Text(line(verdicts(result) or result.reason, 70)))
        now = time.monotonic()
        for job, doing, since in list(self._doing.values())[:_MOST_ROWS]:
            table.add_row("…", line(job.key, 40), Text(f"{line(doing, 60)}, {seconds(now - since)}", "dim"))
        counts = {outcome: sum(r.outcome is outcome for r in self._results.values()) for outcome in Outcome}
        told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items() if number)
        return Group(table, Text(f"{len(self._results)} of {self._planned} done" + (f": {told}" if told else "")))


@contextmanager
def live(planned: int) -> Iterator[LiveTable]:
    """The table on standard error, while it is a terminal."""
    table = LiveTable(planned)
    if not sys.stderr.isatty():
        yield table
        return
    with Live(table, console=Console(stderr=True), refresh_per_second=4, transient=True):
        yield table
