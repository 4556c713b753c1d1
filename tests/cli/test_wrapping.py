"""Lines on a terminal: they end at words and go on below their text, whatever their words are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from travel_tui.cli.wrapping import wrapped

LABELS = st.sampled_from(["", "    ", "    User   ", "  idle limit  ", "    ▸      ", "  ✓ "])
WORDS = st.lists(st.text("abcé旅🚆-/", min_size=1, max_size=12), min_size=1, max_size=40)


@given(LABELS, WORDS, st.integers(40, 100))
def test_no_line_is_wider_than_the_terminal_no_word_is_broken_and_none_is_lost(
    label: str, words: list[str], width: int
) -> None:
    line = label + " ".join(words)
    found = list(wrapped([line], width))
    assert all(cell_len(each) <= width for each in found)
    assert " ".join(found).split() == line.split()
    indent = len(label) - len(label.lstrip())
    assert all(len(each) - len(each.lstrip()) >= indent for each in found)


def test_a_line_goes_on_below_its_text() -> None:
    line = "    Agent  Booked a flight from Boston to NYC, and another one from NYC to Oslo."
    assert list(wrapped([line], 50)) == [
        "    Agent  Booked a flight from Boston to NYC, and",
        "           another one from NYC to Oslo.",
    ]
    assert list(wrapped(["  undecided: it took longer than the seconds"], 40)) == [
        "  undecided: it took longer than the",
        "    seconds",
    ]
    url = f"  endpoint    http://127.0.0.1/{'x' * 60}"
    assert list(wrapped([url], 50)) == [url]
    assert list(wrapped([line], 20)) == [line]
