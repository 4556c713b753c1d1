"""bedrock-agentcore-control: harnesses, their versions and endpoints, and their managed memory."""

from __future__ import annotations

from typing import Any

from tests.endpoint import until
from tests.local.agentcore.clients import ACCOUNT, DEMO, WEATHER_TOOL, AgentCore, said, session_id
from tests.local.services.clients import refused
from travel_tui.local.endpoint import Endpoint


def test_a_harness_passes_through_its_states_with_the_services_defaults(core: AgentCore) -> None:
    role = core.role("defaults", "bedrock-agentcore.amazonaws.com")
    made = core.control.create_harness(harnessName="defaults", executionRoleArn=role)["harness"]
    assert (made["status"], made["harnessVersion"]) == ("CREATING", "1")
    found = core.ready(made["harnessId"])
    assert found["model"] == {"bedrockModelConfig": {"modelId": "global.anthropic.claude-sonnet-4-6"}}
    assert (found["maxIterations"], found["timeoutSeconds"], found["allowedTools"]) == (75, 3600, ["*"])
    environment = found["environment"]["agentCoreRuntimeEnvironment"]
    assert environment["lifecycleConfiguration"] == {"idleRuntimeSessionTimeout": 900, "maxLifetime": 28800}
    managed = found["memory"]["managedMemoryConfiguration"]
    assert managed["strategies"] == ["SEMANTIC", "SUMMARIZATION"]
    memory_id = managed["arn"].rpartition("/")[2]
    memory = core.control.get_memory(memoryId=memory_id)["memory"]
    assert memory["managedByResourceArn"] == found["arn"]
    with refused("ValidationException", "managed by"):
        core.control.delete_memory(memoryId=memory_id)
    with refused("ValidationException", "managed by"):
        core.control.update_memory(memoryId=memory_id, description="x")
    core.control.delete_harness(harnessId=found["harnessId"])
    with refused("ResourceNotFoundException"):
        core.control.get_harness(harnessId=found["harnessId"])
    with refused("ResourceNotFoundException"):
        core.control.get_memory(memoryId=memory_id)


def test_a_managed_memory_can_outlive_its_harness(core: AgentCore) -> None:
    found = core.harness(memory={"managedMemoryConfiguration": {"strategies": ["USER_PREFERENCE"]}})
    memory_id = found["memory"]["managedMemoryConfiguration"]["arn"].rpartition("/")[2]
    core.control.delete_harness(harnessId=found["harnessId"], deleteManagedMemory=False)
    assert core.control.get_memory(memoryId=memory_id)["memory"]["status"] == "ACTIVE"


def test_an_update_keeps_what_is_in_a_managed_memory(core: AgentCore) -> None:
    harness = core.harness(memory={"managedMemoryConfiguration": {}})
    arn = harness["memory"]["managedMemoryConfiguration"]["arn"]
    core.tell(arn, "anna", "s", "I live in Oslo.")
    core.await_text(arn, "/", "Oslo")
    there = set(core.texts(arn, "/"))
    for changed in ({}, {"strategies": ["SEMANTIC", "SUMMARIZATION", "USER_PREFERENCE"], "eventExpiryDuration": 9}):
        memory = {"managedMemoryConfiguration": harness["memory"]["managedMemoryConfiguration"] | changed}
        core.control.update_harness(harnessId=harness["harnessId"], memory={"optionalValue": memory})
        assert core.ready(harness["harnessId"])["memory"] == memory
        assert set(core.texts(arn, "/")) == there
    core.control.update_harness(
        harnessId=harness["harnessId"], memory={"optionalValue": {"managedMemoryConfiguration": {}}}
    )
    assert core.ready(harness["harnessId"])["memory"] == memory
    kept = core.control.get_memory(memoryId=arn.rpartition("/")[2])["memory"]
    assert (kept["eventExpiryDuration"], len(kept["strategies"])) == (9, 3)


def test_each_update_makes_a_version_and_endpoints_choose_one(core: AgentCore) -> None:
    harness = core.harness(systemPrompt=[{"text": "You are a travel agent."}])
    harness_id = harness["harnessId"]
    stable = core.control.create_harness_endpoint(harnessId=harness_id, endpointName="stable", targetVersion="1")
    assert stable["endpoint"]["status"] == "CREATING"
    updated = core.control.update_harness(harnessId=harness_id, tools=[WEATHER_TOOL])["harness"]
    assert (updated["status"], updated["harnessVersion"]) == ("UPDATING", "2")
    assert core.ready(harness_id)["systemPrompt"] == [{"text": "You are a travel agent."}]
    ask = "What is the weather in Lisbon?"
    assert any("contentBlockStart" in event for event in core.invoke(harness, session_id(), ask))
    assert not any("contentBlockStart" in e for e in core.invoke(harness, session_id(), ask, qualifier="stable"))
    assert core.control.get_harness(harnessId=harness_id, harnessVersion="1")["harness"]["tools"] == []
    versions = core.control.list_harness_versions(harnessId=harness_id)["harnessVersions"]
    assert [version["harnessVersion"] for version in versions] == ["1", "2"]
    endpoints = core.control.list_harness_endpoints(harnessId=harness_id)["endpoints"]
    assert {e["endpointName"]: e["liveVersion"] for e in endpoints} == {"DEFAULT": "2", "stable": "1"}
    core.control.update_harness_endpoint(harnessId=harness_id, endpointName="stable", targetVersion="2")
    moved = until(lambda: core.control.get_harness_endpoint(harnessId=harness_id, endpointName="stable")["endpoint"])
    assert (moved["status"], moved["liveVersion"]) == ("READY", "2")
    core.control.delete_harness_endpoint(harnessId=harness_id, endpointName="stable")
    with refused("ResourceNotFoundException"):
        core.invoke(harness, session_id(), ask, qualifier="stable")
    with refused("ConflictException"):
        core.control.delete_harness_endpoint(harnessId=harness_id, endpointName="DEFAULT")
    with refused("ResourceNotFoundException"):
        core.control.create_harness_endpoint(harnessId=harness_id, endpointName="none", targetVersion="9")


