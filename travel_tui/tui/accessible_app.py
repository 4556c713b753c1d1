"""Base class of the applications: theme, readable colours and notifications."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar

from rich.color import ColorSystem
from rich.terminal_theme import TerminalTheme
from textual.app import ScreenStackError
from textual.filter import LineFilter
from textual.notifications import Notification, Notify
from textual.reactive import Reactive
from textual.theme import Theme

from travel_tui.tui.notices import Notices
from travel_tui.tui.rendering.contrast import Contrast, readable_variables
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.terminal.closing_app import ClosingApp
from travel_tui.tui.textual_compat import OwnToasts, show_page_background

Result = TypeVar("Result")
SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.WINDOWS,
}
"""Rich's colour systems by Textual's names for them."""

WITHOUT_UNICODE = "lines and accents appear as ?. Set LC_ALL=C.UTF-8, and unset PYTHONIOENCODING and PYTHONUTF8."

FEW = ("standard", "windows", None)
"""Colour systems in which two shades may be rendered as the same colour."""


class AccessibleApp(OwnToasts, ClosingApp[Result]):
    """An application in any of Textual's themes, with text that reads on whatever is behind it."""

    CSS = load_css(__file__)
    theme: Reactive[str] = Reactive("tokyo-night")
    """Set as the default, since setting a theme later would reapply all styles."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._notices = Notices()

    def on_mount(self) -> None:
        # A page is sent UTF-8, whatever the output's encoding.
        encoding = sys.__stdout__.encoding if sys.__stdout__ is not None and not self.is_web else "utf-8"
        if not _draws(encoding):
            self.notify(f"Output is {encoding}, so {WITHOUT_UNICODE}", severity="warning", timeout=30, markup=False)
        if self.is_web:
            self.theme_changed_signal.subscribe(self, self._show_background, immediate=True)
            self._show_background(self.current_theme)

    def _show_background(self, theme: Theme) -> None:
        show_page_background(self, self.theme_variables["background"])

    def on_load(self) -> None:
        self.set_class(self.console.color_system in FEW, "-few-colours")

    def on_notify(self, event: Notify) -> None:
        with suppress(ScreenStackError):
            self._notices.raised(event.notification, self.screen, self.all_notices())

    def shown_notices(self) -> list[Notification]:
        """Return the notifications that are not of a screen below the one in front."""
        return self._notices.on_top(self.all_notices(), self.screen_stack)

    def get_css_variables(self) -> dict[str, str]:
        generated = super().get_css_variables()
        self.theme_variables = {**generated, **readable_variables(generated)}
        return self.theme_variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        # Last, since it adjusts the colours that the other filters produce.
        system = SYSTEMS.get(self.console.color_system or "", ColorSystem.TRUECOLOR)
        return [*super().get_line_filters(), _contrast(self.ansi_theme, system)]


def _draws(encoding: str) -> bool:
    """Return whether an encoding has the characters that the screens are drawn with."""
    try:
        "▏●━…╭".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


@lru_cache(16)
def _contrast(terminal: TerminalTheme, system: ColorSystem) -> Contrast:
    return Contrast(terminal, system)
