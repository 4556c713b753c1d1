"""Somebody at the client: types, presses keys, reads the screen, and waits until it shows something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from textual._context import visible_screen_stack
from textual.app import App
from textual.pilot import Pilot

from travel_tui.tui.screens.main import MainScreen

if TYPE_CHECKING:
    from textual.strip import Strip

WAIT_S = 20.0
"""How long something may be waited for that a screen should show."""
STEP_S = 0.01
"""How often it is looked for."""
STILL_S = 0.1
"""What looks the same for so long stands still."""


class Person:
    """Works the client as a person does; whatever is waited for in vain raises TimeoutError with the screen's text."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot
        self.app = pilot.app

    @property
    def main(self) -> MainScreen:
        """The main screen, whatever stands over it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    def strips(self) -> list[Strip]:
        """The screen's rows, each with its cells and their styles."""
        # As Textual itself does before it renders: without it a dialog would keep rows that have no screen behind them.
        visible_screen_stack.set(self.app._background_screens)
        return self.app.screen._compositor.render_strips(self.app.size)

    def text(self) -> str:
        """The screen as text."""
        return "\n".join(strip.text for strip in self.strips())

    async def sees(self, *texts: str) -> str:
        """Wait until the screen shows every text; what it shows then."""
        await self.until(lambda: all(text in self.flat() for text in texts), f"{texts} on the screen")
        return self.text()

    async def sees_no(self, *texts: str) -> None:
        """Wait until the screen shows none of the texts."""
        await self.until(lambda: not any(text in self.flat() for text in texts), f"none of {texts} on the screen")

    def flat(self) -> str:
        """The screen's words in one line, column by column, so that wrapped words are found; bars are left out."""
        right = [found for screen in self.app.screen_stack for found in screen.query("#right") if found.display]
        cut = right[0].region.x if right else 0
        rows = self.text().splitlines()
        words = "  ".join(row[:cut] for row in rows) + "  " + "  ".join(row[cut:] for row in rows)
        return " ".join(f"{words} ‖ {' '.join(rows)}".replace("▏", " ").split())

    async def until(self, predicate: Callable[[], object], what: str = "the predicate") -> None:
        """Wait for a predicate."""
        deadline = asyncio.get_running_loop().time() + WAIT_S
        while not predicate():
            if asyncio.get_running_loop().time() >= deadline:
                raise TimeoutError(f"waited in vain for {what}; it shows\n{self.text()}")
            await self.pilot.pause(STEP_S)

    async def press(self, *keys: str) -> None:
        """Press keys, by Textual's names."""
        await self.pilot.press(*keys)

    async def say(self, text: str) -> None:
        """Write a message and send it."""
        from travel_tui.tui.widgets.prompt import Prompt

        self.main.query_one(Prompt).text = text
        await self.press("enter")

    async def put_notices_away(self) -> None:
        """Have nothing on the screen that passes by itself."""
        self.app.clear_notifications()
        await self.until(lambda: not self.app.screen.query("Toast"), "no notices")

    async def settled(self, *, keep_notices: bool = False) -> None:
        """Wait until nothing is left to draw, in text or in colour; what passes by itself is put away, or kept."""
        before: list[Strip] = []
        while before != (before := self.strips()):
            if not keep_notices:
                await self.put_notices_away()
            await self.pilot.pause(STILL_S)


@asynccontextmanager
async def sitting_at(app: App[Any], size: tuple[int, int]) -> AsyncIterator[Person]:
    """Run an application without a terminal, and somebody at it."""
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Person(pilot)
