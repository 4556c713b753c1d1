"""Every theme shows what is to be read, chosen or focused, by the colours that cells come to have."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable

import pytest
from textual.widgets import Button, OptionList, TextArea

from tests.parts import in_part
from tests.tui.client import HUGE, NARROW, WIDE
from tests.tui.colours import DRAWN, Piece, pieces, ratio, stands_out, unreadable
from travel_tui.screenshots.capture import StateApp
from travel_tui.screenshots.pilot_user import PilotUser, running_app
from travel_tui.screenshots.states import STATES
from travel_tui.tui.widgets.choices import MARK, Choices

SHOWN = ["sources-list", "missing", "hands-back", "palette", "users", "trace-raw"]
"""States that have between them most kinds of things that are shown; all of them are brought about by `make soak`."""
SOAK = "TRAVEL_TUI_SOAK" in os.environ
SIZES = [NARROW, WIDE, HUGE] if SOAK else [(100, 40)]
FEW = ["tokyo-night", "textual-light", "solarized-light", "flexoki", "ansi-dark", "ansi-light"]
"""Dark and light, strong and pale, and the terminal's own."""


async def each_theme(anna: PilotUser, themes: Iterable[str]) -> AsyncIterator[str]:
    """The themes, each once the screen has it."""
    for theme in themes:
        anna.app.theme = theme
        await anna.pilot.pause()
        yield theme


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("state", STATES if SOAK else in_part(SHOWN, 9))
async def test_all_that_is_shown_can_be_read_in_every_theme(state: str, size: tuple[int, int]) -> None:
    sitting = StateApp(STATES[state])
    async with running_app(sitting.app, size) as anna:
        await sitting.bring(anna)
        for severity in ("information", "warning", "error"):
            anna.app.notify(f"A notice: {severity}.", severity=severity, timeout=600)
        await anna.sees("A notice: error.")
        rows = [each for each in anna.app.screen.query(OptionList) if each.is_on_screen]
        async for theme in each_theme(anna, anna.app.available_themes):
            assert unreadable(anna) == [], theme
            for each in rows:
                assert_chosen_row_shows(anna, each, theme)


def assert_chosen_row_shows(anna: PilotUser, rows: OptionList, theme: str) -> None:
    """By a background of its own, where there are colours to speak of, and by a mark."""
    chosen = chosen_row(anna, rows)
    if isinstance(rows, Choices):
        assert any(MARK in piece.text for piece in chosen), theme
    if not theme.startswith("ansi"):
        behind = rows.background_colors[1].rich_color.triplet
        assert behind is not None
        assert max(ratio(piece.back, behind) for piece in chosen) >= DRAWN, theme


def chosen_row(anna: PilotUser, rows: OptionList) -> list[Piece]:
    assert rows.highlighted is not None
    line = next(n for n, (index, _) in enumerate(rows._lines) if index == rows.highlighted)
    inside = rows.content_region
    return [each for each in pieces(anna) if each.row == inside.y + line and each.column in inside.column_range]


async def test_a_chosen_row_without_the_focus_shows() -> None:
    sitting = StateApp(STATES["users"])
    async with running_app(sitting.app, WIDE) as anna:
        await sitting.bring(anna)
        await anna.press("tab")
        async for theme in each_theme(anna, FEW):
            assert unreadable(anna) == [], theme
            assert any(MARK in piece.text for piece in chosen_row(anna, anna.app.screen.query_one(Choices))), theme


async def test_the_focus_shows_wherever_it_is() -> None:
    sitting = StateApp(STATES["explained"])
    async with running_app(sitting.app, WIDE) as anna:
        await sitting.bring(anna)
        screen = anna.app.screen
        async for theme in each_theme(anna, FEW if SOAK else FEW[1::2]):
            for widget in [each for each in screen.focus_chain if each.is_on_screen]:
                screen.set_focus(widget)
                await anna.pilot.pause()
                assert unreadable(anna) == [], (theme, widget)
                focused = [*pieces(anna)]
                screen.set_focus(None)
                await anna.pilot.pause()
                assert stands_out(anna, focused), (theme, widget)


async def test_selected_text_shows_and_can_be_read() -> None:
    sitting = StateApp(STATES["booked"])
    async with running_app(sitting.app, WIDE) as anna:
        await sitting.bring(anna)
        prompt = anna.main.query_one(TextArea)
        prompt.text = "Some words to select"
        await anna.sees("Some words to select")
        async for theme in each_theme(anna, FEW):
            before = [*pieces(anna)]
            for select in (prompt.select_all, anna.app.screen.text_select_all):
                select()
                await anna.pilot.pause()
                assert stands_out(anna, before), theme
                assert unreadable(anna) == [], theme
                prompt.move_cursor((0, 0))
                anna.app.screen.clear_selection()
                await anna.pilot.pause()


async def test_what_the_mouse_is_on_can_be_read() -> None:
    sitting = StateApp(STATES["forgetting"])
    async with running_app(sitting.app, WIDE) as anna:
        await sitting.bring(anna)
        async for theme in each_theme(anna, FEW):
            for button in anna.app.screen.query(Button):
                await anna.pilot.hover(button)
                assert unreadable(anna) == [], theme


@pytest.mark.parametrize("system", in_part(["none", "standard", "256"], 3))
async def test_few_colours_and_none_show_what_is_chosen(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if system == "none":
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.setattr("textual.constants.COLOR_SYSTEM", system)
    sitting = StateApp(STATES["palette"])
    async with running_app(sitting.app, WIDE) as anna:
        await sitting.bring(anna)
        rows = anna.app.screen.query_one(OptionList)
        async for theme in each_theme(anna, FEW):
            chosen = [each for each in chosen_row(anna, rows) if each.text.strip()]
            assert all(each.underlined for each in chosen) is (system != "256"), theme
            assert unreadable(anna) == [], theme
