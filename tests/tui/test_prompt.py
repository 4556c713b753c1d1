"""The prompt: what was written before, and what was not sent yet."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.fakes import FakeAgent
from tests.tui.client import WIDE, PilotUser, client, sitting_at
from travel_tui.screenshots.capture import StateApp
from travel_tui.screenshots.pilot_user import running_app as sitting_at_any
from travel_tui.screenshots.states import STATES
from travel_tui.tui.widgets.prompt import Prompt
from travel_tui.tui.widgets.safe_input import SafeInput
from travel_tui.tui.widgets.trace.indented_text import IndentedText


def text(person: PilotUser) -> str:
    return person.main.query_one(Prompt).text


async def said(person: PilotUser, *texts: str) -> None:
    for each in texts:
        await person.say(each)
        await person.sees(f"You said: {each}", "enter send")


async def test_up_and_down_go_through_what_was_written() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await said(anna, "first", "second")
        await anna.press(*"dra", "up")
        assert text(anna) == "second"
        await anna.press("up", "up")
        assert text(anna) == "first"
        await anna.press("down", "down")
        assert text(anna) == "dra"
        await anna.press("down", "f", "t")
        assert text(anna) == "draft"


async def test_up_moves_the_cursor_inside_a_text_of_several_lines() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await said(anna, "first")
        await anna.press("a", "ctrl+j", "b", "up", "x")
        assert text(anna) == "ax\nb"
        await anna.press("up")
        assert text(anna) == "first"


async def test_what_was_written_comes_back_in_the_next_run(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with sitting_at(client(FakeAgent(), archive=archive)) as anna:
        await said(anna, "first", "second")
        await anna.press(*"not sent")
    async with sitting_at(client(FakeAgent(), archive=archive)) as anna:
        await anna.until(lambda: text(anna) == "not sent", "the draft")
        await anna.press("up", "up")
        assert text(anna) == "first"


async def test_what_is_typed_before_the_archive_is_open_is_not_replaced_by_the_draft(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with sitting_at(client(FakeAgent(), archive=archive)) as anna:
        await anna.sees("No memories yet")
        await anna.press(*"old")
    app = client(FakeAgent(), archive=archive)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"new")
        anna = PilotUser(pilot)
        await anna.sees("No memories yet")
        assert text(anna) == "new"
        async with asyncio.timeout(20):
            while text(anna) != "old":
                await anna.press("up")
        await anna.press("down")
        assert text(anna) == "new"


async def test_control_home_and_end_go_to_the_ends_of_the_text_and_with_shift_select_up_to_them() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press(*"one", "ctrl+j", *"two", "ctrl+j", *"three", "up", "left", "left")
        await anna.press("ctrl+home", "A", "ctrl+end", "Z")
        assert text(anna) == "Aone\ntwo\nthreeZ"
        await anna.press("up", "home", "right", "ctrl+shift+end")
        prompt = anna.main.query_one(Prompt)
        assert prompt.selected_text == "wo\nthreeZ"
        await anna.press("ctrl+end", "up", "home", "right", "ctrl+shift+home")
        assert prompt.selected_text == "Aone\nt"
        await anna.press("x")
        assert text(anna) == "xwo\nthreeZ"


async def test_the_keys_for_the_ends_of_a_text_work_in_fields_and_texts_to_read_too() -> None:
    sitting = StateApp(STATES["trace"])
    async with sitting_at_any(sitting.app, WIDE) as anna:
        await sitting.bring(anna)
        step = anna.app.screen.query_one(IndentedText)
        step.focus()
        await anna.press("ctrl+end")
        assert step.cursor_location == step.document.end != (0, 0)
        await anna.press("ctrl+shift+home")
        assert step.selected_text == step.text
        await anna.press("slash", *"model", "ctrl+home", "x", "ctrl+end", "y")
        assert anna.app.screen.query_one(SafeInput).value == "xmodely"


@pytest.mark.parametrize("key", ["ctrl+x", "ctrl+shift+k"])
async def test_the_last_line_is_cut_and_deleted_whole(key: str) -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press(*"one", "ctrl+j", *"two", key)
        assert text(anna) == "one\n"
        await anna.press("up", key)
        assert text(anna) == ""
        await anna.press(key, *"three", key)
        assert text(anna) == ""
