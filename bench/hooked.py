"""The client with measuring hooks: `python -m bench.hooked URL ARCHIVE FOUND` writes to FOUND when the heartbeat stops.

Recorded after every frame: when it was written, the processor time used so far by the screen's thread, the number of
characters typed, whether an answer was streaming, and the open screens. A heartbeat records delays of the event loop.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from travel_tui.cli.app_context import app_context
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.tui.app import TravelApp
from travel_tui.tui.screens.main import MainScreen
from travel_tui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

BEAT_S = 0.02
OTHER_THEME = "textual-light"
OTHER_THEME_KEY, OTHER_THEME_BYTES = "f12", "\x1b[24~"
STILL_KEY, STILL_BYTES = "f11", "\x1b[23~"
"""Stops the heartbeat, which would be most of the client's work at rest."""


class Frame(NamedTuple):
    """Record of a frame."""

    at: float
    worked_s: float
    """Processor time of the screen's thread so far."""
    typed: int
    answering: bool
    screens: int
    said: str
    """The newest message."""


class Hooked(TravelApp):
    """Records every frame and every late heartbeat."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(OTHER_THEME_KEY, "other_theme", "other theme", priority=True),
        Binding(STILL_KEY, "still", "no heartbeat", priority=True),
    ]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.frames: list[Frame] = []
        self._prompt: Prompt | None = None
        self.beats: list[tuple[float, float]] = []
        self.found: Path | None = None

    def on_mount(self) -> None:
        super().on_mount()
        self._heart = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            due = time.perf_counter() + BEAT_S
            await asyncio.sleep(BEAT_S)
            self.beats.append((due, time.perf_counter() - due))

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if renderable is None or self._batch_count:
            return
        main = self.screen_stack[0]
        if not isinstance(main, MainScreen) or main._controller is None:
            return
        self._prompt = self._prompt or main.query_one(Prompt)
        turns = main._controller.turns
        self.frames.append(
            Frame(
                time.perf_counter(),
                time.thread_time(),
                len(self._prompt.text),
                turns.answering,
                len(self.screen_stack),
                turns.last[0] if turns.last else "",
            )
        )

    def action_still(self) -> None:
        self._heart.cancel()
        if self.found is not None:  # now: a client whose terminal goes ends at once
            self.found.write_text(json.dumps({"frames": self.frames, "beats": self.beats}))

    def action_other_theme(self) -> None:
        self.theme = OTHER_THEME if self.theme != OTHER_THEME else "tokyo-night"


def main(url: str, archive: str, found: str) -> None:
    """Run the client on the service at `url`."""
    config = AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", endpoint_url=url, memory_id="anna")
    app = Hooked(app_context(config, Clock(None), Ids(None), Path(archive)))
    app.found = Path(found)
    app.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
