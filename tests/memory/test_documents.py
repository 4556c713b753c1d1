"""Records that are documents, as they are shown."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.memory.diff import sentences
from travel_tui.memory.summary_parser import Topic, topics

PREFERENCE = {
    "context": "The user said: I like aisles",
    "preference": "Prefers an aisle seat",
    "categories": ["a", "b"],
}
EPISODE = {
    "situation": "A trip.",
    "intent": "Book",
    "turns": [{"situation": "Hi", "outcome": "Booked"}, {"action": "x"}],
}


def test_a_preference_is_a_sentence_with_its_context_and_categories() -> None:
    assert topics(json.dumps(PREFERENCE)) == [
        Topic("", "Prefers an aisle seat."),
        Topic("Context", "The user said: I like aisles"),
        Topic("Categories", "a, b"),
    ]
    assert sentences(json.dumps(PREFERENCE))[0] == "Prefers an aisle seat."


def test_an_episode_is_its_parts_and_its_turns() -> None:
    assert topics(json.dumps(EPISODE)) == [
        Topic("Situation", "A trip."),
        Topic("Intent", "Book"),
        Topic("Turn 1", "Situation: Hi\nOutcome: Booked"),
        Topic("Turn 2", "Action: x"),
    ]
    tagged = "<situation>A trip.</situation>\n<intent>Book</intent>"
    assert topics(tagged) == [Topic("Situation", "A trip."), Topic("Intent", "Book")]


def test_a_reflection_begins_with_its_title() -> None:
    found = topics(json.dumps({"use_cases": "Trips", "title": "Ask first", "confidence": "0.9"}))
    assert [(each.name, each.text) for each in found] == [
        ("", "Ask first."), ("Use cases", "Trips"), ("Confidence", "0.9"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["{not JSON", "[1, 2]", "{}", '<topic name="A">b</topic>', "<b>bold</b> words"])
def test_what_is_no_document_is_read_as_before(text: str) -> None:
    assert all(word in str(topics(text)) for word in ("not", "1", "b", "bold") if word in text)


@given(st.dictionaries(st.text(min_size=1, max_size=6), st.text(max_size=12), min_size=1, max_size=4))
def test_no_word_of_a_document_is_lost(document: dict[str, str]) -> None:
    told = " ".join(f"{each.name} {each.text}" for each in topics(json.dumps(document)))
    for value in document.values():
        assert all(word in told for word in value.split())
