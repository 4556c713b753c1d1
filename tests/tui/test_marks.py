"""Marks on ranges of a Markdown source: on the same words in what is shown, with symbols that are not text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.content import Content

from travel_tui.tui.rendering.lines import Line
from travel_tui.tui.rendering.markdown import rows
from travel_tui.tui.rendering.marks import SYMBOL, Mark, highlighted

PIECES = st.sampled_from(
    [
        "{} ",
        "**{}** ",
        "*{} {}* ",
        "~~{}~~ ",
        "`{}` ",
        "`` `{} `` ",
        "[{}](https://a.b/c?d={} 'title {}') ",
        "[{} **{}**](<a b>) ",
        "![{}](x.png) ",
        "<https://{}.example> ",
        "&amp;{}\\* ",
        "\n- {} ",
        "\n   - {} ",
        "\n1. {} ",
        "\n> {} ",
        "\n> > {} ",
        "\n\n# {} #\n\n",
        "\n\n{}\n===\n\n",
        "\n\n| {} | {} \\| {} |\n|---|---|\n| | **{}** |\n| `{}` | {} |\n\n",
        "\n\n```py\n\t{}\n  {}\n```\n\n",
        "\n\n    {}\n\n",
        "  \n{} ",
        "東京 🧳 ",
    ]
)
"""Markdown with a word in each place."""


@st.composite
def sources(draw: st.DrawFn) -> str:
    """Return Markdown whose words are all different."""
    text = "".join(draw(st.lists(PIECES, max_size=12)))
    number = iter(range(10_000))
    return re.sub(r"\{\}", lambda _: f"word{next(number)}x", text)


def shown(lines: list[Line], style: str) -> str:
    """Return what is shown with a style."""
    pieces = [line.content.plain[s.start : s.end] for line in lines for s in line.content.spans if s.style == style]
    return "".join("".join(pieces).split())


@settings(max_examples=150)
@given(sources(), st.integers(8, 90))
def test_each_word_is_marked_where_it_is_shown(text: str, width: int) -> None:
    words = list(re.finditer(r"word\d+x", text))
    marks = [Mark(each.start(), each.end(), f".mark-{each.group()}", "◆") for each in words]
    plain, lines = rows(text, width), rows(text, width, marks)
    everything = "".join("".join(line.words().split()) for line in lines)
    for word in words:
        found = shown(lines, f".mark-{word.group()}")
        hidden = word.group() not in "".join("".join(line.content.plain.split()) for line in plain)
        address = re.search(r"[?'(].*", text[text.rfind("[", 0, word.start()) : word.start()]) is not None
        assert found == word.group() or ((hidden or address) and not found)
        assert word.group() in everything or hidden or width < 20


@settings(max_examples=100)
@given(sources())
def test_symbols_are_no_part_of_the_text(text: str) -> None:
    marks = [Mark(each.start(), each.end(), ".mark", "◆") for each in re.finditer(r"word\d+x", text)]

    def words(lines: list[Line]) -> str:
        return "".join("".join(line.words().split()) for line in lines).replace("─", "")

    assert words(rows(text, 4_000, marks)) == words(rows(text, 4_000))


@settings(max_examples=100)
@given(st.text("ab*_`[]()<>|#-~ \n&;\\!1.", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_any_range_of_any_text_can_be_marked(text: str, one: int, other: int) -> None:
    start, end = sorted((one, other))
    lines = rows(text, 40, [Mark(start, end, ".mark", "◆")])
    assert sum(line.content.plain.count("◆") for line in lines) <= 1


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("You fly to **Oslo** on *11 July*.", "Oslo", "You fly to Oslo◆ on 11 July."),
        ("You fly to **Oslo** on *11 July*.", "to **Oslo** on", "You fly to Oslo on◆ 11 July."),
        ("You fly to **Oslo**.", "**Oslo**", "You fly to Oslo◆."),
        ("- a\n- fly to\n  Oslo", "fly to\n  Oslo", "• a • fly to Oslo◆"),
        ("See [Oslo](https://oslo.no/Oslo), Oslo.", "Oslo", "See Oslo (https://oslo.no/Oslo), Oslo◆."),
        ("`f5ff61d7` is it", "f5ff61d7", "f5ff61d7◆ is it"),
    ],
)
def test_the_symbol_is_behind_the_words(text: str, words: str, expected: str) -> None:
    start = text.rindex(words)
    lines = rows(text, 80, [Mark(start, start + len(words), ".mark", "◆")])
    assert " ".join(line.content.plain for line in lines) == expected


def test_found_words_are_highlighted_across_a_symbol() -> None:
    content = Content.assemble("You live in ", ("Oslo", ".mark"), ("◆", SYMBOL), " today.")
    found = highlighted(content, re.compile("Oslo today"))
    assert [found.plain[span.start : span.end] for span in found.spans if span.style == "reverse"] == ["Oslo◆ today"]
    assert Line(content).words() == "You live in Oslo today."
