"""Probes of bedrock-agentcore-control's members about harnesses, their versions and endpoints."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from tests.endpoint import until
from tests.local.agentcore.clients import PRINCIPAL, AgentCore, session_id, stop_reason
from tests.local.agentcore.test_hooks import told
from tests.local.members.model_world import (
    MODELS,
    OTHER_TOOLS,
    SAIL,
    SKILLS,
    asked_of,
    modelled,
    reasons,
    tools_in,
)
from tests.local.members.probes import World, probe, taken_paths
from tests.local.models.model_server import ModelServer, Raw, Said, chunk, sse
from tests.local.services.clients import refused

SERVICE = "bedrock-agentcore-control"
SLOW = "import time\ndef handler(event, context):\n    time.sleep(20)\n"
ENVIRONMENT = {
    "agentCoreRuntimeEnvironment": {
        "lifecycleConfiguration": {"idleRuntimeSessionTimeout": 60, "maxLifetime": 120},
        "networkConfiguration": {"networkMode": "PUBLIC"},
        "filesystemConfigurations": [{"sessionStorage": {"mountPath": "/mnt/data"}}],
    }
}
STORED: dict[str, Any] = {
    "environmentVariables": {"A": "b"},
    "skills": SKILLS,
    "tools": [SAIL, *OTHER_TOOLS],
    "allowedTools": ["set_sail"],
    "systemPrompt": [{"text": "Speak of boats."}],
    "maxTokens": 50,
    "maxIterations": 1,
    "timeoutSeconds": 300,
}
ENDLESS = {"strategy": "sliding_window", "config": {"slidingWindow": {"messagesCount": 2}}}
SUMMARISED = {
    "strategy": "summarization",
    "config": {
        "summarization": {
            "summaryRatio": 0.5,
            "preserveRecentMessages": 4,
            "summarizationSystemPrompt": "Summarise.",
        }
    },
}
SETTINGS = [
    path
    for path in taken_paths(SERVICE, "CreateHarness")
    if path.partition(".")[0] not in {"clientToken", "memory", "tags"}
]
Save = Callable[..., dict[str, Any]]
"""Creates or changes a harness, and returns it once it is READY."""


@probe(SERVICE, "CreateHarness", *SETTINGS)
def settings_of_a_new_harness(_: World) -> None:
    with modelled() as (server, core):
        check_settings(server, core, core.harness)


@probe(SERVICE, "UpdateHarness", *SETTINGS)
def settings_of_a_changed_harness(_: World) -> None:
    with modelled() as (server, core):
        made = core.harness()

        def save(**settings: Any) -> dict[str, Any]:
            core.control.update_harness(harnessId=made["harnessId"], **settings)
            return core.ready(made["harnessId"])

        check_settings(server, core, save)


def check_settings(server: ModelServer, core: AgentCore, save: Save) -> None:
    """Look at what a harness's settings show, and at what they do."""
    for model, config in MODELS.items():
        found = save(**STORED, model={model: config}, environment=ENVIRONMENT)
        assert found["model"] == {model: config}
        asked, events = asked_of(server, core, found["arn"], "hello", Said("Aye.", reasoning="Hm."))
        assert (asked["max_tokens"], reasons(events)) == (7, True)
    assert {name: found[name] for name in STORED} == STORED
    shown = found["environment"]["agentCoreRuntimeEnvironment"]
    assert {name: shown[name] for name in ENVIRONMENT["agentCoreRuntimeEnvironment"]} == ENVIRONMENT[
        "agentCoreRuntimeEnvironment"
    ]
    assert tools_in(asked) == ["set_sail"]
    assert asked["tools"][0]["function"]["description"] == "set sail for a port"
    assert "Speak of boats." in asked["messages"][0]["content"]
    plain = {"bedrockModelConfig": {"modelId": "m"}}
    found = save(tools=[SAIL], allowedTools=["other"], model=plain, maxTokens=50, truncation=ENDLESS)
    session = session_id()
    for number in range(3):
        asked, _ = asked_of(server, core, found["arn"], f"{number}", runtimeSessionId=session)
    assert (tools_in(asked), asked["max_tokens"]) == ([], 50)
    assert [message["content"] for message in asked["messages"][1:]] == ["1", "Fine.", "2"]
    assert save(truncation=SUMMARISED)["truncation"] == SUMMARISED
    server.says(Raw(sse(chunk({"content": "Once"})), "keep"))
    assert stop_reason(core.invoke(save(timeoutSeconds=1), session_id(), "A story")) == "timeout_exceeded"
    check_hooks(server, core, save)


