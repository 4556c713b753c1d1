"""Reasoning in the text: however it is cut into pieces, it is told from the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.local.agent_model import ReasoningDelta, TextDelta
from travel_tui.local.models.thinking import ThinkingFilter


def split(pieces: list[str]) -> tuple[str, str]:
    """The reasoning and the answer in pieces of a text."""
    filtering = ThinkingFilter()
    events = [event for piece in pieces for event in filtering.take(piece)] + list(filtering.end())
    reasoning = "".join(event.text for event in events if isinstance(event, ReasoningDelta))
    return reasoning, "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("Hello <b>you</b>", "", "Hello <b>you</b>"),
        ("<think>so</think>\n\nHello", "so", "Hello"),
        ("\n<think>\nso\n</think>Hello <think>", "\nso\n", "Hello <think>"),
        ("<think>never ends </thin", "never ends </thin", ""),
        ("<thinking>", "", "<thinking>"),
        ("<thi", "", "<thi"),
        ("", "", ""),
    ],
)
@given(data=st.data())
def test_any_pieces_give_the_same(text: str, reasoning: str, answer: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert split(pieces) == (reasoning, answer)


@given(st.lists(st.text("<think/ x\n", max_size=9), max_size=9))
def test_text_that_does_not_begin_with_the_tag_stays_as_it_is(pieces: list[str]) -> None:
    pieces = ["no", *pieces]
    assert split(pieces) == ("", "".join(pieces))