def test_a_deleted_harness_leaves_nothing_behind(core: AgentCore) -> None:
    harness_id = core.harness()["harnessId"]
    core.control.create_harness_endpoint(harnessId=harness_id, endpointName="stable", tags={"team": "blue"})
    core.control.delete_harness(harnessId=harness_id)

    def is_gone(endpoint: Endpoint) -> bool:
        return endpoint.database.row("SELECT 1 FROM resources WHERE instr(name, ?)", harness_id) is None

    until(lambda: core.endpoint.do(is_gone))


def test_a_memory_can_be_taken_away(core: AgentCore) -> None:
    memory_id = core.memory()
    arn = core.control.get_memory(memoryId=memory_id)["memory"]["arn"]
    harness = core.harness(memory={"agentCoreMemoryConfiguration": {"arn": arn}})
    core.control.update_harness(harnessId=harness["harnessId"], memory={"optionalValue": {"disabled": {}}})
    assert core.ready(harness["harnessId"])["memory"] == {"disabled": {}}
    core.invoke(harness, session_id(), "I live in Oslo.")
    assert core.data.list_actors(memoryId=memory_id)["actorSummaries"] == []


def test_what_the_service_refuses(core: AgentCore) -> None:
    role = core.role("refusals", "bedrock-agentcore.amazonaws.com")
    distrusting = core.role("distrusting", "bedrock.amazonaws.com")
    there = len(core.control.list_harnesses(maxResults=100)["harnesses"])
    memories = len(core.control.list_memories(maxResults=100)["memories"])
    cases: list[tuple[dict[str, Any], str]] = [
        ({"harnessName": "has-hyphen"}, "regular expression"),
        ({"harnessName": "x", "executionRoleArn": distrusting}, "Role validation failed"),
        ({"harnessName": "x", "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/none"}, "Role validation failed"),
        ({"harnessName": "x", "tools": [WEATHER_TOOL, WEATHER_TOOL]}, "unique"),
        ({"harnessName": "x", "tools": [{"type": "inline_function", "name": "a"}]}, "inlineFunction"),
        ({"harnessName": "x", "maxIterations": 0}, "maxIterations"),
        (
            {"harnessName": "x", "memory": {"agentCoreMemoryConfiguration": {"arn": _memory("none-0123456789")}}},
            "not found",
        ),
    ]
    for asked, words in cases:
        with refused("ValidationException", words):
            core.control.create_harness(**{"executionRoleArn": role, **asked})
    assert len(core.control.list_harnesses(maxResults=100)["harnesses"]) == there
    assert len(core.control.list_memories(maxResults=100)["memories"]) == memories
    token = "t" * 36
    made = core.control.create_harness(harnessName="once", executionRoleArn=role, clientToken=token)["harness"]
    again = core.control.create_harness(harnessName="once", executionRoleArn=role, clientToken=token)["harness"]
    assert again["harnessId"] == made["harnessId"]
    with refused("ConflictException", "already exists"):
        core.control.create_harness(harnessName="once", executionRoleArn=role)


def test_a_demo_harness_is_there_from_the_start_in_every_region(core: AgentCore) -> None:
    harness = core.control.get_harness(harnessId=DEMO)["harness"]
    assert harness["status"] == "READY"
    assert harness["arn"].startswith(f"arn:aws:bedrock-agentcore:us-east-1:{ACCOUNT}:harness/")
    assert "trip" in said(core.invoke(harness, session_id(), "What can you do?"))
    elsewhere = AgentCore(core.endpoint, "eu-west-1")
    other = elsewhere.control.get_harness(harnessId=DEMO)["harness"]
    assert ":eu-west-1:" in other["arn"]
    elsewhere.tell(DEMO, "traveller", "s", "I live in Vienna.")
    assert elsewhere.data.list_actors(memoryId=DEMO)["actorSummaries"] == [{"actorId": "traveller"}]
    with refused("ResourceNotFoundException"):
        core.invoke(other["arn"], session_id(), "hello")
    elsewhere.close()


def _memory(memory_id: str) -> str:
    return f"arn:aws:bedrock-agentcore:us-east-1:{ACCOUNT}:memory/{memory_id}"
