"""The client in a test: fixed clock and ids, a fake agent, and ways to wait for what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from tests.fakes import FakeAgent
from travel_tui.agent import Agent
from travel_tui.archive import Archive
from travel_tui.cli.demo import IDLE_LIMIT_S, STORY, SUMMARY_DELAY_S
from travel_tui.clock import Clock
from travel_tui.ids import Ids
from travel_tui.tui.app import TravelApp
from travel_tui.tui.screens.main import MainScreen
from travel_tui.tui.setting import Setting

CLOCK = Clock(datetime(2027, 6, 1, 16, 4, tzinfo=UTC))
WAIT_S = 20.0
WIDE, NARROW, HUGE = (120, 40), (80, 24), (200, 60)


def client(
    agent: FakeAgent,
    *,
    archive: Path | None = None,
    opened: asyncio.Event | None = None,
    clock: Clock = CLOCK,
    seed: int = 7,
) -> TravelApp:
    """The demo's client on `agent`; it can be had once `opened` is set."""

    async def open_agent() -> Agent:
        if opened is not None:
            await opened.wait()
        return agent

    return TravelApp(
        Setting(
            title="travel-assistant-with-memory",
            place="LOCAL",
            address="TRAVELDEMO / TSTALIASID",
            agent_key="test",
            memory_id="anna",
            open_agent=open_agent,
            open_archive=lambda: Archive(archive, clock),
            clock=clock,
            ids=Ids(seed),
            story=STORY,
            usual_summary_s=SUMMARY_DELAY_S,
            idle_limit_s=IDLE_LIMIT_S,
        )
    )


class Person:
    """Somebody at the client: types, presses keys, and reads the screen."""

    def __init__(self, pilot: Pilot[str]) -> None:
        self.pilot = pilot
        self.app = pilot.app

    @property
    def main(self) -> MainScreen:
        """The main screen, whatever stands over it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    def text(self) -> str:
        """The screen as text."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join(strip.text for strip in strips)

    async def sees(self, *texts: str) -> str:
        """Wait until the screen shows every text; what it shows then."""
        await self.until(lambda: all(text in self.flat() for text in texts), f"{texts} on the screen")
        return self.text()

    async def sees_no(self, *texts: str) -> None:
        """Wait until the screen shows none of the texts."""
        await self.until(lambda: not any(text in self.flat() for text in texts), f"none of {texts} on the screen")

    def flat(self) -> str:
        """The screen's words in one line, column by column, so that wrapped words are found; bars are left out."""
        right = self.main.query("#right")
        cut = right.first().region.x if right and right.first().display else 0
        rows = self.text().splitlines()
        words = "  ".join(row[:cut] for row in rows) + "  " + "  ".join(row[cut:] for row in rows)
        return " ".join(f"{words} ‖ {' '.join(rows)}".replace("▏", " ").split())

    async def until(self, predicate: Callable[[], object], what: str = "the predicate") -> None:
        """Wait for a predicate."""
        deadline = asyncio.get_running_loop().time() + WAIT_S
        while not predicate():
            assert asyncio.get_running_loop().time() < deadline, f"waited in vain for {what}; it shows\n{self.text()}"
            await self.pilot.pause(0.01)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def say(self, text: str) -> None:
        """Write a message and send it."""
        from travel_tui.tui.widgets.prompt import Prompt

        self.main.query_one(Prompt).text = text
        await self.press("enter")


@asynccontextmanager
async def sitting_at(app: TravelApp, size: tuple[int, int] = WIDE) -> AsyncIterator[Person]:
    """Run the client without a terminal, and somebody at it."""
    async with app.run_test(size=size, notifications=True) as pilot:
        person = Person(pilot)
        await person.until(lambda: app.screen.query("MemoryPanel"), "the panels")
        yield person
