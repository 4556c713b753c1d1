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
"""States that have between them most kinds of things that are shown, each in half of the themes, which take turns.

`make soak` brings about all states in all themes.
"""
SOAK = "TRAVEL_TUI_SOAK" in os.environ
SIZES = [NARROW, WIDE, HUGE] if SOAK else [(100, 40)]
FEW = ["tokyo-night", "textual-light", "solarized-light", "flexoki", "ansi-dark", "ansi-light"]
"""Dark and light, strong and pale, and the terminal's own."""


async def each_theme(user: PilotUser, themes: Iterable[str]) -> AsyncIterator[str]:
    """The themes, each once the screen has it."""
    for theme in themes:
        user.app.theme = theme
        await user.pilot.pause()
        yield theme


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("state", STATES if SOAK else in_part(SHOWN, 9))
async def test_all_that_is_shown_can_be_read_in_every_theme(state: str, size: tuple[int, int]) -> None:
    state_app = StateApp(STATES[state])
    async with running_app(state_app.app, size) as user:
        await state_app.bring(user)
        for severity in ("information", "warning", "error"):
            user.app.notify(f"A notice: {severity}.", severity=severity, timeout=600)
        await user.sees("A notice: error.")
        rows = [each for each in user.app.screen.query(OptionList) if each.is_on_screen]
        themes = list(user.app.available_themes)
        async for theme in each_theme(user, themes if SOAK else themes[SHOWN.index(state) % 2 :: 2]):
            assert unreadable(user) == [], theme
            for each in rows:
                assert_chosen_row_shows(user, each, theme)


def assert_chosen_row_shows(user: PilotUser, rows: OptionList, theme: str) -> None:
    """By a background of its own, where there are colours to speak of, and by a mark."""
    chosen = chosen_row(user, rows)
    if isinstance(rows, Choices):
        assert any(MARK in piece.text for piece in chosen), theme
    if not theme.startswith("ansi"):
        behind = rows.background_colors[1].rich_color.triplet
        assert behind is not None
        assert max(ratio(piece.back, behind) for piece in chosen) >= DRAWN, theme


def chosen_row(user: PilotUser, rows: OptionList) -> list[Piece]:
    assert rows.highlighted is not None
    line = next(n for n, (index, _) in enumerate(rows._lines) if index == rows.highlighted)
    inside = rows.content_region
    return [each for each in pieces(user) if each.row == inside.y + line and each.column in inside.column_range]


async def test_a_chosen_row_without_the_focus_shows() -> None:
    state_app = StateApp(STATES["users"])
    async with running_app(state_app.app, WIDE) as user:
        await state_app.bring(user)
        await user.press("tab")
        async for theme in each_theme(user, FEW):
            assert unreadable(user) == [], theme
            assert any(MARK in piece.text for piece in chosen_row(user, user.app.screen.query_one(Choices))), theme


@pytest.mark.slow
async def test_the_focus_shows_wherever_it_is() -> None:
    state_app = StateApp(STATES["explained"])
    async with running_app(state_app.app, WIDE) as user:
        await state_app.bring(user)
        screen = user.app.screen
        async for theme in each_theme(user, FEW if SOAK else FEW[1::2]):
            for widget in [each for each in screen.focus_chain if each.is_on_screen]:
                screen.set_focus(widget)
                await user.pilot.pause()
                assert unreadable(user) == [], (theme, widget)
                focused = [*pieces(user)]
                screen.set_focus(None)
                await user.pilot.pause()
                assert stands_out(user, focused), (theme, widget)


async def test_selected_text_shows_and_can_be_read() -> None:
    state_app = StateApp(STATES["booked"])
    async with running_app(state_app.app, WIDE) as user:
        await state_app.bring(user)
        prompt = user.main.query_one(TextArea)
        prompt.text = "Some words to select"
        await user.sees("Some words to select")
        async for theme in each_theme(user, FEW):
            before = [*pieces(user)]
            for select in (prompt.select_all, user.app.screen.text_select_all):
                select()
                await user.pilot.pause()
                assert stands_out(user, before), theme
                assert unreadable(user) == [], theme
                prompt.move_cursor((0, 0))
                user.app.screen.clear_selection()
                await user.pilot.pause()


async def test_what_the_mouse_is_on_can_be_read() -> None:
    state_app = StateApp(STATES["forgetting"])
    async with running_app(state_app.app, WIDE) as user:
        await state_app.bring(user)
        async for theme in each_theme(user, FEW):
            for button in user.app.screen.query(Button):
                await user.pilot.hover(button)
                assert unreadable(user) == [], theme


@pytest.mark.parametrize("system", in_part(["none", "standard", "256"], 3))
async def test_few_colours_and_none_show_what_is_chosen(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if system == "none":
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.setattr("textual.constants.COLOR_SYSTEM", system)
    state_app = StateApp(STATES["palette"])
    async with running_app(state_app.app, WIDE) as user:
        await state_app.bring(user)
        rows = user.app.screen.query_one(OptionList)
        async for theme in each_theme(user, FEW):
            chosen = [each for each in chosen_row(user, rows) if each.text.strip()]
            assert all(each.underlined for each in chosen) is (system != "256"), theme
            assert unreadable(user) == [], theme
