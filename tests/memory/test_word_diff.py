"""Word differences: what is marked is what the other text lacks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.memory.word_diff import word_difference

WORDS = st.lists(
    st.sampled_from(["Oslo", "oslo", "11 July", "is", "the", "**bold**", "- item\n", "don't", "東京"])
).map(" ".join)


def cut(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("one", "other", "only", "without"),
    [
        ("You live in Oslo.", "You live in **Oslo**!", [], []),
        ("You live in Oslo.", "I do not know.", ["You", "live", "in", "Oslo"], ["I", "do", "not", "know"]),
        ("Your trip is on 11 July.", "Your trip is on 12 July, Anna.", ["11"], ["12", "Anna"]),
        ("", "Yes.", [], ["Yes"]),
    ],
)
def test_words_that_only_one_has_are_found(one: str, other: str, only: list[str], without: list[str]) -> None:
    found = word_difference(one, other)
    assert (cut(one, found.one), cut(other, found.other)) == (only, without)


@given(WORDS, WORDS)
def test_without_the_differences_both_have_the_same_words(one: str, other: str) -> None:
    found = word_difference(one, other)

    def rest(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
        for start, end in reversed(spans):
            text = text[:start] + " " + text[end:]
        return re.findall(r"\w+", text)

    assert rest(one, found.one) == rest(other, found.other)
