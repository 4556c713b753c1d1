"""Long texts in a text area: their middle is folded on the screen, and all of it is sent, kept and copied."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeAgent
from tests.tui.client import client, running_client
from tests.tui.test_typing import pasted, sends
from travel_tui.screenshots.pilot_user import PilotUser
from travel_tui.tui.rendering.folded_text import MAX_LINES, MOST, Folds
from travel_tui.tui.widgets.prompt import Prompt

LINES = "\n".join(f"line {number}" for number in range(5_000))


def prompt(user: PilotUser) -> Prompt:
    return user.main.query_one(Prompt)


async def paste(user: PilotUser, text: str) -> None:
    before = prompt(user).text
    sends(user, pasted(text))
    await user.until(lambda: prompt(user).text != before, "the paste")


async def test_a_paste_of_5000_lines_is_sent_once_and_whole_and_offered_again(tmp_path: Path) -> None:
    agent = FakeAgent()
    async with running_client(client(agent, archive=tmp_path / "archive.sqlite3")) as user:
        await paste(user, LINES)
        await user.sees("line 0", "more lines", "line 4999")
        await user.press("enter")
        await user.sees("1 turn", "enter send")
        assert [request.text for request in agent.requests] == [LINES]
        await user.press("up")
        assert prompt(user).text == LINES
        await user.press("f7", "ctrl+x")
        assert (prompt(user).text, user.app.clipboard) == ("", LINES)
        await user.press("a", "ctrl+v", "b")
        assert prompt(user).text == f"a{LINES}b"


async def test_the_draft_of_a_long_text_is_kept_whole(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await paste(user, LINES)
    async with running_client(client(FakeAgent(), archive=archive, seed=8)) as user:
        await user.until(lambda: prompt(user).text == LINES, "the draft")
        await user.sees("more lines")


async def test_a_folded_middle_is_deleted_whole_and_comes_back_with_undo() -> None:
    async with running_client(client(FakeAgent())) as user:
        await paste(user, "x" * 20_000)
        label = prompt(user).document.text.index("…]") + 2
        prompt(user).move_cursor((0, label))
        await user.press("backspace")
        assert prompt(user).text == "x" * 600
        await user.press("ctrl+z")
        assert prompt(user).text == "x" * 20_000


async def test_what_is_written_or_deleted_within_a_label_leaves_it_whole() -> None:
    async with running_client(client(FakeAgent())) as user:
        await paste(user, "x" * 20_000)
        prompt(user).move_cursor((0, prompt(user).document.text.index("more")))
        await user.press("y")
        assert prompt(user).text == "x" * 19_700 + "y" + "x" * 300
        prompt(user).move_cursor((0, prompt(user).document.text.index("more")))
        await user.press("delete")
        assert prompt(user).text == "x" * 300 + "y" + "x" * 300


async def test_a_label_that_is_typed_stands_for_nothing() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await paste(user, LINES)
        await user.press("f7", "backspace")
        typed = "hi [… 4,994 more lines #1 …] there"
        sends(user, typed + "\r")
        await user.sees("1 turn", "enter send")
        assert [request.text for request in agent.requests] == [typed]


async def test_many_pastes_together_stay_short_on_the_screen() -> None:
    async with running_client(client(FakeAgent())) as user:
        for _ in range(5):
            await paste(user, "word " * 1_500)
        assert len(prompt(user).text) == 5 * 5 * 1_500
        assert len(prompt(user).document.text) < 2 * MOST


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
