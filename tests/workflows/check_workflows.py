"""Every command of the workflows runs, as they are written, against the local endpoint. `make test-workflows` runs it.

Not as written: `make` lists what it would do, since it would run these tests; pip finds all that it should install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.examples import ROOT
from tests.endpoint import RunningEndpoint, running_endpoint
from tests.workflows.steps import EXAMPLE, STEPS, Step

VARIABLES = {
    "${{ vars.AGENT_ID }}": "TRAVELDEMO",
    "${{ vars.ALIAS_ID }}": "TSTALIASID",
}
"""What a repository sets, here for the endpoint's agent."""
RUN = [step for step in STEPS if step.run]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[RunningEndpoint]:
    with running_endpoint() as running:
        yield running


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, which its workflow writes to."""
    return shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("repository") / "example")


def ran(
    step: Step, folder: Path, endpoint: RunningEndpoint, script: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does, with bash; `script` in place of its own."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PYTEST_XDIST_AUTO_NUM_WORKERS": "2",
        "CI": "true",
        **{name: VARIABLES[value] for name, value in step.env.items()},
    }
    if step.job == "nightly":
        environment |= {
            "AWS_ENDPOINT_URL": endpoint.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1",
        }
    command = ["bash", "-e", "-c", (script or step.run).replace("make ", "make --dry-run ")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("step", RUN, ids=str)
def test_each_command_runs(step: Step, endpoint: RunningEndpoint, example: Path) -> None:
    done = ran(step, example if step.folder == EXAMPLE else ROOT, endpoint)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_kept_of_a_run_is_there(example: Path) -> None:
    reports = example / "reports"
    assert (reports / "report.html").stat().st_size
    for name in ("junit.xml", "pytest.xml"):
        suites = list(ET.parse(reports / name).getroot().iter("testsuite"))
        assert sum(int(suite.attrib["tests"]) for suite in suites) >= 3


def test_a_nightly_run_that_reaches_its_limit_is_undecided_and_only_warns(
    endpoint: RunningEndpoint, example: Path
) -> None:
    (nightly,) = [step for step in RUN if step.job == "nightly" and "--max-turns" in step.run]
    done = ran(nightly, example, endpoint, nightly.run.replace("--max-turns 40", "--max-turns 1"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "::warning::Some checks are undecided." in done.stdout
    assert "the limit of --max-turns" in done.stderr
    broken = ran(nightly, example, endpoint, nightly.run.replace("checks/*.yaml", "nowhere.yaml"))
    assert broken.returncode == 2, "wrong use is no warning"
