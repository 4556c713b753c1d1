"""Probes of bedrock-agentcore-control's members about memories."""

from __future__ import annotations

import uuid
from typing import Any

from tests.endpoint import until
from tests.local.agentcore.clients import PRINCIPAL, AgentCore
from tests.local.members.probes import World, probe, taken_paths
from tests.local.services.clients import refused

SERVICE = "bedrock-agentcore-control"
KEY = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"


def entry(key: str, kind: str, validation: dict[str, Any]) -> dict[str, Any]:
    """An entry of a metadata schema."""
    config = {"definition": "what it is", "llmExtractionInstruction": "LATEST_VALUE", "validation": validation}
    inferred = {"extractionType": "LLM_INFERRED", "extractionConfig": {"llmExtractionConfig": config}}
    return {"key": key, "type": kind, **inferred}


SCHEMA = {
    "metadataSchema": [
        entry("team", "STRING", {"stringValidation": {"allowedValues": ["sales"]}}),
        entry("tags", "STRINGLIST", {"stringListValidation": {"allowedValues": ["red"], "maxItems": 2}}),
        entry("level", "NUMBER", {"numberValidation": {"minValue": 1, "maxValue": 9}}),
    ]
}
TOLD = {"team": {"stringValue": "sales"}, "tags": {"stringValue": "red"}, "level": {"stringValue": "7"}}
KEPT = {"team": {"stringValue": "sales"}, "tags": {"stringListValue": ["red"]}, "level": {"numberValue": 7.0}}
WRONG = {"team": {"stringValue": "other"}, "tags": {"stringValue": "blue"}, "level": {"stringValue": "11"}}
OVERRIDE = {"appendToPrompt": "more", "modelId": "m"}
SELF_MANAGED = {
    "triggerConditions": [{"messageBasedTrigger": {"messageCount": 3}}],
    "invocationConfiguration": {"topicArn": TOPIC, "payloadDeliveryBucketName": "bucket"},
    "historicalContextWindowSize": 5,
}


def places(name: str) -> dict[str, Any]:
    """A namespace under both of its names."""
    return {"namespaceTemplates": [f"/{name}/{{actorId}}/"], "namespaces": [f"/{name}/{{actorId}}/"]}


def reflected(name: str) -> dict[str, Any]:
    """A configuration of reflections."""
    return {**places(f"{name}-reflections"), "memoryRecordSchema": SCHEMA}


def settings(name: str, **more: Any) -> dict[str, Any]:
    """What all strategies have."""
    return {"name": name, "description": f"of {name}", **places(name), "memoryRecordSchema": SCHEMA, **more}


def overridden(*stages: str) -> dict[str, Any]:
    """A configuration that overrides stages."""
    return dict.fromkeys(stages, OVERRIDE)


CUSTOM = {
    "facts": {"semanticOverride": overridden("extraction", "consolidation")},
    "tastes": {"userPreferenceOverride": overridden("extraction", "consolidation")},
    "sums": {"summaryOverride": overridden("consolidation")},
    "tales": {
        "episodicOverride": {
            **overridden("extraction", "consolidation"),
            "reflection": {**OVERRIDE, **reflected("tales")},
        }
    },
    "elsewhere": {"selfManagedConfiguration": SELF_MANAGED},
}


def new_strategies(*, own: bool, expiry: dict[str, Any]) -> list[dict[str, Any]]:
    """Strategies with all settings: the service's own kinds, or overrides of them."""
    if own:
        return [
            {"customMemoryStrategy": settings(name, configuration=configuration, recordExpirySpecification=expiry)}
            for name, configuration in CUSTOM.items()
        ]
    made = {
        f"{kind}MemoryStrategy": settings(name, recordExpirySpecification=expiry)
        for kind, name in {"semantic": "facts", "summary": "sums", "userPreference": "tastes"}.items()
    }
    tales = settings("tales", recordExpirySpecification=expiry, reflectionConfiguration=reflected("tales"))
    return [{kind: content} for kind, content in {**made, "episodicMemoryStrategy": tales}.items()]


