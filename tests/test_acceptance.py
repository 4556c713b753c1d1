"""The reference notebook, the story of AgentCore and the acceptance dialogues, unchanged, against the local endpoint.

The dialogues' copy in tests/acceptance runs everywhere. The others are not part of this project: they run where
../shared is beside this checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.endpoint import endpoint_process, running_endpoint

ROOT = Path(__file__).resolve().parents[1]
COPIES = ROOT / "tests" / "acceptance" / "scripts"
ORIGINALS = ROOT.parent / "shared" / "acceptance"


@pytest.fixture(
    params=[pytest.param(COPIES, id="copies"), pytest.param(ORIGINALS, id="originals", marks=pytest.mark.slow)]
)
def scripts(request: pytest.FixtureRequest) -> Path:
    """The folder of the scripts."""
    folder = Path(request.param)
    if not folder.is_dir():
        pytest.skip("../shared/acceptance is not beside this checkout")
    return folder


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="../shared/acceptance is not beside this checkout")
def test_every_cell_of_the_notebook_runs_and_every_promise_holds_also_the_second_time(tmp_path: Path) -> None:
    with endpoint_process(tmp_path / "state") as endpoint:
        for run in ("first", "second"):  # it cleans up behind itself
            folder = tmp_path / run
            folder.mkdir()
            told = subprocess.run(
                [sys.executable, ORIGINALS / "run_notebook.py", "--sleep", "0.01"],
                env={**os.environ, "AWS_ENDPOINT_URL": endpoint.url, "TMPDIR": str(folder)},
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert told.returncode == 0, f"{run} run: {told.stdout}\n{told.stderr}"
            assert " 0 failed" in told.stdout
            assert "BROKEN" not in told.stdout


@pytest.mark.skipif(
    not (ORIGINALS / "run_agentcore.py").is_file(), reason="../shared/acceptance is not beside this checkout"
)
def test_every_promise_of_agentcore_holds() -> None:
    with running_endpoint(extraction_delay=0.2) as endpoint:
        told = subprocess.run(
            [sys.executable, ORIGINALS / "run_agentcore.py"],
            env={"AWS_ENDPOINT_URL": endpoint.url, "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert told.returncode == 0, f"{told.stdout}\n{told.stderr}"
    assert " 0 failed" in told.stdout


def test_every_dialogue_holds(scripts: Path) -> None:
    with running_endpoint() as endpoint:
        done = subprocess.run(
            [sys.executable, scripts / "run_dialogues.py", scripts / "dialogues.yaml"],
            env={"AWS_ENDPOINT_URL": endpoint.url, "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
