"""What is no longer on the screen leaves nothing behind in Textual's caches."""

from __future__ import annotations

import asyncio
import gc
import weakref

from rich.color import ColorSystem
from rich.style import Style
from textual._styles_cache import StylesCache
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import Label

from travel_tui.tui.terminal.closing_app import ClosingApp
from travel_tui.tui.textual_caches import STYLES


class Labels(ClosingApp[None]):
    """Something that is drawn, and can be removed."""

    def compose(self) -> ComposeResult:
        for number in range(20):
            yield Label(f"label {number}")


async def drawn_and_ended() -> list[weakref.ref[StylesCache]]:
    """What the widgets of an application drew, after its end."""
    app = Labels()
    async with app.run_test():
        return [weakref.ref(label._styles_cache) for label in app.query(Label)]


async def test_the_lines_of_an_ended_application_are_freed() -> None:
    drawn = await asyncio.create_task(drawn_and_ended())  # its context, which has the application, ends with it
    gc.collect()
    assert len(drawn) == 20
    assert [each for each in drawn if each() is not None] == []


def test_styles_that_differ_by_their_place_do_not_fill_the_memory() -> None:
    for number in range(STYLES + 10):
        style = Style.from_meta({"offset": (number, 0)}) + Style(bold=True)
        assert Strip.render_ansi(style, ColorSystem.TRUECOLOR) == "1"
    assert Strip.render_ansi.cache_info().currsize == STYLES
