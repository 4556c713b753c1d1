"""bedrock-agentcore-control: memories and their strategies."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.endpoint import until
from tests.local.agentcore.clients import ACCOUNT, DEMO, STRATEGIES, AgentCore
from tests.local.services.clients import refused
from travel_tui.local.endpoint import Endpoint


def test_a_memory_passes_through_its_states(core: AgentCore) -> None:
    asked = {"name": "states", "eventExpiryDuration": 7, "description": "d", "memoryStrategies": STRATEGIES[:1]}
    made = core.control.create_memory(**asked, clientToken="c" * 36, tags={"a": "b"})["memory"]
    assert made["status"] == "CREATING"
    assert made["arn"] == f"arn:aws:bedrock-agentcore:us-east-1:{ACCOUNT}:memory/{made['id']}"
    core.control.get_waiter("memory_created").wait(memoryId=made["id"])
    found = core.control.get_memory(memoryId=made["id"])["memory"]
    assert (found["status"], found["strategies"][0]["status"]) == ("ACTIVE", "ACTIVE")
    assert found["strategies"][0]["namespaces"] == found["strategies"][0]["namespaceTemplates"]
    again = core.control.create_memory(**asked, clientToken="c" * 36, tags={"a": "b"})["memory"]
    assert again["id"] == made["id"]
    with refused("ConflictException"):
        core.control.create_memory(**{**asked, "name": "other"}, clientToken="c" * 36)
    assert core.control.list_tags_for_resource(resourceArn=made["arn"])["tags"] == {"a": "b"}
    core.control.untag_resource(resourceArn=made["arn"], tagKeys=["a"])
    core.control.tag_resource(resourceArn=made["arn"], tags={"c": "d"})
    assert core.control.list_tags_for_resource(resourceArn=made["arn"])["tags"] == {"c": "d"}
    assert core.control.delete_memory(memoryId=made["id"])["status"] == "DELETING"
    with refused("ResourceNotFoundException"):
        core.control.get_memory(memoryId=made["id"])
    with refused("ResourceNotFoundException"):
        core.data.list_actors(memoryId=made["id"])


def test_default_namespaces_are_those_of_the_service(core: AgentCore) -> None:
    kinds = ("semantic", "summary", "userPreference", "episodic")
    memory_id = core.memory(strategies=[{f"{kind}MemoryStrategy": {"name": kind}} for kind in kinds])
    found = {s["name"]: s for s in core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]}
    actor = "/strategies/{memoryStrategyId}/actors/{actorId}/"
    assert found["semantic"]["namespaceTemplates"] == found["userPreference"]["namespaceTemplates"] == [actor]
    assert found["summary"]["namespaceTemplates"] == [f"{actor}sessions/{{sessionId}}/"]
    reflection = found["episodic"]["configuration"]["reflection"]["episodicReflectionConfiguration"]
    assert reflection["namespaceTemplates"] == [actor]


def test_strategies_are_added_changed_and_deleted(core: AgentCore) -> None:
    memory_id = core.memory(strategies=STRATEGIES[:2])
    ids = {s["name"]: s["strategyId"] for s in core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]}
    updated = core.control.update_memory(
        memoryId=memory_id,
        eventExpiryDuration=90,
        memoryStrategies={
            "addMemoryStrategies": STRATEGIES[2:],
            "modifyMemoryStrategies": [{"memoryStrategyId": ids["facts"], "description": "new"}],
            "deleteMemoryStrategies": [{"memoryStrategyId": ids["summaries"]}],
        },
    )["memory"]
    assert updated["status"] == "UPDATING"
    found = until(lambda: core.control.get_memory(memoryId=memory_id)["memory"])
    assert (found["status"], found["eventExpiryDuration"]) == ("ACTIVE", 90)
    assert {s["name"]: s.get("description") for s in found["strategies"]} == {"facts": "new", "preferences": None}
    with refused("ValidationException", "has no strategy"):
        core.control.update_memory(
            memoryId=memory_id,
            memoryStrategies={"deleteMemoryStrategies": [{"memoryStrategyId": ids["summaries"]}]},
        )


def test_a_refused_change_deletes_no_records(core: AgentCore) -> None:
    memory_id = core.memory()
    ids = {s["name"]: s["strategyId"] for s in core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]}
    core.tell(memory_id, "anna", "s", "I like tea.")
    core.await_text(memory_id, "/facts/anna/", "tea")
    with refused("ValidationException", "unique"):
        core.control.update_memory(
            memoryId=memory_id,
            memoryStrategies={
                "addMemoryStrategies": [{"semanticMemoryStrategy": {"name": "summaries"}}],
                "deleteMemoryStrategies": [{"memoryStrategyId": ids["facts"]}],
            },
        )
    assert core.texts(memory_id, "/facts/anna/") == ["The user likes tea."]


def test_custom_strategies_are_kept_as_the_service_shows_them(core: AgentCore) -> None:
    override = {"appendToPrompt": "Only names.", "modelId": "m"}
    custom = {"name": "own", "configuration": {"semanticOverride": {"extraction": override, "consolidation": override}}}
    managed = {
        "name": "elsewhere",
        "configuration": {
            "selfManagedConfiguration": {
                "invocationConfiguration": {
                    "topicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:topic",
                    "payloadDeliveryBucketName": "bucket",
                }
            }
        },
    }
    memory_id = core.memory(strategies=[{"customMemoryStrategy": custom}, {"customMemoryStrategy": managed}])
    own, elsewhere = core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]
    assert (own["type"], own["configuration"]["type"]) == ("CUSTOM", "SEMANTIC_OVERRIDE")
    extraction = own["configuration"]["extraction"]["customExtractionConfiguration"]
    assert extraction == {"semanticExtractionOverride": override}
    assert elsewhere["configuration"]["type"] == "SELF_MANAGED"
    core.tell(memory_id, "anna", "s", "I live in Oslo.")
    core.await_text(memory_id, "/", "The user lives in Oslo.")


def test_what_the_service_refuses(core: AgentCore) -> None:
    with refused("ValidationException", "regular expression"):
        core.control.create_memory(name="has-hyphen", eventExpiryDuration=30)
    with refused("ValidationException", "less than or equal to 3650"):
        core.control.create_memory(name="long", eventExpiryDuration=4000)
    with refused("ValidationException", "unknown variable"):
        core.memory(strategies=[{"semanticMemoryStrategy": {"name": "f", "namespaceTemplates": ["/{userId}/"]}}])
    with refused("ValidationException", "unique"):
        core.memory(strategies=[STRATEGIES[0], STRATEGIES[0]])
    with refused("ServiceQuotaExceededException"):
        core.memory(strategies=[{"semanticMemoryStrategy": {"name": f"f{number}"}} for number in range(7)])
    core.control.create_memory(name="taken", eventExpiryDuration=30)
    with refused("ValidationException", "already exists"):
        core.control.create_memory(name="taken", eventExpiryDuration=30)
    names = {m["id"].rpartition("-")[0] for m in core.control.list_memories(maxResults=100)["memories"]}
    assert not names & {"has-hyphen", "long", "f"}
    assert "taken" in names
    with refused("ResourceNotFoundException"):
        core.control.get_memory(memoryId="nothing-0123456789")


def test_pages_of_memories_lead_on(core: AgentCore) -> None:
    core.memory()
    pages = core.control.get_paginator("list_memories").paginate(PaginationConfig={"PageSize": 1})
    ids = [memory["id"] for page in pages for memory in page["memories"]]
    assert DEMO in ids
    assert len(ids) == len(set(ids)) > 1


def test_a_deleted_memory_leaves_nothing_behind(core: AgentCore) -> None:
    memory_id = core.memory()
    arn = core.control.get_memory(memoryId=memory_id)["memory"]["arn"]
    for number in range(12):
        core.tell(memory_id, f"actor-{number}", "s", f"I like tea {number}.")
    core.await_text(memory_id, "/facts/actor-11/", "tea")
    record = {"requestIdentifier": "r", "namespaces": ["/f/"], "content": {"text": "x"}, "timestamp": datetime.now(UTC)}
    core.data.batch_create_memory_records(memoryId=memory_id, records=[record], clientToken="token")
    core.control.delete_memory(memoryId=memory_id)
    tables = ("memory_events", "memory_records", "memory_sessions", "memory_namespaces", "pending_extractions")

    def left(endpoint: Endpoint) -> int:
        found = [endpoint.database.row(f"SELECT 1 FROM {table} WHERE memory_arn = ?", arn) for table in tables]
        found.append(endpoint.database.row("SELECT 1 FROM resources WHERE instr(name, ?)", memory_id))
        return sum(row is not None for row in found)

    until(lambda: core.endpoint.do(left) == 0)
