"""Own time of a provision, without the waits for resource states."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from provision.provisioning import Provisioning, Where
from provision.spec import Spec
from travel_tui.local.durations import REALISTIC
from travel_tui.local.runtime.functions import packaged_code

GOAL = 0.20
DEMANDED_S = REALISTIC.role_propagation + REALISTIC.agent.creating + REALISTIC.agent_preparing
"""The longest chain of dependent states: role, agent, preparation."""


def report() -> list[str]:
    """Return the lines of the table."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-P", "-m", "travel_tui", "local", "--port", "0", "--in-memory", "--realistic"]
        surroundings = {**os.environ, "TMPDIR": folder}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as process:
            try:
                url = process.stdout.readline().split()[-1] if process.stdout else ""
                took = _provision(url, Path(folder) / "config.toml")
            finally:
                process.terminate()
    own = (took - DEMANDED_S) / took
    return [
        f"provision with AWS's times         {took:6.2f} s   of which states demand {DEMANDED_S:.0f} s",
        f"provision, its own share           {own * 100:6.1f} % (goal {GOAL * 100:.0f})",
    ]


def _provision(url: str, config: Path) -> float:
    project = Provisioning(Where(endpoint_url=url), config, packaged_code(), "travel-tui provision")
    began = time.perf_counter()
    region, account, partition = project.account()
    project.open(Spec(region, account, partition))
    project.apply(project.plan(), lambda _: None)
    return time.perf_counter() - began
