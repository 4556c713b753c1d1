"""Pictures for the docs: the demo's story on the real local endpoint. `make picture` runs it.

python -m tests.picture docs
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["COLORTERM"] = "truecolor"

from tests.endpoint import running_endpoint
from tests.tui.client import NARROW, WIDE, Person, sitting_at
from tests.tui.stations import save, settled
from travel_tui.cli.chat import setting
from travel_tui.cli.demo import STORY, with_story
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.tui.app import TravelApp

TAKEN = {"recalled": ("120x40", "80x24")}
"""Sizes of the pictures that are taken at other ones than 120x40 alone."""
NOW = datetime(2027, 6, 1, 16, 4, tzinfo=UTC)


async def tell(anna: Person, folder: Path, size: str) -> None:
    """Live through the story and take a picture of each station."""

    async def picture(name: str) -> None:
        if size not in TAKEN.get(name, ("120x40",)):
            return
        await settled(anna)
        save(anna.app, folder / f"{name}-{size}.svg")

    await anna.sees("enter send")
    await anna.until(lambda: anna.main._desk and anna.main._desk._talk.watcher, "the watcher")
    await anna.say(STORY[0])
    await anna.sees("booking id is", "enter send")
    await picture("booked")
    await anna.press("f2")
    await anna.until(lambda: anna.main.query("SummaryCard"), "the memory")
    await picture("remembered")
    await anna.press("f3")
    await anna.sees("New session")
    await anna.say(STORY[4])
    await anna.sees("23 July 2027", "enter send")
    await picture("recalled")
    await anna.say(STORY[5])
    await anna.sees("update_existing_trip_dates", "enter send", "F2 ends the session")
    await picture("changed")


async def take(folder: Path) -> None:
    """All pictures, at both sizes."""
    for columns, rows in (WIDE, NARROW):
        with running_endpoint(seed=7, now=NOW) as endpoint:
            config = AgentConfig("demo", "TRAVELDEMO", "TSTALIASID", "us-east-1", endpoint_url=endpoint.url)
            app = TravelApp(with_story(setting(config, Clock(NOW), Ids(7), None), "anna"))
            async with sitting_at(app, (columns, rows)) as anna:
                await tell(anna, folder, f"{columns}x{rows}")


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
