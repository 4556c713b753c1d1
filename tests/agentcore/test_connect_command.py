"""travel-tui connect with harnesses and memories of AgentCore, from the command line to the config."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.agentcore.harness import ARN, MEMORY
from tests.endpoint import RunningEndpoint, client_at, running_endpoint, until
from travel_tui.agentcore_config import AgentCoreConfig
from travel_tui.cli import travel_tui
from travel_tui.config import AgentConfig, load
from travel_tui.local.faults import read_fault
from travel_tui.paths import config_file

HARNESS_ID = "travel_demo-TRAVELDEMO"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningEndpoint]:
    with running_endpoint() as found:
        yield found


@pytest.fixture
def endpoint(running: RunningEndpoint) -> Iterator[RunningEndpoint]:
    yield running
    running.do(lambda each: each.faults.clear())


@pytest.fixture(scope="module")
def control(running: RunningEndpoint) -> Any:
    return client_at(running.url, running.key, "bedrock-agentcore-control")


def connect(endpoint: RunningEndpoint, *arguments: str) -> Result:
    return CliRunner().invoke(travel_tui, ["connect", "--endpoint-url", endpoint.url, *arguments])


def written() -> AgentConfig:
    config = load(config_file())
    assert config is not None
    return config.chosen()


def refuse(endpoint: RunningEndpoint, *operations: str, fault: str = "AccessDeniedException") -> None:
    faults = [read_fault(f"{each}={fault}") for each in operations]
    endpoint.do(lambda running: running.faults.add(faults))


@pytest.mark.parametrize("named", [ARN, HARNESS_ID])
def test_a_harness_is_shown_and_written(endpoint: RunningEndpoint, named: str) -> None:
    done = connect(endpoint, "--harness", named, "--memory", "team/anna", "--name", "trips")
    assert done.exit_code == 0, done.output
    shown = " ".join(done.stdout.split())
    for part in (
        f"{HARNESS_ID} / DEFAULT",
        "state READY, version 1",
        "tools book_trip",
        f"memory {MEMORY}, ACTIVE, events kept 30 days",
        "strategies summaries SUMMARIZATION /summaries/{actorId}/{sessionId}/",
        "Next: travel-tui",
    ):
        assert part in shown
    assert written() == AgentConfig(
        "trips", HARNESS_ID, "DEFAULT", "us-east-1", endpoint_url=endpoint.url, memory_id="team/anna",
        backend="agentcore", agentcore=AgentCoreConfig(ARN),
    )  # fmt: skip
    text = config_file().read_text()
    assert "agent_id" not in text
    assert 'backend = "agentcore"' in text


def test_the_same_harness_at_another_endpoint_is_an_agent_of_its_own(endpoint: RunningEndpoint) -> None:
    assert connect(endpoint, "--harness", ARN, "--name", "trips").exit_code == 0
    with running_endpoint() as other:
        refused = connect(other, "--harness", ARN, "--name", "trips")
        assert (refused.exit_code, "another agent called 'trips'" in refused.stderr) == (1, True)
        assert connect(other, "--harness", ARN).exit_code == 0
        assert connect(endpoint, "--harness", ARN).exit_code == 0
        config = load(config_file())
        assert config is not None
        assert sorted(each.endpoint_url or "" for each in config.agents.values()) == sorted([endpoint.url, other.url])


def test_a_memory_alone_is_connected_and_takes_no_messages(endpoint: RunningEndpoint) -> None:
    assert connect(endpoint, "--memory-id", MEMORY, "--memory", "anna").exit_code == 0
    assert written().agentcore == AgentCoreConfig(agentcore_memory_id=MEMORY)
    listed = CliRunner().invoke(travel_tui, ["memory", "list", "--json"])
    assert listed.exit_code == 0, listed.output
    asked = CliRunner().invoke(travel_tui, ["ask", "Hello"])
    assert asked.exit_code == 1
    assert "This is a memory without a harness." in asked.stderr


def test_without_a_terminal_agents_harnesses_and_memories_are_listed_together(endpoint: RunningEndpoint) -> None:
    done = connect(endpoint)
    assert done.exit_code == 2
    for part in ("TRAVELDEMO  PREPARED", f"{HARNESS_ID}  harness  READY", f"{MEMORY}  memory  ACTIVE"):
        assert part in done.stdout
    assert "--harness ARN, or --memory-id ID" in done.stderr
    data = json.loads(connect(endpoint, "--json").stdout)
    assert [each["arn"] for each in data["harnesses"]] == [ARN]
    assert [each["memory_id"] for each in data["memories"]] == [MEMORY]
    refuse(endpoint, "ListHarnesses")
    assert "not listed. Access denied." in connect(endpoint).stdout


def test_chatting_permissions_are_enough_with_an_arn(endpoint: RunningEndpoint) -> None:
    refuse(endpoint, "GetHarness", "GetMemory")
    done = connect(endpoint, "--harness", ARN, "--name", "denied")
    assert done.exit_code == 0, done.output
    assert "(bedrock-agentcore:GetHarness)" in done.stdout
    by_id = connect(endpoint, "--harness", HARNESS_ID, "--name", "denied")
    assert by_id.exit_code == 1
    assert "ask for bedrock-agentcore:GetHarness" in by_id.stderr


def test_a_harness_without_memory_is_refused_unless_one_is_named(endpoint: RunningEndpoint, control: Any) -> None:
    principal = {"Service": "bedrock-agentcore.amazonaws.com"}
    trust = {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
    iam = client_at(endpoint.url, endpoint.key, "iam")
    role = iam.create_role(RoleName="harness", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    made = control.create_harness(harnessName="forgetful", executionRoleArn=role, memory={"disabled": {}})["harness"]
    harness_id = made["harnessId"]
    until(lambda: control.get_harness(harnessId=harness_id)["harness"]["status"] == "READY")
    refused = connect(endpoint, "--harness", harness_id, "--name", "forgetful")
    assert refused.exit_code == 1
    assert "The harness has no memory." in refused.stderr
    both = connect(endpoint, "--harness", harness_id, "--memory-id", MEMORY, "--name", "forgetful")
    assert both.exit_code == 0, both.output
    control.delete_harness(harnessId=harness_id)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--harness", ARN, "--agent-id", "AGENT"), "leave them out"),
        (("--harness-endpoint", "prod"), "pass --harness too"),
        (("--harness", "arn:aws:iam::1:role/x"), "not a harness's ARN"),
        (("--memory-id", "no"), "not the id of an AgentCore memory"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    endpoint: RunningEndpoint, arguments: tuple[str, ...], says: str
) -> None:
    done = connect(endpoint, *arguments)
    assert done.exit_code == 2
    assert says in done.stderr


def test_what_does_not_exist_is_not_written(endpoint: RunningEndpoint) -> None:
    before = config_file().exists()
    for option, value in (("--harness", ARN.replace("TRAVELDEMO", "0123456789")), ("--memory-id", "none-0123456789")):
        done = connect(endpoint, option, value)
        assert done.exit_code == 1
        assert "not found" in done.stderr
    assert config_file().exists() == before


def test_a_failed_call_changed_nothing_and_can_be_tried_again(
    endpoint: RunningEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    for call, fault in (("GetHarness", "drop:4"), ("GetMemory", "InternalServerException:4")):
        refuse(endpoint, call, fault=fault)
        done = connect(endpoint, "--harness", HARNESS_ID, "--name", "failed")
        assert done.exit_code == 1
        assert done.stderr.endswith("Wait a moment and try again.\n")
        endpoint.do(lambda its: its.faults.clear())
    config = load(config_file()) if config_file().exists() else None
    assert config is None or "failed" not in config.agents


def test_the_policy_names_every_call_of_the_client(endpoint: RunningEndpoint) -> None:
    done = connect(endpoint, "--print-policy", "--harness", ARN, "--memory-id", MEMORY)
    chat, memory = json.loads(done.stdout)["Statement"]
    assert chat["Resource"] == ARN
    assert "bedrock-agentcore:InvokeAgentRuntime" in chat["Action"]
    assert memory["Resource"].endswith(f"memory/{MEMORY}")
