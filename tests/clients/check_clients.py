"""Clients that are not ours, against the local endpoint: `make test-clients` sets them up and runs this file.

Each is as it comes: with the HTTP handler that it chooses by itself, and pointed at the endpoint by the environment
alone where it takes that.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import CLIENTS, NEWER, NODE
from tests.docs.examples import LOCAL_ENDPOINT, examples, exports
from tests.endpoint import RunningEndpoint, client_at, running_endpoint, until
from travel_tui.local.faults import read_fault

HERE = Path(__file__).resolve().parent
WEATHER = """
def lambda_handler(event, context):
    city = next(p["value"] for p in event["parameters"] if p["name"] == "city")
    return {"messageVersion": "1.0", "response": {
        "actionGroup": event["actionGroup"], "function": event["function"],
        "functionResponse": {"responseBody": {"TEXT": {"body": f"It is sunny in {city}."}}}}}
"""
needs_node = pytest.mark.skipif(
    not (NODE / "node_modules").is_dir() or not shutil.which("node"), reason="node or npm is not there"
)
needs_newer_python = pytest.mark.skipif(not NEWER.is_dir(), reason="no Python of 3.12 or newer is there")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[RunningEndpoint]:
    """An endpoint for all of them."""
    with running_endpoint() as running:
        yield running


def run(command: list[str | Path], endpoint: RunningEndpoint) -> str:
    """What a client's program prints."""
    surroundings = {**os.environ, **exports(LOCAL_ENDPOINT, endpoint.url), "AWS_PAGER": ""}
    surroundings["PATH"] = f"{CLIENTS / 'bin'}{os.pathsep}{surroundings['PATH']}"
    surroundings["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it looks for the newest on the network
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python(script: str, endpoint: RunningEndpoint, *arguments: str, environment: Path = CLIENTS) -> dict[str, str]:
    """The lines that a Python program prints, by their first word."""
    printed = run([environment / "bin" / "python", HERE / script, *arguments], endpoint)
    return dict(line.split(" ", 1) for line in printed.splitlines())


def node(script: str, endpoint: RunningEndpoint, *arguments: str | Path) -> Any:
    """What a program for node prints, as JSON."""
    beside = NODE / script  # beside node_modules, where node looks for them
    shutil.copy(HERE / script, beside)
    return json.loads(run(["node", beside, *arguments], endpoint))


def test_the_aws_cli_runs_what_the_page_shows(endpoint: RunningEndpoint) -> None:
    user = endpoint.user()
    user.say("My name is Edda.", "s-1", "anna")
    user.end("s-1", "anna")
    user.await_summary("s-1", "anna")
    (page,) = [each for each in examples(LOCAL_ENDPOINT) if each.text.startswith("aws ")]
    memory, deleted, agent, agents = [run(["sh", "-c", line], endpoint) for line in page.commands()]
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


def test_boto3_of_its_newest_version_streams(endpoint: RunningEndpoint) -> None:
    program = (
        "import boto3; answer = boto3.client('bedrock-agent-runtime').invoke_agent(agentId='TRAVELDEMO', "
        "agentAliasId='TSTALIASID', sessionId='boto3', inputText='My name is Edda.')\n"
        "print(b''.join(event['chunk']['bytes'] for event in answer['completion']).decode())"
    )
    assert "Edda" in run([CLIENTS / "bin" / "python", "-c", program], endpoint)


@needs_node
def test_the_sdk_for_javascript_streams_over_http_2(endpoint: RunningEndpoint) -> None:
    found = node("stream.mjs", endpoint)
    assert found["protocol"] == "h2"
    assert found["pieces"] > 1
    assert found["traces"] > 2
    assert "**book**" in found["text"]
    assert "Session is terminated" in found["text"]
    assert "Edda" in found["summary"]
    assert found["error"] == "ResourceNotFoundException"
    assert found["left"] == ["chunk"]


@needs_node
def test_the_sdk_for_javascript_makes_an_agent_with_a_function(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("weather.py", WEATHER)
    (tmp_path / "weather.zip").write_bytes(packed.getvalue())
    found = node("agent.mjs", endpoint, tmp_path / "weather.zip")
    assert found["protocols"] == {
        "IAM": "http/1.1",
        "Lambda": "http/1.1",
        "Bedrock Agent": "http/1.1",
        "Bedrock Agent Runtime": "h2",
    }
    assert "sunny in Lisbon" in found["text"]


@needs_node
def test_the_sdk_for_javascript_meets_faults() -> None:
    kinds = ("drop", "drop@2", "corrupt@1")
    with running_endpoint(faults=tuple(read_fault(f"InvokeAgent={kind}:1") for kind in kinds)) as endpoint:
        before, inside, corrupt, whole = node("faults.mjs", endpoint)
    assert "INTERNAL_ERROR" in before["error"]
    assert (inside["events"], "INTERNAL_ERROR" in inside["error"]) == (2, True)
    assert (corrupt["events"], "checksum" in corrupt["error"]) == (1, True)
    assert whole["events"] > 2


@needs_node
def test_the_sdk_for_javascript_can_abort_an_answer_and_go_in_the_middle_of_one() -> None:
    """At this pace no answer comes by itself: a turn is over because its client wants no more of it."""
    with running_endpoint(pace=0.001) as endpoint:
        assert node("leave.mjs", endpoint) == {"aborted": "trace", "left": "trace", "turns": {"aborted": 1, "left": 0}}
        until(lambda: [session["turns"] for session in endpoint.do(lambda it: it.sessions.overview())] == [1, 1])


@needs_newer_python
def test_the_newer_sdk_for_python_streams(endpoint: RunningEndpoint) -> None:
    found = python("python_sdk.py", endpoint, environment=NEWER)
    assert "**book**" in found["answered"]
    assert int(found["pieces"]) > 1
    assert int(found["traces"]) > 2


def test_litellm_talks_to_an_agent_as_to_a_model(endpoint: RunningEndpoint) -> None:
    found = python("litellm_agent.py", endpoint, endpoint.url)
    assert "**book**" in found["whole"]
    assert found["pieces"] == found["whole"]


def test_agent_evaluations_target_talks_and_reads_the_trace(endpoint: RunningEndpoint) -> None:
    found = python("agenteval_target.py", endpoint)
    assert "Edda" in found["answered"]
    assert int(found["traces"]) > 2


def test_langchains_agent_returns_control_to_its_tools(endpoint: RunningEndpoint) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = client_at(endpoint.url, endpoint.key, "iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="langchain", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.close()
    found = python("langchain_agent.py", endpoint, endpoint.url, role)
    assert "get_weather" in found["asked"]
    assert "Lisbon" in found["asked"]
    assert "sunny in Lisbon" in found["answered"]
    assert len(found["demo"]) > 5
