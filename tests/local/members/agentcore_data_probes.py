"""Probes of bedrock-agentcore's members about events, records and extraction jobs."""

from __future__ import annotations

import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.endpoint import running_endpoint, until
from tests.local.agentcore.clients import AgentCore
from tests.local.members.probes import World, probe
from tests.local.services.clients import refused
from travel_tui.local.faults import read_fault

SERVICE = "bedrock-agentcore"
NOW = datetime.now(UTC)


@probe(
    SERVICE,
    "CreateEvent",
    "branch.rootEventId",
    "clientToken",
    "extractionConfig.namespaceVariables",
    "extractionMode",
    "metadata.stringValue",
    "payload.blob",
    "payload.conversational.content.text",
    "payload.json",
    "sessionId",
)
def a_new_event(world: World) -> None:
    by_unit = [{"semanticMemoryStrategy": {"name": "facts", "namespaceTemplates": ["/{unit}/"]}}]
    memory_id = world.core.memory(strategies=by_unit, namespaceKeys=[{"key": "unit"}])
    of = {"memoryId": memory_id, "actorId": "anna", "sessionId": "s", "eventTimestamp": NOW}
    north: dict[str, Any] = {"extractionConfig": {"namespaceVariables": {"unit": "north"}}}
    said = {"conversational": {"role": "USER", "content": {"text": "I like tea."}}}
    content = [{"type": "text", "text": "I own a canoe."}]
    told = {"blob": {"message": {"role": "user", "content": content}}}
    document = {"json": {"content": {"role": "user", "content": [{"text": "I play chess."}]}}}
    asked = {**of, **north, "payload": [said, told, document], "metadata": {"k": {"stringValue": "v"}}}
    first, again = (world.core.data.create_event(**asked, clientToken="one")["event"] for _ in range(2))
    assert first["eventId"] == again["eventId"]
    assert (first["sessionId"], first["metadata"]) == ("s", {"k": {"stringValue": "v"}})
    branch = {"name": "other", "rootEventId": first["eventId"]}
    skipped = {**said, "conversational": {"role": "USER", "content": {"text": "I like coffee."}}}
    made = world.core.data.create_event(**of, payload=[skipped], branch=branch, extractionMode="SKIP")["event"]
    assert made["branch"] == branch
    with refused("ValidationException", "rootEventId"):
        world.core.data.create_event(**of, **north, payload=[said], branch={**branch, "rootEventId": "1#a"})
    texts = until(lambda: found if len(found := world.core.texts(memory_id, "/north/")) == 3 else [])
    assert sorted(texts) == ["The user likes tea.", "The user owns a canoe.", "The user plays chess."]


@probe(
    SERVICE,
    "ListEvents",
    "filter.branch.includeParentBranches",
    "filter.eventMetadata.left.metadataKey",
    "filter.eventMetadata.right.metadataValue.stringValue",
    "includePayloads",
    "maxResults",
    "nextToken",
)
def the_events_of_a_session(world: World) -> None:
    memory_id = world.core.memory(strategies=[])
    root = world.core.tell(memory_id, "anna", "s", "root", metadata={"k": {"stringValue": "v"}})
    leaf = world.core.tell(memory_id, "anna", "s", "leaf", branch={"name": "b", "rootEventId": root})
    of = {"memoryId": memory_id, "actorId": "anna", "sessionId": "s"}

    def listed(**more: Any) -> list[str]:
        return [event["eventId"] for event in world.core.data.list_events(**of, **more)["events"]]

    branch = {"name": "b", "includeParentBranches": True}
    assert listed(filter={"branch": {"name": "b"}}) == [leaf]
    assert listed(filter={"branch": branch}) == [leaf, root]
    equal = {"operator": "EQUALS_TO", "right": {"metadataValue": {"stringValue": "v"}}}
    assert listed(filter={"eventMetadata": [{"left": {"metadataKey": "k"}, **equal}]}) == [root]
    first = world.core.data.list_events(**of, maxResults=1, includePayloads=False)
    assert first["events"][0]["payload"] == []
    again = world.core.data.list_events(**of, maxResults=1, includePayloads=False, nextToken=first["nextToken"])
    assert [event["eventId"] for event in again["events"]] == [root]


@probe(SERVICE, "ListActors", "maxResults", "nextToken")
def pages_of_actors(world: World) -> None:
    memory_id = world.core.memory(strategies=[])
    for actor in ("anna", "ben"):
        world.core.tell(memory_id, actor, "s", "hello")
    first = world.core.data.list_actors(memoryId=memory_id, maxResults=1)
    second = world.core.data.list_actors(memoryId=memory_id, maxResults=1, nextToken=first["nextToken"])
    assert [page["actorSummaries"][0]["actorId"] for page in (first, second)] == ["anna", "ben"]


