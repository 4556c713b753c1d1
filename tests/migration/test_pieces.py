"""Summaries that are longer than a record may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from travel_tui.migration.pieces import pieces_of


@given(st.text(alphabet="ab .\n", max_size=200), st.integers(1, 20))
def test_pieces_fit_and_are_together_the_text(text: str, most: int) -> None:
    pieces = pieces_of(text, most)
    assert "".join(pieces) == text
    assert all(len(each) <= most for each in pieces)
    assert text == "" or "" not in pieces


def test_a_summary_is_cut_after_a_topic_and_else_after_a_sentence() -> None:
    topics = "<topic name='a'>One. Two.</topic><topic name='b'>Three.</topic>"
    assert pieces_of(topics, 40)[0].endswith("</topic>")
    assert pieces_of("One. Two three four.", 10) == ["One. ", "Two three ", "four."]
