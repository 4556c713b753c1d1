"""examples/recall-checks: the plugin as it is installed, in a process of its own, on a worker of pytest-xdist."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.docs.examples import ROOT

EXAMPLE = ROOT / "examples" / "recall-checks"


def test_its_recall_checks_tests_and_snapshots_pass(tmp_path: Path) -> None:
    copy = shutil.copytree(EXAMPLE, tmp_path / "example")
    own = {
        **os.environ,
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_PROFILE": "none",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "1", "-v", "-W", "error"],
        cwd=copy, env=own, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("trip.yaml::knows_the_home", "trip.yaml::knows_the_trip[2]", "test_boto3_calls", "a_trip", "our_own"):
        assert name in done.stdout
