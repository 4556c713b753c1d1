"""Taking a picture: a state is brought about in an application without a terminal, and its screen is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual.app import App

from travel_tui.shot.person import Person, sitting_at
from travel_tui.shot.scene import HandClock, Scene, State

LEAST, MOST = (20, 5), (500, 200)
"""Columns and rows."""


class UnknownTheme(Exception):  # noqa: N818 - it says what it is
    """Textual has no such theme; the message names those that there are."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen as SVG, and as its rows of text without what is blank at their ends."""

    svg: str
    text: str


class Sitting:
    """A state's application and how it comes to the state; for one run."""

    def __init__(self, state: State, theme: str | None = None) -> None:
        """Raises UnknownTheme."""
        self._state = state
        self._agent, self._clock = state.agent(), HandClock()
        self._agent.passing = self._clock.move
        self.app: App[Any] = state.app(self._agent, self._clock)
        if theme is not None:
            if theme not in self.app.available_themes:
                raise UnknownTheme(f"There is no theme {theme!r}. There are: {', '.join(self.app.available_themes)}.")
            self.app.theme = theme

    async def bring(self, anna: Person) -> None:
        """Come to the state and wait until it stands still."""
        await self._state.bring(Scene(anna, self._agent, self._clock))
        await anna.settled(keep_notices=self._state.notices)


async def picture(state: State, size: tuple[int, int], theme: str | None = None) -> Picture:
    """The state's picture; `size` in columns and rows. Raises UnknownTheme."""
    sitting = Sitting(state, theme)
    async with sitting_at(sitting.app, size) as anna:
        await sitting.bring(anna)
        rows = [row.rstrip() for row in anna.text().splitlines()]
        return Picture(sitting.app.export_screenshot(), "\n".join(rows).rstrip() + "\n")
