"""The reference notebook, unchanged, against the local endpoint; twice, because it cleans up behind itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.endpoint import endpoint_process

RUNNER = Path(__file__).resolve().parents[2] / "shared" / "acceptance" / "run_notebook.py"


@pytest.mark.skipif(not RUNNER.exists(), reason="the reference notebook is not beside this checkout")
def test_every_cell_runs_and_every_promise_holds_also_the_second_time(tmp_path: Path) -> None:
    with endpoint_process(tmp_path / "state") as endpoint:
        for run in ("first", "second"):
            folder = tmp_path / run
            folder.mkdir()
            told = subprocess.run(
                [sys.executable, str(RUNNER), "--sleep", "0.01"],
                env={**os.environ, "AWS_ENDPOINT_URL": endpoint.url, "TMPDIR": str(folder)},
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert told.returncode == 0, f"{run} run: {told.stdout}\n{told.stderr}"
            assert " 0 failed" in told.stdout
            assert "BROKEN" not in told.stdout
