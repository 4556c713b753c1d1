"""docs/local-endpoint.md: its examples run, and what it lists is what there is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.docs.examples import PAGE, blocks, commands, environment
from tests.endpoint import RunningEndpoint, running_endpoint
from travel_tui.cli.local import local
from travel_tui.local.faults import KINDS


@pytest.fixture(scope="module")
def shown() -> Iterator[RunningEndpoint]:
    """The endpoint that the page's reader has started."""
    with running_endpoint() as endpoint:
        yield endpoint


def run(command: list[str], surroundings: dict[str, str]) -> str:
    """What a command prints."""
    everything = {**os.environ, **surroundings}
    done = subprocess.run(command, env=everything, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_programs_run_one_after_the_other(shown: RunningEndpoint) -> None:
    said = run([sys.executable, "-c", "\n".join(blocks("python", shown.url))], environment(shown.url))
    assert "Anna" in said
    assert "Session is terminated" in said
    assert "<topic name='user goals'>" in said
    assert "['modelInvocationInput']" in said
    assert "It is sunny in Lisbon." in said
    assert "get_weather {'city': 'Lisbon'}" in said
    assert "It rains in Lisbon." in said


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not there")
def test_the_calls_of_the_endpoints_own_api(shown: RunningEndpoint) -> None:
    answers = [json.loads(run(["sh", "-c", command], {})) for command in commands("curl", shown.url)]
    assert [set(answer) for answer in answers[1:]] == [
        {"now"},
        {"faults"},
        {"faults"},
        {"faults"},
        {"calls"},
        {"calls"},
        {"message"},
    ]
    assert answers[0]["agents"]


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not there")
def test_the_call_with_the_key() -> None:
    with running_endpoint(require_key=True) as endpoint:
        key = {
            "AWS_ACCESS_KEY_ID": endpoint.key.access_key_id,
            "AWS_SECRET_ACCESS_KEY": endpoint.key.secret_access_key,
        }
        (command,) = commands("locked", endpoint.url)
        assert json.loads(run(["sh", "-c", command], key))["sessions"] == []


def test_every_fault_and_every_flag_that_is_named_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z][a-z-]+)` \|", text, re.MULTILINE)) == set(KINDS)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"--[a-z][a-z-]+", prose))
    flags = {flag for option in local.params for flag in option.opts}
    assert named - flags == set()
