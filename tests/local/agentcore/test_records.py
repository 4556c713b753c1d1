"""bedrock-agentcore: records, listed, read, made, changed and deleted."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.endpoint import running_endpoint, until
from tests.local.agentcore.clients import AgentCore
from tests.local.services.clients import refused

NOW = datetime.now(UTC)


def made(core: AgentCore, memory_id: str, namespace: str, *texts: str, **more: Any) -> list[str]:
    """Create records and return their ids."""
    given = [
        {"requestIdentifier": f"r{n}", "namespaces": [namespace], "content": {"text": text}, "timestamp": NOW, **more}
        for n, text in enumerate(texts)
    ]
    answer = core.data.batch_create_memory_records(memoryId=memory_id, records=given)
    assert answer["failedRecords"] == []
    return [record["memoryRecordId"] for record in answer["successfulRecords"]]


def test_a_namespace_is_exact_and_a_path_is_a_tree_of_whole_names(core: AgentCore) -> None:
    memory_id = core.memory()
    for namespace in ("/facts/anna/", "/facts/anna/private/", "/facts/annabel/", "/other/"):
        made(core, memory_id, namespace, f"in {namespace}")

    def texts(**where: str) -> set[str]:
        found = core.data.list_memory_records(memoryId=memory_id, **where)["memoryRecordSummaries"]
        return {record["content"]["text"] for record in found}

    tree = {"in /facts/anna/", "in /facts/anna/private/"}
    assert texts(namespace="/facts/anna/") == {"in /facts/anna/"}
    assert texts(namespace="/facts/") == set()
    assert texts(namespacePath="/facts/anna/") == texts(namespacePath="/facts/anna") == tree
    assert texts(namespacePath="/facts") == tree | {"in /facts/annabel/"}
    assert len(texts(namespacePath="/")) == 4
    with refused("ValidationException", "exclude each other"):
        texts(namespace="/", namespacePath="/")
    with refused("ValidationException", "both missing"):
        texts()
    with refused("ValidationException", "has no strategy"):
        texts(namespacePath="/", memoryStrategyId="unknown-0123456789")
    with refused("ValidationException", "nextToken"):
        texts(namespacePath="/", nextToken="WzFd")


def test_pages_lead_through_all_records_newest_first(core: AgentCore) -> None:
    memory_id = core.memory()
    made(core, memory_id, "/facts/anna/", *(f"number {number}" for number in range(7)))
    made(core, memory_id, "/facts/ben/", "number 7")
    whole = core.texts(memory_id, "/", PaginationConfig={"PageSize": 3})
    assert whole == [*(f"number {number}" for number in range(6, -1, -1)), "number 7"]


def test_a_record_is_changed_and_deleted_by_hand(core: AgentCore) -> None:
    memory_id = core.memory()
    first, second = made(core, memory_id, "/facts/anna/", "Anna has a dog.", "Anna has a cat.")
    changed = core.data.batch_update_memory_records(
        memoryId=memory_id,
        records=[
            {"memoryRecordId": first, "timestamp": NOW, "content": {"text": "Anna has a parrot."}},
            {"memoryRecordId": f"mem-{'0' * 36}", "timestamp": NOW, "content": {"text": "x"}},
        ],
    )
    assert [record["memoryRecordId"] for record in changed["successfulRecords"]] == [first]
    assert [record["errorCode"] for record in changed["failedRecords"]] == [404]
    found = core.data.get_memory_record(memoryId=memory_id, memoryRecordId=first)["memoryRecord"]
    assert found["content"]["text"] == "Anna has a parrot."
    with refused("ResourceNotFoundException"):
        core.data.get_memory_record(memoryId=memory_id, memoryRecordId=first, namespace="/facts/ben/")
    asked = {"namespacePath": "/", "searchCriteria": {"searchQuery": "dog or parrot", "topK": 1}}
    (best,) = core.data.retrieve_memory_records(memoryId=memory_id, **asked)["memoryRecordSummaries"]
    assert best["memoryRecordId"] == first
    core.data.delete_memory_record(memoryId=memory_id, memoryRecordId=first)
    with refused("ResourceNotFoundException"):
        core.data.delete_memory_record(memoryId=memory_id, memoryRecordId=first)
    gone = core.data.batch_delete_memory_records(memoryId=memory_id, records=[{"memoryRecordId": second}])
    assert gone["successfulRecords"][0]["status"] == "SUCCEEDED"
    assert core.texts(memory_id, "/") == []


def test_what_cannot_be_made_is_listed_and_the_rest_is_made_once(core: AgentCore) -> None:
    memory_id = core.memory()
    given = [
        {"requestIdentifier": "bad", "namespaces": ["/f/"], "content": {"text": "a"}, "timestamp": NOW},
        {"requestIdentifier": "good", "namespaces": [], "content": {"text": "b"}, "timestamp": NOW},
    ]
    given[0]["memoryStrategyId"] = "unknown-0123456789"
    for _ in range(2):
        answer = core.data.batch_create_memory_records(memoryId=memory_id, records=given, clientToken="token")
        assert [record["requestIdentifier"] for record in answer["failedRecords"]] == ["bad"]
        assert [record["requestIdentifier"] for record in answer["successfulRecords"]] == ["good"]
    assert core.texts(memory_id, "/") == ["b"]
    with refused("ValidationException", "less than or equal to 16000"):
        made(core, memory_id, "/f/", "x" * 16_001)
    with refused("ValidationException", "less than or equal to 100"):
        made(core, memory_id, "/f/", *["x"] * 101)


def test_records_are_filtered_by_metadata(core: AgentCore) -> None:
    indexed = [{"key": "year", "type": "NUMBER"}, {"key": "tags", "type": "STRINGLIST"}]
    memory_id = core.memory(indexedKeys=indexed)
    made(core, memory_id, "/f/", "old", metadata={"year": {"numberValue": 1990}, "tags": {"stringListValue": ["a"]}})
    made(core, memory_id, "/f/", "new", metadata={"year": {"numberValue": 2020}, "color": {"stringValue": "red"}})

    def texts(key: str, operator: str, **right: Any) -> list[str]:
        wanted: dict[str, Any] = {"left": {"metadataKey": key}, "operator": operator}
        if right:
            wanted["right"] = {"metadataValue": right}
        return core.texts(memory_id, "/", metadataFilters=[wanted])

    assert texts("year", "GREATER_THAN", numberValue=2000) == ["new"]
    assert texts("year", "LESS_THAN_OR_EQUALS", numberValue=1990) == ["old"]
    assert texts("year", "EQUALS_TO", stringValue="1990") == []
    assert texts("tags", "CONTAINS", stringValue="a") == ["old"]
    assert texts("tags", "NOT_EXISTS") == ["new"]
    assert texts("x-amz-agentcore-memory-createdAt", "AFTER", dateTimeValue=NOW - timedelta(days=1)) == ["new", "old"]
    assert texts("x-amz-agentcore-memory-updatedAt", "AFTER", dateTimeValue=NOW + timedelta(days=1)) == []
    assert texts("x-amz-agentcore-memory-recordType", "EQUALS_TO", stringValue="BASE") == ["new", "old"]
    with refused("ValidationException", "color is not an indexed key"):
        texts("color", "EQUALS_TO", stringValue="red")
    with refused("ValidationException", "needs a right side"):
        texts("year", "EQUALS_TO")
    wanted = [{"left": {"metadataKey": "tags"}, "operator": "EXISTS"}]
    criteria = {"searchQuery": "new", "topK": 5, "metadataFilters": wanted}
    found = core.data.retrieve_memory_records(memoryId=memory_id, namespacePath="/", searchCriteria=criteria)
    assert [record["content"]["text"] for record in found["memoryRecordSummaries"]] == ["old"]


SCHEMA: dict[str, Any] = {
    "metadataSchema": [
        {"key": "team", "type": "STRING", "extractionType": "STRICTLY_CONSISTENT"},
        {
            "key": "level",
            "type": "NUMBER",
            "extractionConfig": {
                "llmExtractionConfig": {
                    "definition": "how high",
                    "validation": {"numberValidation": {"minValue": 1, "maxValue": 9}},
                }
            },
        },
    ]
}
BY_SCHEMA = {"semanticMemoryStrategy": {"name": "facts", "namespaceTemplates": ["/f/"], "memoryRecordSchema": SCHEMA}}
INDEXED = [{"key": "team", "type": "STRING"}, {"key": "level", "type": "NUMBER"}]


def test_a_schema_takes_metadata_from_events_and_keeps_its_groups_apart(core: AgentCore) -> None:
    memory_id = core.memory(strategies=[BY_SCHEMA], indexedKeys=INDEXED)

    def tell(text: str, **metadata: str) -> None:
        given: dict[str, Any] = {name: {"stringValue": value} for name, value in metadata.items()}
        more: dict[str, Any] = {"metadata": given} if given else {}
        core.tell(memory_id, "anna", "s", text, **more)

    def found(**wanted: str) -> list[str]:
        filters = [
            {"left": {"metadataKey": name}, "operator": "EQUALS_TO", "right": {"metadataValue": {"stringValue": value}}}
            for name, value in wanted.items()
        ]
        return core.texts(memory_id, "/", **({"metadataFilters": filters} if filters else {}))

    tell("My favourite colour is red.", team="sales", level="7", other="x")
    tell("My favourite colour is blue.", team="support", level="11")
    until(lambda: len(found()) == 2)
    assert found(team="sales") == ["The user's favourite colour is red."]
    tell("My favourite colour is green.", team="sales")
    until(lambda: found(team="sales") == ["The user's favourite colour is green."])
    assert found(team="support") == ["The user's favourite colour is blue."]
    tell("I own a canoe.")
    until(lambda: len(found()) == 3)
    own = [
        {name: value for name, value in record["metadata"].items() if not name.startswith("x-amz")}
        for record in core.data.list_memory_records(memoryId=memory_id, namespacePath="/")["memoryRecordSummaries"]
    ]
    assert own == [{}, {"team": {"stringValue": "sales"}}, {"team": {"stringValue": "support"}}]


def test_metadata_that_is_given_fits_its_keys(core: AgentCore) -> None:
    memory_id = core.memory(strategies=[BY_SCHEMA], indexedKeys=INDEXED)
    facts = core.control.get_memory(memoryId=memory_id)["memory"]["strategies"][0]["strategyId"]
    given = {"team": {"stringValue": "sales"}, "colour": {"stringValue": "red"}}
    made(core, memory_id, "/f/", "by hand", metadata=given)
    made(core, memory_id, "/f/", "of a strategy", metadata=given, memoryStrategyId=facts)
    listed = core.data.list_memory_records(memoryId=memory_id, namespacePath="/")["memoryRecordSummaries"]
    names = [{name for name in record["metadata"] if not name.startswith("x-amz")} for record in listed]
    assert names == [{"team"}, {"team", "colour"}]
    for wrong, words in (
        ({"level": {"stringValue": "high"}}, "declared indexed key type NUMBER"),
        ({"x-amz-agentcore-memory-createdAt": {"stringValue": "now"}}, "set by the service"),
    ):
        record = {"requestIdentifier": "r", "namespaces": ["/f/"], "content": {"text": "x"}, "timestamp": NOW}
        answer = core.data.batch_create_memory_records(memoryId=memory_id, records=[{**record, "metadata": wrong}])
        assert words in answer["failedRecords"][0]["errorMessage"]


STRICT: dict[str, Any] = SCHEMA["metadataSchema"][0]
NUMBER = {**STRICT, "type": "NUMBER"}
UNINDEXED = {**STRICT, "key": "colour"}
CONFIGURED = {**STRICT, "extractionConfig": {"llmExtractionConfig": {"definition": "d"}}}


def test_a_schema_that_cannot_hold_is_refused(core: AgentCore) -> None:
    def strategies(kind: str, *entries: Any) -> list[Any]:
        return [{f"{kind}MemoryStrategy": {"name": "s", "memoryRecordSchema": {"metadataSchema": list(entries)}}}]

    for kind, entries, words in (
        ("summary", [STRICT], "not in summary strategies"),
        ("semantic", [NUMBER], "of type STRING"),
        ("semantic", [UNINDEXED], "declared in indexedKeys"),
        ("semantic", [CONFIGURED], "without an extractionConfig"),
        ("semantic", [STRICT] * 4, "up to 3"),
    ):
        with refused("ValidationException", words):
            core.memory(strategies=strategies(kind, *entries), indexedKeys=INDEXED)
    with refused("ValidationException", "Indexed keys must be unique: team"):
        core.memory(indexedKeys=[*INDEXED, INDEXED[0]])


def test_records_expire_where_their_strategy_says_so() -> None:
    with running_endpoint() as own:
        core = AgentCore(own)
        expiring = {"name": "facts", "recordExpirySpecification": {"recordExpiryDurationDays": 31}}
        memory_id = core.memory(strategies=[{"semanticMemoryStrategy": expiring}])
        core.tell(memory_id, "anna", "s", "I like tea.")
        core.await_text(memory_id, "/", "tea")
        record = core.data.list_memory_records(memoryId=memory_id, namespacePath="/")["memoryRecordSummaries"][0]
        read = core.data.get_memory_record(memoryId=memory_id, memoryRecordId=record["memoryRecordId"])
        assert (read["memoryRecord"]["expiresAt"] - record["createdAt"]).days == 31
        own.advance(days=32)
        assert core.texts(memory_id, "/") == []
        core.close()


def test_a_fact_that_is_told_again_outlives_its_expired_record() -> None:
    with running_endpoint(extraction_delay=60) as own, closing(AgentCore(own)) as core:
        expiring = {"name": "facts", "recordExpirySpecification": {"recordExpiryDurationDays": 31}}
        memory_id = core.memory(strategies=[{"semanticMemoryStrategy": expiring}])
        core.tell(memory_id, "anna", "s", "I like tea.")
        own.advance(seconds=61)
        core.await_text(memory_id, "/", "tea")
        core.tell(memory_id, "anna", "s", "I like tea.")
        own.advance(days=32)
        assert core.await_text(memory_id, "/", "tea") == ["The user likes tea."]