def awaited_record(core: AgentCore, memory_id: str, path: str) -> dict[str, Any]:
    """The one record under a path, once it is there."""
    asked = {"memoryId": memory_id, "namespacePath": path}
    (record,) = until(lambda: core.data.list_memory_records(**asked)["memoryRecordSummaries"])
    return dict(record)


def check_strategies(core: AgentCore, memory_id: str, days: int | None) -> None:
    """Look at what a memory's strategies show, and at the records that they make."""
    found = {each["name"]: each for each in core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]}
    for name, strategy in found.items():
        assert strategy["description"] == f"of {name}"
        assert strategy["namespaces"] == strategy["namespaceTemplates"] == [f"/{name}/{{actorId}}/"]
        assert strategy["memoryRecordSchema"] == SCHEMA
        assert strategy.get("recordExpiryDurationDays") == days
    if "elsewhere" in found:
        assert found["elsewhere"]["configuration"]["selfManagedConfiguration"] == SELF_MANAGED
        assert OVERRIDE in found["facts"]["configuration"]["extraction"]["customExtractionConfiguration"].values()
        kept = found["sums"]["configuration"]["consolidation"]["customConsolidationConfiguration"]
        assert list(kept.values()) == [OVERRIDE]
    core.tell(memory_id, "anna", "s", "I prefer tea.", metadata=TOLD)
    core.tell(memory_id, "ben", "s", "I prefer tea.", metadata=WRONG)
    for name in ("facts", "sums", "tastes", "tales", "tales-reflections"):
        for actor, metadata in (("anna", KEPT), ("ben", {})):
            record = awaited_record(core, memory_id, f"/{name}/{actor}/")
            own = {key: value for key, value in record["metadata"].items() if not key.startswith("x-amz")}
            assert own == metadata, name
            read = core.data.get_memory_record(memoryId=memory_id, memoryRecordId=record["memoryRecordId"])
            assert ("expiresAt" in read["memoryRecord"]) == (days is not None)


@probe(SERVICE, "CreateMemory", *taken_paths(SERVICE, "CreateMemory", "memoryStrategies."))
def strategies_of_a_new_memory(world: World) -> None:
    for own in (False, True):
        for expiry, days in (({"recordExpiryDurationDays": 31}, 31), ({"action": "REMOVE"}, None)):
            memory_id = world.core.memory(strategies=new_strategies(own=own, expiry=expiry))
            check_strategies(world.core, memory_id, days)


ADDED = "memoryStrategies.addMemoryStrategies."


@probe(SERVICE, "UpdateMemory", *taken_paths(SERVICE, "UpdateMemory", ADDED))
def strategies_that_are_added(world: World) -> None:
    for own in (False, True):
        for expiry, days in (({"recordExpiryDurationDays": 31}, 31), ({"action": "REMOVE"}, None)):
            memory_id = world.core.memory(strategies=[])
            added = {"addMemoryStrategies": new_strategies(own=own, expiry=expiry)}
            changed(world, memory_id, memoryStrategies=added)
            check_strategies(world.core, memory_id, days)


def changed(world: World, memory_id: str, **asked: Any) -> dict[str, Any]:
    """Change a memory, and return it once it is ACTIVE."""
    world.core.control.update_memory(memoryId=memory_id, **asked)

    def look() -> dict[str, Any]:
        found: dict[str, Any] = world.core.control.get_memory(memoryId=memory_id)["memory"]
        return found if found["status"] == "ACTIVE" else {}

    return until(look)


