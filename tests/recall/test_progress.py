"""Progress of a run where standard error is no terminal: a test that waits says for what, and for how long at most."""

from __future__ import annotations

import asyncio
import io
import sys

import pytest

from tests.endpoint import WAIT_S
from travel_tui.recall.parser import read_text
from travel_tui.recall.report.live import ProgressDisplay, reporting
from travel_tui.recall.runner import ProgressEvent, jobs_of

JOBS = jobs_of([read_text("tests: {a: {repeat: 6, sessions: [{turns: [{user: hi}]}]}}", "f.yaml")])


async def test_a_run_that_waits_says_so_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Said(io.StringIO):
        def write(self, text: str) -> int:
            written = super().write(text)
            if self.getvalue().count("1/a#1: session 2 of 2, waiting for the summary (up to 300 s), ") == 2:
                twice.set()
            return written

    twice = asyncio.Event()
    monkeypatch.setattr(sys, "stderr", said := Said())
    async with asyncio.timeout(WAIT_S), reporting(6, every_s=0.001) as progress:
        progress.take(ProgressEvent(JOBS[0], "session 2 of 2, waiting for the summary (up to 300 s)"))
        await twice.wait()
    assert "0 of 6 done" in said.getvalue()


async def test_a_run_goes_on_where_nobody_reads_its_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            written.set()
            raise OSError

    written = asyncio.Event()
    for stream in (Full(), None):
        monkeypatch.setattr(sys, "stderr", stream)
        async with asyncio.timeout(WAIT_S), reporting(6, every_s=0.001) as progress:
            progress.take(ProgressEvent(JOBS[0], "session 1 of 1"))
            if stream:
                await written.wait()


def test_many_tests_side_by_side_take_few_lines_and_a_clean_up_that_is_over_none() -> None:
    progress = ProgressDisplay(6)
    for job in JOBS:
        progress.take(ProgressEvent(job, "cleaning up"))
    assert len(list(progress.lines())) == 6
    assert list(progress.lines())[-1] == "  … and 2 more"
    for job in JOBS:
        progress.take(ProgressEvent(job))
    assert len(list(progress.lines())) == 1
