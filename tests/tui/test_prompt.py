"""The prompt: what was written before, and what was not sent yet."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.fakes import FakeAgent
from tests.tui.client import Person, client, sitting_at
from travel_tui.tui.widgets.prompt import Prompt


def text(person: Person) -> str:
    return person.main.query_one(Prompt).text


async def said(person: Person, *texts: str) -> None:
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
        await anna.sees("Nothing is remembered yet")
        await anna.press(*"old")
    app = client(FakeAgent(), archive=archive)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"new")
        anna = Person(pilot)
        await anna.sees("Nothing is remembered yet")
        assert text(anna) == "new"
        async with asyncio.timeout(20):
            while text(anna) != "old":
                await anna.press("up")
        await anna.press("down")
        assert text(anna) == "new"
