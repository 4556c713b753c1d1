"""A run of 500 recall checks on its own endpoint: duration, and growth of memory use."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import NamedTuple

FEW, MANY = 50, 500
SECONDS = 60.0
"""Goal for the large run."""
GROWTH = 1.25
"""Goal for memory use: this factor of the small run, which is mostly imports, counts as flat."""
HEAD = "target: {type: local}\ntests:\n"
TEST = """\
  moved{number}:
    category: knowledge-update
    sessions:
      - {{memory_id: alice, turns: [{{user: I live in Oslo.}}], end_session: true}}
      - memory_id: alice
        wait_memory: {{timeout_s: 60}}
        turns: [{{user: "Correction: I moved to Bergen."}}]
        end_session: true
      - memory_id: alice
        wait_memory: {{timeout_s: 60}}
        turns: [{{user: Where do I live?, assert: [{{type: icontains, value: Bergen}}]}}]
"""


class Measured(NamedTuple):
    """One run of the command."""

    seconds: float
    megabytes: float
    """Peak resident memory of the command or of its endpoint, whichever is larger."""


def run(tests: int) -> Measured:
    """Write `tests` tests and run them; stops the benchmark if one fails."""
    with tempfile.TemporaryDirectory() as home:
        folders = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
        environment = {**os.environ, **dict.fromkeys(folders, home)}
        file = Path(home) / "many.yaml"
        file.write_text(HEAD + "".join(TEST.format(number=number) for number in range(tests)))
        command = [sys.executable, "-m", "travel_tui", "recall", "run", str(file), "--target", "local", "--jobs", "8"]
        began = time.perf_counter()
        with Popen(command, env=environment, stdout=DEVNULL, stderr=DEVNULL) as child:
            # Not RUSAGE_CHILDREN: that is the peak of all children so far, and would hide a run below an earlier one.
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        spent = time.perf_counter() - began
        if child.returncode:
            raise SystemExit(f"{tests} recall tests ended with status {child.returncode}")
        unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes
        return Measured(spent, usage.ru_maxrss * unit / 1_000_000)


def measure() -> dict[int, Measured]:
    """Return the measurements by number of tests."""
    return {tests: run(tests) for tests in (FEW, MANY)}


def report() -> list[str]:
    """Return the lines of the table."""
    found = measure()
    few, many = found[FEW], found[MANY]
    growth = many.megabytes / few.megabytes
    late, grown = " MISSED" * (many.seconds > SECONDS), " MISSED" * (growth > GROWTH)
    return [
        f"recall, {FEW} tests, 3 sessions each   {few.seconds:5.1f} s   {few.megabytes:5.0f} MB at most",
        f"recall, {MANY} tests, 3 sessions each  {many.seconds:5.1f} s   goal {SECONDS:g} s{late}",
        f"recall, {MANY} tests, memory           {many.megabytes:5.0f} MB at most, "
        f"{growth:.2f} × that of {FEW} (goal {GROWTH}){grown}",
    ]