def reflection(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """A changed configuration of reflections."""
    whole = content if kind.startswith("episodic") else {"episodicReflectionOverride": {**OVERRIDE, **content}}
    return {"reflection": {kind: whole}}


def overrides(prefix: str) -> dict[str, Any]:
    """Changed prompts of a strategy."""
    stages: dict[str, Any] = {"consolidation": {f"{prefix}ConsolidationOverride": OVERRIDE}}
    if prefix != "summary":
        stages["extraction"] = {f"{prefix}ExtractionOverride": OVERRIDE}
    return {name: {f"custom{name.title()}Configuration": content} for name, content in stages.items()}


@probe(SERVICE, "UpdateMemory", *taken_paths(SERVICE, "UpdateMemory", "memoryStrategies.modifyMemoryStrategies."))
def strategies_that_are_changed(world: World) -> None:
    plain = [{f"{kind}MemoryStrategy": {"name": name}} for kind, name in KINDS.items()]
    custom = [
        {"customMemoryStrategy": {"name": name, "configuration": {f"{kind}Override": {}}}}
        for kind, name in KINDS.items()
    ]
    elsewhere = {"selfManagedConfiguration": {"invocationConfiguration": SELF_MANAGED["invocationConfiguration"]}}
    custom.append({"customMemoryStrategy": {"name": "elsewhere", "configuration": elsewhere}})
    for strategies in (plain, custom):
        memory_id = world.core.memory(strategies=strategies)
        there = world.core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]
        ids = {strategy["name"]: strategy["strategyId"] for strategy in there}
        configurations: dict[str, Any] = {"tales": reflection("episodicReflectionConfiguration", reflected("tales"))}
        if strategies is custom:
            configurations = {name: overrides(kind) for kind, name in KINDS.items()}
            configurations["tales"] |= reflection("customReflectionConfiguration", reflected("tales"))
            configurations["elsewhere"] = {"selfManagedConfiguration": SELF_MANAGED}
        for expiry, days in (({"recordExpiryDurationDays": 31}, 31), ({"action": "REMOVE"}, None)):
            modified = []
            for name, strategy_id in ids.items():
                wanted = settings(name, recordExpirySpecification=expiry, memoryStrategyId=strategy_id)
                wanted |= {"configuration": configurations[name]} if name in configurations else {}
                modified.append({key: value for key, value in wanted.items() if key != "name"})
            found = changed(world, memory_id, memoryStrategies={"modifyMemoryStrategies": modified})
            assert {each.get("recordExpiryDurationDays") for each in found["strategies"]} == {days}
        check_strategies(world.core, memory_id, None)


KINDS = {"semantic": "facts", "userPreference": "tastes", "summary": "sums", "episodic": "tales"}
KEYS = [{"key": "unit", "validation": {"allowedValues": ["north", "south"], "regexPattern": "nor[a-t]h"}}]
BY_UNIT = [{"semanticMemoryStrategy": {"name": "facts", "namespaceTemplates": ["/{unit}/"]}}]


def check_namespace_keys(world: World, memory_id: str) -> None:
    """Look at what a memory's own variables do."""

    def tell(**values: str) -> None:
        world.core.tell(memory_id, "anna", "s", "I like tea.", extractionConfig={"namespaceVariables": values})

    with refused("ValidationException", "not an allowed value"):
        tell(unit="east")
    with refused("ValidationException", "does not match the regexPattern"):
        tell(unit="south")
    with refused("ValidationException", "lacks unit"):
        world.core.tell(memory_id, "anna", "s", "I like tea.")
    tell(unit="north")
    world.core.await_text(memory_id, "/north/", "tea")


@probe(
    SERVICE,
    "CreateMemory",
    "clientToken",
    "description",
    "encryptionKeyArn",
    "indexedKeys",
    "memoryExecutionRoleArn",
    "namespaceKeys.validation.allowedValues",
    "namespaceKeys.validation.regexPattern",
    "tags",
)
def settings_of_a_new_memory(world: World) -> None:
    role = world.role(world.name("role"), PRINCIPAL)
    asked = {
        "name": world.name("memory").replace("-", "_"),
        "eventExpiryDuration": 30,
        "clientToken": uuid.uuid4().hex,
        "description": "what it is",
        "encryptionKeyArn": KEY,
        "indexedKeys": [{"key": "team", "type": "STRING"}],
        "memoryExecutionRoleArn": role,
        "memoryStrategies": BY_UNIT,
        "namespaceKeys": KEYS,
        "tags": {"a": "b"},
    }
    made = [world.core.control.create_memory(**asked)["memory"] for _ in range(2)]
    assert made[0]["id"] == made[1]["id"]
    found = until(lambda: active(world, made[0]["id"]))
    assert {name: found[name] for name in ("description", "encryptionKeyArn", "indexedKeys")} == {
        name: asked[name] for name in ("description", "encryptionKeyArn", "indexedKeys")
    }
    assert world.core.control.list_tags_for_resource(resourceArn=found["arn"])["tags"] == {"a": "b"}
    check_namespace_keys(world, found["id"])
    check_index(world, found["id"])
    with refused("ValidationException", "Role validation failed"):
        world.core.memory(memoryExecutionRoleArn=world.lambda_role)
    for pattern, words in (("[", "cannot be used"), ("(a{99}){9999}", "repeats too much")):
        with refused("ValidationException", words):
            world.core.memory(strategies=[], namespaceKeys=[{"key": "unit", "validation": {"regexPattern": pattern}}])


