"""RetrieveMemoryRecords: which records come first, and how many come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.local.agentcore.clients import AgentCore
from travel_tui.local.runtime.memory_search import search
from travel_tui.local.state.database import Database
from travel_tui.local.state.memory_records import MemoryRecords, RecordScope, StoredRecord

MEMORY = "arn:aws:bedrock-agentcore:us-east-1:123456789012:memory/m-0123456789"
NOW = datetime(2031, 7, 11, tzinfo=UTC)
SCOPE = RecordScope(MEMORY, "/facts/anna/", tree=True)
FACTS = (
    "The user is allergic to nuts.",
    "The user lives in Bergen.",
    "The user's name is Anna.",
    "The user's sister works at a bank.",
    "The user prefers an aisle seat.",
    "The user drinks green tea every morning.",
    "The user's grant deadline is April 14th.",
    "The user said: “私は犬を飼っています。”",
)


def records(*texts: str) -> MemoryRecords:
    """Records with these texts, the last one newest, and one of another actor."""
    found = MemoryRecords(Database(None))
    for number, text in enumerate([*texts, "Ben's allergic aisle."]):
        at = NOW + timedelta(seconds=number)
        namespace = "/facts/anna/" if number < len(texts) else "/facts/ben/"
        found.add(StoredRecord(MEMORY, f"mem-{number:036d}", "s", namespace, text, {}, at, at))
    return found


def best(there: MemoryRecords, query: str, limit: int = 3) -> list[str]:
    """The texts found by a query."""
    return [record.text for record, _ in search(there, SCOPE, query, limit, NOW)]


def test_the_fitting_record_comes_first() -> None:
    there = records(*FACTS)
    wanted = {
        "Which food is the user allergic to?": FACTS[0],
        "Where does the user live?": FACTS[1],
        "What is the user's name?": FACTS[2],
        "Where does the sister work?": FACTS[3],
        "seating preferences": FACTS[4],
        "beverages: tea or coffee?": FACTS[5],
        "When is the deadline of the grant?": FACTS[6],
        "犬": FACTS[7],
        "music: jazz or hip-hop? By e-mail, about tea": FACTS[5],
    }
    assert {query: best(there, query)[0] for query in wanted} == wanted


def test_it_always_fills_up_and_knows_when_nothing_fits() -> None:
    there = records(*FACTS)
    found = search(there, SCOPE, "zeppelin", 5, NOW)
    assert [record.text for record, _ in found] == list(FACTS[:-6:-1])
    assert all(score < 0.1 for _, score in found)
    assert len(search(there, SCOPE, "allergic", 100, NOW)) == len(FACTS)
    assert search(records(), SCOPE, "allergic", 10, NOW) == []


def test_a_common_word_only_breaks_ties() -> None:
    texts = [f"The user likes thing{number}." for number in range(300)]
    there = records(*texts, "The user dislikes thing7 and zebras.", "Nobody knows zebras.")
    found = search(there, SCOPE, "user zebras", 4, NOW)
    assert [record.text for record, _ in found[:2]] == ["The user dislikes thing7 and zebras.", "Nobody knows zebras."]
    assert found[1][1] > 10 * found[2][1]


TEXTS = st.lists(
    st.sampled_from([*FACTS, "nuts nuts nuts", "", '" AND words : *', "(x", "NOT", "犬"]) | st.text(), max_size=12
)


@given(TEXTS, st.sampled_from(FACTS) | st.text(max_size=60), st.integers(1, 15))
def test_any_query_finds_as_many_as_there_are_with_scores_in_order(texts: list[str], query: str, limit: int) -> None:
    there = records(*texts)
    found = search(there, SCOPE, query, limit, NOW)
    assert len(found) == min(limit, len(texts))
    assert len({record.row for record, _ in found}) == len(found)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert search(there, SCOPE, query, limit, NOW) == found


def test_pages_of_a_search_lead_on_up_to_top_k(core: AgentCore) -> None:
    memory_id = core.memory()
    given_records = [
        {"requestIdentifier": f"r{n}", "namespaces": ["/f/"], "content": {"text": f"fact {n}"}, "timestamp": NOW}
        for n in range(30)
    ]
    core.data.batch_create_memory_records(memoryId=memory_id, records=given_records)

    def pages(**more: Any) -> list[int]:
        asked = {"memoryId": memory_id, "namespacePath": "/f/", **more}
        found = core.data.get_paginator("retrieve_memory_records").paginate(**asked)
        return [len(page["memoryRecordSummaries"]) for page in found]

    assert pages(searchCriteria={"searchQuery": "fact"}) == [10]
    assert pages(searchCriteria={"searchQuery": "fact", "topK": 25}, maxResults=10) == [10, 10, 5]
    assert pages(searchCriteria={"searchQuery": "fact", "topK": 100}) == [20, 10]
