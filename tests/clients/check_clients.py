"""Clients that are not ours, against the local endpoint: `make test-clients` sets them up and runs this file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.examples import commands, environment
from tests.endpoint import RunningEndpoint, client_at, running_endpoint

HERE = Path(__file__).resolve().parent
CLIENTS = HERE.parents[1] / ".venv-clients"
NODE = CLIENTS / "node"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[RunningEndpoint]:
    """An endpoint for all of them."""
    with running_endpoint() as running:
        yield running


def run(command: list[str | Path], endpoint: RunningEndpoint) -> str:
    """What a client's program prints."""
    surroundings = {**os.environ, **environment(endpoint.url), "AWS_PAGER": ""}
    surroundings["PATH"] = f"{CLIENTS / 'bin'}{os.pathsep}{surroundings['PATH']}"
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_aws_cli_runs_what_the_page_shows(endpoint: RunningEndpoint) -> None:
    user = endpoint.user()
    user.say("My name is Edda.", "s-1", "anna")
    user.end("s-1", "anna")
    user.await_summary("s-1", "anna")
    memory, deleted, agent, agents = [run(["sh", "-c", line], endpoint) for line in commands("aws", endpoint.url)]
    (content,) = json.loads(memory)["memoryContents"]
    assert "Edda" in content["sessionSummary"]["summaryText"]
    assert deleted == ""
    assert user.memories("anna") == []
    assert json.loads(agent)["agent"]["agentStatus"] == "PREPARED"
    assert "TRAVELDEMO" in {each["agentId"] for each in json.loads(agents)["agentSummaries"]}


def test_the_aws_cli_says_what_was_refused(endpoint: RunningEndpoint) -> None:
    command = "aws bedrock-agent-runtime get-agent-memory --agent-id NOSUCHONE1 --agent-alias-id TSTALIASID "
    command += "--memory-type SESSION_SUMMARY --memory-id anna"
    assert "ResourceNotFoundException" in run(["sh", "-c", f"{command} 2>&1 || true"], endpoint)


@pytest.mark.skipif(not (NODE / "node_modules").is_dir() or not shutil.which("node"), reason="node or npm is not there")
def test_the_sdk_for_javascript_streams(endpoint: RunningEndpoint) -> None:
    script = NODE / "stream.mjs"  # beside node_modules, where node looks for them
    shutil.copy(HERE / "stream.mjs", script)
    found = json.loads(run(["node", script, endpoint.url], endpoint))
    assert found["pieces"] > 1
    assert found["traces"] > 2
    assert "**book**" in found["text"]
    assert "Session is terminated" in found["text"]
    assert "Edda" in found["summary"]
    assert found["error"] == "ResourceNotFoundException"


def test_langchains_agent_returns_control_to_its_tools(endpoint: RunningEndpoint) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = client_at(endpoint.url, endpoint.key, "iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="langchain", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.close()
    printed = run([CLIENTS / "bin" / "python", HERE / "langchain_agent.py", endpoint.url, role], endpoint)
    asked, answered, demo = printed.splitlines()[:3]
    assert "get_weather" in asked
    assert "Lisbon" in asked
    assert "sunny in Lisbon" in answered
    assert demo.startswith("demo ")
    assert len(demo) > 10
