"""The prompt: what was written before, and what was not sent yet."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import FakeAgent
from tests.tui.client import WIDE, PilotUser, client, running_client
from travel_tui.screenshots.capture import StateApp
from travel_tui.screenshots.pilot_user import running_app
from travel_tui.screenshots.states import STATES
from travel_tui.tui.app import TravelApp
from travel_tui.tui.widgets.prompt import Prompt
from travel_tui.tui.widgets.safe_input import SafeInput
from travel_tui.tui.widgets.trace.indented_text import IndentedText


def text(user: PilotUser) -> str:
    return user.main.query_one(Prompt).text


async def said(user: PilotUser, *texts: str) -> None:
    for each in texts:
        await user.say(each)
        await user.sees(f"You said: {each}", "enter send")


async def test_up_and_down_go_through_what_was_written() -> None:
    async with running_client(client(FakeAgent())) as user:
        await said(user, "first", "second")
        await user.press(*"dra", "up")
        assert text(user) == "second"
        await user.press("up", "up")
        assert text(user) == "first"
        await user.press("down", "down")
        assert text(user) == "dra"
        await user.press("down", "f", "t")
        assert text(user) == "draft"


async def test_up_moves_the_cursor_inside_a_text_of_several_lines() -> None:
    async with running_client(client(FakeAgent())) as user:
        await said(user, "first")
        await user.press("a", "ctrl+j", "b", "up", "x")
        assert text(user) == "ax\nb"
        await user.press("up")
        assert text(user) == "first"


async def test_what_was_written_comes_back_in_the_next_run(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await said(user, "first", "second")
        await user.press(*"not sent")
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await user.until(lambda: text(user) == "not sent", "the draft")
        await user.press("up", "up")
        assert text(user) == "first"


async def test_what_a_visitor_typed_is_not_shown_to_the_next(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"

    def visited() -> TravelApp:
        app = client(FakeAgent(), archive=archive)
        assert app._app_context is not None
        app._app_context = replace(app._app_context, keeps_drafts=False)
        return app

    async with running_client(visited()) as user:
        await said(user, "first")
        await user.press(*"private")
    async with running_client(visited()) as user:
        for _ in range(1_000):
            if text(user):
                break
            await user.press("up")
        assert text(user) == "first", "what was sent is in the archive, which visitors share"
        await user.press("down")
        assert text(user) == "", "no draft"


async def test_what_is_typed_before_the_archive_is_open_is_not_replaced_by_the_draft(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await user.sees("No memories yet")
        await user.press(*"old")
    app = client(FakeAgent(), archive=archive)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"new")
        user = PilotUser(pilot)
        await user.sees("No memories yet")
        assert text(user) == "new"
        async with asyncio.timeout(20):
            while text(user) != "old":
                await user.press("up")
        await user.press("down")
        assert text(user) == "new"


async def test_control_home_and_end_go_to_the_ends_of_the_text_and_with_shift_select_up_to_them() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press(*"one", "ctrl+j", *"two", "ctrl+j", *"three", "up", "left", "left")
        await user.press("ctrl+home", "A", "ctrl+end", "Z")
        assert text(user) == "Aone\ntwo\nthreeZ"
        await user.press("up", "home", "right", "ctrl+shift+end")
        prompt = user.main.query_one(Prompt)
        assert prompt.selected_text == "wo\nthreeZ"
        await user.press("ctrl+end", "up", "home", "right", "ctrl+shift+home")
        assert prompt.selected_text == "Aone\nt"
        await user.press("x")
        assert text(user) == "xwo\nthreeZ"


async def test_the_keys_for_the_ends_of_a_text_work_in_fields_and_texts_to_read_too() -> None:
    state_app = StateApp(STATES["trace"])
    async with running_app(state_app.app, WIDE) as user:
        await state_app.bring(user)
        step = user.app.screen.query_one(IndentedText)
        step.focus()
        await user.press("ctrl+end")
        assert step.cursor_location == step.document.end != (0, 0)
        await user.press("ctrl+shift+home")
        assert step.selected_text == step.text
        await user.press("slash", *"model", "ctrl+home", "x", "ctrl+end", "y")
        assert user.app.screen.query_one(SafeInput).value == "xmodely"


@pytest.mark.parametrize("key", ["ctrl+x", "ctrl+shift+k"])
async def test_the_last_line_is_cut_and_deleted_whole(key: str) -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press(*"one", "ctrl+j", *"two", key)
        assert text(user) == "one\n"
        await user.press("up", key)
        assert text(user) == ""
        await user.press(key, *"three", key)
        assert text(user) == ""
