"""AgentCore clients that are not ours, at the local endpoint: `make test-clients` sets them up and runs this file."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.clients.check_clients import HERE, needs_newer_python, needs_node, node, run
from tests.clients.conftest import CLIENTS, NEWER
from tests.endpoint import RunningEndpoint, running_endpoint
from tests.local.agentcore.clients import DEMO


@pytest.fixture(scope="module")
def endpoint() -> Iterator[RunningEndpoint]:
    """An endpoint for all of them."""
    with running_endpoint() as running:
        yield running


def test_strands_keeps_its_memory_in_agentcore(endpoint: RunningEndpoint) -> None:
    printed = run([CLIENTS / "bin" / "python", HERE / "strands_memory.py", DEMO], endpoint)
    assert "facts ['The user is allergic to penicillin.']" in printed
    recalled = printed.partition("recalled")[2]
    assert "<user_context>The user is allergic to penicillin.</user_context> What am I allergic to?" in recalled
    assert "reloaded 6" in recalled


def test_the_sdks_memory_clients_work_unchanged(endpoint: RunningEndpoint) -> None:
    printed = run([CLIENTS / "bin" / "python", HERE / "memory_client.py", endpoint.url], endpoint)
    assert printed.splitlines() == [
        "memory True ACTIVE",
        "wait True",
        "found ['The user lives in Oslo.']",
        "turns [['I like chess.', 'Me too.']]",
        "actors ['anna', 'ben']",
        "searched The user's dog is Rex.",
        "listed 1",
    ]


def test_langgraph_keeps_checkpoints_and_memory(endpoint: RunningEndpoint) -> None:
    printed = run([CLIENTS / "bin" / "python", HERE / "langgraph_memory.py", DEMO], endpoint)
    assert printed.splitlines() == ["of 3: ['The user is allergic to penicillin.']", "6", "0"]


@needs_node
def test_the_sdk_for_javascript_uses_agentcore(endpoint: RunningEndpoint) -> None:
    found = node("agentcore.mjs", endpoint, endpoint.url)
    assert (found["sameTime"], found["sameId"], found["blob"]) == (True, True, {"state": [1, None]})
    assert found["record"] == "The user is allergic to penicillin."
    assert found["kinds"][0] == "messageStart"
    assert found["kinds"][-1] == "metadata"
    assert "**book**" in found["text"]
    assert found["stopReason"] == "end_turn"
    assert found["error"] == ["ValidationException", "FieldValidationFailed"]


@needs_newer_python
def test_the_newer_sdk_for_python_uses_agentcore(endpoint: RunningEndpoint) -> None:
    printed = run([NEWER / "bin" / "python", HERE / "agentcore_sdk.py", endpoint.url], endpoint)
    assert printed.splitlines() == ["actor py/actor", "text True", "stop end_turn"]


def test_the_aws_cli_knows_agentcore(endpoint: RunningEndpoint) -> None:
    said = '[{"conversational": {"role": "USER", "content": {"text": "I like chess."}}}]'
    event = f"--actor-id team/carl --session-id s --event-timestamp 2031-07-11T12:00:00Z --payload '{said}'"
    commands = [
        f"aws bedrock-agentcore create-event --memory-id {DEMO} {event}",
        f"aws bedrock-agentcore list-actors --memory-id {DEMO}",
        f"aws bedrock-agentcore-control get-harness --harness-id {DEMO}",
    ]
    created, actors, harness = [json.loads(run(["sh", "-c", line], endpoint)) for line in commands]
    assert created["event"]["actorId"] == "team/carl"
    assert {"actorId": "team/carl"} in actors["actorSummaries"]
    assert harness["harness"]["status"] == "READY"
