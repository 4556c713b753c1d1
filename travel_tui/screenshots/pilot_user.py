"""Simulated user of the client: types, presses keys, reads the screen, and waits for what it shows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from travel_tui.conversation.source_labels import LABELS
from travel_tui.tui.screens.main import MainScreen
from travel_tui.tui.textual_compat import count_frames, rendered_strips

if TYPE_CHECKING:
    from textual.strip import Strip

WAIT_S = 60.0
"""Seconds to wait for something to appear on the screen."""
STEP_S = 0.01
"""Seconds between checks."""
RARELY = 25
"""Checks after which the screen is read again without a new frame."""
_SYMBOL = re.compile(rf"(?<=\S)[{''.join(label.symbol for label in LABELS.values())}]")
"""Symbol behind marked words."""
_OF_A_TURN = frozenset({"turn", "retry", "preview", "marks", "explain", "notice"})
"""Groups of the client's workers that change what is shown of a turn."""
STILL_S, TURNS = 0.1, 5
"""Seconds without change after which the screen is stable, and event loop iterations in that time.

On a busy machine, time alone may pass without any task having run.
"""


class PilotUser:
    """Uses the client as a person does; waits that time out raise TimeoutError with the screen's text."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot
        self.app = pilot.app
        self._frames = count_frames(pilot.app)

    @property
    def main(self) -> MainScreen:
        """The main screen, even if another screen is in front of it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    def strips(self) -> list[Strip]:
        """The screen's rows, each with its cells and their styles."""
        return rendered_strips(self.app)

    def text(self) -> str:
        """Return the screen as text."""
        return "\n".join(strip.text for strip in self.strips())

    async def sees(self, *texts: str) -> str:
        """Wait until the screen shows every text; return the screen's text."""

        await self.until(self._when_drawn(lambda flat: all(text in flat for text in texts)), f"{texts} on the screen")
        return self.text()

    async def sees_no(self, *texts: str) -> None:
        """Wait until the screen shows none of the texts."""

        gone = self._when_drawn(lambda flat: not any(text in flat for text in texts))
        await self.until(gone, f"none of {texts} on the screen")

    def _when_drawn(self, predicate: Callable[[str], bool]) -> Callable[[], bool]:
        """Return a check of the screen's words that reads them after each frame: rendering costs most of a wait."""
        frame, skipped = -1, 0

        def check() -> bool:
            nonlocal frame, skipped
            before, frame = frame, self._frames()
            skipped = skipped + 1 if frame == before else 0
            return skipped % RARELY == 0 and predicate(self.flat())

        return check

    def flat(self) -> str:
        """Return the screen's words on one line, column by column, so that wrapped words are found; without bars.

        They are there twice if answers have marks: with the symbols behind the words, and without.
        """
        right = [found for screen in self.app.screen_stack for found in screen.query("#right") if found.display]
        cut = right[0].region.x if right else 0
        rows = self.text().splitlines()
        words = "  ".join(row[:cut] for row in rows) + "  " + "  ".join(row[cut:] for row in rows)
        flat = " ".join(f"{words} ‖ {' '.join(rows)}".replace("▏", " ").split())
        unmarked = _SYMBOL.sub("", flat)
        return flat if unmarked == flat else f"{flat} ‖ {unmarked}"

    async def until(self, predicate: Callable[[], object], what: str = "the predicate") -> None:
        """Wait for a predicate, and until every widget has processed its messages."""
        if predicate():
            return
        deadline = asyncio.get_running_loop().time() + WAIT_S
        while not predicate():
            if asyncio.get_running_loop().time() >= deadline:
                raise TimeoutError(f"waited in vain for {what}; it shows\n{self.text()}")
            await asyncio.sleep(STEP_S)
        # Once, since it takes longer than the check: every widget has to respond.
        await self.pilot.pause(0)

    async def press(self, *keys: str) -> None:
        """Press keys, by Textual's names."""
        await self.pilot.press(*keys)

    async def say(self, text: str) -> None:
        """Type a message and send it."""
        from travel_tui.tui.widgets.prompt import Prompt

        self.main.query_one(Prompt).text = text
        await self.press("enter")

    async def answered(self) -> None:
        """Wait until no answer is being received or marked, or a dialog waits for the user."""

        def quiet() -> bool:
            busy = any(worker.group in _OF_A_TURN and not worker.is_finished for worker in self.app.workers)
            return not busy or not isinstance(self.app.screen, MainScreen)

        await self.until(quiet, "the end of the turn")

    async def put_notices_away(self) -> None:
        """Clear the notifications and wait until they are gone."""
        self.app.clear_notifications()
        await self.until(lambda: not self.app.screen.query("Toast"), "no notices")

    async def settled(self, *, keep_notices: bool = False) -> None:
        """Wait until the screen is stable in text and colour; clear notifications unless `keep_notices`.

        Cursors stop blinking: otherwise a screenshot would show one or not, depending on the moment.
        """
        for field in self.app.screen.query(Input):
            field.cursor_blink = False
        before: list[Strip] = []
        while before != (before := self.strips()):
            if not keep_notices:
                await self.put_notices_away()
            for _ in range(TURNS):
                await asyncio.sleep(STILL_S / TURNS)
            await self.pilot.pause(0)


@asynccontextmanager
async def running_app(app: App[Any], size: tuple[int, int]) -> AsyncIterator[PilotUser]:
    """Run an application without a terminal; yield a simulated user of it."""
    async with app.run_test(size=size, notifications=True) as pilot:
        yield PilotUser(pilot)