@probe(SERVICE, "ListSessions", "filter.eventFilter", "maxResults", "nextToken")
def pages_of_sessions(world: World) -> None:
    memory_id = world.core.memory(strategies=[])
    of = {"memoryId": memory_id, "actorId": "anna"}
    for session in ("a", "b", "c"):
        event_id = world.core.tell(memory_id, "anna", session, "hello")
    world.core.data.delete_event(**of, sessionId="c", eventId=event_id)
    asked = {**of, "filter": {"eventFilter": "HAS_EVENTS"}, "maxResults": 1}
    first = world.core.data.list_sessions(**asked)
    second = world.core.data.list_sessions(**asked, nextToken=first["nextToken"])
    assert [page["sessionSummaries"][0]["sessionId"] for page in (first, second)] == ["a", "b"]
    assert "nextToken" not in second


METADATA: dict[str, dict[str, Any]] = {
    "team": {"stringValue": "sales"},
    "tags": {"stringListValue": ["red"]},
    "level": {"numberValue": 7},
    "at": {"dateTimeValue": NOW},
}
INDEXED = [
    {"key": "team", "type": "STRING"},
    {"key": "tags", "type": "STRINGLIST"},
    {"key": "level", "type": "NUMBER"},
]
CREATED = "x-amz-agentcore-memory-createdAt"
WANTED = [
    ("team", "EQUALS_TO", {"stringValue": "sales"}),
    ("tags", "EQUALS_TO", {"stringListValue": ["red"]}),
    ("level", "GREATER_THAN", {"numberValue": 6}),
    (CREATED, "AFTER", {"dateTimeValue": NOW - timedelta(days=1)}),
]
FILTERS = [
    {"left": {"metadataKey": key}, "operator": operator, "right": {"metadataValue": value}}
    for key, operator, value in WANTED
]
FILTERED = (
    "left.metadataKey",
    "right.metadataValue.dateTimeValue",
    "right.metadataValue.numberValue",
    "right.metadataValue.stringListValue",
    "right.metadataValue.stringValue",
)


def filled(world: World) -> tuple[str, list[str]]:
    """A memory with records, two of which are of a strategy; the memory's and the strategies' ids."""
    strategies = [{"semanticMemoryStrategy": {"name": name}} for name in ("facts", "others")]
    memory_id = world.core.memory(strategies=strategies, indexedKeys=INDEXED)
    ids = [each["strategyId"] for each in world.core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]]
    for text, namespace, more in (
        ("blue tea", "/a/", {"memoryStrategyId": ids[0]}),
        ("green tea", "/a/b/", {"memoryStrategyId": ids[0]}),
        ("black tea", "/a/", {"memoryStrategyId": ids[1]}),
        ("red tea", "/c/", {"metadata": METADATA}),
    ):
        record = {"requestIdentifier": "r", "namespaces": [namespace], "content": {"text": text}, "timestamp": NOW}
        made = world.core.data.batch_create_memory_records(memoryId=memory_id, records=[record | more])
        assert made["failedRecords"] == []
    return memory_id, ids


