"""The client in a test: fixed clock and ids, a fake agent, and a pilot user."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import tests.tui.parsed_styles  # noqa: F401 - patches Textual for all clients
from travel_tui.archive import Archive
from travel_tui.clock import Clock
from travel_tui.screenshots.pilot_user import PilotUser, running_app
from travel_tui.screenshots.scene import NOW, client_for
from travel_tui.screenshots.scripted_agent import ScriptedAgent
from travel_tui.tui.app import TravelApp

CLOCK = Clock(NOW)
WIDE, NARROW, HUGE = (120, 40), (80, 24), (200, 60)

__all__ = ["CLOCK", "HUGE", "NARROW", "WIDE", "PilotUser", "client", "running_client"]


def client(
    agent: ScriptedAgent,
    *,
    archive: Path | None = None,
    opened: asyncio.Event | None = None,
    clock: Clock = CLOCK,
    seed: int = 7,
) -> TravelApp:
    """Create the demo's client on `agent`, which becomes available once `opened` is set."""
    return client_for(agent, lambda: Archive(archive, clock), opened=opened, clock=clock, seed=seed)


@asynccontextmanager
async def running_client(app: TravelApp, size: tuple[int, int] = WIDE) -> AsyncIterator[PilotUser]:
    """Run the client headless, and yield a pilot user once the panels are there."""
    async with running_app(app, size) as user:
        await user.until(lambda: app.screen.query("#new") and app.screen.query("#cards"), "the panels")
        yield user
