"""What records, events and ids say: property tests of the parsers, and the shapes that services and SDKs write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.agent import MemoryKind
from travel_tui.backends.agentcore.actor import ACTOR_ID, MEMORY_ID, actor_id
from travel_tui.backends.agentcore.event_payloads import parts_of
from travel_tui.backends.agentcore.namespaces import filled, places_of, session_of
from travel_tui.backends.agentcore.resource import retrievals_of, strategies_of
from travel_tui.memory_store import EventPart, Role, Strategy

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.from_regex(MEMORY_ID, fullmatch=True), st.from_regex(MEMORY_ID, fullmatch=True))
def test_every_memory_id_has_an_actor_of_its_own(one: str, other: str) -> None:
    assert ACTOR_ID.fullmatch(actor_id(one))
    assert (actor_id(one) == actor_id(other)) == (one == other)


@pytest.mark.parametrize("same", ["anna", "a", "team/anna", "tenant:anna", "a_b-c"])
def test_an_id_that_fits_is_the_actor(same: str) -> None:
    assert actor_id(same) == same


def conversational(role: str, text: str) -> dict[str, Any]:
    return {"conversational": {"role": role, "content": {"text": text}}}


def message(role: str, *content: Any) -> str:
    return json.dumps({"message": {"role": role, "content": content}, "message_id": 0})


@pytest.mark.parametrize(
    ("payload", "role", "text"),
    [
        (conversational("USER", "I like trains."), Role.USER, "I like trains."),
        (conversational("USER", '{"a": 1}'), Role.USER, '{"a": 1}'),
        (conversational("USER", message("user", {"text": "I like trains."})), Role.USER, "I like trains."),
        (
            conversational("USER", message("user", {"toolResult": {"content": [{"text": "Booked."}]}})),
            Role.TOOL,
            "Booked.",
        ),
        (
            conversational("ASSISTANT", message("assistant", {"toolUse": {"name": "book", "input": {"to": "NYC"}}})),
            Role.AGENT,
            'calls book {"to": "NYC"}',
        ),
        ({"blob": {"stateType": "SESSION"}}, Role.BLOB, '{"stateType": "SESSION"}'),
        ({"json": {"content": {"a": 1}}}, Role.BLOB, '{"a": 1}'),
    ],
)
def test_an_event_says_what_was_said(payload: dict[str, Any], role: Role, text: str) -> None:
    (part,) = parts_of(payload)
    assert (part.role, part.text) == (role, text)


@given(JSON)
def test_no_payload_is_too_odd_and_no_tool_result_is_the_users_word(content: Any) -> None:
    text = json.dumps({"message": {"role": "user", "content": content}})
    assert all(isinstance(part, EventPart) for part in parts_of(conversational("USER", text)))
    result = message("user", {"toolResult": content})
    assert Role.USER not in [part.role for part in parts_of(conversational("USER", result)) if part.text != result]


def strategy(namespace: str, kind: MemoryKind = MemoryKind.FACT) -> Strategy:
    return Strategy("facts-0123456789", "facts", kind, namespace)


def test_templates_are_filled_up_to_what_is_unknown() -> None:
    values = {"actorId": "anna", "memoryStrategyId": "s-1"}
    assert filled("/facts/{actorId}/", values) == "/facts/anna/"
    assert filled("/s/{memoryStrategyId}/a/{actorId}/x/{sessionId}/", values) == "/s/s-1/a/anna/x/"
    assert filled("/{sessionId}/{actorId}/", values) == "/"
    assert filled("{tenant}", values) == "/"
    assert session_of("/summaries/{actorId}/{sessionId}/", "/summaries/anna/session-1/", values) == "session-1"
    assert session_of("/summaries/{actorId}/{sessionId}", "/summaries/ben/session-1", values) is None
    assert session_of("/facts/{actorId}/", "/facts/anna/", values) is None


def test_a_users_places_exclude_other_users_and_include_what_is_everybodys() -> None:
    places = places_of(
        "anna", [strategy("/facts/{actorId}/"), strategy("/{sessionId}/{actorId}/"), strategy("/shared/")]
    )
    assert places.paths == ("/",)
    assert [places.has(each) for each in ("/facts/anna/", "/s-1/anna/", "/shared/", "/facts/ben/", "/s-1/ben")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert places_of("anna", [strategy("/facts/{actorId}/"), strategy("/facts/{actorId}/{sessionId}/")]).paths == (
        "/facts/anna/",
    )


def test_overridden_and_episodic_strategies_have_their_kinds_and_namespaces() -> None:
    override = {"strategyId": "a", "name": "a", "type": "CUSTOM", "namespaces": ["/a/{actorId}/"],
                "configuration": {"type": "USER_PREFERENCE_OVERRIDE"}}  # fmt: skip
    reflection = {"episodicReflectionConfiguration": {"namespaceTemplates": ["/r/{actorId}/"]}}
    episodic = {"strategyId": "b", "name": "b", "type": "EPISODIC", "namespaceTemplates": ["/e/{actorId}/{sessionId}/"],
                "configuration": {"reflection": reflection}}  # fmt: skip
    found = [each for configured in (override, episodic) for each in strategies_of(configured)]
    assert [(each.kind, each.namespace) for each in found] == [
        (MemoryKind.PREFERENCE, "/a/{actorId}/"),
        (MemoryKind.EPISODE, "/e/{actorId}/{sessionId}/"),
        (MemoryKind.REFLECTION, "/r/{actorId}/"),
    ]


def test_retrievals_are_those_of_the_harness_or_the_services_defaults() -> None:
    own = {"agentCoreMemoryConfiguration": {"arn": "x", "retrievalConfig": {"/facts/{actorId}/": {"topK": 3}}}}
    (explicit,) = retrievals_of(own, ())
    assert (explicit.namespace, explicit.top_k, explicit.min_score) == ("/facts/{actorId}/", 3, 0.2)
    (default,) = retrievals_of({"managedMemoryConfiguration": {}}, (strategy("/facts/{actorId}/"),))
    assert (default.top_k, default.min_score, default.strategy_id) == (10, 0.2, "facts-0123456789")
