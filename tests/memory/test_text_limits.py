"""Limits of what is compared: the newest of a session and the first of a memory, with numbers and offsets kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from travel_tui.attribution.types import StoredText, Turn
from travel_tui.memory.text_limits import (
    MAX_MEMORY,
    MAX_SESSION,
    MAX_TEXT,
    limited_memory,
    limited_newest,
    limited_turns,
)

SIZES = st.lists(st.sampled_from([0, 1, 10, MAX_TEXT - 1, MAX_TEXT, MAX_TEXT + 1, 10 * MAX_TEXT]), max_size=30)


def test_short_texts_are_compared_as_they_are() -> None:
    turns = [Turn("I live in Oslo.", "Noted.", ("Done.",)), Turn("Where do I live?", "In Oslo.")]
    assert limited_turns(turns) == turns
    assert limited_memory({"one": "Anna lives in Oslo."}) == {"one": "Anna lives in Oslo."}


@given(SIZES)
def test_the_newest_turns_stay_and_keep_their_numbers(sizes: list[int]) -> None:
    turns = [Turn("u" * size, "a" * size, ("t" * size,)) for size in sizes]
    found = limited_turns(turns)
    assert len(found) == len(turns)
    for before, after in zip(turns, found, strict=True):
        assert before.user.startswith(after.user)
        assert max(len(after.user), len(after.agent)) <= MAX_TEXT
    assert sum(len(each.user + each.agent) + len("".join(each.tools)) for each in found) <= MAX_SESSION + 3 * MAX_TEXT
    if turns:
        assert found[-1].agent == turns[-1].agent[:MAX_TEXT]


@given(SIZES)
def test_the_first_texts_of_a_memory_stay(sizes: list[int]) -> None:
    memory = {str(number): "m" * size for number, size in enumerate(sizes)}
    found = limited_memory(memory)
    assert list(found) == list(memory)[: len(found)]
    assert sum(map(len, found.values())) <= MAX_MEMORY
    assert all(text == memory[key][:MAX_TEXT] for key, text in found.items())


@given(SIZES)
def test_the_newest_texts_stay(sizes: list[int]) -> None:
    texts = [StoredText(str(number), "s" * size) for number, size in enumerate(sizes)]
    found = limited_newest(texts)
    assert [each.record_id for each in found] == [each.record_id for each in texts[len(texts) - len(found) :]]
    assert sum(len(each.text) for each in found) <= MAX_MEMORY
