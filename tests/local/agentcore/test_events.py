"""bedrock-agentcore: events, sessions and actors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.endpoint import running_endpoint
from tests.local.agentcore.clients import ACCOUNT, AgentCore
from tests.local.services.clients import refused

NOW = datetime.now(UTC)


def listed(core: AgentCore, memory_id: str, actor: str, session: str, **more: Any) -> list[dict[str, Any]]:
    """The events of a session."""
    pages = core.data.get_paginator("list_events").paginate(
        memoryId=memory_id, actorId=actor, sessionId=session, **more
    )
    return [event for page in pages for event in page["events"]]


def test_a_client_token_makes_one_event(core: AgentCore) -> None:
    memory_id = core.memory()
    first = core.tell(memory_id, "anna", "s", "I like tea.", clientToken="one", eventTimestamp=NOW)
    assert core.tell(memory_id, "anna", "s", "I like tea.", clientToken="one", eventTimestamp=NOW) == first
    with pytest.raises(core.data.exceptions.ValidationException) as refusal:
        core.tell(memory_id, "anna", "s", "I like coffee.", clientToken="one", eventTimestamp=NOW)
    assert refusal.value.response["reason"] == "IdempotentParameterMismatchException"
    assert len(listed(core, memory_id, "anna", "s")) == 1


def test_events_are_listed_newest_first_by_their_own_time(core: AgentCore) -> None:
    memory_id = core.memory()
    ages = {"two": 120, "three": 5_000_000, "one": 60}  # the third is from long before what the memory keeps
    for text, age in ages.items():
        core.tell(memory_id, "anna", "s", text, eventTimestamp=NOW - timedelta(seconds=age))
    texts = [e["payload"][0]["conversational"]["content"]["text"] for e in listed(core, memory_id, "anna", "s")]
    assert texts == ["one", "two", "three"]
    paged = listed(core, memory_id, "anna", "s", PaginationConfig={"PageSize": 1}, includePayloads=False)
    assert [event["payload"] for event in paged] == [[], [], []]
    with refused("ValidationException", "nextToken"):
        core.data.list_events(memoryId=memory_id, actorId="anna", sessionId="s", nextToken="e30=")


def test_payloads_of_all_kinds_come_back_as_they_were(core: AgentCore) -> None:
    memory_id = core.memory(strategies=[])
    payload = [
        {"conversational": {"role": "TOOL", "content": {"text": "42"}}},
        {"blob": {"state": [1, 2.5, None, {"x": "é"}]}},
        {"json": {"content": {"a": True}}},
    ]
    event = core.data.create_event(
        memoryId=memory_id, actorId="anna", eventTimestamp=NOW, payload=payload, metadata={"k": {"stringValue": "v"}}
    )["event"]
    assert event["payload"] == payload
    assert event["sessionId"]
    named = {"memoryId": memory_id, "actorId": "anna", "sessionId": event["sessionId"], "eventId": event["eventId"]}
    assert core.data.get_event(**named)["event"]["metadata"] == {"k": {"stringValue": "v"}}
    assert core.data.delete_event(**named)["eventId"] == event["eventId"]
    with refused("ResourceNotFoundException"):
        core.data.get_event(**named)


def test_ids_with_slashes_colons_and_hashes_go_through_paths(core: AgentCore) -> None:
    memory_id = core.memory()
    arn = core.control.get_memory(memoryId=memory_id)["memory"]["arn"]
    actor = "team/anna:support/eu"
    event_id = core.tell(arn, actor, "s", "I like tea.")
    assert "#" in event_id
    found = core.data.get_event(memoryId=arn, actorId=actor, sessionId="s", eventId=event_id)["event"]
    assert (found["memoryId"], found["actorId"]) == (memory_id, actor)
    assert core.data.list_sessions(memoryId=arn, actorId=actor)["sessionSummaries"][0]["actorId"] == actor
    core.await_text(memory_id, f"/facts/{actor}/", "tea")
    assert core.texts(memory_id, "/facts/team/") != []
    with refused("ResourceNotFoundException"):
        core.data.list_actors(memoryId=arn.replace(ACCOUNT, "999999999999"))


def test_actors_and_emptied_sessions_stay_listed(core: AgentCore) -> None:
    memory_id = core.memory()
    event_id = core.tell(memory_id, "anna", "s-1", "hello")
    core.tell(memory_id, "anna", "s-2", "hello")
    core.data.delete_event(memoryId=memory_id, actorId="anna", sessionId="s-1", eventId=event_id)

    def sessions(**more: Any) -> list[str]:
        pages = core.data.get_paginator("list_sessions").paginate(memoryId=memory_id, actorId="anna", **more)
        return [session["sessionId"] for page in pages for session in page["sessionSummaries"]]

    assert sessions(PaginationConfig={"PageSize": 1}) == ["s-1", "s-2"]
    assert sessions(filter={"eventFilter": "HAS_EVENTS"}) == ["s-2"]
    for number in range(3):
        core.tell(memory_id, f"actor-{number}", "s", "hello")
    pages = core.data.get_paginator("list_actors").paginate(memoryId=memory_id, PaginationConfig={"PageSize": 2})
    actors = [actor["actorId"] for page in pages for actor in page["actorSummaries"]]
    assert actors == ["actor-0", "actor-1", "actor-2", "anna"]


def test_events_are_filtered_by_branch_and_metadata(core: AgentCore) -> None:
    memory_id = core.memory(strategies=[])
    root = core.tell(memory_id, "anna", "s", "root", metadata={"kind": {"stringValue": "a"}})
    core.tell(memory_id, "anna", "s", "left", branch={"name": "left", "rootEventId": root})
    with pytest.raises(core.data.exceptions.ValidationException) as refusal:
        core.tell(memory_id, "anna", "other", "x", branch={"name": "x", "rootEventId": root})
    assert refusal.value.response["reason"] == "EventInOtherSession"

    def texts(**wanted: Any) -> list[str]:
        found = listed(core, memory_id, "anna", "s", filter=wanted)
        return [event["payload"][0]["conversational"]["content"]["text"] for event in found]

    assert texts(branch={"name": "left"}) == ["left"]
    assert texts(branch={"name": "left", "includeParentBranches": True}) == ["left", "root"]
    key = {"metadataKey": "kind"}
    equal = {"left": key, "operator": "EQUALS_TO", "right": {"metadataValue": {"stringValue": "a"}}}
    assert texts(eventMetadata=[equal]) == ["root"]
    assert texts(eventMetadata=[{"left": key, "operator": "NOT_EXISTS"}]) == ["left"]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"actorId": "anna@example.com"}, "actorId"),
    ({"actorId": "a" * 256}, "less than or equal to 255"),
    ({"sessionId": "s" * 101}, "less than or equal to 100"),
    ({"sessionId": "-s"}, "regular expression"),
    ({"payload": [{"conversational": {"role": "SYSTEM", "content": {"text": "x"}}}]}, "enum"),
    ({"payload": [{"conversational": {"role": "USER", "content": {"text": "x" * 100_001}}}]}, "100000"),
    ({"payload": [{"blob": 1}] * 101}, "less than or equal to 100"),
    ({"metadata": {f"k{number}": {"stringValue": "v"} for number in range(16)}}, "less than or equal to 15"),
    ({"extractionMode": "LATER"}, "enum"),
    ({"extractionConfig": {"namespaceVariables": {"team": "x"}}}, "no namespace key"),
]


def test_what_the_service_refuses_is_not_stored(core: AgentCore) -> None:
    memory_id = core.memory()
    for changed, words in BAD:
        with refused("ValidationException", words):
            core.data.create_event(
                **{
                    "memoryId": memory_id,
                    "actorId": "anna",
                    "sessionId": "s",
                    "eventTimestamp": NOW,
                    "payload": [],
                    **changed,
                }
            )
    assert core.data.list_actors(memoryId=memory_id)["actorSummaries"] == []


def test_events_expire() -> None:
    with running_endpoint() as own:
        core = AgentCore(own)
        memory_id = core.memory()
        core.tell(memory_id, "anna", "s", "I like tea.")
        own.advance(days=31)
        assert listed(core, memory_id, "anna", "s") == []
        assert core.data.list_sessions(memoryId=memory_id, actorId="anna")["sessionSummaries"] != []
        core.close()
