"""Rows of found turns: the words that were looked for are in them, marked, wherever they stand."""

from __future__ import annotations

import pytest

from travel_tui.tui.picker_rows import LEAD, LONGEST, excerpt

LONG = "word " * 2000


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Oslo", "oslo", "Oslo"),
        (LONG + "to Oslo " + LONG, "Oslo", "Oslo"),
        (LONG + "\n\nblue\n  harbour", "blue harbour", "blue harbour"),
        ("x" * 5000 + "Oslo" + "y" * 5000, "Oslo", "Oslo"),
        ("a [b]bold[/b] word", "[b]bold", "[b]bold"),
        (LONG, LONG.strip(), ""),
        ("素食 " * 500 + "靠窗的座位", "靠窗", "靠窗"),
    ],
)
def test_what_was_found_is_in_the_row(text: str, words: str, marked: str) -> None:
    row = excerpt(text, words)
    assert "".join(row.plain[span.start : span.end] for span in row.spans) == marked
    assert len(row.plain) <= LEAD + LONGEST + 2
    assert "\n" not in row.plain


def test_an_excerpt_of_an_answer_has_no_marks_of_tables_headings_and_bold_text() -> None:
    answer = "# Your trip\n\nIt is **changed**:\n\n| | Now | New |\n|---|:---|---|\n| Return | 22 July | 23 July |"
    assert excerpt(answer, "23 july", markdown=True).plain == "…Now New Return 22 July 23 July"
    assert excerpt(answer, "Trip", markdown=True).plain == "Your trip It is changed: Now New Return 22 July 23 July"
    assert excerpt("a | b", "b").plain == "a | b"