def active(world: World, memory_id: str) -> dict[str, Any]:
    """A memory once it is ACTIVE."""
    found: dict[str, Any] = world.core.control.get_memory(memoryId=memory_id)["memory"]
    return found if found["status"] == "ACTIVE" else {}


def check_index(world: World, memory_id: str) -> None:
    """Look for records by a key that is indexed, and by one that is not."""
    for key in ("team", "other"):
        wanted = {"left": {"metadataKey": key}, "operator": "EXISTS"}
        asked = {"memoryId": memory_id, "namespacePath": "/", "metadataFilters": [wanted]}
        if key == "team":
            assert world.core.data.list_memory_records(**asked)["memoryRecordSummaries"] == []
        else:
            with refused("ValidationException", "not an indexed key"):
                world.core.data.list_memory_records(**asked)


@probe(
    SERVICE,
    "UpdateMemory",
    "addIndexedKeys",
    "clientToken",
    "description",
    "eventExpiryDuration",
    "memoryExecutionRoleArn",
    "memoryStrategies.deleteMemoryStrategies",
    "namespaceKeys.validation.allowedValues",
    "namespaceKeys.validation.regexPattern",
)
def settings_of_a_changed_memory(world: World) -> None:
    memory_id = world.core.memory(strategies=[{"semanticMemoryStrategy": {"name": "gone"}}])
    (gone,) = world.core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]
    asked = {
        "addIndexedKeys": [{"key": "team", "type": "STRING"}],
        "clientToken": uuid.uuid4().hex,
        "description": "what it is",
        "eventExpiryDuration": 99,
        "memoryExecutionRoleArn": world.role(world.name("role"), PRINCIPAL),
        "memoryStrategies": {
            "deleteMemoryStrategies": [{"memoryStrategyId": gone["strategyId"]}],
            "addMemoryStrategies": BY_UNIT,
        },
        "namespaceKeys": KEYS,
    }
    changed(world, memory_id, **asked)
    found = changed(world, memory_id, **asked)  # with its clientToken it is done once
    assert (found["description"], found["eventExpiryDuration"]) == ("what it is", 99)
    assert [strategy["name"] for strategy in found["strategies"]] == ["facts"]
    check_namespace_keys(world, memory_id)
    check_index(world, memory_id)
    with refused("ConflictException", "clientToken"):
        world.core.control.update_memory(memoryId=memory_id, clientToken=asked["clientToken"], description="x")
    with refused("ValidationException", "unknown variable {unit}"):
        world.core.control.update_memory(memoryId=memory_id, namespaceKeys=[])
    with refused("ValidationException", "Role validation failed"):
        world.core.control.update_memory(memoryId=memory_id, memoryExecutionRoleArn=world.lambda_role)


@probe(SERVICE, "GetMemory", "view")
def the_view_of_a_memory(world: World) -> None:
    memory_id = world.core.memory(strategies=[])
    plain, without = (
        world.core.control.get_memory(memoryId=memory_id, **more)["memory"]
        for more in ({}, {"view": "without_decryption"})
    )
    assert plain == without


@probe(SERVICE, "DeleteMemory", "clientToken")
def a_memory_that_is_deleted(world: World) -> None:
    memory_id = world.core.memory(strategies=[])
    asked = {"memoryId": memory_id, "clientToken": uuid.uuid4().hex}
    assert world.core.control.delete_memory(**asked)["status"] == "DELETING"


@probe(SERVICE, "ListMemories", "maxResults", "nextToken")
def pages_of_memories(world: World) -> None:
    world.core.memory(strategies=[])
    first = world.core.control.list_memories(maxResults=1)
    second = world.core.control.list_memories(maxResults=1, nextToken=first["nextToken"])
    assert len({page["memories"][0]["id"] for page in (first, second)}) == 2
