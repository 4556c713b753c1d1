"""What is remembered of sessions outside travel."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.local.memory_extraction.episodes import episodes
from travel_tui.local.memory_extraction.facts import facts
from travel_tui.local.memory_extraction.messages import Message, messages_of
from travel_tui.local.memory_extraction.preferences import preferences
from travel_tui.local.memory_extraction.summaries import summaries

SESSIONS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "sessions.yaml").read_text(encoding="utf-8"))
LONGEST_RECORD = 16_000


def messages_in(session: dict[str, Any]) -> list[Message]:
    """The messages of a session of the file."""
    pairs = itertools.zip_longest(session["said"], session.get("answered", []), fillvalue="")
    both = [(Message("user", said), Message("assistant", answered)) for said, answered in pairs]
    return [message for pair in both for message in pair if message.text]


def holds(texts: list[str], words: list[str]) -> bool:
    """Whether one of the texts has all of the words."""
    return any(all(word.lower() in text.lower() for word in words) for text in texts)


@pytest.mark.parametrize("session", SESSIONS, ids=[session["said"][0] for session in SESSIONS])
def test_a_session_is_remembered(session: dict[str, Any]) -> None:
    messages = messages_in(session)
    found = [draft.text for draft in facts(messages)]
    liked = [draft.text for draft in preferences(messages)]
    summary = "\n".join(draft.text for draft in summaries(messages))
    assert [words for words in session["facts"] if not holds(found, words)] == [], found
    assert [words for words in session.get("preferences", []) if not holds(liked, words)] == [], liked
    assert [words for words in session.get("summary", []) if words not in summary] == [], summary
    assert [words for words in session.get("gone", []) if holds(found, [words])] == [], found
    assert all(text.endswith((".", '."', '。"')) and not text.startswith(("{", "<")) for text in found)
    assert all(json.loads(text).keys() == {"context", "preference", "categories"} for text in liked)


def test_there_are_thirty_sessions() -> None:
    assert len(SESSIONS) >= 30


def test_pronouns_mean_whom_an_earlier_event_was_about() -> None:
    earlier = [Message("user", "My sister lives in Bergen.")]
    assert [draft.text for draft in facts([Message("user", "She is a lawyer.")], earlier)] == [
        "The user's sister is a lawyer."
    ]
    assert facts([Message("user", "She is a lawyer.")]) == []


def test_what_a_tool_said_is_not_taken_for_the_users_words() -> None:
    texts = [
        {"message": {"role": "user", "content": [{"text": "I live in Oslo."}]}, "message_id": 0},
        {
            "message": {
                "role": "assistant",
                "content": [{"toolUse": {"toolUseId": "1", "name": "look", "input": {"q": 1}}}],
            }
        },
        {
            "message": {
                "role": "user",
                "content": [{"toolResult": {"toolUseId": "1", "content": [{"text": "I live in Rome."}]}}],
            }
        },
        {"message": {"role": "assistant", "content": [{"text": "It is sunny."}]}},
    ]
    payload = [
        {"conversational": {"role": "USER" if number != 1 else "ASSISTANT", "content": {"text": json.dumps(text)}}}
        for number, text in enumerate(texts)
    ]
    messages = list(messages_of([*payload, {"blob": {"stateType": "AGENT", "state": {"x": "I live in Paris."}}}]))
    assert [draft.text for draft in facts(messages)] == ["The user lives in Oslo."]
    (summary,) = summaries(messages)
    assert "The assistant called look with q 1: I live in Rome." in summary.text


def test_a_call_is_summarised_once_its_result_is_there() -> None:
    asked = list(
        messages_of(
            [
                {
                    "blob": {
                        "message": {
                            "role": "assistant",
                            "content": [{"toolUse": {"toolUseId": "7", "name": "order", "input": {"size": "L"}}}],
                        }
                    }
                }
            ]
        )
    )
    told = list(
        messages_of(
            [
                {
                    "blob": {
                        "message": {
                            "role": "user",
                            "content": [
                                {"toolResult": {"toolUseId": "7", "content": [{"text": "Order 4711 is placed."}]}}
                            ],
                        }
                    }
                }
            ]
        )
    )
    said = [Message("user", "Order the large one."), *asked]
    assert "order" not in "".join(draft.text for draft in summaries(said))
    (summary,) = summaries(told, said)
    assert "4711" in summary.text
    assert "size L" in summary.text


def test_a_long_session_becomes_several_records() -> None:
    said = [Message("user", f"Topic{number} is {'word ' * 300}of number {number}.") for number in range(60)]
    found = summaries(said)
    assert len(found) > 1
    assert all(draft.text.startswith("<topic name=") and len(draft.text) <= LONGEST_RECORD for draft in found)


def test_an_episode_says_how_it_went() -> None:
    said = [Message("user", "Cancel order 12."), Message("assistant", "Sorry, I could not find it.")]
    episode, reflection = episodes(said)
    document = json.loads(episode.text)
    assert {"situation", "intent", "assessment", "justification", "reflection", "turns"} == set(document)
    assert document["assessment"] == "No"
    assert (reflection.record_type, episode.record_type) == ("REFLECTION", "BASE")
    assert {"title", "use_cases", "hints", "confidence"} == set(json.loads(reflection.text))
    assert episodes([Message("assistant", "Hello.")]) == []


WORDS = st.lists(
    st.sampled_from(
        [
            "I",
            "my",
            "like",
            "she",
            "is",
            "and",
            "not",
            "<b>",
            '"',
            "{",
            "Anna",
            "2031-07-11",
            "don't",
            "?",
            ".",
            "\n",
            "犬",
        ]
    )
    | st.text(max_size=8),
    max_size=40,
)


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant", "tool"]), WORDS), max_size=4))
def test_any_text_makes_records_of_valid_size_and_form(said: list[tuple[str, list[str]]]) -> None:
    messages = [Message(role, " ".join(words)) for role, words in said]
    for draft in [*facts(messages), *preferences(messages), *summaries(messages), *episodes(messages)]:
        assert 0 < len(draft.text) <= LONGEST_RECORD
    for draft in summaries(messages):
        assert draft.text.count("<topic ") == draft.text.count("</topic>") == draft.text.count("<") / 2