def check_hooks(server: ModelServer, core: AgentCore, save: Save) -> None:
    """Look at hooks of each kind with each target, and at a call that one denies after the last iteration."""
    account = "us-east-1:123456789012"
    slow = core.function(f"slow-{uuid.uuid4().hex[:8]}", SLOW)["FunctionArn"]
    missing = slow.replace(":slow-", ":missing-")
    targets: dict[str, dict[str, Any]] = {
        "sns": {"sns": {"arn": f"arn:aws:sns:{account}:topic"}},
        "bus": {"eventBridge": {"arn": f"arn:aws:events:{account}:event-bus/b"}},
        "slow": {"lambda": {"arn": slow, "timeoutSeconds": 1, "failureMode": "allow"}},
    }
    calls = Said(calls=(("set_sail", {}),))
    calling = {"tools": [SAIL], "allowedTools": ["*"], "maxIterations": 1, "timeoutSeconds": 300}
    for member, kind in KINDS.items():
        hooks = [{member: {"name": name, "target": target}} for name, target in targets.items()]
        found = save(hooks=hooks, **calling)
        assert found["hooks"] == hooks
        session = session_id()
        _, events = asked_of(server, core, found["arn"], "hello", calls, runtimeSessionId=session)
        if kind == "after_tool_call":
            events = answered(server, core, found, session, events)
        assert [(name, decision) for name, decision, _ in told(events)] == [
            ("sns", None),
            ("bus", None),
            ("slow", "allow"),
        ]
        denying = save(hooks=[{member: {"name": "no", "target": {"lambda": {"arn": missing}}}}], **calling)
        session = session_id()
        server.says(calls)
        events = core.invoke(denying, session, "hello")
        if kind == "after_tool_call":
            events = answered(server, core, denying, session, events)
        assert ("no", "deny") in [(name, decision) for name, decision, _ in told(events)]
        assert stop_reason(events) == STOPS[kind]


KINDS = {
    "beforeInvocation": "before_invocation",
    "beforeToolCall": "before_tool_call",
    "afterToolCall": "after_tool_call",
    "afterInvocation": "after_invocation",
}
STOPS = {
    "before_invocation": "hook_stopped",
    "before_tool_call": "max_iterations_exceeded",
    "after_tool_call": "hook_stopped",
    "after_invocation": "tool_use",
}


