"""Markdown as rows of cells: nothing is lost, nothing is too wide, and pieces give what the whole gives."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from travel_tui.text import safe
from travel_tui.tui.rendering.markdown import closed, last_block, rows
from travel_tui.tui.widgets.chat.answer import Answer

MARKDOWN = st.lists(
    st.sampled_from(
        [
            "# Head\n",
            "word ",
            "**bold** ",
            "`code` ",
            "- item\n",
            "1. one\n",
            "> quote\n",
            "\n",
            "\n\n",
            "```\ncode\n```\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
            "東京 ",
            "🧳 ",
            "[b] ",
            "---\n",
            "~~x~~ ",
            "<b>",
            "&amp; ",
            "  - deep\n",
        ]
    ),
    max_size=25,
).map("".join)


def shown(text: str, width: int = 40) -> list[str]:
    return [row.content.plain.rstrip() for row in rows(text, width)]


def test_a_link_says_where_it_leads() -> None:
    text = "See [the **rules**](https://example.com/a?b=1), <https://example.com>, ![map](m.png) and [x](<a b>)."
    assert shown(text, 200) == [
        "See the rules (https://example.com/a?b=1), https://example.com, map (m.png) and x (a b)."
    ]


def test_a_link_cannot_hide_a_control_sequence() -> None:
    assert not any("\x1b" in line for line in shown("[x](https://example.com/%1b[2J)"))


def test_what_an_answer_is_made_of() -> None:
    text = "# Trip\n\nFrom **Boston** to `NYC`.\n\n1. one\n2. two\n   - deep\n\n> said\n\n---\n\n```\nx = 1\n```"
    assert shown(text, 14) == [
        "Trip",
        "",
        "From Boston to",
        "NYC.",
        "",
        "1. one",
        "2. two",
        "   ◦ deep",
        "",
        "▏ said",
        "",
        "─" * 14,
        "",
        " x = 1",
    ]


def test_a_table_has_a_rule_and_columns() -> None:
    assert shown("| | Now | New |\n|---|---|---|\n| Return | 22 July | **23 July** |") == [
        "        Now      New",
        "─" * 24,
        "Return  22 July  23 July",
    ]


def test_markup_and_html_are_text() -> None:
    assert shown("[b]not bold[/b] <script>x</script> &lt;") == ["[b]not bold[/b] <script>x</script> <"]


def test_terminal_sequences_become_visible() -> None:
    assert safe("a\x1b[31mb\x07\x9bc\u202ed") == "a␛[31mb␇\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}d"


@settings(max_examples=80)
@given(st.text(max_size=200) | MARKDOWN, st.integers(8, 60))
def test_no_row_is_wider_than_the_widget(text: str, width: int) -> None:
    for row in rows(safe(text), width):
        assert cell_len(row.content.plain) <= width


@settings(max_examples=80)
@given(st.text(max_size=200))
def test_nothing_that_a_terminal_obeys_gets_through(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", safe(text))


@settings(max_examples=80)
@given(MARKDOWN, st.integers(1, 30))
def test_pieces_give_what_the_whole_gives(text: str, step: int) -> None:
    streamed, width = Answer(), 40
    for start in range(0, len(text), step):
        streamed._text += text[start : start + step]
        streamed.lay_out(width)
    assert [row.content.plain for row in streamed.lay_out(width)] == [
        row.content.plain for row in Answer(text).lay_out(width)
    ]


@settings(max_examples=60)
@given(MARKDOWN)
def test_a_settled_block_is_not_touched_by_what_follows(text: str) -> None:
    cut = last_block(text)
    assert 0 <= cut <= len(text)
    assert cut == 0 or text[cut - 1] == "\n"


def test_marks_that_are_still_open_are_not_shown() -> None:
    assert closed("a **Bos") == "a **Bos**"
    assert closed("a **") == "a "
    assert closed("a **Bos*") == "a **Bos**"
    assert closed("a **Bos ") == "a **Bos**"
    assert closed("**a** and `b") == "**a** and `b`"
    assert closed("2 * 3") == "2 * 3"