@probe(
    SERVICE,
    "ListMemoryRecords",
    "maxResults",
    "memoryStrategyId",
    "namespace",
    "namespacePath",
    "nextToken",
    *(f"metadataFilters.{path}" for path in FILTERED),
)
def a_list_of_records(world: World) -> None:
    memory_id, (facts, _) = filled(world)

    def listed(**asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = world.core.data.list_memory_records(memoryId=memory_id, **asked)
        return found

    check_places(listed)
    assert texts(listed(namespacePath="/", memoryStrategyId=facts)) == ["blue tea", "green tea"]
    assert texts(listed(namespacePath="/", metadataFilters=FILTERS)) == ["red tea"]
    first = listed(namespacePath="/", maxResults=1)
    second = listed(namespacePath="/", maxResults=3, nextToken=first["nextToken"])
    assert len({*texts(first), *texts(second)}) == 4


def check_places(look: Any) -> None:
    """Look by a namespace and by a path."""
    assert set(texts(look(namespace="/a/"))) == {"blue tea", "black tea"}
    assert set(texts(look(namespacePath="/a/"))) == {"blue tea", "black tea", "green tea"}


def texts(page: dict[str, Any]) -> list[str]:
    """The texts on a page."""
    return [record["content"]["text"] for record in page["memoryRecordSummaries"]]


@probe(
    SERVICE,
    "RetrieveMemoryRecords",
    "maxResults",
    "namespace",
    "namespacePath",
    "nextToken",
    "searchCriteria.memoryStrategyId",
    "searchCriteria.topK",
    *(f"searchCriteria.metadataFilters.{path}" for path in FILTERED),
)
def records_by_a_query(world: World) -> None:
    memory_id, (facts, _) = filled(world)

    def found(criteria: dict[str, Any] | None = None, **asked: Any) -> dict[str, Any]:
        wanted = {"searchQuery": "blue", **(criteria or {})}
        answer: dict[str, Any] = world.core.data.retrieve_memory_records(
            memoryId=memory_id, searchCriteria=wanted, **asked
        )
        return answer

    check_places(found)
    assert texts(found({"topK": 1}, namespacePath="/")) == ["blue tea"]
    assert set(texts(found({"memoryStrategyId": facts}, namespacePath="/"))) == {"blue tea", "green tea"}
    assert texts(found({"metadataFilters": FILTERS}, namespacePath="/")) == ["red tea"]
    first = found(namespacePath="/", maxResults=1)
    second = found(namespacePath="/", maxResults=3, nextToken=first["nextToken"])
    assert texts(first) == ["blue tea"]
    assert len(texts(second)) == 3


@probe(SERVICE, "GetMemoryRecord", "namespace")
def a_record_of_a_namespace(world: World) -> None:
    check_namespace(world, world.core.data.get_memory_record)


@probe(SERVICE, "DeleteMemoryRecord", "namespace")
def a_deleted_record_of_a_namespace(world: World) -> None:
    check_namespace(world, world.core.data.delete_memory_record)


def check_namespace(world: World, call: Any) -> None:
    """Call an operation with a namespace that the record is not in, and with its own."""
    memory_id, _ = filled(world)
    record_id = record_in(world, memory_id, "/c/")
    with refused("ResourceNotFoundException"):
        call(memoryId=memory_id, memoryRecordId=record_id, namespace="/a/")
    assert call(memoryId=memory_id, memoryRecordId=record_id, namespace="/c/")


def record_in(world: World, memory_id: str, namespace: str) -> str:
    """The id of a record in a namespace."""
    listed = world.core.data.list_memory_records(memoryId=memory_id, namespace=namespace)["memoryRecordSummaries"]
    return str(listed[0]["memoryRecordId"])


METADATA_MEMBERS = tuple(f"records.metadata.{next(iter(value))}" for value in METADATA.values())
EXPIRY = "recordExpirySpecification"


@probe(
    SERVICE,
    "BatchCreateMemoryRecords",
    "clientToken",
    "records.content.text",
    "records.memoryStrategyId",
    f"{EXPIRY}.action",
    f"{EXPIRY}.recordExpiryDurationDays",
    *METADATA_MEMBERS,
)
def records_made_by_hand(world: World) -> None:
    expiring = {"name": "facts", "recordExpirySpecification": {"recordExpiryDurationDays": 40}}
    memory_id = world.core.memory(strategies=[{"semanticMemoryStrategy": expiring}], indexedKeys=INDEXED)
    (strategy,) = world.core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]
    base = {"requestIdentifier": "r", "content": {"text": "tea"}, "timestamp": NOW}
    for number, (expiry, days, more) in enumerate(
        (
            ({"recordExpiryDurationDays": 31}, 31, {"metadata": METADATA}),
            ({"action": "REMOVE"}, 40, {"memoryStrategyId": strategy["strategyId"]}),
        )
    ):
        namespace = f"/n{number}/"
        asked = {"records": [{**base, "namespaces": [namespace], **more}], EXPIRY: expiry, "clientToken": namespace}
        for _ in range(2):
            world.core.data.batch_create_memory_records(memoryId=memory_id, **asked)
        assert world.core.texts(memory_id, namespace) == ["tea"]
        found = world.core.data.get_memory_record(
            memoryId=memory_id, memoryRecordId=record_in(world, memory_id, namespace)
        )["memoryRecord"]
        assert (found["expiresAt"] - found["createdAt"]).days == days
        if "metadata" in more:
            own = {key: value for key, value in found["metadata"].items() if not key.startswith("x-amz")}
            assert own["at"]["dateTimeValue"].replace(microsecond=0) == NOW.replace(microsecond=0)
            assert {**own, "at": METADATA["at"]} == METADATA
        else:
            assert found["memoryStrategyId"] == strategy["strategyId"]


