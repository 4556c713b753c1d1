"""Cost of the idle client."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from bench.terminal import Terminal

WATCHED_S = 20.0


def used(pid: int) -> float:
    """Return the seconds of processor time used by a process, by its own clock (Linux, clock_getcpuclockid(3))."""
    return time.clock_gettime(~pid << 3 | 2)


def resident_mb(pid: int) -> float:
    """Return the resident memory in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def report() -> list[str]:
    """Return the lines of the table."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
        terminal = Terminal([str(Path(sys.executable).parent / "travel-tui"), "demo"], environment)
        terminal.until("No memories yet")
        terminal.read_for(3.0)
        before = used(terminal.pid)
        terminal.read_for(WATCHED_S)
        share = (used(terminal.pid) - before) / WATCHED_S
        memory = resident_mb(terminal.pid)
        terminal.close()
    return [
        f"client at rest, processor        {share * 100:6.2f} % of a core (goal 1)",
        f"client at rest, resident         {memory:6.0f} MB",
    ]
