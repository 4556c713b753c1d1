"""What becomes of events: summaries, facts, preferences and episodes, some time later."""

from __future__ import annotations

import json

from tests.endpoint import running_endpoint, until
from tests.local.agentcore.clients import STRATEGIES, AgentCore
from tests.local.services.clients import refused


def test_an_event_becomes_a_summary_facts_and_preferences(core: AgentCore) -> None:
    memory_id = core.memory()
    core.tell(memory_id, "anna", "s", "My sister lives in Bergen.", "I love orchids.")
    assert "The user's sister lives in Bergen." in core.await_text(memory_id, "/facts/anna/", "orchids")
    (preference,) = core.await_text(memory_id, "/preferences/anna/", "orchids")
    assert json.loads(preference)["preference"] == "Loves orchids"
    (summary,) = core.await_text(memory_id, "/summaries/anna/s/", "Bergen")
    assert summary.startswith("<topic name=")
    pages = core.data.list_memory_records(memoryId=memory_id, namespacePath="/")["memoryRecordSummaries"]
    strategies = core.control.get_memory(memoryId=memory_id)["memory"]["strategies"]
    assert {record["memoryStrategyId"] for record in pages} == {strategy["strategyId"] for strategy in strategies}
    assert {r["metadata"]["x-amz-agentcore-memory-recordType"]["stringValue"] for r in pages} == {"BASE"}


def test_a_session_has_a_summary_of_each_part(core: AgentCore) -> None:
    memory_id = core.memory()
    core.tell(memory_id, "anna", "s", "I live in Oslo.")
    core.await_text(memory_id, "/summaries/anna/", "Oslo")
    core.tell(memory_id, "anna", "s", "I work at a bakery.")
    core.await_text(memory_id, "/summaries/anna/", "bakery")
    assert len(core.texts(memory_id, "/summaries/anna/s/")) == 2


def test_a_later_fact_replaces_an_earlier_one_across_sessions(core: AgentCore) -> None:
    memory_id = core.memory()
    core.tell(memory_id, "anna", "s-1", "I live in Oslo.")
    core.tell(memory_id, "ben", "s-1", "I live in Oslo.")
    core.await_text(memory_id, "/facts/anna/", "Oslo")
    core.await_text(memory_id, "/facts/ben/", "Oslo")
    core.tell(memory_id, "anna", "s-2", "I moved to Bergen last week.")
    assert core.await_text(memory_id, "/facts/anna/", "Bergen") == ["The user lives in Bergen."]
    assert core.texts(memory_id, "/facts/ben/") == ["The user lives in Oslo."]
    core.tell(memory_id, "anna", "s-3", "I use vim every day.")
    core.await_text(memory_id, "/facts/anna/", "vim")
    core.tell(memory_id, "anna", "s-4", "I switched from vim to Helix.")
    core.await_text(memory_id, "/facts/anna/", "Helix")
    assert not any("uses vim" in text for text in core.texts(memory_id, "/facts/anna/"))
    core.tell(memory_id, "ben", "s-2", "I live in Oslo.", "I like tea.")
    assert len(core.await_text(memory_id, "/facts/ben/", "tea")) == 2


def test_what_is_skipped_is_not_extracted(core: AgentCore) -> None:
    memory_id = core.memory()
    core.tell(memory_id, "anna", "s", "I live in Quito.", extractionMode="SKIP")
    core.tell(memory_id, "anna", "s", "I live in Lima.")
    core.await_text(memory_id, "/facts/anna/", "Lima")
    assert not any("Quito" in text for text in core.texts(memory_id, "/"))


def test_an_event_that_is_deleted_in_time_leaves_nothing_and_later_its_records() -> None:
    with running_endpoint(extraction_delay=600) as own:
        core = AgentCore(own)
        memory_id = core.memory()
        named = {"memoryId": memory_id, "actorId": "anna", "sessionId": "s"}
        core.data.delete_event(**named, eventId=core.tell(memory_id, "anna", "s", "I live in Quito."))
        kept = core.tell(memory_id, "anna", "s", "I live in Lima.")
        own.advance(seconds=601)
        core.await_text(memory_id, "/facts/anna/", "Lima")
        core.data.delete_event(**named, eventId=kept)
        assert core.texts(memory_id, "/facts/anna/") == ["The user lives in Lima."]
        core.close()


def test_an_episode_is_made_once_a_session_is_idle() -> None:
    with running_endpoint(extraction_delay=60) as own:
        core = AgentCore(own)
        memory_id = core.memory(
            strategies=[
                {
                    "episodicMemoryStrategy": {
                        "name": "episodes",
                        "namespaceTemplates": ["/episodes/{actorId}/{sessionId}/"],
                        "reflectionConfiguration": {"namespaceTemplates": ["/reflections/{actorId}/"]},
                    }
                }
            ]
        )
        core.tell(memory_id, "anna", "s", "Cancel order 12, please.")
        own.advance(seconds=250)
        core.tell(memory_id, "anna", "s", "Order 12 is cancelled.", role="ASSISTANT")
        core.tell(memory_id, "anna", "s", "I hate waiting.", extractionMode="SKIP")
        own.advance(seconds=250)
        assert core.texts(memory_id, "/") == []
        own.advance(seconds=51)
        (episode,) = core.await_text(memory_id, "/episodes/anna/s/", "order 12")
        document = json.loads(episode)
        assert document["intent"] == "Cancel order 12, please."
        assert document["assessment"] == "Yes"
        assert "waiting" not in episode
        (reflection,) = core.texts(memory_id, "/reflections/anna/")
        assert json.loads(reflection)["confidence"] == "0.9"
        core.close()


def test_own_namespace_variables_place_the_records(core: AgentCore) -> None:
    strategy = {"semanticMemoryStrategy": {"name": "facts", "namespaceTemplates": ["/{team}/{actorId}/"]}}
    memory_id = core.memory(
        strategies=[strategy], namespaceKeys=[{"key": "team", "validation": {"allowedValues": ["red"]}}]
    )
    core.tell(memory_id, "anna", "s", "I like tea.", extractionConfig={"namespaceVariables": {"team": "red"}})
    core.await_text(memory_id, "/red/anna/", "tea")
    with refused("ValidationException", "not an allowed value"):
        core.tell(memory_id, "anna", "s", "x", extractionConfig={"namespaceVariables": {"team": "blue"}})


def test_only_an_active_memory_extracts(core: AgentCore) -> None:
    memory_id = core.memory(strategies=[])
    core.tell(memory_id, "anna", "s", "I live in Oslo.")
    core.control.update_memory(memoryId=memory_id, memoryStrategies={"addMemoryStrategies": STRATEGIES[1:2]})
    until(lambda: core.control.get_memory(memoryId=memory_id)["memory"]["status"] == "ACTIVE")
    core.tell(memory_id, "anna", "s", "I like tea.")
    assert core.await_text(memory_id, "/", "tea") == ["The user likes tea."]