@probe(
    SERVICE,
    "BatchUpdateMemoryRecords",
    "records.content.text",
    "records.memoryStrategyId",
    "records.namespaces",
    "records.sourceNamespaces",
    f"{EXPIRY}.action",
    f"{EXPIRY}.recordExpiryDurationDays",
    *METADATA_MEMBERS,
)
def records_changed_by_hand(world: World) -> None:
    memory_id, (facts, _) = filled(world)
    record_id = record_in(world, memory_id, "/c/")

    def change(expiry: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        asked = {
            "records": [{"memoryRecordId": record_id, "timestamp": NOW, **more}],
            **({EXPIRY: expiry} if expiry else {}),
        }
        answer = world.core.data.batch_update_memory_records(memoryId=memory_id, **asked)
        if answer["failedRecords"]:
            return dict(answer["failedRecords"][0])
        found: dict[str, Any] = world.core.data.get_memory_record(memoryId=memory_id, memoryRecordId=record_id)
        return dict(found["memoryRecord"])

    assert change(sourceNamespaces=["/a/"])["errorCode"] == 404
    moved = change(
        {"recordExpiryDurationDays": 31},
        content={"text": "white tea"},
        namespaces=["/d/"],
        sourceNamespaces=["/c/"],
        metadata={**METADATA, "team": {"stringValue": "support"}},
    )
    assert (moved["content"]["text"], moved["namespaces"]) == ("white tea", ["/d/"])
    assert moved["metadata"]["team"] == {"stringValue": "support"}
    assert (moved["expiresAt"] - moved["createdAt"]).days == 31
    kept = change({"action": "REMOVE"}, memoryStrategyId=facts)
    assert kept["memoryStrategyId"] == facts
    assert "expiresAt" not in kept


@probe(SERVICE, "BatchDeleteMemoryRecords", "records.namespace")
def records_deleted_by_hand(world: World) -> None:
    memory_id, _ = filled(world)
    record_id = record_in(world, memory_id, "/c/")
    for namespace, done in (("/a/", False), ("/c/", True)):
        wanted = [{"memoryRecordId": record_id, "namespace": namespace}]
        answer = world.core.data.batch_delete_memory_records(memoryId=memory_id, records=wanted)
        assert bool(answer["successfulRecords"]) == done


@probe(
    SERVICE,
    "ListMemoryExtractionJobs",
    "filter.actorId",
    "filter.sessionId",
    "filter.status",
    "filter.strategyId",
    "maxResults",
    "nextToken",
)
def pages_of_failed_jobs(_: World) -> None:
    with running_endpoint(faults=(read_fault("CreateEvent=extraction-fails"),)) as own, closing(AgentCore(own)) as core:
        strategies = [{"semanticMemoryStrategy": {"name": name}} for name in ("facts", "others")]
        memory_id = core.memory(strategies=strategies)
        first, _ = (each["strategyId"] for each in core.control.get_memory(memoryId=memory_id)["memory"]["strategies"])
        for actor, session in (("anna", "s"), ("ben", "s"), ("anna", "t")):
            core.tell(memory_id, actor, session, "I like tea.")

        def jobs(wanted: dict[str, str] | None = None, **more: Any) -> list[dict[str, Any]]:
            asked = {"memoryId": memory_id, **({"filter": wanted} if wanted else {}), **more}
            found: list[dict[str, Any]] = core.data.list_memory_extraction_jobs(**asked)["jobs"]
            return found

        until(lambda: len(jobs()) == 6)
        assert len(jobs({"status": "FAILED"})) == 6
        assert len(jobs({"actorId": "anna"})) == 4
        assert len(jobs({"sessionId": "t"})) == 2
        assert len(jobs({"strategyId": first})) == 3
        page = core.data.list_memory_extraction_jobs(memoryId=memory_id, maxResults=5)
        assert len(jobs(maxResults=5, nextToken=page["nextToken"])) == 1


@probe(SERVICE, "StartMemoryExtractionJob", "clientToken")
def a_job_that_is_started_again(_: World) -> None:
    faults = (read_fault("CreateEvent=extraction-fails:1"),)
    with running_endpoint(faults=faults) as own, closing(AgentCore(own)) as core:
        memory_id = core.memory(strategies=[{"semanticMemoryStrategy": {"name": "facts"}}])
        core.tell(memory_id, "anna", "s", "I like tea.")
        (job,) = until(lambda: core.data.list_memory_extraction_jobs(memoryId=memory_id)["jobs"])
        asked = {"extractionJob": {"jobId": job["jobID"]}, "clientToken": uuid.uuid4().hex}
        started = [core.data.start_memory_extraction_job(memoryId=memory_id, **asked)["jobId"] for _ in range(2)]
        assert started == [job["jobID"]] * 2
        assert core.await_text(memory_id, "/", "tea") == ["The user likes tea."]