def answered(
    server: ModelServer, core: AgentCore, harness: dict[str, Any], session: str, events: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The events of the call that brings a function's result."""
    (use,) = [e["contentBlockStart"]["start"]["toolUse"] for e in events if "contentBlockStart" in e]
    server.says(Said("Sailing."))
    result = {"toolUseId": use["toolUseId"], "content": [{"text": "done"}], "status": "success"}
    return core.invoke(harness, session, [{"toolResult": result}])


@probe(SERVICE, "CreateHarness", *taken_paths(SERVICE, "CreateHarness", "memory."))
def the_memory_of_a_new_harness(world: World) -> None:
    check_memory(world, lambda memory: world.core.harness(memory=memory))


@probe(SERVICE, "UpdateHarness", *taken_paths(SERVICE, "UpdateHarness", "memory."))
def the_memory_of_a_changed_harness(world: World) -> None:
    made = world.core.harness()

    def save(memory: dict[str, Any]) -> dict[str, Any]:
        world.core.control.update_harness(harnessId=made["harnessId"], memory={"optionalValue": memory})
        return world.core.ready(made["harnessId"])

    check_memory(world, save)


ARN = "arn:aws:bedrock-agentcore:us-east-1:123456789012:memory/other-0123456789"
KMS = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"


def check_memory(world: World, save: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Look at what a harness's memory shows, and at what is recalled."""
    core = world.core
    managed = {"arn": ARN, "strategies": ["USER_PREFERENCE"], "eventExpiryDuration": 9, "encryptionKeyArn": KMS}
    shown = save({"managedMemoryConfiguration": managed})["memory"]["managedMemoryConfiguration"]
    assert {**shown, "arn": ARN} == managed
    assert shown["arn"] != ARN
    memory = core.control.get_memory(memoryId=shown["arn"].rpartition("/")[2])["memory"]
    assert (memory["eventExpiryDuration"], [each["name"] for each in memory["strategies"]]) == (9, ["user_preference"])
    assert save({"disabled": {}})["memory"] == {"disabled": {}}
    own = core.memory(strategies=[{"semanticMemoryStrategy": {"name": name}} for name in ("facts", "others")])
    found = core.control.get_memory(memoryId=own)["memory"]
    facts, others = (each["strategyId"] for each in found["strategies"])
    for strategy, text in ((facts, "The user is allergic to nuts."), (others, "The user is allergic to cats.")):
        record = {"requestIdentifier": "r", "namespaces": ["/n/"], "content": {"text": text}}
        given = [{**record, "timestamp": found["createdAt"], "memoryStrategyId": strategy}]
        core.data.batch_create_memory_records(memoryId=own, records=given)
    ask = "What am I allergic to?"
    for retrieval, known in (
        ({"topK": 5, "relevanceScore": 0.0, "strategyId": facts}, {"nuts"}),
        ({"topK": 5, "relevanceScore": 0.0}, {"nuts", "cats"}),
        ({"topK": 1, "relevanceScore": 0.0}, {"cats"}),
        ({"topK": 5, "relevanceScore": 1.0}, set()),
    ):
        setting = {
            "agentCoreMemoryConfiguration": {
                "arn": found["arn"],
                "actorId": "theo",
                "messagesCount": 20,
                "retrievalConfig": {"/n/": retrieval},
            }
        }
        harness = save(setting)
        assert json.loads(json.dumps(harness["memory"])) == setting
        session = session_id()
        messages = [{"role": "user", "content": [{"text": ask}]}]
        answer = core.data.invoke_harness(harnessArn=harness["arn"], runtimeSessionId=session, messages=messages)
        text = json.dumps(list(answer["stream"]), default=str)
        assert {word for word in ("nuts", "cats") if word in text} == known
        assert core.data.list_events(memoryId=own, actorId="theo", sessionId=session)["events"]


@probe(SERVICE, "CreateHarness", "clientToken", "tags")
def a_new_harnesss_token_and_tags(world: World) -> None:
    asked = {
        "harnessName": world.name("harness").replace("-", "_"),
        "executionRoleArn": world.role(world.name("role"), PRINCIPAL),
        "memory": {"disabled": {}},
        "clientToken": uuid.uuid4().hex * 2,
        "tags": {"a": "b"},
    }
    first, again = (world.core.control.create_harness(**asked)["harness"] for _ in range(2))
    assert first["harnessId"] == again["harnessId"]
    assert world.core.control.list_tags_for_resource(resourceArn=first["arn"])["tags"] == {"a": "b"}


@probe(SERVICE, "UpdateHarness", "clientToken", "executionRoleArn")
def a_changed_harnesss_token_and_role(world: World) -> None:
    harness = world.core.harness()
    role = world.role(world.name("role"), PRINCIPAL)
    asked = {"harnessId": harness["harnessId"], "clientToken": uuid.uuid4().hex * 2, "executionRoleArn": role}
    for _ in range(2):
        world.core.control.update_harness(**asked)
        found = world.core.ready(harness["harnessId"])
        assert (found["harnessVersion"], found["executionRoleArn"]) == ("2", role)
    with refused("ValidationException", "Role validation failed"):
        world.core.control.update_harness(harnessId=harness["harnessId"], executionRoleArn=world.lambda_role)


@probe(SERVICE, "DeleteHarness", "clientToken", "deleteManagedMemory")
def a_harness_that_is_deleted_without_its_memory(world: World) -> None:
    harness = world.core.harness(memory={"managedMemoryConfiguration": {}})
    arn = harness["memory"]["managedMemoryConfiguration"]["arn"]
    asked = {"harnessId": harness["harnessId"], "deleteManagedMemory": False, "clientToken": uuid.uuid4().hex * 2}
    world.core.control.delete_harness(**asked)
    assert world.core.control.get_memory(memoryId=arn.rpartition("/")[2])["memory"]["status"] == "ACTIVE"


@probe(SERVICE, "GetHarness", "harnessVersion")
def a_version_of_a_harness(world: World) -> None:
    harness_id = world.core.harness(maxIterations=3)["harnessId"]
    world.core.control.update_harness(harnessId=harness_id, maxIterations=4)
    world.core.ready(harness_id)
    found = world.core.control.get_harness(harnessId=harness_id, harnessVersion="1")["harness"]
    assert found["maxIterations"] == 3


@probe(SERVICE, "ListHarnesses", "maxResults", "nextToken")
def pages_of_harnesses(world: World) -> None:
    world.core.harness()
    check_pages(world.core.control.list_harnesses, "harnesses", "harnessId")


@probe(SERVICE, "ListHarnessVersions", "maxResults", "nextToken")
def pages_of_versions(world: World) -> None:
    harness_id = world.core.harness()["harnessId"]
    world.core.control.update_harness(harnessId=harness_id, maxIterations=4)
    check_pages(
        lambda **asked: world.core.control.list_harness_versions(harnessId=harness_id, **asked),
        "harnessVersions",
        "harnessVersion",
    )


@probe(SERVICE, "ListHarnessEndpoints", "maxResults", "nextToken")
def pages_of_endpoints(world: World) -> None:
    harness_id = world.core.harness()["harnessId"]
    world.core.control.create_harness_endpoint(harnessId=harness_id, endpointName="live")
    check_pages(
        lambda **asked: world.core.control.list_harness_endpoints(harnessId=harness_id, **asked),
        "endpoints",
        "endpointName",
    )


def check_pages(look: Callable[..., dict[str, Any]], name: str, key: str) -> None:
    """Look at two pages of a list."""
    first = look(maxResults=1)
    second = look(maxResults=1, nextToken=first["nextToken"])
    assert len({page[name][0][key] for page in (first, second)}) == 2


@probe(SERVICE, "CreateHarnessEndpoint", "clientToken", "description", "tags", "targetVersion")
def a_new_endpoint(world: World) -> None:
    harness_id = world.core.harness()["harnessId"]
    world.core.control.update_harness(harnessId=harness_id, maxIterations=4)
    world.core.ready(harness_id)
    asked = {
        "harnessId": harness_id,
        "endpointName": "live",
        "clientToken": uuid.uuid4().hex * 2,
        "description": "what it is",
        "tags": {"a": "b"},
        "targetVersion": "1",
    }
    made, _ = (world.core.control.create_harness_endpoint(**asked)["endpoint"] for _ in range(2))
    found = until(lambda: ready_endpoint(world, harness_id))
    assert (found["liveVersion"], found["description"]) == ("1", "what it is")
    assert world.core.control.list_tags_for_resource(resourceArn=made["arn"])["tags"] == {"a": "b"}


def ready_endpoint(world: World, harness_id: str) -> dict[str, Any]:
    """The endpoint `live` once it is READY."""
    asked = {"harnessId": harness_id, "endpointName": "live"}
    found: dict[str, Any] = world.core.control.get_harness_endpoint(**asked)["endpoint"]
    return found if found["status"] == "READY" else {}


@probe(SERVICE, "UpdateHarnessEndpoint", "clientToken", "description", "targetVersion")
def a_changed_endpoint(world: World) -> None:
    harness_id = world.core.harness()["harnessId"]
    world.core.control.create_harness_endpoint(harnessId=harness_id, endpointName="live")
    world.core.control.update_harness(harnessId=harness_id, maxIterations=4)
    world.core.ready(harness_id)
    asked = {
        "harnessId": harness_id,
        "endpointName": "live",
        "clientToken": uuid.uuid4().hex * 2,
        "description": "new",
        "targetVersion": "2",
    }
    for _ in range(2):
        world.core.control.update_harness_endpoint(**asked)
        found = until(lambda: ready_endpoint(world, harness_id))
        assert (found["liveVersion"], found["description"]) == ("2", "new")
    with refused("ConflictException", "clientToken"):
        world.core.control.update_harness_endpoint(**{**asked, "description": "newer"})


@probe(SERVICE, "DeleteHarnessEndpoint", "clientToken")
def a_deleted_endpoint(world: World) -> None:
    harness_id = world.core.harness()["harnessId"]
    world.core.control.create_harness_endpoint(harnessId=harness_id, endpointName="live")
    until(lambda: ready_endpoint(world, harness_id))
    asked = {"harnessId": harness_id, "endpointName": "live", "clientToken": uuid.uuid4().hex * 2}
    assert world.core.control.delete_harness_endpoint(**asked)["endpoint"]["status"] == "DELETING"
