"""Long texts in a text area: their middle is folded on the screen, and all of it is sent, kept and copied."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeAgent
from tests.tui.client import client, sitting_at
from tests.tui.test_typing import pasted, sends
from travel_tui.screenshots.pilot_user import PilotUser
from travel_tui.tui.rendering.folded_text import MAX_LINES, MOST, Folds
from travel_tui.tui.widgets.prompt import Prompt

LINES = "\n".join(f"line {number}" for number in range(5_000))


def prompt(anna: PilotUser) -> Prompt:
    return anna.main.query_one(Prompt)


async def paste(anna: PilotUser, text: str) -> None:
    before = prompt(anna).text
    sends(anna, pasted(text))
    await anna.until(lambda: prompt(anna).text != before, "the paste")


async def test_a_paste_of_5000_lines_is_sent_once_and_whole_and_offered_again(tmp_path: Path) -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent, archive=tmp_path / "archive.sqlite3")) as anna:
        await paste(anna, LINES)
        await anna.sees("line 0", "more lines", "line 4999")
        await anna.press("enter")
        await anna.sees("1 turn", "enter send")
        assert [request.text for request in agent.requests] == [LINES]
        await anna.press("up")
        assert prompt(anna).text == LINES
        await anna.press("f7", "ctrl+x")
        assert (prompt(anna).text, anna.app.clipboard) == ("", LINES)
        await anna.press("a", "ctrl+v", "b")
        assert prompt(anna).text == f"a{LINES}b"


async def test_the_draft_of_a_long_text_is_kept_whole(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with sitting_at(client(FakeAgent(), archive=archive)) as anna:
        await paste(anna, LINES)
    async with sitting_at(client(FakeAgent(), archive=archive, seed=8)) as anna:
        await anna.until(lambda: prompt(anna).text == LINES, "the draft")
        await anna.sees("more lines")


async def test_a_folded_middle_is_deleted_whole_and_comes_back_with_undo() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await paste(anna, "x" * 20_000)
        label = prompt(anna).document.text.index("…]") + 2
        prompt(anna).move_cursor((0, label))
        await anna.press("backspace")
        assert prompt(anna).text == "x" * 600
        await anna.press("ctrl+z")
        assert prompt(anna).text == "x" * 20_000


async def test_what_is_written_or_deleted_within_a_label_leaves_it_whole() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await paste(anna, "x" * 20_000)
        prompt(anna).move_cursor((0, prompt(anna).document.text.index("more")))
        await anna.press("y")
        assert prompt(anna).text == "x" * 19_700 + "y" + "x" * 300
        prompt(anna).move_cursor((0, prompt(anna).document.text.index("more")))
        await anna.press("delete")
        assert prompt(anna).text == "x" * 300 + "y" + "x" * 300


async def test_a_label_that_is_typed_stands_for_nothing() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await paste(anna, LINES)
        await anna.press("f7", "backspace")
        typed = "hi [… 4,994 more lines #1 …] there"
        sends(anna, typed + "\r")
        await anna.sees("1 turn", "enter send")
        assert [request.text for request in agent.requests] == [typed]


async def test_many_pastes_together_stay_short_on_the_screen() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        for _ in range(5):
            await paste(anna, "word " * 1_500)
        assert len(prompt(anna).text) == 5 * 5 * 1_500
        assert len(prompt(anna).document.text) < 2 * MOST


_PIECES = st.sampled_from(["x", "word ", "\n", "\r\n", "[… 5 more lines #1 …]", "é", "🚆", " "])


@given(st.lists(st.tuples(_PIECES, st.integers(1, 6_000)), max_size=5), st.sampled_from(["", "y" * MOST]))
def test_what_is_folded_unfolds(parts: list[tuple[str, int]], present: str) -> None:
    text = "".join(piece * times for piece, times in parts).replace("\r\n", "\n")
    folds = Folds()
    shown = folds.fold(text, present)
    assert folds.unfold(shown) == text
    if not present and "[" not in text:
        assert len(shown) <= MOST
        assert shown.count("\n") <= MAX_LINES
