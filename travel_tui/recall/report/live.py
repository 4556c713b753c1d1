"""Progress of a run on standard error: a redrawn table on a terminal, occasional lines elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from travel_tui.recall.report.formatting import MARKS, SHOWN, line, seconds, verdicts
from travel_tui.recall.results import Outcome, TestResult
from travel_tui.recall.runner import Job, ProgressEvent

LINES_EVERY_S = 15.0
"""Seconds between two progress lines without a terminal: a wait for a summary takes minutes on AWS."""
_STYLES = {Outcome.HELD: "green", Outcome.BROKE: "red", Outcome.UNDECIDED: "yellow"}
_MAX_ROWS = 12
_MAX_LINES = 4


class ProgressDisplay:
    """The running tests with their current steps, the failed ones so far, and the counts."""

    def __init__(self, planned: int) -> None:
        self._planned = planned
        self._began = time.monotonic()
        self._doing: dict[str, tuple[Job, str, float]] = {}
        self._results: dict[str, TestResult] = {}

    def take(self, told: ProgressEvent) -> None:
        """Process a progress event of the run."""
        key = told.job.key
        if told.doing:
            self._doing[key] = told.job, told.doing, time.monotonic()
        else:
            self._doing.pop(key, None)
        if told.result:
            self._results[key] = told.result

    def lines(self) -> Iterator[str]:
        """Yield the counts, and a line for each of the first running tests."""
        now = time.monotonic()
        yield f"{seconds(now - self._began)}: {self._counts()}"
        for job, doing, since in list(self._doing.values())[:_MAX_LINES]:
            yield f"  {line(job.key, 80)}: {line(doing, 100)}, {seconds(now - since)} so far"
        if len(self._doing) > _MAX_LINES:
            yield f"  … and {len(self._doing) - _MAX_LINES} more"

    def __rich__(self) -> Group:
        table = Table.grid(padding=(0, 1))
        ended = [result for result in self._results.values() if result.outcome is not Outcome.HELD]
        for result in ended[-_MAX_ROWS:]:
            mark = Text(MARKS[result.outcome], _STYLES[result.outcome])
            table.add_row(mark, line(result.key, 40), Text(line(verdicts(result) or result.reason, 70)))
        now = time.monotonic()
        for job, doing, since in list(self._doing.values())[:_MAX_ROWS]:
            table.add_row("…", line(job.key, 40), Text(f"{line(doing, 70)}, {seconds(now - since)}", "dim"))
        return Group(table, Text(self._counts()))

    def _counts(self) -> str:
        counts = {outcome: sum(r.outcome is outcome for r in self._results.values()) for outcome in Outcome}
        told = ", ".join(f"{number} {SHOWN[outcome]}" for outcome, number in counts.items() if number)
        return f"{len(self._results)} of {self._planned} done" + (f": {told}" if told else "")


@asynccontextmanager
async def reporting(planned: int, *, every_s: float = LINES_EVERY_S) -> AsyncIterator[ProgressDisplay]:
    """Report progress on standard error: redrawn on a terminal, as lines every `every_s` seconds elsewhere."""
    progress = ProgressDisplay(planned)
    if sys.stderr is None:  # closed by the caller
        yield progress
    elif sys.stderr.isatty():
        with Live(progress, console=Console(stderr=True), refresh_per_second=4, transient=True):
            yield progress
    else:
        printing = asyncio.create_task(_print(progress, sys.stderr, every_s))
        try:
            yield progress
        finally:
            printing.cancel()


async def _print(progress: ProgressDisplay, stream: TextIO, every_s: float) -> None:
    with contextlib.suppress(OSError):  # the run matters more than its progress
        while True:
            await asyncio.sleep(every_s)
            print("\n".join(progress.lines()), file=stream, flush=True)
