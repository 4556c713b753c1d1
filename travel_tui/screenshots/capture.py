"""Takes screenshots: brings a headless application to a state and exports its screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual.app import App

from travel_tui.screenshots.pilot_user import PilotUser, running_app
from travel_tui.screenshots.scene import ManualClock, Scene, State

LEAST, MOST = (20, 5), (500, 200)
"""Columns and rows."""


class UnknownTheme(Exception):  # noqa: N818 - it says what it is
    """Textual has no such theme; the message lists the available ones."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen as SVG, and as text rows without trailing blanks."""

    svg: str
    text: str


class StateApp:
    """A state's application, for one run."""

    def __init__(self, state: State, theme: str | None = None) -> None:
        """Create the application. Raises UnknownTheme."""
        self._state = state
        self._agent, self._clock = state.agent(), ManualClock()
        self._agent.passing = self._clock.move
        self.app: App[Any] = state.app(self._agent, self._clock)
        self.app.animation_level = "none"  # whatever the variable said when Textual was imported
        if theme is not None:
            if theme not in self.app.available_themes:
                raise UnknownTheme(f"Unknown theme {theme!r}. Themes: {', '.join(self.app.available_themes)}.")
            self.app.theme = theme

    async def bring(self, user: PilotUser) -> None:
        """Bring the application to the state and wait until the screen is stable."""
        await self._state.bring(Scene(user, self._agent, self._clock))
        await user.settled(keep_notices=self._state.notices)


async def picture(state: State, size: tuple[int, int], theme: str | None = None) -> Picture:
    """Return the state's screenshot; `size` in columns and rows. Raises UnknownTheme."""
    state_app = StateApp(state, theme)
    async with running_app(state_app.app, size) as user:
        await state_app.bring(user)
        rows = [row.rstrip() for row in user.text().splitlines()]
        return Picture(state_app.app.export_screenshot(), "\n".join(rows).rstrip() + "\n")
